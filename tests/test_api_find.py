"""Where a package is, over HTTP: in the list of environments, and version by version."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, server_config, small_home
from fixtures.store import StoreHome

VERSIONS = ("environments", "local", "one", "versions")


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return small_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture
def libs(api: Api, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Api:
    """A server with `one`, whose version 1 has lib 1.0 and 2 has app and lib 2.0, and with `two`, which has tool."""

    async def build() -> None:
        await api.built("environments", body={"name": "one", "packages": ["lib <2"]})
        await api.built(*VERSIONS, body={"remove": ["lib"], "add": ["app >=2"]})
        await api.built("environments", body={"name": "two", "packages": ["tool"]})

    jp_asyncio_loop.run_until_complete(build())
    return api


async def found(api: Api, package: str, **more: Any) -> list[tuple[str, int, bool, str, bool]]:
    page = await api.get("find", package=package, **more)
    return [
        (item["name"], item["version"], item["active"], item["package_version"], item["direct"])
        for item in page["items"]
    ]


async def test_versions_with_a_package_are_found_by_name_and_range(libs: Api) -> None:
    assert await found(libs, "lib") == [("one", 2, True, "2.0", False), ("one", 1, False, "1.0", True)]
    assert await found(libs, "lib <2") == [("one", 1, False, "1.0", True)]
    assert await found(libs, "lib <2", active_only="true") == []
    assert await found(libs, "base") == [("two", 1, True, "1.0", False)]
    assert await found(libs, "nothing") == []


async def test_findings_come_in_pages(libs: Api) -> None:
    first = await libs.get("find", package="lib", limit=1)
    assert (len(first["items"]), first["total"]) == (1, 2)
    second = await libs.get("find", package="lib", limit=1, cursor=first["next"])
    assert [item["version"] for item in second["items"]] == [1]
    assert second["next"] is None


async def test_the_list_of_environments_takes_a_range_too(libs: Api) -> None:
    for package, names in (("lib", ["one"]), ("lib>=2", ["one"]), ("lib<2", []), ("base", ["two"])):
        listed = await libs.get("environments", package=package)
        assert [item["name"] for item in listed["items"]] == names, package
        assert listed["total"] == len(names)


async def test_what_is_no_package_is_refused(api: Api) -> None:
    for query, code in (
        ({}, "invalid_input"),
        ({"package": ""}, "invalid_input"),
        ({"package": "a b c d"}, "invalid_specification"),
        ({"package": "lib >>> 2"}, "invalid_specification"),
        ({"package": "lib[md5=0]"}, "invalid_input"),
        ({"package": "lib", "limit": "0"}, "invalid_input"),
        ({"package": "lib", "cursor": "nonsense"}, "invalid_input"),
        ({"package": "lib", "active_only": "perhaps"}, "invalid_input"),
        ({"package": "x" * 400}, "invalid_input"),
    ):
        answer = await api.ask("GET", "find", **query)
        assert (answer.status, answer.body["code"]) == (400, code), (query, answer)
        assert len(answer.body["message"].split()) > 3
