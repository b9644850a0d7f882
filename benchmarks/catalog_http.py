"""A store with ten thousand environments through HTTP: pages, searches, a comparison, an activation.

    python benchmarks/catalog_http.py [--environments 10000] [--rounds 200] [--channel URL] [--keep FOLDER]

The catalog is filled row by row: so many environments with five versions each, every version with a lock of its own of
150 packages, out of a channel of 20,000 files. Then a real server answers one client that keeps its connection open and
asks for one thing after the other, for another one each time. The versions that are compared have 300 packages. One
more environment is real: its two versions are on disk, and the active one is switched between them.

*busy* is the time of a processor that the server used for one answer: on a machine that does other things too, it says
more than the clock.

With ``--keep`` the filled store is left in a folder, and used again by the next run.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import itertools
import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "benchmarks")]

import psutil  # noqa: E402
from server_import import Server, configure  # noqa: E402
from sqlalchemy import insert  # noqa: E402

from jupyter_envstore.catalog import Catalog, open_catalog  # noqa: E402
from jupyter_envstore.catalog.database import CHANGE_COUNTER  # noqa: E402
from jupyter_envstore.catalog.models import (  # noqa: E402
    BuildRow,
    EnvironmentRow,
    LockRow,
    NamespaceRow,
    PackageRow,
    PrefixRow,
    VersionRow,
)

VERSIONS, PACKAGES, FILES, NAMES = 5, 150, 20_000, 2_000
COMPARED = 300
READ_GOAL, COMPARE_GOAL, ACTIVATE_GOAL = 0.010, 0.020, 0.050
FEW = 30
"""Environments of the store in which an activation is measured: each has a kernel, which Jupyter reads too."""
SUBDIR = "linux-64"
BEGAN = datetime(2026, 1, 1, tzinfo=timezone.utc)
SPECIFICATION = "name: {name}\nchannels: [conda-forge]\ndependencies:\n  - python=3.12\n  - package-7\n"
SMALL = ["python=3.12", "ipykernel"]


def main() -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environments", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--channel", default=(CHECKOUT / ".cache/channel/conda-forge").as_uri())
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        large, small = options.keep or Path(name, "large"), Path(name, "small")
        prepare(large, options.channel, options.environments)
        server = Server(large)
        try:
            good = measure(server, options.environments, options.rounds)
        finally:
            server.stop()
        prepare(small, options.channel, FEW)
        server = Server(small)
        try:
            good &= activate(Client(server), min(options.rounds, 60), FEW, ACTIVATE_GOAL)
        finally:
            server.stop()
        subprocess.run(["chmod", "-R", "u+w", str(large), name], check=True)
    return 0 if good else 1


def prepare(home: Path, channel: str, environments: int) -> None:
    """Make a home with a store of so many environments, where there is none yet."""
    if (home / "filled").exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    configure(home, channel)
    fill(home / "store", environments)
    (home / "filled").touch()


# ---------------------------------------------------------------- the catalog


def fill(store: Path, environments: int) -> None:
    """Write a catalog of so many environments."""
    store.mkdir(parents=True, exist_ok=True)
    file = store / "catalog.sqlite"
    catalog = open_catalog(file)
    dice = random.Random(7)
    with catalog._database.writing() as connection:
        for table, rows in tables(environments):
            while batch := list(itertools.islice(rows, 20_000)):
                connection.execute(insert(table), batch)
        versions = environments * VERSIONS
        connection.exec_driver_sql("UPDATE environment SET active_version_id = id * 5")
        connection.exec_driver_sql(f"UPDATE counter SET value = {versions + 1} WHERE name = '{CHANGE_COUNTER}'")
    close(catalog)
    with sqlite3.connect(file) as plain:
        plain.execute("PRAGMA cache_size = -400000")
        index = plain.execute("SELECT sql FROM sqlite_master WHERE name LIKE 'ix_lock_package%'").fetchone()[0]
        plain.execute("DROP INDEX ix_lock_package_package_id_lock_id")
        plain.executemany("INSERT INTO lock_package VALUES (?, 0, ?)", locked(dice, versions))
        plain.execute(index)
        plain.execute("ANALYZE")
    plain.close()


def close(catalog: Catalog) -> None:
    """Close a catalog, so that another program may write it."""
    catalog.close()


def locked(dice: random.Random, locks: int) -> Iterator[tuple[int, int]]:
    """Yield lock and package, sorted: a few names that all locks have, the others by chance."""
    per_name = FILES // NAMES
    for lock in range(1, locks - VERSIONS + 1):
        names = {*range(20), *dice.sample(range(20, NAMES - 5), PACKAGES - 20)}
        if lock % 2_000 == 0:
            names.add(NAMES - 1)  # one that few have
        yield from sorted((lock, 1 + name * per_name + dice.randrange(per_name)) for name in names)
    for lock in range(locks - VERSIONS + 1, locks + 1):
        for name in range(COMPARED):
            moved = lock % VERSIONS if name % 10 == 0 else 0  # a tenth of them is another one in each version
            yield lock, 1 + name * per_name + moved


def tables(environments: int) -> Iterator[tuple[Any, Iterator[dict[str, Any]]]]:
    """Yield tables with their rows, in an order in which references exist."""
    versions = range(1, environments * VERSIONS + 1)
    yield NamespaceRow, ({"id": n, "name": f"team{n}", "key": f"team{n}", "created": BEGAN} for n in range(1, 21))
    yield PackageRow, (package(number) for number in range(FILES))
    yield (
        LockRow,
        (
            {
                "id": n,
                "hash": digest("lock", n).hex(),
                "platforms": [{"platform": SUBDIR, "packages": PACKAGES, "size": 300_000_000}],
                "document": {},
                "created": at(n),
            }
            for n in versions
        ),
    )
    yield (
        PrefixRow,
        (
            {
                "id": n,
                "hash": digest("prefix", n).hex(),
                "platform": SUBDIR,
                "state": "freed",
                "size": 0,
                "files": 0,
                "kernels": [],
                "created": at(n),
                "last_used": at(n),
            }
            for n in versions
        ),
    )
    yield EnvironmentRow, (environment(n) for n in range(1, environments + 1))
    yield VersionRow, (version(n) for n in versions)
    yield BuildRow, (build(n) for n in versions)


def environment(n: int) -> dict[str, Any]:
    """Return the row of an environment."""
    last = n * VERSIONS
    name = f"analysis-{n}"
    return {
        "id": n,
        "namespace_id": 1 + n % 20,
        "name": name,
        "key": name,
        "description": "what it is for",
        "last_number": VERSIONS,
        "sequence": last,
        "created": at(last - VERSIONS),
        "updated": at(last),
    }


def version(n: int) -> dict[str, Any]:
    """Return the row of a version."""
    owner, number = 1 + (n - 1) // VERSIONS, 1 + (n - 1) % VERSIONS
    return {
        "id": n,
        "environment_id": owner,
        "number": number,
        "specification": SPECIFICATION.format(name=f"analysis-{owner}"),
        "message": f"Update {number}",
        "author": "mira",
        "lock_id": n,
        "prefix_id": n,
        "parent_id": n - 1 if number > 1 else None,
        "pinned": False,
        "warnings": [],
        "created": at(n),
    }


def build(n: int) -> dict[str, Any]:
    """Return the row of the build that made a version."""
    return {
        "id": n,
        "environment_id": 1 + (n - 1) // VERSIONS,
        "kind": "create" if n % VERSIONS == 1 else "edit",
        "state": "ready",
        "state_since": at(n),
        "request": {"specification": ""},
        "progress": {},
        "message": "",
        "author": "mira",
        "lock_id": n,
        "version_id": n,
        "warnings": [],
        "seconds": {},
        "attempt": 1,
        "cancel_requested": False,
        "sequence": n,
        "created": at(n),
        "started": at(n),
        "finished": at(n),
    }


def package(number: int) -> dict[str, Any]:
    """Return the row of a package file: ten files a name."""
    name, release = f"package-{number // (FILES // NAMES)}", f"{1 + number % 10}.{number % 7}"
    return {
        "id": number + 1,
        "digest": digest("package", number),
        "manager": "conda",
        "name": name,
        "version": release,
        "build": "h0_0",
        "subdir": SUBDIR,
        "channel": "https://conda.anaconda.org/conda-forge",
        "url": f"https://conda.anaconda.org/conda-forge/{SUBDIR}/{name}-{release}-h0_0.conda",
        "md5": digest("md5", number).hex()[:32],
        "sha256": digest("sha", number).hex(),
        "size": 2_000_000,
        "license": "BSD-3-Clause",
        "depends": ["python >=3.10"],
    }


def digest(*what: object) -> bytes:
    """Return 32 bytes that nothing else has."""
    return hashlib.sha256(repr(what).encode()).digest()


def at(n: int) -> datetime:
    """Return a time that grows with ``n``."""
    return BEGAN + timedelta(seconds=n)


# ---------------------------------------------------------------- the client


class Client:
    """One connection that is kept open."""

    def __init__(self, server: Server) -> None:
        parts = urllib.parse.urlsplit(server.url)
        self._process = psutil.Process(server.process.pid)
        self._base = parts.path
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request and return the JSON."""
        sent = None if body is None else json.dumps(body)
        headers = {"Authorization": "token secret"}
        self._connection.request(method, f"{self._base}envstore/{path}", sent, headers)
        response = self._connection.getresponse()
        answer = json.loads(response.read())
        if response.status >= 400:
            sys.exit(f"{method} {path}: {answer}")
        return answer

    def busy(self) -> float:
        """Return the seconds of processor that the server has used."""
        used = self._process.cpu_times()
        return float(used.user + used.system)

    def built(self, path: str, body: Any) -> None:
        """Ask for a build and wait until it is ready."""
        build = self.ask("POST", path, body)["id"]
        while (now := self.ask("GET", f"builds/{build}"))["state"] not in ("ready", "failed", "cancelled"):
            time.sleep(0.05)
        if now["state"] != "ready":
            sys.exit(f"the build failed: {now['error']}")


def measure(server: Server, environments: int, rounds: int) -> bool:
    """Print how long the answers take; return whether all goals are reached."""
    client = Client(server)
    settle(client)
    deep = deep_pages(client)
    dice = random.Random(3)

    def one() -> str:
        number = dice.randrange(1, environments + 1)
        return f"environments/team{1 + number % 20}/analysis-{number}"

    common, middling, rare = "package-3", "package-77", f"package-{NAMES - 1}"
    questions: dict[str, Callable[[], str]] = {
        "first page (100)": lambda: "environments",
        "page deep inside (100)": lambda: dice.choice(deep),
        "one environment": one,
        "its versions": lambda: f"{one()}/versions",
        "search by name": lambda: f"environments?search=sis-{dice.randrange(environments)}",
        "search by name, many": lambda: "environments?search=ana",
        "package that all have": lambda: f"environments?package={common}",
        "package that many have": lambda: f"environments?package={middling}",
        "package that few have": lambda: f"environments?package={rare}",
        "package in a range": lambda: "environments?package=" + urllib.parse.quote(f"{middling} >=3,<5"),
        "find, all have it": lambda: f"find?package={common}",
        "find, many have it": lambda: f"find?package={middling}",
        "find, few have it": lambda: f"find?package={rare}",
        "find in a range": lambda: "find?package=" + urllib.parse.quote(f"{middling} >=3,<5"),
        "packages of a version": lambda: f"{one()}/versions/3/packages?platform={SUBDIR}",
        "builds": lambda: "builds",
    }
    print(
        f"{environments:,} environments, {rounds} rounds; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    )
    print(f"\n{'milliseconds':<28}{'p50':>9}{'p95':>9}{'first':>9}{'busy':>9}")
    good = []
    for what, path in questions.items():
        good.append(ask_again(client, what, path, rounds, READ_GOAL))
    good += [compare(client, environments, rounds), activate(client, 5, environments, None)]
    return all(good)


def deep_pages(client: Client) -> list[str]:
    """Return the addresses of pages far from the first."""
    pages = ["environments"]
    while (cursor := client.ask("GET", pages[-1])["next"]) and len(pages) < 60:
        pages.append(f"environments?cursor={cursor}")
    return pages[len(pages) * 2 // 3 :]


def compare(client: Client, environments: int, rounds: int) -> bool:
    """Measure the comparison of two versions of 300 packages, of which a tenth differ."""
    dice = random.Random(5)

    def path() -> str:
        before, after = dice.sample(range(1, VERSIONS + 1), 2)
        last = f"environments/team{1 + environments % 20}/analysis-{environments}"
        return f"{last}/versions/{after}/diff?against={before}"

    return ask_again(client, "compare two versions", path, rounds, COMPARE_GOAL)


def activate(client: Client, rounds: int, environments: int, goal: float | None) -> bool:
    """Measure switching between two versions of a real environment, beside the kernels of so many others."""
    environment = "environments/team1/real"
    if not client.ask("GET", "environments?search=real")["total"]:
        client.built("environments", {"name": "team1/real", "packages": SMALL})
        client.built(f"{environment}/versions", {"add": ["idna"]})
    numbers = itertools.cycle((1, 2))
    return tell(
        client,
        f"activate among {environments:,}",
        rounds,
        lambda: client.ask("PATCH", environment, {"active_version": next(numbers)}),
        goal,
    )


def ask_again(client: Client, what: str, path: Callable[[], str], rounds: int, goal: float) -> bool:
    """Measure GET requests; see `tell`."""
    return tell(client, what, rounds, lambda: client.ask("GET", path()), goal)


def settle(client: Client) -> None:
    """Wait until the server has done what it does once, after its first request."""
    client.ask("GET", "environments")
    busy = -1.0
    while client.busy() - busy > 0.05:
        busy = client.busy()
        time.sleep(1)


def tell(client: Client, what: str, rounds: int, call: Callable[[], object], goal: float | None) -> bool:
    """Call again and again, print one line, and return whether the goal is reached, where there is one."""
    times = []
    busy = client.busy()
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    busy = (client.busy() - busy) / rounds
    middle, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    numbers = "".join(f"{value * 1000:9.1f}" for value in (middle, slow, times[0], busy))
    missed = goal is not None and middle > goal
    print(f"{what:<28}{numbers}{f'   missed: at most {goal * 1000:.0f}' if goal and missed else ''}", flush=True)
    return not missed


if __name__ == "__main__":
    sys.exit(main())
