"""Environments under other names over HTTP: clones, new names, and the kernels that notebooks go on finding."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, Fetch, server_config, small_home
from fixtures.store import StoreHome
from small_packages_channel import SMALL

ENVIRONMENT = ("environments", "local", "small")


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return small_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture
def two(api: Api, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Api:
    """A server with `small` and `large`, which have a version each."""
    for name in ("small", "large"):
        jp_asyncio_loop.run_until_complete(api.built("environments", body={"name": name, "specification": SMALL}))
    return api


async def test_a_clone_is_refused_where_its_name_is_taken_or_none(two: Api) -> None:
    for body, status, code in (
        ({"name": "small"}, 409, "name_taken"),
        ({"name": "other@1"}, 400, "invalid_reference"),
        ({"name": ""}, 400, "invalid_input"),
        ({"name": "other", "version": 9}, 404, "version_not_found"),
    ):
        answer = await two.ask("POST", *ENVIRONMENT, "clone", body=body)
        assert (answer.status, answer.body["code"]) == (status, code), answer
    answer = await two.ask("POST", "environments", "local", "gone", "clone", body={"name": "other"})
    assert (answer.status, answer.body["code"]) == (404, "environment_not_found")


async def test_an_environment_is_renamed_and_the_old_name_leads_to_it(two: Api) -> None:
    answer = await two.ask("POST", *ENVIRONMENT, "rename", body={"name": "Course"})
    assert (answer.status, answer.body["name"], answer.body["active_version"]) == (200, "Course", 1), answer
    names = {item["name"] for item in (await two.get("environments"))["items"]}
    assert names == {"Course", "large"}
    assert (await two.get(*ENVIRONMENT))["name"] == "Course"
    assert (await two.get(*ENVIRONMENT, "versions", "1"))["name"] == "Course"


async def test_a_new_name_is_refused_where_it_is_taken_or_none(two: Api) -> None:
    for body, status, code in (
        ({"name": "LARGE"}, 409, "name_taken"),
        ({"name": "large@1"}, 400, "invalid_reference"),
        ({"name": "a--b"}, 400, "invalid_name"),
        ({"name": ""}, 400, "invalid_input"),
        ({}, 400, "invalid_input"),
    ):
        answer = await two.ask("POST", *ENVIRONMENT, "rename", body=body)
        assert (answer.status, answer.body["code"]) == (status, code), answer
    answer = await two.ask("POST", "environments", "local", "gone", "rename", body={"name": "other"})
    assert (answer.status, answer.body["code"]) == (404, "environment_not_found")


async def test_an_update_is_planned_weekly_or_not_at_all(two: Api) -> None:
    answer = await two.ask("PATCH", *ENVIRONMENT, body={"schedule": "weekly"})
    assert (answer.status, answer.body["schedule"]) == (200, "weekly"), answer
    assert answer.body["next_update"] is not None
    assert (await two.get(*ENVIRONMENT))["schedule"] == "weekly"
    answer = await two.ask("PATCH", *ENVIRONMENT, body={"schedule": "off", "description": "Quiet"})
    assert (answer.body["schedule"], answer.body["next_update"]) == ("off", None)
    assert answer.body["description"] == "Quiet"


class TestWithPython:
    """On the channel that has Python, since what is tested needs a kernel."""

    @pytest.fixture
    def home(self, tmp_path: Path, channel_url: str) -> StoreHome:
        place = StoreHome(tmp_path / "home")
        place.root.mkdir()
        place.settings = {"default_channels": [channel_url], "conda_environments_file": str(place.conda_list)}
        return place

    async def test_a_version_has_a_kernel_of_its_own_when_it_is_asked_for(self, api: Api, jp_fetch: Fetch) -> None:
        await api.built(
            "environments", body={"name": "small", "specification": "dependencies: [python=3.12, ipykernel]\n"}
        )
        answer = await api.ask("POST", *ENVIRONMENT, "versions", "1", "kernel")
        assert answer.status == 200, answer
        specs = json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"]
        assert answer.body["kernel"] in specs
        assert answer.body["kernel"] != "envstore-local--small"
        again = await api.ask("POST", *ENVIRONMENT, "versions", "1", "kernel")
        assert again.body == answer.body
