"""Several processes on one store: nothing is built twice, lost, or mixed up."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable

import pytest
from channel_maker.serving import ChannelServer
from fixtures.store import StoreHome, finish

from jupyter_envstore.errors import NameTakenError
from jupyter_envstore.store import EnvStore

SMALL = "name: small\ndependencies: [python=3.12]\n"


def _ends(processes: list[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    return [(process.wait(120), *process.communicate()) for process in processes]


def test_two_creates_of_one_name_at_once_make_one_environment(home: StoreHome) -> None:
    ends = _ends([home.start("create", "-n", "small", "python=3.12", "--json") for _ in range(2)])
    assert sorted(status for status, _, _ in ends) == [0, 1]
    refused = next(json.loads(output) for status, output, _ in ends if status == 1)
    assert refused["code"] == NameTakenError.code
    assert home.json("list")["total"] == 1
    assert home.json("versions", "small")["total"] == 1


def test_processes_that_build_at_once_share_what_is_the_same(home: StoreHome) -> None:
    ends = _ends([home.start("create", "-n", f"env{number}", "python=3.12", "--json") for number in range(3)])
    assert [status for status, _, _ in ends] == [0, 0, 0], ends
    versions = [json.loads(output) for _, output, _ in ends]
    assert len({version["prefix"] for version in versions}) == 1
    assert home.json("list")["total"] == 3
    store = home.open()
    try:
        logs = [store.builds.log_text(build.id)[0] for build in store.builds.list().items]
        assert sum("Installing packages" in log for log in logs) == 1, (
            "one of them installed, the others found it ready"
        )
    finally:
        store.close()


def test_no_more_builds_run_at_once_than_the_store_allows(home: StoreHome, channel_server: ChannelServer) -> None:
    channel_server.behaviour.delays = {"*.conda": 120.0}
    home.settings |= {"default_channels": [channel_server.url()], "max_parallel_builds": 2}
    different = ["python=3.12", "python=3.11", "idna"]  # who builds the same waits for the one who builds it first
    processes = [home.start("create", "-n", f"env{number}", spec) for number, spec in enumerate(different)]
    store = home.open()
    try:
        _until(lambda: _states(store).count("fetching") == 2)
        assert sorted(_states(store)) == ["fetching", "fetching", "queued"]
    finally:
        channel_server.reset()
        ends = _ends(processes)
        store.close()
    assert [status for status, _, _ in ends] == [0, 0, 0], ends


def test_a_command_leaves_the_build_to_a_process_that_serves(home: StoreHome) -> None:
    store = home.open()
    store.builds.serve()
    try:
        queued = home.json("create", "-n", "small", "python=3.12", "--no-wait")
        assert queued["state"] == "queued"
        assert finish(store, store.builds.get(queued["id"])).state == "ready"
        waited = home.json("create", "-n", "other", "python=3.12")
        assert waited["version"] == 1
        assert home.json("show", "other")["prefix"] == store.versions.get("small").prefix
    finally:
        store.close()


def test_a_build_goes_back_to_the_queue_when_its_process_stops_and_on_in_the_next(
    home: StoreHome, channel_server: ChannelServer
) -> None:
    channel_server.behaviour.delays = {"*.conda": 120.0}
    home.settings["default_channels"] = [channel_server.url()]
    first = home.open()
    first.builds.serve()
    build = first.builds.create("small", SMALL)
    _until(lambda: _states(first) == ["fetching"])
    first.close()

    channel_server.reset()
    second = home.open()
    try:
        stopped = second.builds.get(build.id)
        assert (stopped.state, stopped.attempt) == ("queued", 1)
        ended = finish(second, stopped)
        assert ended.state == "ready"
        assert second.builds.log_text(build.id)[0].count("Finding versions") == 1, (
            "the lock of the first attempt is used"
        )
    finally:
        second.close()


def test_one_process_may_use_its_store_from_many_threads(store: EnvStore) -> None:
    store.builds.serve()
    failures: list[BaseException] = []

    def create(number: int) -> None:
        try:
            assert finish(store, store.builds.create(f"env{number}", SMALL)).state == "ready"
        except BaseException as error:  # noqa: BLE001  a thread's failure must reach the test
            failures.append(error)

    threads = [threading.Thread(target=create, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.environments.list().total == 4


@pytest.mark.parametrize("again", ["small", "SMALL"])
def test_a_name_is_taken_whatever_process_made_it(home: StoreHome, store: EnvStore, again: str) -> None:
    home.json("create", "-n", "small", "python=3.12")
    with pytest.raises(NameTakenError):
        store.builds.create(again, SMALL)


def _states(store: EnvStore) -> list[str]:
    return [build.state for build in store.builds.list().items]


def _until(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
