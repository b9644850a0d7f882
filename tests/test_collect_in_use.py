"""What a process uses is never freed: real kernels, and every other way in which a process can use a prefix."""

from __future__ import annotations

import mmap
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from fixtures.small import edit, must_end_well
from fixtures.store import StoreHome, finish
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from kernel_client import SECONDS, execute

from jupyter_envstore.disk import freeing, holders
from jupyter_envstore.disk.holders import Holders, find_holders
from jupyter_envstore.kernels.stamps import last_used
from jupyter_envstore.schemas import Kept
from jupyter_envstore.store import EnvStore

Start = Callable[..., subprocess.Popen[bytes]]
WAIT = "import sys; sys.stdout.write('.'); sys.stdout.flush(); sys.stdin.read()"
"""A program that says when it runs, and ends when its input does."""


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a program that writes something when it runs; all are ended with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start_program(*command: str | Path, **options: object) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)  # type: ignore[call-overload]
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.read(1)
        started: subprocess.Popen[bytes] = process
        return started

    yield start_program
    for process in running:
        process.kill()
        process.communicate()


def kept(store: EnvStore, reference: str = "local/small@1") -> Kept | None:
    """Free disk, and return why that version stays, or None when it does not."""
    return next((item for item in store.disk.collect().kept if item.name == reference), None)


def must_stay(store: EnvStore, process: subprocess.Popen[bytes]) -> None:
    """See that version 1 stays while the process runs and goes when it has ended."""
    stays = kept(store)
    assert stays is not None
    assert stays.code == "running"
    assert f"(process {process.pid})" in stays.reason
    process.kill()
    process.wait()
    assert kept(store) is None


def prefix_of(store: EnvStore, ref: str = "small@1") -> Path:
    return Path(store.versions.get(ref).prefix or "")


# ---------------------------------------------------------------- ways to use a prefix


def test_a_working_folder(small_store: EnvStore, start: Start) -> None:
    must_stay(small_store, start(sys.executable, "-c", WAIT, cwd=prefix_of(small_store) / "share"))


def test_a_variable(small_store: EnvStore, start: Start) -> None:
    environ = {**os.environ, "CONDA_PREFIX": str(prefix_of(small_store))}
    must_stay(small_store, start(sys.executable, "-c", WAIT, env=environ))


def test_a_path_among_others(small_store: EnvStore, start: Start) -> None:
    environ = {**os.environ, "PATH": f"/bin:{prefix_of(small_store)}/bin:/usr/bin"}
    must_stay(small_store, start(sys.executable, "-c", WAIT, env=environ))


def test_a_command(small_store: EnvStore, start: Start) -> None:
    must_stay(small_store, start(sys.executable, "-c", WAIT, prefix_of(small_store) / "share" / "base.txt"))


def test_an_open_file(small_store: EnvStore, start: Start) -> None:
    with (prefix_of(small_store) / "share" / "base.txt").open("rb") as file:
        process = start(sys.executable, "-c", WAIT, pass_fds=[file.fileno()])
    must_stay(small_store, process)


def test_a_mapped_file(small_store: EnvStore) -> None:
    with (prefix_of(small_store) / "share" / "base.txt").open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    stays = kept(small_store)
    assert stays is not None
    assert f"(process {os.getpid()})" in stays.reason
    mapped.close()
    assert kept(small_store) is None


def test_the_link_of_an_environment(small_store: EnvStore, start: Start) -> None:
    link = small_store.layout.environment_link("local", "small", "local")
    process = start(sys.executable, "-c", WAIT, env={**os.environ, "CONDA_PREFIX": str(link)})
    assert find_holders(small_store.layout).found == {
        prefix_of(small_store, "small@2").name: [f"{psutil.Process(process.pid).name()} (process {process.pid})"]
    }


def test_another_prefix_of_a_similar_name_is_not_meant(small_store: EnvStore, start: Start) -> None:
    prefix = prefix_of(small_store)
    start(sys.executable, "-c", WAIT, f"{prefix}.lock", f"{prefix}0", f"/elsewhere{prefix.parent}x/{prefix.name}")
    assert kept(small_store) is None


# ---------------------------------------------------------------- in the very moment


def test_who_was_faster_than_the_removal_keeps_the_files(
    small_store: EnvStore, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = start(sys.executable, "-c", WAIT, cwd=prefix_of(small_store))
    answers = [Holders(), find_holders(small_store.layout)]
    survey_sees = "jupyter_envstore.disk.survey.find_holders"
    monkeypatch.setattr(survey_sees, lambda layout: Holders())
    monkeypatch.setattr(freeing, "find_holders", lambda layout: answers.pop(0))
    stays = kept(small_store)
    assert answers == []
    assert stays is not None
    assert stays.code == "running"
    assert process.poll() is None
    version = small_store.versions.get("small@1")
    assert version.prefix_state == "ready"
    assert small_store.versions.verify("small@1").problems == []


def test_a_kernel_that_starts_while_it_is_decided_keeps_the_files(
    small_store: EnvStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = small_store.layout.used_prefix(prefix_of(small_store).name)

    def kernel_starts(layout: object) -> Holders:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()
        return find_holders(small_store.layout)

    monkeypatch.setattr(freeing, "find_holders", kernel_starts)
    stays = kept(small_store)
    assert stays is not None
    assert small_store.versions.get("small@1").prefix_state == "ready"


# ---------------------------------------------------------------- other people's processes


def test_of_a_process_that_hides_its_files_the_command_is_looked_at(
    small_store: EnvStore, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(process: psutil.Process) -> list[str]:
        raise psutil.AccessDenied(process.pid)

    telling = start(sys.executable, "-c", WAIT, prefix_of(small_store) / "share" / "base.txt")
    silent = start(sys.executable, "-c", WAIT, cwd=prefix_of(small_store))
    for tell in ("_program", "_folder", "_variables", "_mapped", "_open"):
        monkeypatch.setattr(holders, tell, refuse)
    monkeypatch.setattr(holders, "_is_other_person", lambda process: process.pid == silent.pid)
    found = find_holders(small_store.layout)
    assert list(found.found) == [prefix_of(small_store).name]
    assert f"(process {telling.pid})" in found.found[prefix_of(small_store).name][0]
    assert found.unread == 1
    assert any("1 processes of other people" in note for note in small_store.disk.collect(dry_run=True).notes)


# ---------------------------------------------------------------- kernels


@pytest.fixture
def python(home: StoreHome) -> Iterator[EnvStore]:
    """A store with a real Python environment of two versions; version 1 is active."""
    home.settings["keep_used_days"] = 0.0
    store = home.open()
    assert finish(store, store.builds.create("py", "dependencies: [python=3.12, ipykernel]\n")).state == "ready"
    edit(store, "py", add=["calc-kernel"])
    must_be_there = store.versions.activate("py@1")
    assert must_be_there.build is None
    yield store
    store.close()


def test_kernels_keep_their_version_however_they_were_started(
    python: EnvStore, home: StoreHome, start: Start, tmp_path: Path
) -> None:
    """A kernel started outside JupyterLab, and a process started through conda's link, which then moves on."""
    specs = KernelSpecManager(kernel_dirs=[str(home.kernels_dir)])
    manager = KernelManager(kernel_name="envstore-local--py", kernel_spec_manager=specs)
    manager.start_kernel(cwd=str(tmp_path))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        link = python.layout.environment_link("local", "py", "local")
        through_link = start(link / "bin" / "python", "-c", WAIT, cwd=tmp_path)
        prefix = prefix_of(python, "py@1")
        assert last_used(python.layout.used_prefix(prefix.name)) is not None, "starting a kernel counts as use"

        assert python.versions.activate("py@2").build is None
        assert link.resolve() == prefix_of(python, "py@2")

        first = kept(python, "local/py@1")
        assert first is not None
        assert first.code == "running"
        assert execute(client, "import pydoc, sys; print(sys.prefix)").stdout.strip() == str(prefix)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    second = kept(python, "local/py@1")
    assert second is not None
    assert f"(process {through_link.pid})" in second.reason
    assert python.versions.verify("py@1").problems == []

    through_link.kill()
    through_link.wait()
    assert kept(python, "local/py@1") is None
    assert not prefix.exists()
    assert python.versions.verify("py@2").problems == []

    switch = python.versions.activate("py@1")
    assert switch.build is not None
    must_end_well(python, switch.build)
    assert python.versions.verify("py@1").problems == []
