"""Environments in the catalog: names, what a list shows, and coming and going."""

from __future__ import annotations

import pytest
from fixtures.catalog import Clock, build_version, claim, give_lock, hash_of, publish, queue

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import (
    BuildError,
    EnvironmentNotFoundError,
    InvalidInputError,
    InvalidNameError,
    NameTakenError,
    VersionNotFoundError,
)
from jupyter_envstore.schemas import PrefixState


def test_a_namespace_begins_with_its_first_environment(catalog: Catalog) -> None:
    catalog.environments.create("Team", "one")
    catalog.environments.create("team", "two")
    assert {item.namespace for item in catalog.environments.list(namespace="TEAM").items} == {"Team"}


def test_names_are_found_in_any_case_and_shown_as_written(catalog: Catalog) -> None:
    catalog.environments.create("local", "Analysis", "of things")
    found = catalog.environments.get("LOCAL", "aNALYSIS")
    assert (found.name, found.description, found.state) == ("Analysis", "of things", "empty")


@pytest.mark.parametrize("name", ["", "a/b", "..", "a--b", "x" * 65, "näme", "a\n", "a b", "-a"])
def test_a_name_that_breaks_the_rules_is_refused_and_nothing_made(catalog: Catalog, name: str) -> None:
    with pytest.raises(InvalidNameError):
        catalog.environments.create("local", name)
    with pytest.raises(InvalidNameError):
        catalog.environments.create(name, "fine")
    assert catalog.environments.list().total == 0


def test_a_name_is_taken_while_its_first_build_goes_on(catalog: Catalog) -> None:
    queue(catalog)
    with pytest.raises(NameTakenError):
        catalog.environments.create("local", "ANALYSIS")


def test_a_name_is_free_again_after_its_first_build_failed(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    catalog.builds.fail(build.id, "worker", BuildError("no"))
    assert catalog.environments.get("local", "analysis").state == "failed"
    again = queue(catalog)
    assert catalog.environments.list().total == 1
    shown = catalog.environments.get("local", "analysis")
    assert shown.state == "building"
    assert shown.build is not None
    assert shown.build.id == again.id


def test_a_name_is_taken_once_it_has_a_version(catalog: Catalog) -> None:
    build_version(catalog)
    with pytest.raises(NameTakenError) as caught:
        catalog.environments.create("Local", "Analysis")
    assert caught.value.details == {"namespace": "local", "name": "analysis"}


def test_a_deleted_name_can_be_given_again_and_then_not_be_undeleted(catalog: Catalog, clock: Clock) -> None:
    build_version(catalog)
    deleted = catalog.environments.soft_delete("local", "analysis")
    assert deleted.deleted == clock.moment
    with pytest.raises(EnvironmentNotFoundError):
        catalog.environments.get("local", "analysis")
    assert catalog.environments.get("local", "analysis", include_deleted=True).active_version == 1
    catalog.environments.create("local", "Analysis")
    with pytest.raises(NameTakenError):
        catalog.environments.undelete("local", "analysis")


def test_undelete_brings_back_the_one_deleted_last_with_its_versions(catalog: Catalog, clock: Clock) -> None:
    catalog.environments.create("local", "analysis", "first")
    catalog.environments.soft_delete("local", "analysis")
    clock.advance(1)
    build_version(catalog)
    catalog.environments.soft_delete("local", "analysis")
    clock.advance(1)
    back = catalog.environments.undelete("local", "analysis")
    assert (back.state, back.active_version, back.deleted) == ("ready", 1, None)
    with pytest.raises(NameTakenError):
        catalog.environments.undelete("local", "analysis")


def test_undelete_of_what_was_never_deleted_is_refused(catalog: Catalog) -> None:
    with pytest.raises(EnvironmentNotFoundError):
        catalog.environments.undelete("local", "nothing")


def test_deleting_cancels_the_builds(catalog: Catalog) -> None:
    build_version(catalog)
    running, waiting = queue(catalog, kind="edit"), queue(catalog, kind="edit")
    claim(catalog, running)
    catalog.environments.soft_delete("local", "analysis")
    assert catalog.builds.get(waiting.id).state == "cancelled"
    assert catalog.builds.cancel_requested([running.id, waiting.id]) == (running.id, waiting.id)
    assert catalog.builds.get(running.id).state == "locking"


def test_the_state_follows_build_version_and_prefix(catalog: Catalog) -> None:
    def state() -> str:
        return catalog.environments.get("local", "analysis").state

    build = queue(catalog)
    assert state() == "building"
    claim(catalog, build)
    give_lock(catalog, build)
    publish(catalog, build)
    assert state() == "building"
    catalog.builds.finish(build.id, "worker")
    assert state() == "ready"
    states: tuple[PrefixState, ...] = ("freed", "broken", "ready")
    for prefix_state in states:
        catalog.prefixes.set_state(hash_of("prefix"), prefix_state)
        assert state() == prefix_state


def test_a_failed_edit_leaves_the_state_and_shows_the_build(catalog: Catalog) -> None:
    build_version(catalog)
    build = queue(catalog, kind="edit")
    claim(catalog, build)
    catalog.builds.fail(build.id, "worker", BuildError("no"))
    shown = catalog.environments.get("local", "analysis")
    assert shown.state == "ready"
    assert shown.build is not None
    assert shown.build.error is not None
    assert shown.build.error.code == "build_failed"


def test_a_build_that_succeeded_or_was_cancelled_is_not_shown(catalog: Catalog) -> None:
    build_version(catalog)
    assert catalog.environments.get("local", "analysis").build is None
    catalog.builds.request_cancel(queue(catalog, "other").id)
    other = catalog.environments.get("local", "other")
    assert (other.state, other.build) == ("empty", None)


def test_counts_and_size_are_of_the_active_version(catalog: Catalog) -> None:
    build_version(catalog, names=("python", "numpy"))
    build_version(catalog, kind="edit", names=("python", "numpy", "pandas"))
    assert (catalog.environments.get("local", "analysis").package_count) == 3
    older = catalog.environments.set_active("local", "analysis", 1)
    assert (older.active_version, older.package_count, older.size) == (1, 2, 2000)


def test_activating_a_version_that_is_not_there_is_refused(catalog: Catalog) -> None:
    build_version(catalog)
    for number in (0, -1, 2, 2**70):
        with pytest.raises(VersionNotFoundError):
            catalog.environments.set_active("local", "analysis", number)
    assert catalog.environments.get("local", "analysis").active_version == 1


def test_search_takes_every_character_as_itself(catalog: Catalog) -> None:
    for name in ("a_b", "aXb", "Data.Science"):
        catalog.environments.create("local", name)

    def found(search: str) -> list[str]:
        return [item.name for item in catalog.environments.list(search=search).items]

    assert found("a_b") == ["a_b"]
    assert found("%") == []
    assert found("SCIENCE") == ["Data.Science"]
    assert found("'; drop table environment; --") == []


def test_the_package_filter_looks_at_active_versions_only(catalog: Catalog) -> None:
    build_version(catalog, "old", names=("python", "numpy"))
    build_version(catalog, "old", kind="edit", names=("python",))
    build_version(catalog, "new", names=("python", "numpy"))
    found = catalog.environments.list(package="numpy")
    assert ([item.name for item in found.items], found.total) == (["new"], 1)
    assert catalog.environments.list(package="nump").total == 0


def test_the_list_is_read_page_by_page_though_it_changes_meanwhile(catalog: Catalog, clock: Clock) -> None:
    for number in range(25):
        clock.advance(1 if number % 3 else 0)  # equal times are told apart, too
        catalog.environments.create("local", f"env{number}")
    seen: list[str] = []
    cursor = None
    while True:
        page = catalog.environments.list(limit=4, cursor=cursor)
        seen += [item.name for item in page.items]
        if page.next is None:
            break
        cursor = page.next
        clock.advance(1)
        catalog.environments.create("local", f"later{len(seen)}")
        catalog.environments.describe("local", seen[0], f"changed after {len(seen)}")
    assert seen == [f"env{number}" for number in reversed(range(25))]


@pytest.mark.parametrize(
    "cursor",
    ["x", "AAAA", "W10", "WzFd", "WyJ4IiwxXQ", "é", "e30", "x" * 10000, "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjU5IiwxXQ"],
)
def test_a_cursor_that_nobody_gave_out_is_refused(catalog: Catalog, cursor: str) -> None:
    with pytest.raises(InvalidInputError):
        catalog.environments.list(cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 501, 10**30])
def test_a_page_of_no_sensible_size_is_refused(catalog: Catalog, limit: int) -> None:
    with pytest.raises(InvalidInputError):
        catalog.environments.list(limit=limit)


def test_who_did_it_is_on_record(catalog: Catalog) -> None:
    build_version(catalog)
    build_version(catalog, kind="edit")
    catalog.environments.set_active("local", "analysis", 1, by="mira")
    catalog.versions.delete("local", "analysis", 2, by="noor")
    catalog.environments.soft_delete("local", "analysis", "noor")
    newest = catalog.events.list(limit=3).items
    assert [(item.who, item.what, item.subject) for item in newest] == [
        ("noor", "environment.remove", "local/analysis"),
        ("noor", "version.delete", "local/analysis@2"),
        ("mira", "environment.activate", "local/analysis@1"),
    ]
