"""Lockfiles over HTTP: looked into, and made into environments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from fixtures.api import SMALL, Api, server_config
from fixtures.store import StoreHome

STRANGE = "https://packages.example/lab"

Document = dict[str, Any]


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory, channel_url: str) -> Document:
    """A lockfile made elsewhere. Do not change it."""
    elsewhere = StoreHome(tmp_path_factory.mktemp("elsewhere"))
    elsewhere.settings = {"default_channels": [channel_url]}
    store = elsewhere.open()
    try:
        return store.channels.lock(SMALL).lockfile
    finally:
        store.close()


def strange(document: Document) -> Document:
    """Say that all packages are of a channel that no store here uses."""
    text = json.dumps(document)
    channel = document["package"][0]["url"].rsplit("/", 2)[0]
    moved: Document = json.loads(text.replace(channel, STRANGE))
    return moved


@pytest.mark.parametrize("form", ["object", "json", "yaml"])
async def test_an_environment_is_created_from_a_lockfile(api: Api, locked: Document, form: str) -> None:
    sent = {"object": locked, "json": json.dumps(locked), "yaml": yaml.safe_dump(locked)}[form]
    answer = await api.ask("POST", "environments", body={"name": "team/copy", "lockfile": sent})
    assert answer.status == 202, answer
    assert (answer.body["kind"], answer.body["message"]) == ("import", "Import a lockfile")
    assert (await api.ended(answer.body["id"]))["state"] == "ready"
    kept = await api.get("environments", "team", "copy", "versions", "1", "lockfile")
    assert kept == locked
    # What a person sees of a build does not carry the lockfile along.
    request = await api.get("builds", str(answer.body["id"]), "request")
    assert request["lockfile"] is None


async def test_an_environment_is_created_from_a_lockfile_among_the_contents(
    api: Api, locked: Document, jp_root_dir: Path
) -> None:
    (jp_root_dir / "course").mkdir()
    (jp_root_dir / "course" / "conda-lock.yml").write_text(yaml.safe_dump(locked))
    answer = await api.ask("POST", "environments", body={"path": "course/conda-lock.yml"})
    assert answer.status == 202, answer
    assert (answer.body["kind"], answer.body["name"]) == ("import", "course"), "it is named after its folder"
    assert (await api.ended(answer.body["id"]))["state"] == "ready"


async def test_a_specification_may_stand_beside_its_lockfile(api: Api, locked: Document) -> None:
    answer = await api.ask("POST", "environments", body={"specification": SMALL, "lockfile": locked})
    assert answer.status == 202, answer
    await api.ended(answer.body["id"])
    version = await api.get("environments", "local", "small", "versions", "1")
    assert version["specification"] == SMALL


async def test_strange_channels_are_refused_until_they_are_allowed(api: Api, locked: Document) -> None:
    body = {"name": "copy", "lockfile": strange(locked)}
    answer = await api.ask("POST", "environments", body=body)
    assert (answer.status, answer.body["code"]) == (422, "channel_not_allowed")
    assert answer.body["details"]["channels"] == [{"url": STRANGE, "packages": len(locked["package"])}]
    assert "allow_channels" in answer.body["message"]
    assert (await api.get("environments"))["total"] == 0

    answer = await api.ask("POST", "environments", body={**body, "allow_channels": [STRANGE]})
    assert answer.status == 202
    await api.ask("DELETE", "builds", str(answer.body["id"]))
    await api.ended(answer.body["id"])


async def test_a_lockfile_can_be_looked_into(api: Api, locked: Document) -> None:
    body = {"lockfile": yaml.safe_dump(locked), "file": "course-lock.yml", "sizes": True}
    answer = await api.ask("POST", "lockfile", "check", body=body)
    assert answer.status == 200, answer
    report = answer.body
    assert (report["valid"], report["name"], report["remarks"]) == (True, "course", [])
    assert report["size"] == sum(package["size"] for package in report["packages"]) > 0
    assert report["channels"][0]["configured"]
    assert "# Written from a lockfile" in report["specification"]

    answer = await api.ask("POST", "lockfile", "check", body={"lockfile": strange(locked)})
    assert answer.status == 200
    assert not answer.body["valid"]
    assert [channel["configured"] for channel in answer.body["channels"]] == [False]
    assert (await api.get("environments"))["total"] == 0


@pytest.mark.parametrize(
    ("body", "status", "code", "words"),
    [
        ({"name": "x", "lockfile": "version: 2\n"}, 400, "invalid_lockfile", "“metadata” is missing|version 1"),
        ({"name": "x", "lockfile": "version: 1\nmetadata: &a [*a]\n"}, 400, "invalid_lockfile", "contains itself"),
        ({"name": "x", "lockfile": {}}, 400, "invalid_lockfile", "version: 1"),
        ({"name": "x", "lockfile": 3}, 400, "invalid_input", "lockfile"),
        ({"name": "x", "lockfile": {}, "packages": ["a"]}, 400, "invalid_input", "exactly one"),
        ({"name": "x", "lockfile": {}, "platforms": ["osx-64"]}, 400, "invalid_input", "locked already"),
        ({"name": "x", "packages": ["a"], "allow_channels": ["b"]}, 400, "invalid_input", "goes with a lockfile"),
        ({"path": "requirements.txt"}, 400, "invalid_specification", "requirements.txt: Line 2: “-r” names"),
        ({"path": "a.ipynb"}, 422, "nothing_carried", "carries no environment"),
    ],
)
async def test_what_cannot_be_used_is_refused_in_words(
    api: Api, jp_root_dir: Path, body: Any, status: int, code: str, words: str
) -> None:
    import re

    (jp_root_dir / "requirements.txt").write_text("numpy==1.2\n-r other.txt\n")
    (jp_root_dir / "a.ipynb").write_text(json.dumps({"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}))
    answer = await api.ask("POST", "environments", body=body)
    assert (answer.status, answer.body["code"]) == (status, code), answer
    assert re.search(words, answer.body["message"]), answer.body["message"]
    assert (await api.get("environments"))["total"] == 0


async def test_a_lockfile_without_a_name_needs_one(api: Api, locked: Document) -> None:
    answer = await api.ask("POST", "environments", body={"lockfile": locked})
    assert (answer.status, answer.body["code"]) == (400, "invalid_name")
