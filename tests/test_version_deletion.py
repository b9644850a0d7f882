"""Deleting one version: what it leaves, and every case in which it is refused, with the way out."""

from __future__ import annotations

import pytest
from fixtures.small import edit
from fixtures.store import StoreHome

from jupyter_envstore.errors import (
    ConflictError,
    InvalidReferenceError,
    VersionActiveError,
    VersionNotFoundError,
    VersionPinnedError,
)
from jupyter_envstore.store import EnvStore


def numbers(store: EnvStore) -> list[int]:
    return [version.number for version in store.versions.list("small").items]


def test_a_deleted_version_leaves_a_tombstone_and_its_number(small_store: EnvStore) -> None:
    edit(small_store, "small", add=["other"])
    small_store.versions.activate("small@2")
    tombstone = small_store.versions.delete("small@3", by="someone")
    assert (tombstone.number, tombstone.deleted) == (3, True)
    assert numbers(small_store) == [2, 1]
    with pytest.raises(VersionNotFoundError, match="was deleted"):
        small_store.versions.get("small@3")
    with pytest.raises(VersionNotFoundError):
        small_store.versions.delete("small@3")
    (event, *_) = small_store.catalog.events.list().items
    assert (event.who, event.what, event.subject) == ("someone", "version.delete", "local/small@3")
    edit(small_store, "small", add=["other"])
    assert numbers(small_store) == [4, 2, 1], "a number is never used again"


def test_the_files_stay_until_disk_is_freed(small_store: EnvStore) -> None:
    prefix = small_store.layout.prefix(small_store.versions.get("small@1").prefix_hash or "")
    small_store.versions.delete("small@1")
    assert prefix.is_dir()
    small_store.disk.collect()
    assert not prefix.exists()


def test_the_active_version_is_kept_and_the_way_out_named(small_store: EnvStore) -> None:
    with pytest.raises(VersionActiveError, match="jupyter envstore activate local/small@1") as refused:
        small_store.versions.delete("small@2")
    assert refused.value.http_status == 409
    assert refused.value.details["other"] == 1
    small_store.versions.activate("small@1")
    small_store.versions.delete("small@2")
    with pytest.raises(VersionActiveError, match="jupyter envstore remove local/small"):
        small_store.versions.delete("small@1")
    assert numbers(small_store) == [1]


def test_a_pinned_version_is_kept_until_it_is_unpinned(small_store: EnvStore) -> None:
    small_store.versions.pin("small@1")
    with pytest.raises(VersionPinnedError, match="jupyter envstore unpin local/small@1"):
        small_store.versions.delete("small@1")
    small_store.versions.pin("small@1", False)
    small_store.versions.delete("small@1")


def test_a_version_that_a_build_works_with_is_kept_until_its_end(small_store: EnvStore) -> None:
    build = small_store.builds.submit(small_store.drafts.edit("small@1", add=["other"]))
    with pytest.raises(ConflictError, match=f"jupyter envstore cancel {build.id}"):
        small_store.versions.delete("small@1")
    small_store.builds.cancel(build.id)
    small_store.versions.delete("small@1")


def test_a_whole_environment_is_not_deleted_as_a_version(small_store: EnvStore) -> None:
    with pytest.raises(InvalidReferenceError, match="Add its number"):
        small_store.versions.delete("small")


def test_a_version_that_came_from_a_deleted_one_goes_on(small_store: EnvStore) -> None:
    small_store.versions.delete("small@1")
    assert small_store.versions.get("small@2").parent == 1
    edit(small_store, "small", add=["other"])
    assert small_store.versions.verify("small@3").problems == []


def test_the_command_removes_one_version(small_store: EnvStore, small_home: StoreHome) -> None:
    refused = small_home.run("remove", "small@2")
    assert refused.returncode == 1
    assert "activate local/small@1" in refused.stderr
    done = small_home.run("remove", "small@1")
    assert done.returncode == 0, done.stderr
    assert "local/small@1 is removed" in done.stdout
    assert numbers(small_store) == [2]
