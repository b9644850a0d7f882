"""The rules in force, as they are told: over HTTP, by a command, and beside a specification that is being written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, server_config
from fixtures.store import StoreHome

FORGE = "https://conda.anaconda.org/conda-forge"


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    """A home whose store allows one channel, which is not its usual one."""
    place = StoreHome(tmp_path / "home")
    place.root.mkdir()
    place.settings = {"default_channels": ["bioconda"], "allowed_channels": ["conda-forge"]}
    return place


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


async def test_the_api_and_the_command_tell_the_rules(api: Api, home: StoreHome) -> None:
    report = await api.get("policy")
    assert report["default_channels"] == ["bioconda"]
    assert report["allowed_channels"] == [FORGE]
    assert report["trusted_channels"] == [FORGE]
    rules = {rule["rule"]: rule for rule in report["rules"]}
    assert rules["approved_channels"]["policy"] == "approved channels"
    assert rules["approved_channels"]["says"].startswith("Packages come from conda-forge and from nowhere else")
    assert home.json("policy") == report

    printed = home.run("policy")
    assert printed.returncode == 0, printed.stderr
    assert "approved channels" in printed.stdout
    assert f"The only channels: {FORGE}" in printed.stdout


async def test_a_channel_that_is_not_allowed_is_told_while_one_writes(api: Api) -> None:
    text = "channels: [bioconda]\ndependencies: [xgboost]\n"
    answer = await api.ask("POST", "specification", "check", body={"specification": text})
    assert answer.status == 200
    assert not answer.body["valid"]
    (remark,) = answer.body["remarks"]
    assert (remark["severity"], remark["code"]) == ("error", "not_allowed")
    assert remark["message"] == (
        "The channel bioconda is not allowed here: policy “approved channels”. Allowed are conda-forge."
    )
    (finding,) = answer.body["findings"]
    assert (finding["rule"], finding["advice"]) == ("approved_channels", "Allowed are conda-forge.")
    assert finding["channels"] == [{"url": "bioconda", "packages": 0}]


def test_without_a_list_nothing_is_forbidden(home: StoreHome) -> None:
    home.settings = {"default_channels": ["conda-forge"]}
    (Path.home() / ".condarc").write_text("custom_channels: {team: 'https://me:hunter2@team.example/conda'}\n")
    report = home.json("policy")
    assert report["allowed_channels"] is None
    assert report["trusted_channels"] == [FORGE, "https://team.example/conda/team/*"]
    assert "hunter2" not in json.dumps(report)
    assert "The only channels: no list is kept" in home.run("policy").stdout


def test_a_list_that_cannot_be_read_is_told(home: StoreHome) -> None:
    home.settings = {"allowed_channels": ["not a channel"]}
    done = home.run("policy")
    assert done.returncode == 2
    assert "EnvStore.allowed_channels cannot be used: “not a channel”" in done.stderr
