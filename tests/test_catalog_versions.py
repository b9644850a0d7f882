"""Versions, locks and prefixes in the catalog: how they come to be, and that they stay what they were."""

from __future__ import annotations

import threading

import pytest
from fixtures.catalog import Clock, admitted, build_version, claim, give_lock, hash_of, package, publish, queue

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import ConflictError, InvalidInputError, NotFoundError, VersionNotFoundError


def test_a_version_says_where_it_came_from(catalog: Catalog, clock: Clock) -> None:
    build_version(catalog, names=("python",))
    second = build_version(catalog, kind="edit", names=("python", "numpy"))
    assert (second.number, second.active, second.parent, second.author) == (2, True, 1, "mira")
    assert (second.message, second.specification) == ("edit analysis", "name: analysis\n")
    assert (second.platforms, second.package_count, second.size) == (["linux-64"], 2, 2000)
    assert (second.created, second.prefix_state) == (clock.moment, "ready")
    assert catalog.versions.get("local", "analysis") == second
    first = catalog.versions.get("local", "analysis", 1)
    assert (first.active, first.parent) == (False, None)


def test_an_edit_of_an_older_version_has_that_as_its_parent(catalog: Catalog) -> None:
    build_version(catalog)
    build_version(catalog, kind="edit")
    build = queue(catalog, kind="edit", parent=1)
    claim(catalog, build)
    give_lock(catalog, build)
    assert publish(catalog, build).parent == 1


def test_of_two_edits_at_once_both_are_kept_and_the_later_is_offered(catalog: Catalog) -> None:
    build_version(catalog)
    one, two = queue(catalog, kind="edit"), queue(catalog, kind="edit")
    for build in (one, two):
        claim(catalog, build)
        give_lock(catalog, build)
    assert (publish(catalog, two).active, publish(catalog, one).active) == (True, False)
    assert catalog.environments.get("local", "analysis").active_version == 2
    assert [item.number for item in catalog.versions.list("local", "analysis").items] == [3, 2, 1]


def test_a_build_does_not_override_an_activation_made_while_it_ran(catalog: Catalog) -> None:
    build_version(catalog)
    build_version(catalog, kind="edit")
    build = queue(catalog, kind="edit")
    claim(catalog, build)
    give_lock(catalog, build)
    catalog.environments.set_active("local", "analysis", 1)
    assert publish(catalog, build).active is False
    assert catalog.environments.get("local", "analysis").active_version == 1


def test_builds_that_publish_at_once_get_numbers_without_gap(catalog: Catalog) -> None:
    build_version(catalog)
    builds = [queue(catalog, kind="edit") for _ in range(12)]
    for build in builds:
        claim(catalog, build)
        give_lock(catalog, build)
    start = threading.Barrier(len(builds))
    published = []

    def work(build_id: int) -> None:
        start.wait()
        published.append(
            catalog.builds.publish_version(
                build_id, "worker", prefix_hash=hash_of("same"), platform="linux-64", size=1, files=1
            )
        )

    threads = [threading.Thread(target=work, args=(build.id,)) for build in builds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(version.number for version in published) == list(range(2, 14))
    assert [version.number for version in published if version.active] == [
        catalog.environments.get("local", "analysis").active_version
    ]


def test_nothing_of_a_version_stays_when_its_transaction_fails(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    give_lock(catalog, build)
    with pytest.raises(RuntimeError, match="after the version"), catalog.transaction():
        publish(catalog, build)
        raise RuntimeError("after the version")
    assert catalog.builds.get(build.id).state == "locking"
    assert catalog.versions.list("local", "analysis").total == 0
    with pytest.raises(NotFoundError):
        catalog.prefixes.get(hash_of("prefix"))
    assert publish(catalog, build).number == 1


def test_a_refusal_within_a_transaction_takes_back_itself_alone(catalog: Catalog) -> None:
    with catalog.transaction():
        catalog.environments.create("local", "kept")
        with pytest.raises(InvalidInputError):
            catalog.prefixes.put_ready("not a hash", "linux-64", size=1, files=1)
        catalog.environments.create("local", "kept-too")
    assert catalog.environments.list().total == 2


def test_the_active_version_is_not_deleted(catalog: Catalog) -> None:
    build_version(catalog)
    with pytest.raises(ConflictError, match="the only one, so remove the environment"):
        catalog.versions.delete("local", "analysis", 1)
    assert catalog.versions.get("local", "analysis", 1).number == 1


def test_a_deleted_version_leaves_a_tombstone_and_its_number(catalog: Catalog) -> None:
    for kind in ("create", "edit", "edit"):
        build_version(catalog, kind=kind)
    catalog.environments.set_active("local", "analysis", 1)
    catalog.versions.delete("local", "analysis", 3)
    with pytest.raises(VersionNotFoundError, match="was deleted"):
        catalog.versions.get("local", "analysis", 3)
    with pytest.raises(VersionNotFoundError):
        catalog.environments.set_active("local", "analysis", 3)
    assert [item.number for item in catalog.versions.list("local", "analysis").items] == [2, 1]
    (tombstone, *_) = catalog.versions.list("local", "analysis", include_deleted=True).items
    assert (tombstone.number, tombstone.deleted, tombstone.pinned) == (3, True, False)
    assert build_version(catalog, kind="edit").number == 4


def test_an_environment_without_version_says_so(catalog: Catalog) -> None:
    catalog.environments.create("local", "analysis")
    assert catalog.versions.active("local", "analysis") is None
    with pytest.raises(VersionNotFoundError, match="no version yet"):
        catalog.versions.get("local", "analysis")


def test_versions_are_read_page_by_page(catalog: Catalog) -> None:
    build_version(catalog)
    for _ in range(6):
        build_version(catalog, kind="edit")
    page = catalog.versions.list("local", "analysis", limit=3)
    seen = [item.number for item in page.items]
    build_version(catalog, kind="edit")  # what is new does not shift what follows
    while page.next:
        page = catalog.versions.list("local", "analysis", limit=3, cursor=page.next)
        seen += [item.number for item in page.items]
    assert (seen, page.total) == ([7, 6, 5, 4, 3, 2, 1], 8)


def test_a_version_carries_the_warnings_of_its_build_until_their_reason_is_gone(catalog: Catalog) -> None:
    build = queue(catalog)
    claim(catalog, build)
    give_lock(catalog, build)
    catalog.builds.add_warning(build.id, "worker", "before", "Early words.")
    publish(catalog, build)
    catalog.builds.add_warning(build.id, "worker", "kernel_not_registered", "Late words.", folder="kernels")
    catalog.builds.finish(build.id, "worker")
    version = catalog.versions.get("local", "analysis", 1)
    assert [warning.code for warning in version.warnings] == ["before", "kernel_not_registered"]
    assert version.warnings == catalog.builds.get(build.id).warnings
    catalog.versions.drop_warning("local", "analysis", 1, "kernel_not_registered")
    assert [warning.code for warning in catalog.versions.get("local", "analysis", 1).warnings] == ["before"]
    assert len(catalog.builds.get(build.id).warnings) == 2


def test_all_active_versions_come_with_their_prefixes(catalog: Catalog) -> None:
    build_version(catalog, "one", names=("python",))
    build_version(catalog, "two", names=("python", "numpy"))
    build_version(catalog, "gone")
    catalog.environments.soft_delete("local", "gone")
    catalog.environments.create("local", "empty")
    prefix = catalog.versions.get("local", "one").prefix_hash or ""
    catalog.prefixes.set_activation(prefix, {"set": {"A": "b"}}, ["python3"])
    found = catalog.versions.all_active()
    assert [(version.name, version.prefix_hash == prefix.hash) for version, prefix in found] == [
        ("one", True),
        ("two", True),
    ]
    assert (found[0][1].activation, found[0][1].kernels) == ({"set": {"A": "b"}}, ["python3"])
    assert found[1][1].activation is None


def test_a_prefix_is_remembered_by_its_hash(catalog: Catalog, clock: Clock) -> None:
    content = hash_of("content")
    made = catalog.prefixes.put_ready(content, "linux-64", size=10, files=2)
    assert made.path is not None
    assert made.path.endswith(f"/p/{content[:16]}")
    catalog.prefixes.set_activation(content, {"set": {}}, ["ir"])
    catalog.prefixes.set_state(content, "freed")
    clock.advance(60)
    again = catalog.prefixes.put_ready(content, "linux-64", size=11, files=2)
    assert (again.state, again.size, again.kernels, again.activation) == ("ready", 11, ["ir"], {"set": {}})
    assert (again.created, again.last_used) == (made.created, clock.moment)
    clock.advance(60)
    catalog.prefixes.touch([content, hash_of("unknown")])
    assert catalog.prefixes.get(content).last_used == clock.moment
    assert [item.hash for item in catalog.prefixes.list(state="ready")] == [content]
    assert catalog.prefixes.list(state="broken") == []


@pytest.mark.parametrize("bad", ["", "abc", "A" * 64, "../" * 20 + "abcd", "g" * 64])
def test_what_is_no_hash_is_no_prefix(catalog: Catalog, bad: str) -> None:
    with pytest.raises(InvalidInputError):
        catalog.prefixes.put_ready(bad, "linux-64", size=1, files=1)
    with pytest.raises(NotFoundError):
        catalog.prefixes.set_state(bad, "freed")


def test_a_freed_prefix_has_no_path_in_its_version(catalog: Catalog) -> None:
    version = build_version(catalog)
    assert version.prefix is not None
    catalog.prefixes.set_state(version.prefix_hash or "", "freed")
    freed = catalog.versions.get("local", "analysis", 1)
    assert (freed.prefix_state, freed.prefix) == ("freed", None)


def test_a_lock_is_kept_once_and_comes_back_as_it_was(catalog: Catalog) -> None:
    document = {"version": 1, "package": [{"name": "ü", "z": None, "a": 1.5}]}
    packages = [
        package("numpy", "2.0", depends=["python >=3.10", "libblas"], license="BSD-3-Clause", size=None),
        package("python", platform="osx-arm64"),
        package("python", md5="0" * 32, sha256=None),
        package("tzdata", subdir="noarch", url="https://channel.example/main/noarch/tzdata-1.0-0.conda"),
        package("tzdata", platform="osx-arm64", subdir="noarch", url="https://channel.example/main/noarch/t.conda"),
        package("rich", manager="pip", build="", channel="", subdir=""),
    ]
    lock = hash_of("lock")
    for _ in range(2):
        assert catalog.locks.put(lock, document, admitted(packages)) == lock
    assert list(catalog.locks.document(lock)["package"][0]) == ["name", "z", "a"]
    assert catalog.locks.document(lock) == document
    assert catalog.locks.packages(lock, "linux-64") == [packages[0], packages[2], packages[5], packages[3]]
    assert catalog.locks.packages(lock) == [
        *catalog.locks.packages(lock, "linux-64"),
        *catalog.locks.packages(lock, "osx-arm64"),
    ]
    assert catalog.locks.packages(lock, "win-64") == []
    assert (catalog.locks.exists(lock), catalog.locks.exists("")) == (True, False)


def test_a_strangers_lock_does_not_change_what_another_says_of_a_file(catalog: Catalog) -> None:
    honest = package("numpy", license="BSD-3-Clause", depends=["python"])
    lying = package("numpy", license="none", depends=[], size=1)
    catalog.locks.put(hash_of("lying"), {}, admitted([lying]))
    catalog.locks.put(hash_of("honest"), {}, admitted([honest]))
    assert catalog.locks.packages(hash_of("honest")) == [honest]
    assert catalog.locks.packages(hash_of("lying")) == [lying]


def test_a_lock_that_is_not_there_is_named(catalog: Catalog) -> None:
    for read in (catalog.locks.document, catalog.locks.packages):
        with pytest.raises(NotFoundError, match="no lock"):
            read("x" * 1000)


def test_the_audit_record_is_read_newest_first_by_subject(catalog: Catalog, clock: Clock) -> None:
    for number in range(5):
        catalog.events.append("mira", "export", f"local/env@{number % 2}", format="yaml", number=number)
    page = catalog.events.list(limit=2)
    assert ([item.details["number"] for item in page.items], page.total) == ([4, 3], 5)
    rest = catalog.events.list(limit=500, cursor=page.next)
    assert ([item.details["number"] for item in rest.items], rest.next) == ([2, 1, 0], None)
    assert [item.details["number"] for item in catalog.events.list(subject="local/env@1").items] == [3, 1]
    assert page.items[0].created == clock.moment


def test_how_much_larger_packages_are_on_disk_is_told_by_enough_of_them(catalog: Catalog) -> None:
    build_version(catalog)
    assert catalog.prefixes.growth() is None
    build = claim(catalog, queue(catalog, "large"))
    large = [package("python", size=8_000_000), package("numpy", size=4_000_000), package("mkl", size=None)]
    catalog.builds.set_lock(build.id, "worker", catalog.locks.put(hash_of("large"), {"package": []}, admitted(large)))
    catalog.builds.publish_version(
        build.id, "worker", prefix_hash=hash_of("large"), platform="linux-64", size=36_000_000, files=3
    )
    assert catalog.prefixes.growth() == pytest.approx(3.0, rel=0.01)


def test_sizes_are_those_of_the_very_same_files(catalog: Catalog) -> None:
    build_version(catalog)
    known, other = package("python", size=None), package("python", size=None, sha256=hash_of("another file"))
    assert catalog.locks.sizes([known, other, package("numpy", size=None)]) == {known.sha256: 1000}
    assert catalog.locks.sizes([]) == {}
