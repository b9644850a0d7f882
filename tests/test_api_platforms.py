"""Platforms and machines of versions over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from channel_maker.serving import ChannelServer
from fixtures.api import Api, server_config
from fixtures.store import StoreHome
from platform_channel import TEXT, platform_home

from jupyter_envstore.store import EnvStore

VERSION = ("environments", "local", "wide", "versions", "1")


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return platform_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture
def wide(api: Api, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Api:
    """A server with `wide`, which covers linux-64."""
    jp_asyncio_loop.run_until_complete(api.built("environments", body={"name": "wide", "specification": TEXT}))
    return api


async def check(api: Api, *platforms: str) -> dict[str, Any]:
    """Ask for a check and wait for its end."""
    answer = await api.ask("POST", *VERSION, "platforms", body={"platforms": platforms})
    assert answer.status in (200, 202), answer
    state: dict[str, Any] = answer.body
    while state["state"] == "checking":
        await asyncio.sleep(0.03)
        state = await api.get("platform-checks", state["id"])
    return state


def by_name(overview: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["platform"]: one for one in overview["platforms"]}


async def test_platforms_are_unchecked_until_somebody_checks_them(wide: Api) -> None:
    known = by_name(await wide.get(*VERSION, "platforms"))
    assert known["linux-64"]["standing"] == "covered"
    assert known["linux-64"]["own"]
    assert {one["standing"] for name, one in known.items() if name != "linux-64"} == {"unchecked"}
    state = await check(wide, "osx-64", "win-64")
    assert state["state"] == "ready", state
    found = by_name(state["overview"])
    assert (found["osx-64"]["standing"], found["osx-64"]["package_count"]) == ("solvable", 2)
    assert found["osx-64"]["download"] == 2000
    assert found["osx-64"]["differences"] == [{"name": "base", "direct": True, "here": "1.0", "there": "1.1"}]
    assert found["win-64"]["standing"] == "unsolved"
    assert found["win-64"]["explanation"]["missing"][0]["elsewhere"] == ["linux-64", "osx-64"]
    assert {way["kind"] for way in found["win-64"]["workarounds"]} == {"version", "emulation", "selector"}
    assert found["osx-arm64"]["standing"] == "unchecked"
    again = by_name(await wide.get(*VERSION, "platforms"))
    assert again["win-64"] == found["win-64"]
    assert await wide.get("platform-checks", state["id"]) == state


async def test_workaround_becomes_a_version_that_covers_the_platform(wide: Api) -> None:
    found = by_name((await check(wide, "win-64"))["overview"])
    way = next(way for way in found["win-64"]["workarounds"] if way["kind"] == "version")
    body = {"specification": way["specification"], "platforms": ["win-64"]}
    await wide.built(*VERSION[:4], body=body)
    version = await wide.get(*VERSION[:4], "2")
    assert version["platforms"] == ["linux-64", "win-64"]
    comparison = await wide.get(*VERSION[:4], "2", "diff", against="1")
    assert comparison["platforms_added"] == ["win-64"]
    assert comparison["platforms"][0]["changes"] == []


async def test_message_that_is_offered_names_the_platforms_that_will_be_covered(wide: Api) -> None:
    async def message(*platforms: str, **typed: str) -> Any:
        state = (await wide.ask("POST", "preview", body={"environment": "wide", "platforms": platforms, **typed})).body
        while state["state"] == "solving":
            await asyncio.sleep(0.03)
            state = await wide.get("previews", state["id"])
        assert state["state"] == "ready", state
        return state["preview"]["message"]

    assert await message("osx-64", "win-64") == "Cover osx-64"
    assert await message("osx-64", "win-64", message="For Ana") == "For Ana"


async def test_check_that_takes_long_is_answered_with_where_to_read_it(
    wide: Api, channel_server: ChannelServer
) -> None:
    channel_server.behaviour.hangs = {"*repodata*"}
    store: EnvStore = wide.app.web_app.settings["envstore"]
    channels, store.default_channels = store.default_channels, [channel_server.url()]
    answer = await wide.ask("POST", *VERSION, "platforms", body={"platforms": ["osx-64"]})
    store.default_channels = channels
    assert (answer.status, answer.body["state"]) == (202, "checking")
    identifier = answer.body["id"]
    assert answer.headers["Location"].endswith(f"/envstore/platform-checks/{identifier}")
    assert (await wide.get("platform-checks", identifier))["state"] == "checking"
    gone = await wide.ask("DELETE", "platform-checks", identifier)
    assert (gone.status, gone.body["state"]) == (200, "cancelled")
    assert (await check(wide, "osx-64"))["state"] == "ready", "the resolver is free again"


async def test_refusals(wide: Api) -> None:
    unknown = await wide.ask("POST", *VERSION, "platforms", body={"platforms": ["amiga-68k"]})
    assert (unknown.status, unknown.body["code"]) == (422, "platform_not_supported")
    assert (await wide.ask("GET", "platform-checks", "nothing")).body["code"] == "platform_check_not_found"
    assert (await wide.ask("DELETE", "platform-checks", "nothing")).status == 404
    nowhere = (*VERSION[:4], "9", "platforms")
    assert (await wide.ask("GET", *nowhere)).status == 404
    assert (await wide.ask("POST", *nowhere, body={})).status == 404
    assert (await wide.ask("POST", *VERSION, "platforms", body={"platfroms": []})).status == 400


async def test_machines_of_a_version(wide: Api) -> None:
    report = await wide.get(*VERSION, "machines")
    assert report["locked"] == report["built"] == report["here"]
    assert report["here"]["platform"] == "linux-64"
    assert report["differences"] == []


async def test_what_machines_offer_can_be_stated(wide: Api) -> None:
    text = TEXT.replace("wide", "stated").replace("  - base\n", "  - base\n  - __special\n")
    body = {"specification": text, "virtual_packages": {"linux-64": {"__special": "1"}}}
    await wide.built("environments", body=body)
    stated = await wide.get("environments", "local", "stated", "versions", "1", "machines")
    assert stated["locked"]["virtual_packages"] == {"__special": "1"}
    offers = {"__special": "2", "__glibc": "2.28"}
    change = {"remove": ["tool"], "virtual_packages": {"linux-64": offers}}
    ready = await wide.ask("POST", "preview", body={"environment": "stated", **change})
    assert ready.status in (200, 202), ready
    await wide.built("environments", "local", "stated", "versions", body=change)
    again = await wide.get("environments", "local", "stated", "versions", "2", "machines")
    assert again["locked"]["virtual_packages"] == offers
    for wrong in ({"linux-64": {"glibc": "2.28"}}, {"linux-64": "2.28"}, {"linux-64": {"__glibc": 2}}):
        refused = await wide.ask("POST", "environments", body={**body, "virtual_packages": wrong})
        assert (refused.status, refused.body["code"]) == (400, "invalid_input"), refused
