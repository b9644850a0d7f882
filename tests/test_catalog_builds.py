"""Builds in the catalog: queue, lease, cancel, retry, and what becomes of those whose process died."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from fixtures.catalog import Clock, admitted, build_version, claim, give_lock, hash_of, package, publish, queue

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import (
    BuildCancelledError,
    BuildError,
    BuildNotFoundError,
    ConflictError,
    EnvironmentNotFoundError,
    InvalidInputError,
    LeaseLostError,
    NotFoundError,
    VersionNotFoundError,
)
from jupyter_envstore.schemas import ACTIVE_STATES, BuildProgress, BuildRequest


def test_the_build_that_waits_longest_is_claimed_first(catalog: Catalog) -> None:
    first, second = queue(catalog, "first"), queue(catalog, "second")
    claimed = [catalog.builds.claim("worker", max_running=9) for _ in range(3)]
    assert [build and build.id for build in claimed] == [first.id, second.id, None]


def test_no_more_run_than_the_store_allows_whoever_runs_them(catalog: Catalog, clock: Clock) -> None:
    for name in ("one", "two", "three"):
        queue(catalog, name)
    assert catalog.builds.claim("here", max_running=2) is not None
    assert catalog.builds.claim("there", max_running=2) is not None
    assert catalog.builds.claim("here", max_running=2) is None
    clock.advance(31)  # a lease that has run out does not count
    assert catalog.builds.claim("here", max_running=1) is not None


def test_only_the_named_build_is_claimed(catalog: Catalog) -> None:
    queue(catalog, "one")
    wanted = queue(catalog, "two")
    assert claim(catalog, wanted).id == wanted.id
    assert catalog.builds.claim("worker", max_running=9, only=wanted.id) is None


def test_threads_that_claim_at_once_never_get_the_same_build(catalog: Catalog) -> None:
    wanted = {queue(catalog, f"env{number}").id for number in range(24)}
    got: list[int] = []
    start = threading.Barrier(6)

    def work(worker: str) -> None:
        start.wait()
        while (build := catalog.builds.claim(worker, max_running=100)) is not None:
            got.append(build.id)

    threads = [threading.Thread(target=work, args=(f"worker{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(wanted)


def test_every_change_has_a_higher_sequence(catalog: Catalog) -> None:
    build = queue(catalog)
    seen = [build.sequence, claim(catalog, build).sequence]
    catalog.builds.set_progress(build.id, "worker", "fetching", BuildProgress(step="download", fraction=0.2))
    seen.append(catalog.builds.get(build.id).sequence)
    give_lock(catalog, build)
    seen.append(catalog.builds.get(build.id).sequence)
    catalog.builds.add_warning(build.id, "worker", "odd", "Something is odd.")
    seen.append(catalog.builds.get(build.id).sequence)
    catalog.builds.request_cancel(build.id)
    seen.append(catalog.builds.get(build.id).sequence)
    seen.append(catalog.builds.finish_cancelled(build.id, "worker").sequence)
    assert seen == sorted(set(seen))


def test_neither_state_nor_fraction_goes_back(catalog: Catalog, clock: Clock) -> None:
    build = queue(catalog)
    clock.advance(3)
    claim(catalog, build)
    clock.advance(2)
    catalog.builds.set_progress(build.id, "worker", "installing", BuildProgress(step="link", fraction=0.5))
    clock.advance(1)
    catalog.builds.set_progress(build.id, "worker", "fetching", BuildProgress(step="late", fraction=0.1))
    now = catalog.builds.get(build.id)
    assert (now.state, now.progress.fraction, now.progress.step) == ("installing", 0.5, "late")
    assert now.seconds == {"queued": 3.0, "locking": 2.0}
    with pytest.raises(ValueError, match="no state"):
        catalog.builds.set_state(build.id, "worker", "ready")


def test_a_worker_that_lost_its_lease_can_write_nothing(catalog: Catalog, clock: Clock) -> None:
    build = queue(catalog)
    claim(catalog, build, "old")
    give_lock(catalog, build, worker="old")
    clock.advance(31)
    assert [item.id for item in catalog.builds.recover()] == [build.id]
    claim(catalog, build, "new")
    before = catalog.builds.get(build.id)
    writes: list[Callable[[], object]] = [
        lambda: catalog.builds.set_state(build.id, "old", "fetching"),
        lambda: catalog.builds.set_progress(build.id, "old", "fetching", BuildProgress()),
        lambda: catalog.builds.set_lock(build.id, "old", hash_of("x")),
        lambda: catalog.builds.add_warning(build.id, "old", "code", "words"),
        lambda: publish(catalog, build, worker="old"),
        lambda: catalog.builds.finish(build.id, "old"),
        lambda: catalog.builds.fail(build.id, "old", BuildError("no")),
        lambda: catalog.builds.finish_cancelled(build.id, "old"),
        lambda: catalog.builds.requeue(build.id, "old"),
    ]
    for write in writes:
        with pytest.raises(LeaseLostError):
            write()
    assert catalog.builds.heartbeat(build.id, "old") is False
    assert catalog.builds.heartbeat(build.id, "new") is True
    assert catalog.builds.get(build.id) == before
    assert catalog.versions.list("local", "analysis").total == 0


def test_a_heartbeat_keeps_the_lease_and_tells_no_client(catalog: Catalog, clock: Clock) -> None:
    build = queue(catalog)
    claim(catalog, build)
    before = catalog.sequence()
    for _ in range(5):
        clock.advance(20)
        assert catalog.builds.heartbeat(build.id, "worker")
        assert catalog.builds.recover() == []
    assert catalog.sequence() == before


def test_a_dead_worker_is_noticed_before_its_lease_runs_out(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build, "dead")
    other = queue(catalog, "other")
    claim(catalog, other, "living")
    recovered = catalog.builds.recover(lambda worker: worker == "living")
    assert [(item.id, item.state, item.attempt) for item in recovered] == [(build.id, "queued", 2)]


def test_a_build_whose_process_died_twice_has_failed(catalog: Catalog) -> None:
    build = queue(catalog)
    for expected in ("queued", "failed"):
        claim(catalog, build)
        (recovered,) = catalog.builds.recover(lambda worker: False)
        assert recovered.state == expected
    assert recovered.error is not None
    assert (recovered.error.code, recovered.attempt) == ("interrupted", 2)
    assert recovered.finished is not None
    assert catalog.builds.recover(lambda worker: False) == []


def test_a_process_that_was_suspended_keeps_its_build(catalog: Catalog, clock: Clock) -> None:
    build = queue(catalog)
    claim(catalog, build)
    clock.advance(3600)
    assert catalog.builds.recover(lambda worker: True) == []
    assert catalog.builds.heartbeat(build.id, "worker")
    clock.advance(25)
    assert catalog.builds.recover(lambda worker: True) == []


def test_a_process_that_lives_but_never_answers_loses_its_build(catalog: Catalog, clock: Clock) -> None:
    build = queue(catalog)
    claim(catalog, build)
    clock.advance(31)
    assert catalog.builds.recover(lambda worker: True) == []
    clock.advance(21)
    assert [item.id for item in catalog.builds.recover(lambda worker: True)] == [build.id]


def test_a_build_that_gave_a_sign_of_life_meanwhile_is_left_alone(catalog: Catalog, clock: Clock) -> None:
    build = queue(catalog)
    claim(catalog, build)
    clock.advance(31)

    def wakes_up(worker: str) -> bool | None:
        clock.advance(1)
        assert catalog.builds.heartbeat(build.id, worker)
        return None

    assert catalog.builds.recover(wakes_up) == []


def test_dying_while_the_kernel_is_set_up_leaves_a_ready_build_with_a_warning(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    give_lock(catalog, build)
    publish(catalog, build)
    (recovered,) = catalog.builds.recover(lambda worker: False)
    assert (recovered.state, recovered.version, recovered.attempt) == ("ready", 1, 1)
    assert [warning.code for warning in recovered.warnings] == ["kernel_not_registered"]
    assert catalog.environments.get("local", "analysis").state == "ready"


def test_an_error_after_the_version_exists_is_a_warning(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    give_lock(catalog, build)
    publish(catalog, build)
    ended = catalog.builds.fail(build.id, "worker", BuildError("kernel folder gone"))
    assert (ended.state, ended.error, ended.warnings[0].message) == ("ready", None, "kernel folder gone")


def test_a_dead_workers_build_that_was_to_be_cancelled_is(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    catalog.builds.request_cancel(build.id)
    (recovered,) = catalog.builds.recover(lambda worker: False)
    assert recovered.state == "cancelled"


def test_a_graceful_stop_does_not_count_as_an_attempt(catalog: Catalog) -> None:
    build = queue(catalog)
    for _ in range(3):
        claim(catalog, build)
        lock = give_lock(catalog, build)
        back = catalog.builds.requeue(build.id, "worker")
        assert (back.state, back.attempt, back.progress.fraction) == ("queued", 1, 0.0)
    assert catalog.builds.lock_of(build.id) == lock


def test_a_waiting_build_is_cancelled_at_once_and_a_running_one_asked(catalog: Catalog) -> None:
    running, waiting = queue(catalog, "one"), queue(catalog, "two")
    claim(catalog, running)
    cancelled = catalog.builds.request_cancel(waiting.id)
    assert (cancelled.state, cancelled.cancel_requested) == ("cancelled", True)
    asked = catalog.builds.request_cancel(running.id)
    assert (asked.state, asked.cancel_requested) == ("locking", True)
    assert catalog.builds.cancel_requested([running.id]) == (running.id,)
    assert catalog.builds.finish_cancelled(running.id, "worker").state == "cancelled"
    assert catalog.builds.request_cancel(running.id).state == "cancelled"


def test_a_build_that_is_to_be_cancelled_makes_no_version(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    give_lock(catalog, build)
    catalog.builds.request_cancel(build.id)
    with pytest.raises(BuildCancelledError):
        publish(catalog, build)
    assert catalog.versions.list("local", "analysis").total == 0
    with pytest.raises(NotFoundError):
        catalog.prefixes.get(hash_of("prefix"))


def test_it_is_too_late_to_cancel_once_the_version_exists(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    give_lock(catalog, build)
    publish(catalog, build)
    assert catalog.builds.request_cancel(build.id).cancel_requested is False
    with pytest.raises(ConflictError):
        catalog.builds.finish_cancelled(build.id, "worker")
    assert catalog.builds.finish(build.id, "worker").state == "ready"


def test_a_failed_build_is_retried_once_with_the_same_request(catalog: Catalog) -> None:
    build = queue(catalog)
    with pytest.raises(ConflictError):
        catalog.builds.retry(build.id)
    claim(catalog, build)
    catalog.builds.fail(build.id, "worker", BuildError("no"))
    new = catalog.builds.retry(build.id, "noor")
    assert (new.state, new.kind, new.author, new.message) == ("queued", "create", "noor", "create analysis")
    assert catalog.builds.request(new.id) == catalog.builds.request(build.id)
    assert catalog.builds.get(build.id).retried_as == new.id
    with pytest.raises(ConflictError):
        catalog.builds.retry(build.id)


def test_a_build_of_a_removed_environment_is_not_retried(catalog: Catalog) -> None:
    build = queue(catalog)
    catalog.builds.request_cancel(build.id)
    catalog.environments.soft_delete("local", "analysis")
    catalog.environments.create("local", "analysis")
    with pytest.raises(EnvironmentNotFoundError):
        catalog.builds.retry(build.id)


def test_a_request_comes_back_as_it_was(catalog: Catalog) -> None:
    catalog.environments.create("local", "analysis")
    request = BuildRequest(
        specification="# ünïcode\nname: x\n",
        platforms=["osx-arm64"],
        as_of="2026-01-01",
        lockfile={"b": [1], "a": None},
    )
    build = catalog.builds.enqueue("local", "analysis", "import", request)
    assert catalog.builds.request(build.id) == request


def test_what_does_not_exist_is_named(catalog: Catalog) -> None:
    for build_id in (0, -1, 7, 2**80):
        with pytest.raises(BuildNotFoundError):
            catalog.builds.get(build_id)
        with pytest.raises(BuildNotFoundError):
            catalog.builds.request_cancel(build_id)
        with pytest.raises(BuildNotFoundError):
            catalog.builds.retry(build_id)
    with pytest.raises(EnvironmentNotFoundError):
        catalog.builds.enqueue("local", "nothing", "edit", BuildRequest(specification=""))
    build_version(catalog)
    with pytest.raises(VersionNotFoundError):
        queue(catalog, kind="edit", parent=5)


def test_builds_are_listed_newest_first_by_state_and_environment(catalog: Catalog) -> None:
    build_version(catalog, "one")
    failed = queue(catalog, "two")
    claim(catalog, failed)
    catalog.builds.fail(failed.id, "worker", BuildError("no"))
    waiting = queue(catalog, "three")
    cancelled = queue(catalog, "four")
    catalog.builds.request_cancel(cancelled.id)

    def listed(*states: str) -> list[int]:
        page = catalog.builds.list(states=states)
        assert page.total == len(page.items)
        return [build.id for build in page.items]

    assert listed("failed", "cancelled") == [cancelled.id, failed.id]
    assert listed(*ACTIVE_STATES) == [waiting.id]
    assert listed("queued", "queued") == [waiting.id]
    assert listed("no such state") == []
    assert len(listed()) == 4
    assert [build.id for build in catalog.builds.list(namespace="Local", name="TWO").items] == [failed.id]


def test_pages_of_builds_join_without_gap_or_repetition(catalog: Catalog) -> None:
    ids = [queue(catalog, f"env{number}").id for number in range(9)]
    for build_id in ids[::2]:
        catalog.builds.request_cancel(build_id)
    for states in ((), ("queued", "cancelled")):
        seen: list[int] = []
        page = catalog.builds.list(states=states, limit=2)
        seen += [build.id for build in page.items]
        while page.next:
            page = catalog.builds.list(states=states, limit=2, cursor=page.next)
            seen += [build.id for build in page.items]
        assert seen == ids[::-1]
        assert page.total == len(ids)
    with pytest.raises(InvalidInputError):
        catalog.builds.list(cursor="WyIyMDI2IiwgMV0")


def test_builds_that_make_no_version_are_refused_one(catalog: Catalog) -> None:
    build_version(catalog)
    build = queue(catalog, kind="repair")
    claim(catalog, build)
    give_lock(catalog, build)
    with pytest.raises(ConflictError):
        publish(catalog, build)
    assert catalog.builds.finish(build.id, "worker").version is None


def test_a_version_needs_a_lock_and_is_made_once(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    with pytest.raises(ConflictError):
        publish(catalog, build)
    with pytest.raises(NotFoundError):
        catalog.builds.set_lock(build.id, "worker", hash_of("unknown"))
    catalog.locks.put(hash_of("lock"), {}, admitted([package("python")]))
    catalog.builds.set_lock(build.id, "worker", hash_of("lock"))
    publish(catalog, build)
    with pytest.raises(ConflictError):
        publish(catalog, build)
    assert catalog.versions.list("local", "analysis").total == 1
