"""Builds over HTTP: progress, logs in parts, cancel, retry, and a failed solve explained as data."""

from __future__ import annotations

from typing import Any

import pytest
from channel_maker.serving import ChannelServer
from fixtures.api import SMALL, Api, server_config
from fixtures.store import StoreHome

CONFLICT = "name: clash\ndependencies:\n  - pandas=2.1   # was made before numpy 2\n  - numpy>=2\n"


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture
def slow_channel(home: StoreHome, channel_server: ChannelServer) -> ChannelServer:
    """A channel that answers, but sends packages so slowly that a build never ends by itself."""
    channel_server.behaviour.delays = {"*.conda": 120.0}
    home.settings["default_channels"] = [channel_server.url()]
    return channel_server


async def test_a_build_is_followed_to_its_end(api: Api) -> None:
    build = await api.create("small")
    seen = [now async for now in api.states(build["id"])]
    fractions = [now["progress"]["fraction"] for now in seen]
    assert fractions == sorted(fractions)
    assert seen[-1]["state"] == "ready"
    assert seen[-1]["version"] == 1
    page = await api.get("builds", environment="small", state="ready")
    assert [item["id"] for item in page["items"]] == [build["id"]]
    assert (await api.get("builds", state="failed"))["items"] == []


async def test_a_log_read_in_parts_is_the_whole_log_once(api: Api) -> None:
    build = await api.create("small")
    text, offset, parts = "", 0, 0
    while True:
        part = await api.get("builds", str(build["id"]), "log", offset=str(offset))
        text, offset, parts = text + part["text"], part["offset"], parts + bool(part["text"])
        if part["ended"] and not part["text"]:
            break
    assert text == (await api.get("builds", str(build["id"]), "log"))["text"]
    assert text.endswith("\n")
    assert text.count("Locked:") == 1
    assert parts > 1, "it was read while it was written"
    beyond = await api.get("builds", str(build["id"]), "log", offset=str(2**53))
    assert beyond == {"text": "", "offset": 2**53, "ended": True}


async def test_a_running_build_is_cancelled_and_tried_again(
    home: StoreHome, slow_channel: ChannelServer, api: Api
) -> None:
    build = await api.create("small")
    await api.until(build["id"], "fetching")
    asked = await api.ask("DELETE", "builds", str(build["id"]))
    assert (asked.status, asked.body["cancel_requested"]) == (202, True)
    assert (await api.ended(build["id"]))["state"] == "cancelled"

    slow_channel.reset()
    again = await api.ask("POST", "builds", str(build["id"]), "retry")
    assert again.status == 202
    assert (await api.ended(again.body["id"]))["state"] == "ready"
    assert (await api.get("builds", str(build["id"])))["retried_as"] == again.body["id"]
    twice = await api.ask("POST", "builds", str(build["id"]), "retry")
    assert (twice.status, twice.body["code"]) == (409, "conflict")


async def test_what_cannot_be_solved_is_explained_and_a_relaxation_builds(api: Api) -> None:
    build = await api.create("clash", CONFLICT)
    ended = await api.ended(build["id"])
    assert (ended["state"], ended["error"]["code"]) == ("failed", "unsolvable")
    explanation = ended["error"]["details"]["explanation"]
    assert sorted(explanation["conflict"]) == ["numpy>=2", "pandas=2.1"]
    relaxation = explanation["relaxations"][0]
    assert relaxation["title"]
    assert (await api.get("environments", "local", "clash"))["state"] == "failed"

    text = CONFLICT
    for old, new in zip(relaxation["remove"], [*relaxation["add"], ""], strict=False):
        text = text.replace(old, new)
    build = await api.create("clash", text)
    assert (await api.ended(build["id"]))["state"] == "ready"


async def test_a_name_that_no_package_has_comes_with_near_ones(api: Api) -> None:
    build = await api.create("typo", "dependencies: [pyhton]\n")
    ended = await api.ended(build["id"])
    assert ended["error"]["code"] == "package_not_found"
    assert "python" in ended["error"]["details"]["packages"]["pyhton"]


async def test_a_running_build_keeps_the_server_from_being_culled(slow_channel: ChannelServer, api: Api) -> None:
    settings = api.app.web_app.settings
    assert "jupyter_envstore_last_activity" not in settings
    build = await api.create("small")
    await api.until(build["id"], "fetching")
    before = settings["jupyter_envstore_last_activity"]
    while settings["jupyter_envstore_last_activity"] == before:
        await api.get("status")  # the time limit of the tests ends this when it is not kept current
    last: Any = api.app.web_app.last_activity()  # type: ignore[no-untyped-call]
    assert last >= settings["jupyter_envstore_last_activity"]
    await api.ask("DELETE", "builds", str(build["id"]))


async def test_a_channel_that_is_away_is_told_with_its_name(
    home: StoreHome, api: Api, channel_server: ChannelServer
) -> None:
    answer = await api.ask("GET", "packages", q="numpy", channel="http://127.0.0.1:9/gone")
    assert (answer.status, answer.body["code"]) == (502, "channel_unavailable")
    assert "127.0.0.1:9" in answer.body["message"]


async def test_a_specification_that_cannot_be_built_is_refused_at_once(api: Api) -> None:
    body = {"name": "x", "specification": SMALL + "  - pip: [requests]\n"}
    answer = await api.ask("POST", "environments", body=body)
    assert answer.status in (400, 422)
    body = {"name": "x", "specification": "dependencies:\n  - python\n  - pip:\n    - -e .\n"}
    answer = await api.ask("POST", "environments", body=body)
    assert (answer.status, answer.body["code"]) == (400, "invalid_specification")
