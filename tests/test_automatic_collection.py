"""Freeing disk by itself: off by default, by age or by size, announced before, and only what was announced."""

from __future__ import annotations

import logging
import os
import time
from datetime import datetime, timedelta, timezone

import pytest
from fixtures.small import edit
from fixtures.store import StoreHome

from jupyter_envstore.background import Background
from jupyter_envstore.disk import automatic
from jupyter_envstore.disk.automatic import AUTHOR, AutomaticCollection, read_plan
from jupyter_envstore.store import EnvStore


class Watch:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.moment = datetime.now(timezone.utc)

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def looking(small_store: EnvStore, watch: Watch) -> AutomaticCollection:
    """What looks after the store's disk; nothing is configured yet."""
    parts = small_store.disk.automatic
    return AutomaticCollection(
        small_store.catalog, small_store.layout, parts._surveyor, parts._new_collector, small_store, watch
    )


def unused_since(store: EnvStore, ref: str, days: float) -> None:
    """Make it look as if a version had not been used for that long."""
    digest = store.versions.get(ref).prefix_hash or ""
    then = datetime.now(timezone.utc) - timedelta(days=days)
    from jupyter_envstore.catalog import open_catalog

    old = open_catalog(store.layout.catalog, clock=lambda: then)
    old.prefixes.touch([digest])
    old.close()
    stamp = store.layout.used_prefix(digest)
    if stamp.exists():
        os.utime(stamp, (then.timestamp(),) * 2)


def state(store: EnvStore, ref: str) -> str:
    return store.versions.get(ref).prefix_state


def test_it_is_off_by_default(looking: AutomaticCollection, small_store: EnvStore) -> None:
    unused_since(small_store, "small@1", 1000)
    assert not looking.enabled
    assert looking.look() is None
    assert read_plan(small_store.layout) is None
    assert state(small_store, "small@1") == "ready"


def test_by_age_it_is_announced_and_freed_when_the_time_has_come(
    looking: AutomaticCollection, small_store: EnvStore, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    small_store.collect_unused_days = 30.0
    assert looking.look() is None
    assert read_plan(small_store.layout) is None, "it is too young"
    unused_since(small_store, "small@1", 31)
    sequence = small_store.catalog.sequence()

    assert looking.look() is None, "it is announced first"

    plan = small_store.disk.usage().planned
    assert plan is not None
    assert plan.versions == ["local/small@1"]
    assert plan.due == watch.moment + timedelta(hours=24)
    assert "30 days" in plan.reason
    assert plan.can_be_freed > 0
    assert "Pin a version to keep it" in caplog.text
    assert small_store.catalog.changes_since(sequence).environments == (("local", "small"),), "clients look again"
    (event, *_) = small_store.catalog.events.list().items
    assert (event.who, event.what) == (AUTHOR, "disk.announce")

    watch.moment += timedelta(hours=23)
    assert looking.look() is None
    assert state(small_store, "small@1") == "ready"

    watch.moment += timedelta(hours=2)
    done = looking.look()
    assert done is not None
    assert [item.name for item in done.collected if item.kind == "version"] == ["local/small@1"]
    assert state(small_store, "small@1") == "freed"
    assert state(small_store, "small@2") == "ready"
    assert read_plan(small_store.layout) is None


def test_by_size_what_anybody_would_free_by_hand_goes(
    looking: AutomaticCollection, small_store: EnvStore, watch: Watch
) -> None:
    small_store.collect_above_gigabytes = 1.0
    assert looking.look() is None
    assert read_plan(small_store.layout) is None, "it is far smaller"
    small_store.collect_above_gigabytes = 1e-6
    looking.look()
    plan = read_plan(small_store.layout)
    assert plan is not None
    assert "GB at most" in plan.reason
    watch.moment += timedelta(days=2)
    done = looking.look()
    assert done is not None
    assert state(small_store, "small@1") == "freed"


def test_a_version_that_was_pinned_in_time_stays(
    looking: AutomaticCollection, small_store: EnvStore, watch: Watch
) -> None:
    small_store.collect_unused_days = 30.0
    unused_since(small_store, "small@1", 31)
    looking.look()
    small_store.versions.pin("small@1")
    watch.moment += timedelta(days=2)
    assert looking.look() is None
    assert state(small_store, "small@1") == "ready"
    assert read_plan(small_store.layout) is None, "there is no need any more"


def test_only_what_was_announced_is_freed(looking: AutomaticCollection, small_store: EnvStore, watch: Watch) -> None:
    small_store.collect_unused_days = 30.0
    unused_since(small_store, "small@1", 31)
    looking.look()
    edit(small_store, "small", add=["other"])
    unused_since(small_store, "small@2", 31)
    watch.moment += timedelta(days=2)
    done = looking.look()
    assert done is not None
    assert (state(small_store, "small@1"), state(small_store, "small@2")) == ("freed", "ready")
    looking.look()
    plan = read_plan(small_store.layout)
    assert plan is not None
    assert plan.versions == ["local/small@2"], "that one is announced next"


def test_switching_it_off_takes_the_announcement_back(looking: AutomaticCollection, small_store: EnvStore) -> None:
    small_store.collect_unused_days = 30.0
    unused_since(small_store, "small@1", 31)
    looking.look()
    assert read_plan(small_store.layout) is not None
    small_store.collect_unused_days = 0.0
    looking.look()
    assert read_plan(small_store.layout) is None


def test_a_damaged_announcement_frees_nothing(
    looking: AutomaticCollection, small_store: EnvStore, watch: Watch
) -> None:
    small_store.collect_unused_days = 30.0
    unused_since(small_store, "small@1", 31)
    small_store.layout.planned_collection.write_text('{"due": "yesterday"')
    watch.moment += timedelta(days=100)
    assert looking.look() is None
    plan = read_plan(small_store.layout)
    assert plan is not None
    assert plan.due > watch.moment


def test_a_kernel_that_runs_for_weeks_was_used_until_its_end(
    looking: AutomaticCollection, small_store: EnvStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    unused_since(small_store, "small@1", 31)
    version = small_store.versions.get("small@1")
    monkeypatch.chdir(version.prefix or "")  # this process uses it
    looking.look()
    stamp = small_store.layout.used_prefix(version.prefix_hash or "")
    assert time.time() - stamp.stat().st_mtime < 600


def test_a_server_does_it_in_the_background(
    small_store: EnvStore, small_home: StoreHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(automatic, "FIRST_SECONDS", 0.0)
    unused_since(small_store, "small@1", 31)
    small_store.close()
    small_home.settings["collect_unused_days"] = 30.0
    store = small_home.open()
    background = Background(
        store, on_changes=lambda changes: None, on_building=lambda: None, log=logging.getLogger("test")
    )
    background.start()
    try:
        deadline = time.monotonic() + 60
        while (plan := read_plan(store.layout)) is None and time.monotonic() < deadline:
            time.sleep(0.05)
    finally:
        background.stop()
    assert plan is not None
    assert plan.versions == ["local/small@1"]


def test_the_command_tells_what_is_announced(
    looking: AutomaticCollection, small_store: EnvStore, small_home: StoreHome
) -> None:
    small_store.collect_unused_days = 30.0
    unused_since(small_store, "small@1", 31)
    looking.look()
    done = small_home.run("usage")
    assert "will be freed, because nobody used them for 30 days: local/small@1" in done.stdout, done.stderr
    assert "jupyter envstore pin" in done.stdout
