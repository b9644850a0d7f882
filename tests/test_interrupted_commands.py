"""Commands whose terminal, reader or process goes away: no build is left that nobody runs and nobody can take over."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest
from channel_maker.serving import ChannelServer
from fixtures.store import StoreHome

from jupyter_envstore.store import EnvStore


@pytest.fixture
def slow(home: StoreHome, channel_server: ChannelServer) -> Iterator[StoreHome]:
    """A home whose channel never sends a package until the server is reset."""
    channel_server.behaviour.delays = {"*.conda": 120.0}
    home.settings["default_channels"] = [channel_server.url()]
    yield home


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_build_is_cancelled_when_its_terminal_or_session_ends(slow: StoreHome, number: int) -> None:
    process = slow.start("create", "-n", "small", "python=3.12")
    _wait_until_fetching(slow, process)
    process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Traceback" not in errors
    assert [build["state"] for build in slow.json("builds")["items"]] == ["cancelled"]


def test_a_build_whose_process_was_killed_is_told_and_taken_over_by_retry(
    slow: StoreHome, channel_server: ChannelServer
) -> None:
    _kill_while_fetching(slow)
    channel_server.reset()
    told = slow.run("builds")
    assert "Stopped: what ran it is gone" in told.stdout
    assert "jupyter envstore retry 1" in told.stdout
    followed = slow.run("logs", "-f", "1")
    assert "Nobody runs this build any more" in followed.stderr

    answer = slow.json("retry", "1")
    assert (answer["build"]["id"], answer["build"]["attempt"], answer["version"]) == (1, 2, 1)


def test_a_name_that_a_dead_build_holds_can_be_used_again(slow: StoreHome, channel_server: ChannelServer) -> None:
    _kill_while_fetching(slow)
    channel_server.reset()
    assert slow.json("create", "-n", "small", "python=3.12")["version"] == 1
    assert [build["state"] for build in slow.json("builds")["items"]] == ["ready", "cancelled"]


def test_a_build_that_waits_for_room_is_not_taken_for_a_dead_one(slow: StoreHome) -> None:
    slow.settings["max_parallel_builds"] = 1
    first = slow.start("create", "-n", "one", "python=3.12")
    _wait_until_fetching(slow, first)
    second = slow.start("create", "-n", "two", "python=3.11")
    while len(slow.json("builds")["items"]) < 2:
        assert second.poll() is None
    time.sleep(1.5)  # long enough for it to have looked whether somebody serves
    try:
        assert "Stopped" not in slow.run("builds").stdout
        taken = slow.run("create", "-n", "two", "python=3.11")
        assert taken.returncode == 1
        assert "already" in taken.stderr
    finally:
        for process in (second, first):
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_enough_ends_a_command_without_a_traceback(home: StoreHome, unbuffered: str) -> None:
    home.write_configuration()
    home.open().catalog.close()
    environ = {**os.environ, **home.environ(), "PYTHONUNBUFFERED": unbuffered}
    reader_gone = subprocess.Popen(
        home.command("list", "--json"), env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert reader_gone.stdout is not None
    reader_gone.stdout.close()
    assert "Traceback" not in reader_gone.communicate()[1]
    with open("/dev/full", "w") as full:  # noqa: PTH123
        written = subprocess.run(
            home.command("list"), env=environ, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert written.returncode == 1
    assert written.stderr == "Error: The output cannot be written: No space left on device.\n"


def test_a_setting_of_the_wrong_type_is_told_in_words(home: StoreHome) -> None:
    home.settings["max_parallel_builds"] = "many"
    done = home.run("list")
    assert done.returncode == 1
    assert "max_parallel_builds" in done.stderr
    assert "Traceback" not in done.stderr


def test_next_steps_name_the_store_that_was_named(home: StoreHome) -> None:
    folder = home.root / "an other"
    done = home.run("create", "-n", "small", "idna", "--store", str(folder))
    assert done.returncode == 0, done.stderr
    assert f"jupyter envstore --store '{folder}' shell local/small" in done.stdout
    assert "launcher" not in done.stdout, "an environment without a kernel is in no launcher"


def test_an_older_removed_environment_comes_back_under_another_name(home: StoreHome, store: EnvStore) -> None:
    for packages in (["python=3.12"], ["idna"]):
        home.json("create", "-n", "small", *packages)
        home.json("remove", "small")
    assert [item["name"] for item in home.json("list", "--removed")["items"]] == ["small", "small"]
    home.json("undelete", "small")
    taken = home.run("undelete", "small")
    assert taken.returncode == 1
    home.json("undelete", "small", "--as", "older")
    assert "python" in {item["name"] for item in home.json("packages", "older")["items"]}
    assert home.json("list", "--removed")["total"] == 0
    assert home.json("verify", "older")["problems"] == []


def _kill_while_fetching(home: StoreHome) -> None:
    process = home.start("create", "-n", "small", "python=3.12")
    _wait_until_fetching(home, process)
    process.kill()
    process.communicate(timeout=30)


def _wait_until_fetching(home: StoreHome, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 60
    while not home.store_dir.joinpath("catalog.sqlite").exists() or not any(
        build["state"] == "fetching" for build in home.json("builds")["items"]
    ):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "it never came to fetching"
        time.sleep(0.1)
