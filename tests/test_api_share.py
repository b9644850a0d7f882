"""Versions as files over HTTP, and files of any format as environments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from fixtures.api import Api, server_config, small_home
from small_packages_channel import SMALL

VERSION = ("environments", "local", "small", "versions", "1")


@pytest.fixture
def jp_server_config(tmp_path: Path) -> dict[str, Any]:
    return server_config(small_home(tmp_path))


async def test_a_version_is_exported_in_each_format_and_comes_back(api: Api) -> None:
    await api.built("environments", body={"name": "small", "specification": SMALL, "platforms": ["osx-arm64"]})
    listed = await api.get(*VERSION, "formats")
    formats = {item["format"]: item for item in listed["items"]}
    assert listed["total"] == len(formats)
    assert [name for name, item in formats.items() if not item["available"]] == ["requirements", "pylock"]
    assert "no packages of pip" in formats["pylock"]["reason"]
    texts = {}
    for name, item in formats.items():
        answer = await api.ask("GET", *VERSION, "export", name)
        if not item["available"]:
            assert (answer.status, answer.body["code"]) == (422, "format_unavailable")
            assert answer.body["message"] == item["reason"]
            continue
        assert answer.status == 200, answer
        part = "-linux-64" if name == "explicit" else ""
        assert answer.headers["Content-Disposition"] == f'attachment; filename="small-v1{part}.{item["file"]}"'
        assert answer.headers["Content-Type"].partition(";")[0] == item["media"]
        texts[name] = answer.body
        if name != "conda-lock-json":
            assert item["bytes"] == len(answer.body.encode())
    assert texts["yaml"].endswith(SMALL)
    lockfile = await api.get(*VERSION, "lockfile")
    assert yaml.safe_load(texts["conda-lock"]) == texts["conda-lock-json"] == lockfile

    prefix = (await api.get(*VERSION))["prefix"]
    for name in ("conda-lock", "conda-lock-json", "explicit", "pixi"):
        content = texts[name]
        looked = await api.ask("POST", "lockfile", "check", body={"lockfile": content, "file": "small.txt"})
        assert (looked.status, looked.body["valid"], looked.body["name"]) == (200, True, "small"), looked
        build = await api.built("import", body={"name": f"from-{name}", "content": content})
        assert (build["kind"], build["message"]) == ("import", "Import a lockfile")
        version = await api.get("environments", "local", f"from-{name}", "versions", "1")
        assert version["prefix"] == prefix, name
        assert version["platforms"] == (["linux-64"] if name == "explicit" else ["linux-64", "osx-arm64"])
        assert [line.strip() for line in version["specification"].splitlines() if "==" in line] == ["- tool==1.0"], name
    both = yaml.safe_load(texts["pixi"])
    both["environments"] = {"docs": both["environments"]["default"], "default": {"channels": [], "packages": {}}}
    asked = {"lockfile": yaml.safe_dump(both, sort_keys=False)}
    refused = await api.ask("POST", "lockfile", "check", body=asked)
    assert (refused.status, refused.body["details"]["environments"]) == (400, ["docs", "default"]), refused
    looked = await api.ask("POST", "lockfile", "check", body={**asked, "environment": "docs"})
    assert (looked.body["environment"], looked.body["environments"]) == ("docs", ["docs", "default"]), looked
    chosen = {"name": "from-docs", "content": asked["lockfile"], "environment": "docs"}
    await api.built("import", body=chosen)
    assert (await api.get("environments", "local", "from-docs", "versions", "1"))["prefix"] == prefix

    build = await api.built("import", body={"content": texts["yaml"].replace("name: small", "name: again")})
    assert (build["kind"], build["name"], build["message"]) == ("create", "again", "Import a file")


async def test_one_platform_may_be_asked_for(api: Api) -> None:
    await api.built("environments", body={"name": "small", "specification": SMALL, "platforms": ["osx-arm64"]})
    answer = await api.ask("GET", *VERSION, "export", "explicit", platform="osx-arm64")
    assert "# platform: osx-arm64" in answer.body
    assert answer.headers["Content-Disposition"] == 'attachment; filename="small-v1-osx-arm64.explicit.txt"'
    listed = await api.get(*VERSION, "formats", platform="osx-arm64")
    assert {tuple(item["platforms"]) for item in listed["items"]} == {(), ("osx-arm64",)}
    for path in (("formats",), ("export", "pixi")):
        refused = await api.ask("GET", *VERSION, *path, platform="win-64")
        assert (refused.status, refused.body["code"]) == (422, "platform_not_supported")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"content": "@EXPLICIT\nnot an address\n", "name": "x"}, 400, "invalid_lockfile"),
        ({"content": "@EXPLICIT\nhttps://h.example/c/linux-64/a-1-0.conda\n", "name": "x"}, 422, "channel_not_allowed"),
        ({"content": "version: 6\nenvironments: {}\npackages: []\n", "name": "x"}, 400, "invalid_lockfile"),
        ({"content": "numpy\n-r other.txt\n", "name": "x"}, 400, "invalid_specification"),
        ({"content": "dependencies: [tool]\n"}, 400, "invalid_name"),
        ({"content": "dependencies: [tool]\n", "name": "x", "python": "3.12"}, 400, "invalid_input"),
        ({"content": "dependencies: [tool]\n", "name": "x", "environment": "docs"}, 400, "invalid_input"),
        ({"content": '{"cells": [], "nbformat": 4}', "name": "x"}, 400, "invalid_notebook"),
        ({"content": 3}, 400, "invalid_input"),
    ],
)
async def test_what_cannot_be_imported_leaves_nothing(api: Api, body: Any, status: int, code: str) -> None:
    answer = await api.ask("POST", "import", body=body)
    assert (answer.status, answer.body["code"]) == (status, code), answer
    assert (await api.get("environments"))["total"] == 0
