"""The end of a build is written into the catalog, though the disk be full for a while."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest
from fixtures.catalog import Clock, claim, give_lock, publish, queue

from jupyter_envstore.builds import job as job_module
from jupyter_envstore.builds.job import RECORD_ATTEMPTS, Job
from jupyter_envstore.builds.log import read_log
from jupyter_envstore.builds.resolver import Resolver
from jupyter_envstore.builds.task import Surroundings, Task
from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import DiskFullError, LeaseLostError, StoreReadOnlyError
from jupyter_envstore.layout import StoreLayout


class FullDisk:
    """Stands before a function of the catalog and refuses a number of calls as a full disk does."""

    def __init__(self, function: Callable[..., Any], refusals: int) -> None:
        self.function = function
        self.refusals = refusals
        self.calls = 0

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        if self.calls <= self.refusals:
            raise DiskFullError("The disk is full. Make room.")
        return self.function(*arguments)


class Refusing:
    """Surroundings in which no build can begin."""

    def check_before_build(self) -> NoReturn:
        raise StoreReadOnlyError("Nothing can be written here.")


@pytest.fixture
def task(catalog: Catalog, catalog_path: Path, monkeypatch: pytest.MonkeyPatch) -> Task:
    """A claimed build that is going to fail."""
    monkeypatch.setattr(job_module, "RECORD_SECONDS", 0)
    build = claim(catalog, queue(catalog))
    layout = StoreLayout(catalog_path.parent)
    return Task(build, "worker", catalog, layout, cast(Resolver, None), cast(Surroundings, Refusing()))


def fill_disk(task: Task, monkeypatch: pytest.MonkeyPatch, name: str, refusals: int) -> FullDisk:
    disk = FullDisk(getattr(task.catalog.builds, name), refusals)
    monkeypatch.setattr(task.catalog.builds, name, disk)
    return disk


def log_of(task: Task) -> str:
    return read_log(task.layout.log(task.build.id))[0]


def test_a_failure_is_recorded_once_there_is_room(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = fill_disk(task, monkeypatch, "fail", RECORD_ATTEMPTS - 1)
    job = Job(task)
    job.run()
    build = task.catalog.builds.get(task.build.id)
    assert (build.state, build.error and build.error.code) == ("failed", StoreReadOnlyError.code)
    assert job.unrecorded is None
    assert disk.calls == RECORD_ATTEMPTS
    assert log_of(task).count("could not be recorded yet: The disk is full.") == 1


def test_a_failure_that_cannot_be_recorded_is_kept_for_whoever_waits(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_disk(task, monkeypatch, "fail", RECORD_ATTEMPTS)
    job = Job(task)
    job.run()
    assert isinstance(job.unrecorded, DiskFullError)
    # It still counts as running: another process takes it over when the lease has run out.
    assert task.catalog.builds.get(task.build.id).state == "locking"


def test_a_process_that_stops_waits_for_no_room(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = fill_disk(task, monkeypatch, "fail", RECORD_ATTEMPTS)
    task.stopping.set()
    Job(task).run()
    assert disk.calls == 1


def test_a_build_of_another_process_is_left_to_it(task: Task, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = fill_disk(task, monkeypatch, "fail", 0)
    clock.advance(3600)
    task.catalog.builds.recover(lambda holder: False)
    taken = task.catalog.builds.claim("another", max_running=9)
    assert taken is not None
    assert taken.id == task.build.id
    job = Job(task)
    job.run()
    assert disk.calls == 1
    assert job.unrecorded is None
    assert task.catalog.builds.get(task.build.id).state == "locking"
    with pytest.raises(LeaseLostError):
        task.catalog.builds.finish(task.build.id, task.holder)


def test_a_version_that_is_ready_makes_no_failed_build(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    give_lock(task.catalog, task.build)
    monkeypatch.setattr(Refusing, "check_before_build", lambda self: None)
    monkeypatch.setattr(job_module, "make", lambda task, lock, log, meter: publish(task.catalog, task.build))
    disk = fill_disk(task, monkeypatch, "finish", 2)
    Job(task).run()
    assert disk.calls == 3
    assert task.catalog.builds.get(task.build.id).state == "ready"
