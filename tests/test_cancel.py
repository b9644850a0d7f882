"""Cancelling a build: it ends within a second, wherever it is, and leaves nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from channel_maker.serving import ChannelServer
from fixtures.store import StoreHome

from jupyter_envstore.errors import ConflictError
from jupyter_envstore.schemas import Build
from jupyter_envstore.store import EnvStore

SMALL = "name: small\ndependencies: [python=3.12]\n"


@pytest.fixture
def slow_store(home: StoreHome, channel_server: ChannelServer) -> Iterator[EnvStore]:
    """A store whose channel answers, but sends packages so slowly that a build never ends by itself."""
    channel_server.behaviour.delays = {"*.conda": 120.0}
    home.settings["default_channels"] = [channel_server.url()]
    store = home.open()
    yield store
    store.close()


def test_a_running_build_is_cancelled_at_once_and_leaves_nothing(slow_store: EnvStore) -> None:
    store = slow_store
    watched = store.builds.watch(store.builds.create("small", SMALL).id)
    build = _until(watched, "fetching")
    asked = time.monotonic()
    store.builds.cancel(build.id)
    *_, ended = watched
    took = time.monotonic() - asked

    assert ended.state == "cancelled"
    assert took < 10, "the supervisor looks ten times a second; ten seconds allow for a machine that is busy"
    assert [p for p in psutil.Process().children(recursive=True) if "builder.py" in " ".join(p.cmdline())] == []
    assert list(store.layout.temporary.glob("builder-*")) == []
    assert store.versions.list("small").total == 0
    assert store.environments.get("small").active_version is None
    assert "Cancelled." in store.builds.log_text(build.id)[0]
    store.close()  # waits for the build's thread
    assert [path.name for path in store.layout.prefixes.iterdir() if path.is_dir()] == []


def test_what_a_cancelled_build_left_is_swept_by_the_next(slow_store: EnvStore, channel_server: ChannelServer) -> None:
    store = slow_store
    watched = store.builds.watch(store.builds.create("small", SMALL).id)
    build = _until(watched, "fetching")
    store.builds.cancel(build.id)
    *_, build = watched
    channel_server.reset()
    *_, again = store.builds.watch(store.builds.retry(build.id).id)
    assert again.state == "ready"
    assert store.builds.get(build.id).retried_as == again.id
    assert [path.name for path in store.layout.prefixes.iterdir() if path.suffix == ".partial"] == []


def test_a_build_that_waits_is_cancelled_without_ever_running(slow_store: EnvStore) -> None:
    store = slow_store
    first, second = (store.builds.watch(store.builds.create(name, SMALL).id) for name in ("one", "two"))
    running = _until(first, "fetching")
    waiting = next(second)
    assert waiting.state == "queued"
    assert store.builds.cancel(waiting.id).state == "cancelled"
    store.builds.cancel(running.id)
    *_, _ended = first
    assert store.builds.get(waiting.id).started is None


def test_a_build_is_cancelled_from_another_process(home: StoreHome, slow_store: EnvStore) -> None:
    store = slow_store
    watched = store.builds.watch(store.builds.create("small", SMALL).id)
    build = _until(watched, "fetching")
    assert home.json("cancel", str(build.id))["cancel_requested"] is True
    *_, ended = watched
    assert ended.state == "cancelled"


def test_locking_can_be_cancelled_too(home: StoreHome, channel_server: ChannelServer) -> None:
    channel_server.behaviour.hangs = {"*repodata*"}
    home.settings["default_channels"] = [channel_server.url()]
    store = home.open()
    try:
        watched = store.builds.watch(store.builds.create("small", SMALL).id)
        build = _until(watched, "locking")
        store.builds.cancel(build.id)
        *_, ended = watched
        assert ended.state == "cancelled"
        # The resolver that was ended with it is replaced for the next.
        channel_server.reset()
        *_, again = store.builds.watch(store.builds.retry(build.id).id)
        assert again.state == "ready"
    finally:
        store.close()


def test_a_build_that_has_ended_stays_as_it_is(store: EnvStore) -> None:
    *_, build = store.builds.watch(store.builds.create("small", SMALL).id)
    assert store.builds.cancel(build.id).state == "ready"
    with pytest.raises(ConflictError, match="succeeded"):
        store.builds.retry(build.id)


def test_ctrl_c_cancels_what_the_command_was_waiting_for(home: StoreHome, channel_server: ChannelServer) -> None:
    channel_server.behaviour.delays = {"*.conda": 120.0}
    home.settings["default_channels"] = [channel_server.url()]
    process = home.start("create", "-n", "small", "python=3.12")
    store = home.open()
    try:
        _wait_for_file(store.layout.catalog)
        while not any(build.state == "fetching" for build in store.builds.list().items):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        psutil.Process(process.pid).send_signal(2)
        _, errors = process.communicate(timeout=30)
        assert process.returncode == 1, errors
        assert "cancelled" in errors
        assert "Traceback" not in errors
        assert [build.state for build in store.builds.list().items] == ["cancelled"]
    finally:
        store.close()


def _until(watched: Iterator[Build], state: str) -> Build:
    for build in watched:
        if build.state == state:
            return build
    raise AssertionError(f"the build never was {state}")


def _wait_for_file(path: Path) -> None:
    end = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < end, f"{path} never appeared"
        time.sleep(0.02)
