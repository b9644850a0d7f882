"""Real server processes: two on one store, stopped and killed in the middle of a build, and what they load."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import urllib.error

import pytest
from channel_maker.serving import ChannelServer
from fixtures.api import SMALL, RealServer, Start
from fixtures.store import StoreHome

NATIVE = ("rattler", "conda_lock", "conda-lock")


@pytest.fixture
def slow_channel(home: StoreHome, channel_server: ChannelServer) -> ChannelServer:
    """A channel that answers, but sends packages so slowly that a build never ends by itself."""
    channel_server.behaviour.delays = {"*.conda": 120.0}
    home.settings["default_channels"] = [channel_server.url()]
    return channel_server


def _create(server: RealServer) -> int:
    build: int = server.ask("POST", "environments", {"name": "small", "specification": SMALL})["id"]
    return build


def test_a_server_never_loads_the_solver_and_shows_the_kernel(start_server: Start) -> None:
    server = start_server()
    body = {"name": "small", "packages": ["python=3.12", "ipykernel"]}
    server.until(server.ask("POST", "environments", body)["id"], "ready")
    server.ask("GET", "packages?q=numpy")
    maps = server.maps()
    assert "sqlite" in maps, "the memory map says what is loaded"
    assert [name for name in NATIVE if name in maps] == []
    assert "envstore-local--small" in server.ask_jupyter("GET", "api/kernelspecs")["kernelspecs"]


def test_server_and_command_line_read_the_same_configuration(home: StoreHome, start_server: Start) -> None:
    home.settings["default_namespace"] = "team"
    assert start_server().ask("GET", "status")["default_namespace"] == "team"


def test_a_broken_configuration_is_no_reason_to_go_on_without_it(home: StoreHome, start_server: Start) -> None:
    folder = home.root / "jupyter" / "config"
    folder.mkdir(parents=True)
    (folder / "jupyter_envstore_config.py").write_text("c.EnvStore.default_namespace = no_such_name\n")
    server = start_server()
    with pytest.raises(urllib.error.HTTPError) as caught:
        server.ask("GET", "status")
    assert caught.value.code == 404


def test_a_stopped_server_leaves_its_build_to_the_next(slow_channel: ChannelServer, start_server: Start) -> None:
    first = start_server()
    build = _create(first)
    first.until(build, "fetching")
    first.stop()

    slow_channel.reset()
    second = start_server()
    ended = second.until(build, "ready")
    assert ended["attempt"] == 1, "it went back to the queue in good order"
    assert "back to the queue" in second.ask("GET", f"builds/{build}/log")["text"]


def test_a_killed_servers_build_is_finished_by_the_next(slow_channel: ChannelServer, start_server: Start) -> None:
    first = start_server()
    build = _create(first)
    first.until(build, "fetching")
    first.kill()

    slow_channel.reset()
    second = start_server()
    ended = second.until(build, "ready")
    assert ended["attempt"] == 2
    assert second.ask("GET", "environments/local/small")["state"] == "ready"


def test_two_servers_on_one_store_see_and_finish_each_others_builds(
    slow_channel: ChannelServer, start_server: Start, home: StoreHome
) -> None:
    one, two = start_server(), start_server()
    assert two.ask("GET", "environments")["total"] == 0
    build = _create(one)
    two.until(build, "fetching")
    one.stop()  # whichever runs it: stopped in the middle, the other one takes it
    slow_channel.reset()
    two.until(build, "ready")
    assert two.ask("GET", "environments")["items"][0]["state"] == "ready"


def test_a_server_stops_although_a_search_waits_for_a_channel(
    channel_server: ChannelServer, start_server: Start, home: StoreHome
) -> None:
    channel_server.behaviour.hangs = {"*repodata*"}
    home.settings["default_channels"] = [channel_server.url()]
    server = start_server()

    def search() -> None:
        with contextlib.suppress(OSError, ValueError):
            server.ask("GET", "packages?q=numpy")

    thread = threading.Thread(target=search)
    thread.start()
    while not list(home.store_dir.glob("tmp/resolver-*")):  # the process that asks the channel
        thread.join(0.05)
    server.stop()
    assert server.process.returncode == 0
    thread.join()


def test_a_server_with_a_base_url_answers_below_it(start_server: Start) -> None:
    server = start_server("--ServerApp.base_url=/user/mira/")
    assert server.url.endswith("/user/mira/")
    assert server.ask("GET", "status")["store"]


def test_the_extension_is_imported_without_catalog_schemas_and_solver() -> None:
    program = (
        "import sys, jupyter_server.serverapp; before = set(sys.modules); import jupyter_envstore.app\n"
        "print(*sorted({name.split('.')[0] for name in set(sys.modules) - before}))\n"
        "print(*sorted(name for name in sys.modules if name.startswith('jupyter_envstore')))\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    more, ours, everything = (set(line.split()) for line in done.stdout.splitlines())
    assert not more & {"pydantic", "sqlalchemy", "alembic", "rattler", "conda_lock", "ruamel", "filelock", "psutil"}
    assert not everything & {"rattler", "conda_lock", "sqlalchemy", "pydantic"}
    assert not [name for name in ours if name.startswith(("jupyter_envstore.catalog", "jupyter_envstore.schemas"))]
