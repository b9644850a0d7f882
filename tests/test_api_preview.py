"""Previews over HTTP: at once when that is possible, else a resource to read and to cancel."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from channel_maker.serving import ChannelServer
from fixtures.api import Api, server_config, small_home
from fixtures.store import StoreHome
from small_packages_channel import SMALL

from jupyter_envstore.store import EnvStore, pending


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return small_home(tmp_path)


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


@pytest.fixture
def small(api: Api, jp_asyncio_loop: asyncio.AbstractEventLoop) -> Api:
    """A server with `small`, which has one version."""
    jp_asyncio_loop.run_until_complete(api.built("environments", body={"name": "small", "specification": SMALL}))
    return api


@pytest.fixture
def hung(channel_server: ChannelServer) -> str:
    """The URL of a channel that takes requests and never answers: who solves with it waits until it is cancelled."""
    channel_server.behaviour.hangs = {"*repodata*"}
    return channel_server.url()


def store_of(api: Api) -> EnvStore:
    store: EnvStore = api.app.web_app.settings["envstore"]
    return store


async def preview(api: Api, **body: Any) -> dict[str, Any]:
    """Ask for a preview and wait for its end."""
    answer = await api.ask("POST", "preview", body={"environment": "small", **body})
    assert answer.status in (200, 202), answer
    state: dict[str, Any] = answer.body
    while state["state"] == "solving":
        await asyncio.sleep(0.03)
        state = await api.get("previews", state["id"])
    return state


async def begun(api: Api, hung: str) -> str:
    """Ask for a preview that never ends and return its id."""
    answer = await api.ask("POST", "preview", body={"environment": "small", "add": ["lib"], "channels": [hung]})
    assert (answer.status, answer.body["state"]) == (202, "solving"), answer
    assert answer.headers["Location"].endswith(f"/envstore/previews/{answer.body['id']}")
    identifier: str = answer.body["id"]
    return identifier


async def test_a_preview_says_what_would_change_and_builds_nothing(small: Api) -> None:
    state = await preview(small, add=["app"])
    assert (state["state"], state["error"]) == ("ready", None)
    found = state["preview"]
    assert (found["parent"], found["message"], found["nothing_to_build"]) == (1, "Add app", False)
    changes = {change["name"]: change for change in found["comparison"]["platforms"][0]["changes"]}
    assert set(changes) == {"app", "lib"}
    assert changes["lib"]["why"]["code"] == "required"
    assert (await small.get("builds"))["total"] == 1
    assert await small.get("previews", state["id"]) == state, "it is kept for who asks again"


async def test_a_preview_of_nothing_says_so(small: Api) -> None:
    state = await preview(small)
    assert (state["state"], state["preview"]["nothing_to_build"]) == ("ready", True)


async def test_a_preview_of_what_the_build_will_do(small: Api) -> None:
    state = await preview(small, add=["app"])
    await small.built("environments", "local", "small", "versions", body={"add": ["app"]})
    compared = await small.get("environments", "local", "small", "versions", "2", "diff", against="1")
    assert compared["platforms"] == state["preview"]["comparison"]["platforms"]


async def test_a_conflict_is_an_outcome_with_its_explanation(small: Api) -> None:
    state = await preview(small, add=["lib <2", "app >=2"])
    assert (state["state"], state["preview"]) == ("failed", None)
    assert state["error"]["code"] == "unsolvable"
    assert state["error"]["details"]["explanation"]["relaxations"]


async def test_a_long_one_is_read_and_cancelled_and_the_resolver_is_free_again(small: Api, hung: str) -> None:
    identifier = await begun(small, hung)
    assert (await small.get("previews", identifier))["state"] == "solving"
    answer = await small.ask("DELETE", "previews", identifier)
    assert (answer.status, answer.body["state"]) == (200, "cancelled")
    assert (await preview(small, add=["lib"]))["state"] == "ready"
    assert (await small.get("previews", identifier))["state"] == "cancelled"


async def test_one_that_waits_for_its_turn_is_cancelled_without_disturbing_the_first(small: Api, hung: str) -> None:
    first, second = await begun(small, hung), await begun(small, hung)
    assert (await small.ask("DELETE", "previews", second)).body["state"] == "cancelled"
    assert (await small.get("previews", first))["state"] == "solving"
    await small.ask("DELETE", "previews", first)


async def test_one_that_ended_stays_as_it_is(small: Api) -> None:
    state = await preview(small, add=["lib"])
    answer = await small.ask("DELETE", "previews", state["id"])
    assert (answer.status, answer.body) == (200, state)


async def test_a_client_that_goes_away_takes_its_preview_along(
    small: Api, hung: str, http_server_port: tuple[Any, int], jp_base_url: str, jp_serverapp: Any
) -> None:
    body = f'{{"environment": "small", "add": ["lib"], "channels": ["{hung}"]}}'
    _, writer = await asyncio.open_connection("127.0.0.1", http_server_port[1])
    head = (
        f"POST {jp_base_url}envstore/preview HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n"
        f"Authorization: token {jp_serverapp.identity_provider.token}\r\n\r\n"
    )
    writer.write((head + body).encode())
    await writer.drain()
    book = store_of(small).previews._work._asked
    while not book:
        await asyncio.sleep(0.01)
    writer.close()
    (asked,) = book.values()
    while not asked.cancelled.is_set():
        await asyncio.sleep(0.01)


async def test_there_are_never_too_many(small: Api, hung: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "MOST_UNDER_WAY", 1)
    identifier = await begun(small, hung)
    answer = await small.ask("POST", "preview", body={"environment": "small", "add": ["lib"]})
    assert (answer.status, answer.body["code"]) == (429, "too_many_previews")
    await small.ask("DELETE", "previews", identifier)
    book = store_of(small).previews._work._asked
    while book[identifier].ended is None:
        await asyncio.sleep(0.01)
    assert (await preview(small, add=["lib"]))["state"] == "ready"


async def test_those_that_ended_are_forgotten(small: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await preview(small, add=["lib"])
    monkeypatch.setattr(pending, "MOST_KEPT", 1)
    second = await preview(small, add=["lib"])
    await preview(small, add=["lib"])
    answer = await small.ask("GET", "previews", first["id"])
    assert (answer.status, answer.body["code"]) == (404, "preview_not_found")
    monkeypatch.setattr(pending, "KEPT_SECONDS", 0.0)
    answer = await small.ask("GET", "previews", second["id"])
    assert (answer.status, answer.body["code"]) == (404, "preview_not_found")


async def test_an_unforeseen_failure_is_told_without_its_text(small: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise RuntimeError("password hunter2")

    monkeypatch.setattr(store_of(small).drafts, "preview", fail)
    state = await preview(small, add=["lib"])
    assert (state["state"], state["error"]["code"]) == ("failed", "internal")
    assert "hunter2" not in str(state)


async def test_a_preview_of_nothing_known_is_refused(api: Api) -> None:
    bodies: list[tuple[dict[str, Any], int, str]] = [
        ({"add": ["lib"]}, 400, "invalid_input"),
        ({"environment": "gone", "add": ["lib"]}, 404, "environment_not_found"),
        ({"environment": "gone@1", "parent": 1}, 400, "invalid_reference"),
        ({"environment": "a/b/c"}, 400, "invalid_reference"),
    ]
    for body, status, code in bodies:
        answer = await api.ask("POST", "preview", body=body)
        assert (answer.status, answer.body["code"]) == (status, code), (body, answer)
