"""Changes are told on Jupyter's event bus, by whomever they were made, and carry nothing but numbers."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures.api import Api, Fetch, server_config, small_home
from fixtures.store import StoreHome

from jupyter_envstore.app import BUILD_EVENT, STORE_EVENT, hide_from_conda_kernels
from jupyter_envstore.background import Background
from jupyter_envstore.catalog import Changes
from jupyter_envstore.store import EnvStore


@pytest.fixture
def jp_server_config(home: StoreHome) -> dict[str, Any]:
    return server_config(home)


class Listener:
    """A client of the event bus."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.events: list[dict[str, Any]] = []

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read events until there is one that is wanted; the time limit of the tests ends this."""
        while True:
            message = await self.socket.read_message()
            assert message is not None, "the socket was closed"
            event: dict[str, Any] = json.loads(message)
            self.events.append(event)
            if wanted(event):
                return event


@pytest.fixture
def listen(jp_ws_fetch: Any) -> Callable[[], Any]:
    async def open_socket() -> Listener:
        return Listener(await jp_ws_fetch("api", "events", "subscribe"))

    return open_socket


def _is(schema: str, **fields: Any) -> Callable[[dict[str, Any]], bool]:
    return lambda event: event["schema_id"] == schema and all(event[key] == value for key, value in fields.items())


async def test_a_build_is_told_from_its_queueing_to_its_end(api: Api, listen: Any) -> None:
    listener = await listen()
    await api.get("environments")
    build = await api.create("small")
    state = ""
    while state != "ready":
        await listener.until(_is(BUILD_EVENT, build=build["id"]))
        state = (await api.get("builds", str(build["id"])))["state"]
    told = [event for event in listener.events if event["schema_id"] == BUILD_EVENT]
    assert {key for event in told for key in event if not key.startswith("__")} <= {
        *("schema_id", "schema_version", "metadata_version"),
        *("build", "sequence"),
    }
    sequences = [event["sequence"] for event in listener.events if event["schema_id"] == BUILD_EVENT]
    assert sequences == sorted(sequences)
    assert any(event["schema_id"] == STORE_EVENT for event in listener.events)


class TestOnSmallPackages:
    """On a channel where a build takes a moment."""

    @pytest.fixture
    def home(self, tmp_path: Path) -> StoreHome:
        return small_home(tmp_path)

    async def test_every_change_of_an_environment_and_its_versions_is_told(self, api: Api, listen: Any) -> None:
        environment = ("environments", "local", "small")
        await api.built("environments", body={"name": "small", "packages": ["base"]})
        await api.built(*environment, "versions", body={"add": ["extra"]})
        listener = await listen()
        sequence = -1
        for method, path, body in (
            ("PATCH", environment, {"description": "What it is for"}),
            ("PATCH", environment, {"active_version": 1}),
            ("PATCH", environment, {"schedule": "weekly"}),
            ("PATCH", (*environment, "versions", "1"), {"pinned": True}),
            ("PATCH", (*environment, "versions", "1"), {"message": "What the paper used"}),
            ("POST", (*environment, "rename"), {"name": "course"}),
        ):
            answer = await api.ask(method, *path, body=body)
            assert answer.status == 200, answer
            last = sequence
            told = await listener.until(lambda event, last=last: _is(STORE_EVENT)(event) and event["sequence"] > last)
            sequence = told["sequence"]


async def test_what_the_command_line_does_is_seen_without_a_restart(
    home: StoreHome, api: Api, listen: Any, jp_fetch: Fetch
) -> None:
    listener = await listen()
    await api.get("environments")
    done = await asyncio.to_thread(home.run, "create", "-n", "small", "python=3.12", "ipykernel", "--json", "--no-wait")
    while done.returncode and json.loads(done.stdout)["code"] == "no_runner":  # the server has only just begun
        done = await asyncio.to_thread(
            home.run, "create", "-n", "small", "python=3.12", "ipykernel", "--json", "--no-wait"
        )
    assert done.returncode == 0, done.stdout + done.stderr
    build = json.loads(done.stdout)
    await listener.until(_is(BUILD_EVENT, build=build["id"]))
    assert (await api.ended(build["id"]))["state"] == "ready"
    # The command's own Jupyter folders are elsewhere: only this server can have set up this kernel.
    assert "envstore-local--small" in await _kernels(jp_fetch)

    done = await asyncio.to_thread(home.run, "remove", "small")
    assert done.returncode == 0, done.stdout + done.stderr
    # Other events may be on their way; the one that tells of the removal comes when the kernel is gone.
    while "envstore-local--small" in await _kernels(jp_fetch):
        await listener.until(_is(STORE_EVENT))
    assert (await api.get("environments"))["total"] == 0


async def _kernels(jp_fetch: Fetch) -> list[str]:
    return list(json.loads((await jp_fetch("api", "kernelspecs")).body)["kernelspecs"])


def test_a_burst_comes_as_one_change(home: StoreHome, store: EnvStore) -> None:
    store.catalog.environments.create("local", "before")
    seen: list[Changes] = []
    arrived = threading.Event()
    begun = threading.Event()

    def take(changes: Changes) -> None:
        seen.append(changes)
        arrived.set()

    other = home.open()
    background = Background(other, on_changes=take, on_building=begun.set, log=other.log)
    background.start()
    try:
        while not other.builds.serving:
            assert not begun.wait(0.01)
        with store.catalog.transaction():
            for number in range(30):
                store.catalog.environments.create("local", f"env{number}")
        assert arrived.wait(60)
        assert [len(changes.environments) for changes in seen] == [30]
    finally:
        background.stop()


def test_a_store_that_is_broken_is_told_and_taken_up_when_it_is_mended(
    home: StoreHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_envstore.background.RETRY_SECONDS", 0.05)
    home.store_dir.mkdir()
    (home.store_dir / "catalog.sqlite").write_text("this is no database, however long one looks at it\n" * 100)
    other = home.open()
    background = Background(other, on_changes=lambda changes: None, on_building=lambda: None, log=other.log)
    background.start()
    wait = threading.Event()
    try:
        while not _problem(background):
            wait.wait(0.01)
        assert "catalog.sqlite" in _problem(background)
        (home.store_dir / "catalog.sqlite").unlink()
        other.catalog  # noqa: B018  what the next request does
        while _problem(background):
            wait.wait(0.01)
        assert other.builds.serving
    finally:
        background.stop()


def _problem(background: Background) -> str:
    return background.problem.message if background.problem else ""


class _CondaKernelSpecManager:
    """Stands for the manager of nb_conda_kernels where that is not installed; known by its module's name."""

    __module__ = "nb_conda_kernels.manager"
    env_filter: str | None = None


@pytest.mark.parametrize("before", [None, "/elsewhere/"])
def test_conda_kernels_leaves_our_environments_to_us(home: StoreHome, before: str | None) -> None:
    manager = _CondaKernelSpecManager()
    manager.env_filter = before
    store = home.open()
    hide_from_conda_kernels(manager, store)
    pattern: Any = manager._env_filter_regex  # type: ignore[attr-defined]
    assert pattern.search(str(store.layout.environments / "analysis"))
    assert bool(pattern.search("/elsewhere/env")) == bool(before)
    assert not pattern.search(str(home.root / "conda" / "envs" / "analysis"))


def test_other_kernel_managers_are_left_alone(home: StoreHome) -> None:
    manager = object()
    hide_from_conda_kernels(manager, home.open())
