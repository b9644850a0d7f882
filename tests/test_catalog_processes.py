"""Several processes on one catalog, and processes that are killed in the middle."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fixtures.catalog import Clock, build_version, claim, queue

from jupyter_envstore.catalog import Catalog, open_catalog


@contextlib.contextmanager
def process(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run Python code in a process of its own, which is gone at the end."""
    started = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.kill()
        started.communicate()


def said(started: subprocess.Popen[str]) -> str:
    """Return the next line that the process writes."""
    assert started.stdout is not None
    return started.stdout.readline().strip()


def tell(started: subprocess.Popen[str], line: str = "go") -> None:
    """Write a line to the process."""
    assert started.stdin is not None
    started.stdin.write(line + "\n")
    started.stdin.flush()


@pytest.fixture
def catalog(catalog_path: Path) -> Iterator[Catalog]:
    """Return a new catalog whose clock runs, since other processes use it too."""
    opened = open_catalog(catalog_path)
    yield opened
    opened.close()


CLAIM = """
    import json, sys
    from jupyter_envstore.catalog import open_catalog
    catalog = open_catalog(sys.argv[1])
    catalog.environments.list()
    print("ready", flush=True)
    sys.stdin.readline()
    got = []
    while (build := catalog.builds.claim(sys.argv[2], max_running=10_000)) is not None:
        got.append(build.id)
        catalog.builds.finish(build.id, sys.argv[2])
    print(json.dumps(got), flush=True)
"""


def test_processes_that_claim_at_once_never_get_the_same_build(catalog: Catalog, catalog_path: Path) -> None:
    wanted = {queue(catalog, f"env{number}").id for number in range(40)}
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(process(CLAIM, catalog_path, f"worker{number}")) for number in range(3)]
        assert [said(worker) for worker in workers] == ["ready"] * 3
        for worker in workers:
            tell(worker)
        got = [json.loads(said(worker)) for worker in workers]
    assert sorted(build_id for ids in got for build_id in ids) == sorted(wanted)
    assert catalog.builds.list(states=["ready"]).total == len(wanted)


LIMITED = """
    import sys
    from jupyter_envstore.catalog import open_catalog
    catalog = open_catalog(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    print(sum(catalog.builds.claim(f"{sys.argv[2]}", max_running=2) is not None for _ in range(5)), flush=True)
"""


def test_the_limit_of_running_builds_holds_over_all_processes(catalog: Catalog, catalog_path: Path) -> None:
    for number in range(6):
        queue(catalog, f"env{number}")
    with contextlib.ExitStack() as stack:
        workers = [stack.enter_context(process(LIMITED, catalog_path, f"worker{number}")) for number in range(3)]
        assert [said(worker) for worker in workers] == ["ready"] * 3
        for worker in workers:
            tell(worker)
        assert sum(int(said(worker)) for worker in workers) == 2


HOLD = """
    import sys
    from fixtures.catalog import claim, give_lock, publish
    from jupyter_envstore.catalog import open_catalog
    catalog = open_catalog(sys.argv[1])
    with catalog.transaction():
        build = catalog.builds.get(int(sys.argv[2]))
        claim(catalog, build)
        give_lock(catalog, build)
        publish(catalog, build)
        catalog.builds.finish(build.id, "worker")
        print(catalog.versions.get("local", "analysis").number, flush=True)
        sys.stdin.readline()
"""


def test_a_process_killed_in_the_middle_of_a_transaction_leaves_nothing_of_it(
    catalog: Catalog, catalog_path: Path
) -> None:
    build = queue(catalog)
    with process(HOLD, catalog_path, build.id) as writer:
        assert said(writer) == "1"
        assert catalog.versions.list("local", "analysis").total == 0  # readers neither wait nor see it
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert catalog.builds.get(build.id).state == "queued"
    assert catalog.prefixes.list() == []
    assert build_version(catalog, "other").number == 1  # and nobody waits for the dead
    with contextlib.closing(sqlite3.connect(catalog_path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


WRITE = """
    import sys
    from fixtures.catalog import build_version
    from jupyter_envstore.catalog import open_catalog
    catalog = open_catalog(sys.argv[1])
    build_version(catalog)
    number = 1
    while True:
        print(number, flush=True)
        number = build_version(catalog, kind="edit").number
"""


def test_whatever_was_committed_before_a_kill_is_there_afterwards(catalog_path: Path) -> None:
    with process(WRITE, catalog_path) as writer:
        while (told := int(said(writer))) < 12:
            pass
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        rest = writer.stdout.read().split() if writer.stdout else []
    told = int(rest[-1]) if rest else told
    catalog = open_catalog(catalog_path)
    numbers = [item.number for item in catalog.versions.list("local", "analysis").items]
    assert numbers == list(range(len(numbers), 0, -1))
    assert len(numbers) in (told, told + 1)
    assert catalog.environments.get("local", "analysis").active_version == len(numbers)
    unfinished = catalog.builds.recover(lambda worker: False)
    assert len(unfinished) <= 1
    assert all(build.state in ("queued", "ready") for build in unfinished)


CREATE = """
    import sys
    from fixtures.catalog import queue
    from jupyter_envstore.catalog import open_catalog
    from jupyter_envstore.errors import NameTakenError
    catalog = open_catalog(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        print(queue(catalog, sys.argv[2]).id, flush=True)
    except NameTakenError:
        print("taken", flush=True)
"""


def test_of_two_creates_of_one_name_at_once_one_gets_it(catalog: Catalog, catalog_path: Path) -> None:
    with process(CREATE, catalog_path, "analysis") as one, process(CREATE, catalog_path, "Analysis") as two:
        assert [said(one), said(two)] == ["ready", "ready"]
        tell(one)
        tell(two)
        assert sorted([said(one), said(two)]) == ["1", "taken"]
    assert (catalog.environments.list().total, catalog.builds.list().total) == (1, 1)


CHANGE = """
    import sys
    from fixtures.catalog import build_version
    from jupyter_envstore.catalog import open_catalog
    catalog = open_catalog(sys.argv[1])
    print("ready", flush=True)
    sys.stdin.readline()
    build_version(catalog, "analysis")
    print("done", flush=True)
"""


def test_what_another_process_changed_is_noticed_and_named(catalog: Catalog, catalog_path: Path) -> None:
    catalog.environments.create("local", "untouched")
    with process(CHANGE, catalog_path) as other:
        assert said(other) == "ready"
        seen, sequence = catalog.data_version(), catalog.sequence()
        assert catalog.data_version() == seen
        tell(other)
        assert said(other) == "done"
    assert catalog.data_version() != seen
    changes = catalog.changes_since(sequence)
    assert (changes.builds, changes.environments) == ((1,), (("local", "analysis"),))
    assert changes.sequence == catalog.sequence() > sequence
    nothing = catalog.changes_since(changes.sequence)
    assert (nothing.builds, nothing.environments) == ((), ())


def test_each_kind_of_change_is_named(catalog_path: Path, clock: Clock) -> None:
    catalog = open_catalog(catalog_path, clock=clock)
    version = build_version(catalog)
    build_version(catalog, kind="edit", names=("other",))
    build_version(catalog, "bystander", names=("else",))
    running = queue(catalog, kind="edit")
    content = version.prefix_hash or ""
    environment_changes: list[Callable[[], object]] = [
        lambda: catalog.environments.set_active("local", "analysis", 1),
        lambda: catalog.prefixes.set_state(content, "broken"),
        lambda: catalog.prefixes.put_ready(content, "linux-64", size=1, files=1),
        lambda: catalog.prefixes.set_activation(content, {}, []),
        lambda: catalog.versions.set_pinned("local", "analysis", 1, True),
        lambda: catalog.versions.delete("local", "analysis", 2),
        lambda: catalog.environments.describe("local", "analysis", "words"),
        lambda: claim(catalog, running),
        lambda: catalog.builds.requeue(running.id, "worker"),
        lambda: catalog.builds.request_cancel(running.id),
        lambda: catalog.environments.soft_delete("local", "analysis"),
        lambda: catalog.environments.undelete("local", "analysis"),
    ]
    for change in environment_changes:
        before = catalog.sequence()
        change()
        assert catalog.changes_since(before).environments == (("local", "analysis"),)
    before = catalog.sequence()
    catalog.prefixes.touch([content])
    assert catalog.sequence() == before
