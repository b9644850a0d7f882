"""The text of an environment.yml is changed over HTTP: one implementation behind the table and the text of a draft."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, server_config, small_home
from fixtures.store import StoreHome

EDIT = ("specification", "edit")
TEXT = """\
# what the course needs
name: course
channels:
  - conda-forge   # the usual one
dependencies:
  - python=3.12   # the newest that all of it has
  - numpy <2
variables:
  LEVEL: "1"
  MODE: test
"""


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return small_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


async def edited(api: Api, **change: Any) -> tuple[str, dict[str, Any]]:
    answer = await api.ask("POST", *EDIT, body={"specification": TEXT, **change})
    assert answer.status == 200, answer
    return answer.body["specification"], answer.body["report"]


async def test_packages_come_change_and_go_and_the_rest_stays(api: Api) -> None:
    text, report = await edited(api, add=["numpy >=2", "scipy"], remove=["python"])
    assert text == TEXT.replace("numpy <2", "numpy >=2\n  - scipy").replace(
        "  - python=3.12   # the newest that all of it has\n", ""
    )
    assert report["valid"]
    assert report["dependencies"] == ["numpy >=2", "scipy"]


async def test_packages_of_pip_come_change_and_go(api: Api) -> None:
    text, report = await edited(api, add_pip=["rich >=13", "duckdb"])
    assert report["pip"] == ["rich >=13", "duckdb"]
    changed = {"specification": text, "add_pip": ["rich ==13.*"], "remove_pip": ["DuckDB"]}
    answer = await api.ask("POST", *EDIT, body=changed)
    assert answer.body["report"]["pip"] == ["rich ==13.*"]
    back = await api.ask("POST", *EDIT, body={"specification": answer.body["specification"], "remove_pip": ["rich"]})
    assert back.body["specification"] == TEXT


async def test_channels_variables_and_the_name_are_changed(api: Api) -> None:
    text, report = await edited(
        api, channels=["conda-forge", "bioconda"], variables={"LEVEL": "2", "MODE": None, "NEW": "a: b"}, name="exam"
    )
    assert (report["name"], report["channels"]) == ("exam", ["conda-forge", "bioconda"])
    assert report["variables"] == {"LEVEL": "2", "NEW": "a: b"}
    assert "# what the course needs" in text
    assert "# the newest that all of it has" in text


async def test_no_change_gives_the_very_text(api: Api) -> None:
    assert (await edited(api))[0] == TEXT


async def test_a_change_that_makes_no_sense_is_refused(api: Api) -> None:
    changes: list[tuple[dict[str, Any], int, str]] = [
        ({"add": ["a b c d"]}, 400, "invalid_specification"),
        ({"remove": ["nothing"]}, 400, "invalid_specification"),
        ({"add_pip": ["rich=13"]}, 400, "invalid_specification"),
        ({"remove_pip": ["nothing"]}, 400, "invalid_specification"),
        ({"add_pip": ["x\u0000"]}, 400, "invalid_input"),
        ({"specification": "dependencies: {"}, 400, "invalid_specification"),
        ({"variables": {"A": 1}}, 400, "invalid_input"),
        ({"variables": []}, 400, "invalid_input"),
        ({"channels": "conda-forge"}, 400, "invalid_input"),
        ({"add": ["x\u0000"]}, 400, "invalid_input"),
        ({"add": ["x"] * 501}, 400, "invalid_input"),
        ({"message": "x"}, 400, "invalid_input"),
    ]
    for change, status, code in changes:
        answer = await api.ask("POST", *EDIT, body={"specification": TEXT, **change})
        assert (answer.status, answer.body["code"]) == (status, code), (change, answer)
    answer = await api.ask("POST", *EDIT, body={})
    assert (answer.status, answer.body["code"]) == (400, "invalid_input")
