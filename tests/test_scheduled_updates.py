"""Planned updates: prepared when they are due, once for all servers, offered and never activated by themselves."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fixtures.catalog import Clock
from fixtures.store import StoreHome, finish
from small_packages_channel import write_small_channel

from jupyter_envstore import background
from jupyter_envstore.background import Background
from jupyter_envstore.errors import EnvironmentNotFoundError, InvalidInputError
from jupyter_envstore.schemas import Build, Environment
from jupyter_envstore.store import EnvStore

WEEK = 7 * 24 * 3600.0
TEXT = "name: work\ndependencies:\n  - app\n  - lib <2\n"


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    """A home with an empty store on a channel of small packages, two versions of some."""
    place = StoreHome(tmp_path / "home")
    place.root.mkdir()
    channel = write_small_channel(tmp_path / "channel").as_uri()
    place.settings = {"default_channels": [channel], "conda_environments_file": str(place.conda_list)}
    return place


@pytest.fixture
def store(home: StoreHome, clock: Clock) -> Iterator[EnvStore]:
    """A store whose clock the test sets, with `work`: version 2 has an `app` and a `lib` that are not the newest."""
    opened = open_with(home, clock)
    assert finish(opened, opened.builds.create("work", TEXT)).state == "ready"
    # An edit moves only what it must: what was held back stays old when it may be new.
    assert finish(opened, opened.builds.submit(opened.drafts.edit("work", add=["lib"]))).state == "ready"
    assert packages(opened, "work") == {"app": "1.0", "lib": "1.0"}
    yield opened
    opened.close()


def open_with(home: StoreHome, clock: Clock) -> EnvStore:
    return EnvStore(root_dir=str(home.store_dir), kernels_dir=str(home.kernels_dir), clock=clock, **home.settings)


def packages(store: EnvStore, ref: str) -> dict[str, str]:
    return {item.name: item.version for item in store.versions.packages(ref)}


def run_due(store: EnvStore) -> list[Build]:
    """Queue what is due and see it through."""
    return [finish(store, build) for build in store.builds.queue_due()]


def work(store: EnvStore) -> Environment:
    return store.environments.get("work")


def test_nothing_is_planned_unless_somebody_wants_it(store: EnvStore, clock: Clock) -> None:
    assert (work(store).schedule, work(store).next_update, work(store).offered_version) == ("off", None, None)
    clock.advance(100 * WEEK)
    assert run_due(store) == []


def test_a_prepared_update_waits_until_it_is_activated(store: EnvStore, clock: Clock) -> None:
    planned = store.environments.schedule("work", "weekly")
    assert planned.schedule == "weekly"
    assert run_due(store) == [], "version 2 is new"
    clock.advance(WEEK)
    (build,) = run_due(store)
    assert (build.kind, build.state, build.version, build.author) == ("update", "ready", 3, "schedule")
    now = work(store)
    assert (now.active_version, now.offered_version) == (2, 3)
    assert packages(store, "work") == {"app": "1.0", "lib": "1.0"}
    assert packages(store, "work@3") == {"app": "2.0", "lib": "2.0"}
    version = store.versions.get("work@3")
    assert (version.message, version.parent, version.active) == ("Weekly update", 2, False)
    assert store.versions.activate("work@3").environment.offered_version is None
    # Back to what was: the version is known by now and waits no more.
    assert store.versions.activate("work@2").environment.offered_version is None


def test_what_waits_already_is_not_made_again(store: EnvStore, clock: Clock) -> None:
    store.environments.schedule("work", "weekly")
    clock.advance(WEEK)
    run_due(store)
    clock.advance(WEEK)
    (build,) = run_due(store)
    assert (build.state, build.version, build.error) == ("ready", None, None)
    assert [note.code for note in build.warnings] == ["nothing_to_build"]
    now = work(store)
    assert (now.state, now.offered_version, now.build) == ("ready", 3, None)
    store.versions.activate("work@3")
    clock.advance(WEEK)
    (build,) = run_due(store)
    assert (build.state, build.version) == ("ready", None)
    assert store.versions.list("work").total == 3


def test_after_a_long_time_without_a_server_one_update_is_enough(store: EnvStore, clock: Clock) -> None:
    store.environments.schedule("work", "weekly")
    clock.advance(5 * WEEK)
    assert len(run_due(store)) == 1
    assert run_due(store) == []
    clock.advance(WEEK - 1)
    assert run_due(store) == []
    clock.advance(1)
    assert len(run_due(store)) == 1


def test_an_old_version_is_updated_at_once_and_a_plan_can_be_given_up(store: EnvStore, clock: Clock) -> None:
    clock.advance(3 * WEEK)
    assert store.environments.schedule("work", "weekly").next_update == clock()
    # Saying it once more does not move it; `off` forgets it.
    clock.advance(60)
    assert (store.environments.schedule("work", "weekly").next_update or clock()) < clock()
    assert store.environments.schedule("work", "off").next_update is None
    assert run_due(store) == []


def test_constraints_and_pins_hold(store: EnvStore, clock: Clock) -> None:
    assert finish(store, store.builds.submit(store.drafts.edit("work", pin=["lib"]))).state == "ready"
    store.environments.schedule("work", "weekly")
    clock.advance(WEEK)
    (build,) = run_due(store)
    assert [note.code for note in build.warnings] == ["nothing_to_build"], "app 2 needs lib 2"
    assert packages(store, "work") == {"app": "1.0", "lib": "1.0"}


def test_one_that_fails_says_why_and_is_tried_in_the_next_week(
    store: EnvStore, clock: Clock, home: StoreHome, tmp_path: Path
) -> None:
    store.environments.schedule("work", "weekly")
    clock.advance(WEEK)
    channel = tmp_path / "channel"
    repodata = channel / "noarch" / "repodata.json"
    whole = repodata.read_text()
    repodata.write_text(whole.replace('"name": "app"', '"name": "gone"'))
    (build,) = run_due(store)
    assert (build.state, build.error is not None and build.error.code) == ("failed", "unsolvable")
    now = work(store)
    assert (now.state, now.active_version, now.offered_version) == ("ready", 2, None)
    assert now.build is not None and now.build.error == build.error
    assert run_due(store) == []
    repodata.write_text(whole)
    clock.advance(WEEK)
    (build,) = run_due(store)
    assert (build.state, work(store).offered_version) == ("ready", 3)


def test_what_is_known_from_before_is_not_taken_for_what_is_new(home: StoreHome, clock: Clock, tmp_path: Path) -> None:
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "channel"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    home.settings["default_channels"] = [f"http://127.0.0.1:{server.server_port}"]
    store = open_with(home, clock)
    try:
        assert finish(store, store.builds.create("work", TEXT)).state == "ready"
        store.environments.schedule("work", "weekly")
        server.shutdown()
        server.server_close()
        store.resolver.close()  # which would not ask the channel again within minutes
        clock.advance(WEEK)
        (build,) = run_due(store)
    finally:
        store.close()
    # A person who asks for an update is served from what is known, and told so.
    assert (build.state, build.error is not None and build.error.code) == ("failed", "channel_unavailable")


def test_an_offer_ends_when_something_newer_becomes_active_and_when_it_is_deleted(
    store: EnvStore, clock: Clock
) -> None:
    store.environments.schedule("work", "weekly")
    clock.advance(WEEK)
    run_due(store)
    assert store.versions.activate("work@1").environment.offered_version == 3, "going back does not end it"
    store.versions.activate("work@2")
    assert finish(store, store.builds.submit(store.drafts.edit("work", add=["tool"]))).version == 4
    assert (work(store).active_version, work(store).offered_version) == (4, None)
    clock.advance(WEEK)
    run_due(store)
    assert work(store).offered_version == 5
    store.catalog.versions.delete("local", "work", 5)
    assert work(store).offered_version is None


def test_a_build_that_was_overtaken_is_offered(store: EnvStore) -> None:
    first = store.builds.submit(store.drafts.edit("work", add=["tool"]))
    second = store.builds.submit(store.drafts.edit("work", add=["extra"]))
    finish(store, first)
    finish(store, second)
    assert (work(store).active_version, work(store).offered_version) == (3, 4)


def test_while_a_build_goes_on_an_update_waits(store: EnvStore, clock: Clock) -> None:
    store.environments.schedule("work", "weekly")
    clock.advance(WEEK)
    build = store.builds.submit(store.drafts.edit("work", add=["tool"]))
    assert store.builds.queue_due() == []
    finish(store, build)
    assert [item.kind for item in store.builds.queue_due()] == ["update"]


def test_several_servers_queue_it_once(store: EnvStore, clock: Clock, home: StoreHome) -> None:
    store.environments.schedule("work", "weekly")
    clock.advance(WEEK)
    others = [open_with(home, clock) for _ in range(4)]
    queued: list[Build] = []
    ready = threading.Barrier(len(others))

    def look(other: EnvStore) -> None:
        ready.wait()
        queued.extend(other.builds.queue_due())

    threads = [threading.Thread(target=look, args=(other,)) for other in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    assert len(queued) == 1
    assert store.builds.list(states=["queued"]).total == 1


def test_a_server_prepares_what_is_due(store: EnvStore, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "SCHEDULE_SECONDS", 0.0)
    store.environments.schedule("work", "weekly")
    clock.advance(WEEK)
    offered = threading.Event()

    def look(changes: object) -> None:
        if work(store).offered_version == 3:
            offered.set()

    server = Background(store, on_changes=look, on_building=lambda: None, log=logging.getLogger("test"))
    server.start()
    try:
        assert offered.wait(60)
        assert server.problem is None
    finally:
        server.stop()


def test_who_removed_an_environment_is_not_bothered(store: EnvStore, clock: Clock) -> None:
    store.environments.schedule("work", "weekly")
    store.environments.remove("work")
    clock.advance(WEEK)
    assert run_due(store) == []
    with pytest.raises(EnvironmentNotFoundError):
        store.environments.schedule("work", "weekly")


def test_an_unknown_schedule_is_refused(store: EnvStore) -> None:
    with pytest.raises(InvalidInputError, match="Known are off and weekly"):
        store.environments.schedule("work", "hourly")  # type: ignore[arg-type]


def test_the_terminal_plans_and_shows(store: EnvStore, home: StoreHome, clock: Clock) -> None:
    assert "updates" not in home.run("show", "work").stdout
    done = home.run("schedule", "work", "weekly")
    assert (done.returncode, "updates  weekly, the next one from 20" in done.stdout) == (0, True), done.stderr
    assert "updates     weekly" in home.run("show", "work").stdout
    clock.advance(WEEK)
    run_due(store)
    assert "activate local/work@3" in home.run("show", "work").stdout
    assert "v2, v3 waits" in home.run("list").stdout
    assert home.json("schedule", "work", "off")["schedule"] == "off"
    assert home.run("schedule", "work", "daily").returncode == 2
