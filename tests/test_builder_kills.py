"""A builder may be killed at any moment: nothing wrong is ever published, nothing stays behind, the next one succeeds.

The seed of the random moments is printed; ENVSTORE_TEST_SEED repeats a run.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from builders import Outcome, RunningBuilder, build, leftovers, prefix_of, task
from fixtures.built import BuiltStore
from fixtures.processes import still_running
from fixtures.wheels import Wheel
from pip_packages import lock_local_wheel
from small_packages import SmallPackage, write_package

from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.publishing import is_ready
from jupyter_envstore.prefixes.removal import remove_prefix, sweep_caches, sweep_partials
from jupyter_envstore.prefixes.verification import verify

STEPS = ["wheels", "download", "link", "link-wheels", "verify", "bytecode", "publish", "activate"]
SEED = int(os.environ.get("ENVSTORE_TEST_SEED") or random.randrange(1 << 32))


@pytest.fixture
def packages(built_store: BuiltStore, tmp_path: Path) -> list[dict[str, Any]]:
    """Python, a package that has byte-code to be made, and two wheels."""
    conda = [package for package in built_store.packages if package["name"] in ("python", "traitlets")]
    wheels = [
        Wheel(name, files={f"{name}/m{number}.py": b"x = 1\n" * number for number in range(50)}, entry_points=commands)
        for name, commands in (("alpha", {"alpha": "alpha.m1:x"}), ("beta", {}))
    ]
    return conda + [lock_local_wheel(wheel, tmp_path / "wheels") for wheel in wheels]


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """An empty store, and afterwards the certainty that no process works in it any more."""
    store = tmp_path / "store"
    store.mkdir()
    yield store
    assert _processes_in(store) == []


def _processes_in(folder: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and str(folder) in " ".join(process.cmdline()):
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def _killed_in(step: str, root: Path, packages: list[dict[str, Any]], delay: float) -> Outcome:
    builder = RunningBuilder("build", task(root, packages))

    def watch(event: dict[str, Any]) -> None:
        if event.get("step") == step and not killed:
            killed.append(step)
            time.sleep(delay)
            builder.kill()

    killed: list[str] = []
    outcome = builder.finish(watch)
    assert killed, f"the builder never came to {step}"
    return outcome


def _check_after_kill(root: Path, packages: list[dict[str, Any]]) -> None:
    """What stands at the final name is right, and the sweep removes the rest."""
    layout = StoreLayout(root)
    prefix = prefix_of(root, packages)
    if prefix.exists():
        assert is_ready(layout, prefix.name)
        assert verify(prefix) == []
    sweep_partials(layout)
    assert leftovers(root) == []
    sweep_caches(layout)
    for cache in (layout.package_cache, layout.wheel_cache):
        assert [path.name for path in cache.glob(".*/")] == []


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_in_any_step_does_no_harm(root: Path, packages: list[dict[str, Any]], step: str) -> None:
    print(f"ENVSTORE_TEST_SEED={SEED}")  # noqa: T201
    chance = random.Random(f"{SEED} {step}")
    for attempt in range(2):
        outcome = _killed_in(step, root, packages, delay=chance.uniform(0, 0.02) if attempt else 0.0)
        assert outcome.status in (-signal.SIGKILL, 0)
        _check_after_kill(root, packages)
        if step in ("verify", "publish", "activate"):
            remove_prefix(StoreLayout(root), prefix_of(root, packages).name)
    again = build(root, packages)
    assert again.error is None, again.log
    assert verify(prefix_of(root, packages)) == []
    assert leftovers(root) == []
    assert is_ready(StoreLayout(root), prefix_of(root, packages).name)


def test_kills_at_random_moments_do_no_harm(root: Path, packages: list[dict[str, Any]]) -> None:
    print(f"ENVSTORE_TEST_SEED={SEED}")  # noqa: T201
    chance = random.Random(SEED)
    started = time.monotonic()
    assert build(root, packages).error is None
    whole = time.monotonic() - started
    for attempt in range(8):
        if attempt % 4 == 0:
            # From nothing, so that moments in unpacking and compiling are met too.
            shutil.rmtree(StoreLayout(root).cache)
        remove_prefix(StoreLayout(root), prefix_of(root, packages).name)
        builder = RunningBuilder("build", task(root, packages))
        time.sleep(chance.uniform(0.0, whole if attempt % 4 == 0 else whole / 4))
        builder.kill()
        builder.finish()
        _check_after_kill(root, packages)
    final = build(root, packages)
    assert final.error is None, final.log
    assert verify(prefix_of(root, packages)) == []


def test_a_builder_whose_supervisor_dies_ends_with_all_it_started(root: Path, packages: list[dict[str, Any]]) -> None:
    builder = RunningBuilder("build", task(root, packages))

    def watch(event: dict[str, Any]) -> None:
        if event.get("step") == "bytecode":
            builder.let_go()

    outcome = builder.finish(watch)
    assert outcome.status == -signal.SIGKILL
    assert not any("published" in event for event in outcome.events)
    _check_after_kill(root, packages)


def test_the_lock_of_a_killed_builder_is_free_at_once(root: Path, packages: list[dict[str, Any]]) -> None:
    _killed_in("link", root, packages, delay=0.0)
    outcome = build(root, packages)
    assert outcome.error is None, outcome.log
    assert "waiting" not in outcome.log


@pytest.mark.parametrize("end", ["kill", "let_go"])
def test_a_link_script_ends_with_the_builder_and_what_it_started_too(tmp_path: Path, root: Path, end: str) -> None:
    script = b"sleep 600 &\necho $$ $! > $PREFIX/started.part\nmv $PREFIX/started.part $PREFIX/started\nsleep 600\n"
    package = SmallPackage("scripted", files={"bin/.scripted-post-link.sh": script})
    packages = [write_package(package, tmp_path / "channel")]
    builder = RunningBuilder("build", task(root, packages, run_link_scripts=True, link_script_seconds=600))
    started = StoreLayout(root).partial_prefix(prefix_of(root, packages).name) / "started"
    until = time.monotonic() + 60
    while not started.exists():
        assert time.monotonic() < until, "the script did not start"
        time.sleep(0.01)
    processes = [psutil.Process(int(number)) for number in started.read_text().split()]
    try:
        getattr(builder, end)()
        builder.finish()
        assert still_running(processes) == []
    finally:
        for process in processes:
            with contextlib.suppress(psutil.Error):
                process.kill()
