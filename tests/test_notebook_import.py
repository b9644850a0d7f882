"""An environment is made from a notebook as from any other file: dropped, among the contents, or in a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, server_config
from fixtures.reports import ReportLab
from fixtures.store import StoreHome
from report_channel import TEXT, notebook, report_home

from jupyter_envstore.errors import EnvStoreError
from jupyter_envstore.lock.recognition import kind_of
from jupyter_envstore.notebooks.text import MAX_BYTES, NotebookText

SCRIPT = '# /// script\n# dependencies = ["frames"]\n# ///\nimport frames'


def carrying(lab: ReportLab, form: int = 4, minor: int = 5) -> dict[str, Any]:
    """Return a notebook of that form that carries `lab`."""
    written = {**notebook("import frames", carried=lab.carried), "nbformat": form, "nbformat_minor": minor}
    if form < 4:
        written["worksheets"] = [{"cells": written.pop("cells"), "metadata": {}}]
    return written


def failure(lab: ReportLab, content: bytes, file: str | None = "report.ipynb") -> EnvStoreError:
    """Return what is said of a file that no environment can be made from, and see that none was."""
    before = lab.store.builds.list().total, lab.store.environments.list().total
    with pytest.raises(EnvStoreError) as caught:
        lab.store.sharing.import_file(None, content, file=file, wait=False)
    assert (lab.store.builds.list().total, lab.store.environments.list().total) == before
    return caught.value


@pytest.mark.parametrize(("form", "minor"), [(2, 0), (3, 0), (4, 0), (4, 5), (4, 99)])
def test_every_form_of_notebooks_is_known_and_looked_into(lab: ReportLab, form: int, minor: int) -> None:
    written = carrying(lab, form, minor)
    data = json.dumps(written).encode()
    assert kind_of(data) == kind_of(written) == "notebook"
    told = lab.store.notebooks.look_into(NotebookText.read(data))
    assert (told.environment, told.existing) == ("local/lab@1", ["local/lab@1"])
    report = lab.store.channels.look_into(written, file="work/report.ipynb")
    assert (report.valid, report.name, report.specification) == (True, "lab", TEXT)
    assert [one.name for one in report.packages] == ["frames", "numbers-core", "picture-tools", "python-stub"]
    assert lab.store.channels.look_into(data).packages == report.packages


def test_sizes_of_a_notebooks_lock_are_asked_for(lab: ReportLab) -> None:
    report = lab.store.channels.look_into(carrying(lab), sizes=True)
    assert report.size == lab.store.versions.get("lab").size
    assert report.specification == TEXT


def test_a_lock_for_other_platforms_is_told_in_a_notebooks_words(lab: ReportLab) -> None:
    document, _ = lab.store.notebooks.embed(
        NotebookText.read(json.dumps(notebook()).encode()), "lab", platforms=["osx-arm64"]
    )
    report = lab.store.channels.look_into(document.values)
    assert not report.valid
    (remark,) = report.remarks
    assert remark.message.startswith("The notebook's environment is locked for osx-arm64")


@pytest.mark.parametrize(
    ("content", "file", "code", "words"),
    [
        (b"{", "broken.ipynb", "invalid_notebook", "broken.ipynb is no Jupyter notebook: it is not JSON"),
        (b"", "empty.IPYNB", "invalid_notebook", "empty.IPYNB is no Jupyter notebook: it is not JSON"),
        (b"name: a\ndependencies: [frames]\n", "a.ipynb", "invalid_notebook", "it is not JSON"),
        (b"\xff\xfe", "a.ipynb", "invalid_notebook", "it is not JSON"),
        (b"[" * 100_000, "a.ipynb", "invalid_notebook", "it is not JSON"),
        (b'{"dependencies": ["frames"]}', "a.ipynb", "invalid_notebook", "which form of notebooks"),
        (b'{"nbformat": "4", "cells": [], "metadata": {}}', None, "invalid_notebook", "which form of notebooks"),
        (b'{"nbformat": 4, "cells": {}, "metadata": {}}', None, "invalid_notebook", "no cells or no metadata"),
        (b'{"nbformat": 4, "cells": [], "metadata": []}', None, "invalid_notebook", "no cells or no metadata"),
        (b'{"nbformat": 3, "worksheets": 1, "metadata": {}}', None, "invalid_notebook", "no worksheets or no"),
        (b'{"nbformat": 4, "cells": [], "metadata": {"envstore": 1}}', None, "nothing_carried", "notebook embed"),
        (
            b'{"nbformat": 4, "cells": [], "metadata": {"envstore": {"schema": 1, "lockfile": []}}}',
            None,
            "invalid_lockfile",
            "is no lockfile",
        ),
        (
            b'{"nbformat": 4, "cells": [], "metadata": {"envstore": {"schema": 1, "lockfile": {}, "sha256": {}}}}',
            None,
            "lock_changed",
            "changed after it was recorded",
        ),
        (b" " * (MAX_BYTES + 1), "large.ipynb", "invalid_notebook", "100,000,001 bytes"),
    ],
    ids=str,
)
def test_what_cannot_be_used_is_told(lab: ReportLab, content: bytes, file: str | None, code: str, words: str) -> None:
    error = failure(lab, content, file)
    assert (error.code, words in error.message) == (code, True), error.message


def test_a_notebook_that_only_says_what_it_needs_has_no_lock_to_look_into(lab: ReportLab) -> None:
    with pytest.raises(EnvStoreError, match="as juv writes it, but carries no lock") as caught:
        lab.store.channels.look_into(notebook(SCRIPT))
    assert caught.value.code == "invalid_lockfile"
    told = lab.store.notebooks.look_into(NotebookText.read(json.dumps(notebook(SCRIPT)).encode()))
    assert (told.locked, told.convention) == (False, "juv")


def test_an_environment_is_created_from_an_old_and_large_notebook(lab: ReportLab, tmp_path: Path) -> None:
    place = report_home(tmp_path)
    place.settings["default_channels"] = list(lab.store.default_channels)
    written = carrying(lab, 3)
    written["worksheets"][0]["cells"][0]["outputs"] = [{"output_type": "stream", "text": "x" * 70_000_000}]
    file = tmp_path / "old and large.ipynb"
    file.write_text(json.dumps(written))
    made = place.json("create", "-f", str(file), "-m", "As it was")
    assert (made["name"], made["build"]["kind"], made["build"]["message"]) == ("lab", "restore", "As it was")
    assert made["lock"] == lab.store.versions.get("lab").lock


# ---------------------------------------------------------------- over HTTP


@pytest.fixture
def home(lab: ReportLab, tmp_path: Path) -> StoreHome:
    place = report_home(tmp_path)
    place.settings["default_channels"] = list(lab.store.default_channels)
    return place


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


async def test_the_server_takes_notebooks_where_it_takes_files(lab: ReportLab, api: Api, jp_root_dir: Path) -> None:
    written = carrying(lab)
    (jp_root_dir / "work").mkdir()
    (jp_root_dir / "work" / "report.ipynb").write_text(json.dumps(written))
    looked = await api.ask("POST", "lockfile", "check", body={"lockfile": json.dumps(written), "file": "report.ipynb"})
    assert (looked.status, looked.body["name"], looked.body["valid"]) == (200, "lab", True)
    ways: list[tuple[str, dict[str, Any]]] = [
        ("import", {"content": written, "message": "Dropped", "description": "What the course needs"}),
        ("import", {"content": json.dumps(written), "file": "report.ipynb", "name": "second"}),
        ("import", {"path": "work/report.ipynb", "name": "third"}),
        ("environments", {"lockfile": json.dumps(written), "name": "fourth"}),
        ("environments", {"lockfile": written, "name": "fifth"}),
        ("environments", {"path": "work/report.ipynb", "name": "sixth"}),
    ]
    built = [await api.built(where, body=body) for where, body in ways]
    names = ["lab", "second", "third", "fourth", "fifth", "sixth"]
    assert [(build["name"], build["kind"]) for build in built] == [(name, "restore") for name in names]
    first = await api.get("environments", "local", "lab")
    assert (first["description"], built[0]["message"]) == ("What the course needs", "Dropped")
    versions = [await api.get("environments", "local", name, "versions", "1") for name in names]
    assert {version["lock"] for version in versions} == {lab.store.versions.get("lab").lock}
    queued = await api.ask("POST", "import", body={"content": notebook(SCRIPT), "file": "work/asked.ipynb"})
    assert (queued.status, queued.body["name"], queued.body["kind"]) == (202, "asked", "restore")
    assert (await api.ended(queued.body["id"]))["error"]["code"] == "package_not_found"  # the channel has no Python


async def test_the_server_says_what_is_wrong_with_one(api: Api, jp_root_dir: Path) -> None:
    (jp_root_dir / "broken.ipynb").write_text("{")
    asked: list[tuple[str, dict[str, Any], int, str]] = [
        ("import", {"path": "broken.ipynb"}, 400, "invalid_notebook"),
        ("environments", {"path": "broken.ipynb"}, 400, "invalid_notebook"),
        ("import", {"path": "none.ipynb"}, 400, "contents_unreadable"),
        ("import", {"path": "broken.ipynb", "content": "x"}, 400, "invalid_input"),
        ("import", {}, 400, "invalid_input"),
        ("import", {"content": notebook("1")}, 422, "nothing_carried"),
    ]
    for where, body, status, code in asked:
        refused = await api.ask("POST", where, body=body)
        assert (refused.status, refused.body["code"]) == (status, code), (body, refused)
    checked = await api.ask("POST", "lockfile", "check", body={"lockfile": notebook("1")})
    assert (checked.status, checked.body["code"]) == (422, "nothing_carried")
