"""What a build was asked to do, over HTTP: what a person changes after it has failed."""

from __future__ import annotations

from typing import Any

import pytest
from fixtures.api import SMALL, Api, server_config
from fixtures.store import StoreHome


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


async def test_a_build_says_what_it_was_asked_to_do(api: Api) -> None:
    build = await api.create("small")

    request = await api.get("builds", str(build["id"]), "request")

    assert request["specification"] == SMALL
    assert request["lockfile"] is None


async def test_a_build_that_does_not_exist_was_asked_nothing(api: Api) -> None:
    answer = await api.ask("GET", "builds", "4711", "request")

    assert (answer.status, answer.body["code"]) == (404, "build_not_found")
