"""Workers and whole processes are killed in every step of a build; nothing is lost, nothing is left behind.

The steps are hit by the events with which they begin, plus a random delay; the seed is printed and can be given as
ENVSTORE_TEST_SEED.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from fixtures.package_index import PackageIndex
from fixtures.store import StoreHome, finish
from fixtures.wheels import Wheel

from jupyter_envstore.store import EnvStore

PROGRAM = Path(__file__).parent / "programs" / "build_and_kill.py"
SPECIFICATION = "name: victim\ndependencies: [python=3.12, calc-kernel, envstore-activation-demo{}]\n"
OF_WHEELS = ("wheels", "link-wheels")
SEED = int(os.environ.get("ENVSTORE_TEST_SEED") or random.SystemRandom().randrange(2**32))
STEPS = {
    # step: the longest delay after its first event, in seconds
    "solve": 0.02,
    "wheels": 0.2,
    "download": 0.3,
    "link": 0.1,
    "link-wheels": 0.005,
    "bytecode": 0.8,
    "verify": 0.03,
    "publish": 0.005,
    "published": 0.005,
    "activate": 0.02,
}


@pytest.mark.parametrize("victim", ["worker", "process"])
@pytest.mark.parametrize("step", STEPS)
def test_a_kill_at_any_step_leaves_a_store_that_goes_on(
    home: StoreHome, package_index: PackageIndex, step: str, victim: str
) -> None:
    package_index.add(Wheel("alpha", files={f"alpha/m{number}.py": b"x = 1\n" for number in range(100)}))
    home.settings["pip_index_url"] = package_index.url
    delay = random.Random(f"{SEED}/{step}/{victim}").uniform(0, STEPS[step])
    sys.stdout.write(f"seed {SEED}, delay {delay:.4f} s\n")  # shown when the test fails

    done = _build_and_kill(home, step, victim, delay)

    assert f"killing the {victim} at {step}" in done.stderr, f"the {step} step was never hit: {done.stderr}"
    assert (done.returncode == 0) == (victim == "worker"), done.stderr
    _wait_until_no_process_is_left(home)
    store = home.open()
    try:
        _go_on(store)
        _check_invariants(home, store)
    finally:
        store.close()
    _wait_until_no_process_is_left(home)
    assert _left_over(home) == []


def _build_and_kill(home: StoreHome, step: str, victim: str, delay: float) -> subprocess.CompletedProcess[str]:
    task: dict[str, Any] = {
        "store": {"root_dir": str(home.store_dir), "kernels_dir": str(home.kernels_dir), **home.settings},
        "specification": SPECIFICATION.format(", pip: [alpha]" if step in OF_WHEELS else ""),
        "step": step,
        "victim": victim,
        "delay": delay,
    }
    return subprocess.run(
        [sys.executable, str(PROGRAM), json.dumps(task)], capture_output=True, text=True, timeout=120, check=False
    )


def _go_on(store: EnvStore) -> None:
    """Do what a person does next: look at the build, and retry it when it says that it failed."""
    build = finish(store, store.builds.list().items[0])
    if build.state == "failed":
        assert build.error is not None
        assert build.error.code == "worker_died", build.error
        assert "Try again" in build.error.message
        build = finish(store, store.builds.retry(build.id))
    assert build.state == "ready", build.error
    if any(warning.code == "kernel_not_registered" for warning in build.warnings):
        store.builds.serve()  # what a server does when it starts


def _check_invariants(home: StoreHome, store: EnvStore) -> None:
    versions = store.versions.list("victim").items
    assert [version.number for version in versions] == [1]
    assert [version.active for version in versions] == [True]
    assert store.environments.get("victim").state == "ready"
    assert all(build.finished for build in store.builds.list().items)
    for prefix in store.catalog.prefixes.list(state="ready"):
        assert store.layout.prefix(prefix.hash).is_dir()
    assert store.versions.verify("victim").problems == []
    assert list(home.kernels_dir.glob("envstore-local--victim--*/kernel.json"))
    with sqlite3.connect(store.layout.catalog) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def _left_over(home: StoreHome) -> list[str]:
    names = [path.name for path in (home.store_dir / "p").iterdir() if path.is_dir() and len(path.name) != 16]
    return names + [path.name for path in (home.store_dir / "tmp").iterdir()]


def _wait_until_no_process_is_left(home: StoreHome) -> None:
    end = time.monotonic() + 20
    while left := [process for process in psutil.process_iter() if _works_in(process, home.store_dir)]:
        assert time.monotonic() < end, f"still running: {left}"
        time.sleep(0.05)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return Path(process.cwd()).is_relative_to(folder) or any(str(folder) in word for word in process.cmdline())
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
