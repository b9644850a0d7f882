"""The disk over HTTP: what everything costs, what can be freed, and freeing it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, server_config, small_home
from fixtures.store import StoreHome
from small_packages_channel import SMALL

VERSIONS = ("environments", "local", "small", "versions")


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    place = small_home(tmp_path)
    place.settings["keep_used_days"] = 0.0  # what was made a moment ago was used a moment ago
    return place


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture
def two(api: Api, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Api:
    """A server with `small`, whose active version 2 has `extra` too."""
    jp_asyncio_loop.run_until_complete(api.built("environments", body={"name": "small", "specification": SMALL}))
    jp_asyncio_loop.run_until_complete(api.built(*VERSIONS, body={"add": ["extra"]}))
    return api


async def usage(api: Api) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    """Return the whole answer, and the versions of `small` in it by number."""
    found = await api.get("usage")
    (environment,) = found["environments"]
    return found, {version["number"]: version for version in environment["versions"]}


async def test_an_empty_store_costs_next_to_nothing(api: Api, home: StoreHome) -> None:
    found = await api.get("usage")
    assert (found["environments"], found["can_be_freed"]) == ([], 0)
    assert found["store"] == str(home.store_dir)
    assert found["disk_size"] > found["disk_free"] > 0


async def test_what_is_not_needed_is_told_and_then_freed(two: Api) -> None:
    before, versions = await usage(two)
    assert {number: version["code"] for number, version in versions.items()} == {1: "unused", 2: "active"}
    assert versions[1]["can_be_freed"]
    assert before["used"] >= versions[2]["size"] > 0

    plan = await two.ask("POST", "collect", body={})
    assert (plan.status, plan.body["dry_run"]) == (200, True), "nothing is removed unless that is said"
    assert "local/small@1" in {item["name"] for item in plan.body["collected"]}
    assert (await usage(two))[1] == versions

    done = await two.ask("POST", "collect", body={"dry_run": False})
    assert (done.status, done.body["dry_run"]) == (200, False)
    assert "local/small@1" in {item["name"] for item in done.body["collected"]}
    assert {item["name"] for item in done.body["kept"]} == {"local/small@2"}
    assert [version["prefix_state"] for version in (await two.get(*VERSIONS))["items"]] == ["ready", "freed"]
    after, versions = await usage(two)
    assert versions[1]["code"] == "freed"
    assert after["used"] <= before["used"]

    # All of it can be made again.
    await two.built("environments", "local", "small", body={"active_version": 1}, method="PATCH")
    assert (await two.ask("POST", *VERSIONS, "1", "verify")).body["problems"] == []


async def test_a_pinned_version_stays(two: Api) -> None:
    await two.ask("PATCH", *VERSIONS, "1", body={"pinned": True})
    assert (await usage(two))[1][1]["code"] == "pinned"
    done = await two.ask("POST", "collect", body={"dry_run": False})
    assert {item["name"] for item in done.body["kept"]} == {"local/small@1", "local/small@2"}
    assert {version["prefix_state"] for version in (await two.get(*VERSIONS))["items"]} == {"ready"}


async def test_a_wish_that_makes_no_sense_is_refused(api: Api) -> None:
    bodies: list[Any] = [{"dry_run": "no"}, {"dry_run": None}, {"force": True}, []]
    for body in bodies:
        answer = await api.ask("POST", "collect", body=body)
        assert (answer.status, answer.body["code"]) == (400, "invalid_input"), body
