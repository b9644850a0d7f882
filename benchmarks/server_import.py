"""What the server extension costs a Jupyter server: its import, the first request, memory, and the event loop.

    python benchmarks/server_import.py [--rounds 7] [--channel URL]

- import: a process that imports jupyter_server and the extension, against one that imports jupyter_server only;
- first request: the first list of environments that a new server answers, on a store with a few of them;
- memory: what the server's resident set grows by up to after that list, against before its first request;
- event loop: the longest time for which the server kept its loop from running a timer while two builds ran, against
  without builds. On a machine whose processors are all busy the loop also waits for its turn; what the server itself
  used meanwhile tells the two apart.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import psutil

CHECKOUT = Path(__file__).resolve().parent.parent
IMPORT_GOAL, FIRST_GOAL, MEMORY_GOAL, BLOCKED_GOAL = 0.150, 0.500, 60e6, 0.050
PROBE = '''
"""A server extension that watches how long the event loop is away."""
import asyncio, json, time
from jupyter_server.base.handlers import JupyterHandler
from tornado.web import authenticated

longest = [(0.0, 0.0)]

async def watch():
    last, used = time.perf_counter(), time.process_time()
    while True:
        await asyncio.sleep(0.002)
        now, total = time.perf_counter(), time.process_time()
        away = now - last - 0.002
        longest[0] = max(longest[0], (min(away, total - used), away))
        last, used = now, total

class Probe(JupyterHandler):
    @authenticated
    def get(self):
        value, longest[0] = longest[0], (0.0, 0.0)
        self.finish(json.dumps(value))

def _jupyter_server_extension_points():
    return [{"module": "envstore_probe"}]

def _load_jupyter_server_extension(server):
    server.web_app.add_handlers(".*$", [(server.base_url + "probe", Probe)])

async def _start_jupyter_server_extension(server):
    global task
    task = asyncio.create_task(watch())
'''


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/channel/conda-forge").as_uri())
    options = parser.parse_args()
    print(f"{options.rounds} rounds, medians; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    imported = import_seconds(options.rounds)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        home = Path(name)
        configure(home, options.channel)
        blocked, idle = blocked_seconds(home)
        firsts, grown = zip(*(first_request(home) for _ in range(options.rounds)), strict=True)
        subprocess.run(["chmod", "-R", "u+w", str(home)], check=True)
    good = [
        tell("import over jupyter_server", imported, IMPORT_GOAL, "s"),
        tell("first list of environments", statistics.median(firsts), FIRST_GOAL, "s"),
        tell("memory after it", statistics.median(grown) / 1e6, MEMORY_GOAL / 1e6, "MB"),
        tell("event loop away, two builds", blocked[0], BLOCKED_GOAL, "s"),
    ]
    print(f"{'    by the clock':<30}{blocked[1]:8.3f} s")
    print(f"{'event loop away, no build':<30}{idle[0]:8.3f} s")
    return 0 if all(good) else 1


def tell(what: str, value: float, goal: float, unit: str) -> bool:
    """Print one line and return whether the goal is reached."""
    print(f"{what:<30}{value:8.3f} {unit}   (goal: at most {goal:g} {unit})")
    return value <= goal


def import_seconds(rounds: int) -> float:
    """Return the median of what the extension's import adds."""
    program = (
        "import time, jupyter_server.serverapp; t = time.perf_counter(); import jupyter_envstore.app; "
        "print(time.perf_counter() - t)"
    )
    command = [sys.executable, "-c", program]
    times = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(rounds + 1)]
    return statistics.median(times[1:])  # the first one compiles


class Server:
    """A ``jupyter server`` on the store of ``home``."""

    def __init__(self, home: Path) -> None:
        self.log = (home / "server.log").open("a")
        runtime = home / "runtime"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser", "--ServerApp.port=0"),
                *("--IdentityProvider.token=secret", "--ServerApp.jpserver_extensions=envstore_probe=True"),
            ],
            env={**os.environ, **environ(home), "PYTHONPATH": str(home / "probe")},
            cwd=home,
            stdout=self.log,
            stderr=self.log,
        )
        told = runtime / f"jpserver-{self.process.pid}.json"
        while True:
            time.sleep(0.05)
            try:
                self.url = json.loads(told.read_text())["url"]
                self.ask("GET", "api/status")
                return
            except (OSError, ValueError):
                if self.process.poll() is not None:
                    sys.exit(f"the server ended; see {self.log.name}")

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request; return the JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data=data, method=method, headers={"Authorization": "token secret"}
        )
        with urllib.request.urlopen(request, timeout=120) as response:
            return json.loads(response.read())

    def memory(self) -> int:
        """Return its resident set in bytes."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()
        self.log.close()


def environ(home: Path) -> dict[str, str]:
    """Return the variables with which a server uses ``home``."""
    return {
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_ENVSTORE_DIR": str(home / "store"),
    }


def configure(home: Path, channel: str) -> None:
    """Write configuration and probe."""
    for name in ("config", "probe"):
        (home / name).mkdir()
    settings = {"default_channels": [channel], "conda_environments_file": ""}
    (home / "config" / "jupyter_envstore_config.json").write_text(json.dumps({"EnvStore": settings}))
    (home / "probe" / "envstore_probe.py").write_text(PROBE)


def blocked_seconds(home: Path) -> tuple[list[float], list[float]]:
    """Return the longest absence of the event loop while two builds ran and were polled, and without builds.

    Each as the seconds for which the server itself was busy, and the seconds by the clock.
    """
    server = Server(home)
    server.ask("GET", "envstore/environments")
    time.sleep(1)
    server.ask("GET", "probe")
    time.sleep(3)
    idle: list[float] = server.ask("GET", "probe")
    packages = (["python=3.12", "numpy", "pandas", "ipykernel"], ["python=3.11", "numpy", "pandas", "ipykernel"])
    builds = [
        server.ask("POST", "envstore/environments", {"name": f"bench{number}", "packages": wanted})["id"]
        for number, wanted in enumerate(packages)
    ]
    while True:
        states = [server.ask("GET", f"envstore/builds/{build}")["state"] for build in builds]
        server.ask("GET", "envstore/environments")
        if all(state in ("ready", "failed", "cancelled") for state in states):
            break
        time.sleep(0.1)
    if states != ["ready", "ready"]:
        sys.exit(f"the builds ended as {states}")
    blocked: list[float] = server.ask("GET", "probe")
    server.stop()
    return blocked, idle


def first_request(home: Path) -> tuple[float, int]:
    """Return seconds and bytes of the first list that a new server answers."""
    server = Server(home)
    before = server.memory()
    started = time.perf_counter()
    server.ask("GET", "envstore/environments")
    spent = time.perf_counter() - started
    time.sleep(1)  # what goes on in the background counts too
    grown = server.memory() - before
    server.stop()
    return spent, grown


if __name__ == "__main__":
    sys.exit(main())
