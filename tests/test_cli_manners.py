"""The command line's manners: errors for programs, narrow terminals, mistyped folders, exit statuses."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import termios
from fcntl import ioctl

import pytest
from fixtures.store import StoreHome
from small_packages_channel import SMALL, write_small_channel

from jupyter_envstore.cli.tables import print_table


@pytest.fixture
def home(home: StoreHome) -> StoreHome:
    """A home on a channel of small packages."""
    home.settings["default_channels"] = [write_small_channel(home.root / "channel").as_uri()]
    (home.root / "environment.yml").write_text(SMALL)
    return home


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list", "--limit", "0", "--json"], "--limit"),
        (["create", "-n", "x1", "--json"], "-f"),
        (["show", "--json"], "REF"),
        (["lsit", "--json"], "list"),
        (["builds", "--state", "finished", "--json"], "ready"),
    ],
)
def test_wrong_usage_is_json_for_who_asks_for_json(home: StoreHome, arguments: list[str], words: str) -> None:
    done = home.run(*arguments)
    assert done.returncode == 2
    answer = json.loads(done.stdout)
    assert answer["code"] in ("wrong_usage", "invalid_input")
    assert words in answer["message"]


def test_wrong_usage_is_told_in_words_else(home: StoreHome) -> None:
    done = home.run("list", "--limit", "0")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "--limit" in done.stderr


def test_looking_into_a_folder_without_a_store_makes_none(home: StoreHome) -> None:
    folder = home.root / "mistyped"
    for arguments in (["list"], ["show", "small"], ["builds"], ["remove", "small"]):
        done = home.run(*arguments, "--store", str(folder))
        assert done.returncode == 1
        assert f"There is no store in {folder}" in done.stderr
    assert not folder.exists()


def test_an_empty_store_can_be_looked_at_where_stores_usually_are(home: StoreHome) -> None:
    home.write_configuration()
    environ = {**os.environ, **home.environ()}
    del environ["JUPYTER_ENVSTORE_DIR"]
    done = subprocess.run(home.command("list"), env=environ, capture_output=True, text=True, check=True)
    assert "No environments yet" in done.stdout


def test_following_a_log_ends_as_its_build_did(home: StoreHome) -> None:
    assert home.run("create", "-f", "environment.yml").returncode == 0
    assert home.run("logs", "-f", "small").returncode == 0
    assert home.run("edit", "small", "--add", "lib <2", "--add", "app >=2").returncode == 1
    followed = home.run("logs", "-f", "small")
    assert "Failed (unsolvable)" in followed.stdout
    assert followed.returncode == 1


def test_many_unknown_names_are_told_shortly(home: StoreHome) -> None:
    names = [f"unknown{number}" for number in range(300)]
    done = home.run("create", "-n", "many", *names)
    assert done.returncode == 1
    assert "295 more are unknown too" in done.stderr
    assert len(done.stderr) < 3000


def test_names_are_shown_as_they_were_written(home: StoreHome) -> None:
    done = home.run("create", "-n", "données", "tool", PYTHONIOENCODING="utf-8")
    assert "données" in done.stderr
    hostile = home.run("create", "-n", "a\x1b[31m\u202eb", "tool")
    assert "\x1b" not in hostile.stderr
    assert "\u202e" not in hostile.stderr


@pytest.mark.parametrize(("width", "there"), [(100, "changed"), (40, "state")])
def test_a_narrow_terminal_shows_fewer_columns(width: int, there: str) -> None:
    script = (
        "from jupyter_envstore.cli.tables import print_table;"
        "print_table(['environment', 'state', 'size', 'changed'],"
        " [['local/a-rather-long-name', 'ready', '120 MB', '2026-11-22 10:00']], spare=['changed', 'size'], empty='')"
    )
    shown = _in_terminal(script, width)
    assert there in shown
    assert "local/a-rather-long-name" in shown, "no cell is broken"
    assert ("changed" in shown) == (width == 100)


def test_a_pipe_gets_all_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(["one", "two"], [["a" * 90, "b" * 90]], spare=["two"], empty="")
    assert "b" * 90 in capsys.readouterr().out


def _in_terminal(script: str, width: int) -> str:
    import pty
    import sys

    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, width, 0, 0))
    environ = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    process = subprocess.Popen([sys.executable, "-c", script], stdout=theirs, env={**environ, "TERM": "xterm"})
    os.close(theirs)
    parts = []
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break  # how Linux says that the other side is closed
        if not part:
            break
        parts.append(part)
    assert process.wait() == 0
    os.close(ours)
    return b"".join(parts).decode()
