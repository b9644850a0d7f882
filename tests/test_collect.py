"""Freeing disk: what goes, what stays and why, and that all that went can be had again."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from fixtures.small import edit, freed, in_cache, kept, must_end_well, overtake
from fixtures.store import StoreHome

from jupyter_envstore.catalog import Catalog, open_catalog
from jupyter_envstore.disk.emptying import METADATA_SECONDS
from jupyter_envstore.errors import EnvironmentNotFoundError
from jupyter_envstore.kernels.stamps import touch
from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.schemas import Version
from jupyter_envstore.store import EnvStore


def counted(folder: Path) -> int:
    """Return what ``du`` counts."""
    done = subprocess.run(["du", "-s", "--block-size=1", folder], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[0])


def files(store: EnvStore) -> int:
    """Return what prefixes and caches take, which is what freeing is about."""
    layout = store.layout
    done = subprocess.run(
        ["du", "-s", "-c", "--block-size=1", layout.prefixes, layout.package_cache, layout.bytecode_cache],
        capture_output=True,
        text=True,
        check=False,
    )
    return int(done.stdout.splitlines()[-1].split()[0])


def prefix_of(version: Version) -> Path:
    assert version.prefix is not None
    return Path(version.prefix)


def long_ago(store: EnvStore, days: float) -> Catalog:
    """Return the store's catalog, for which it is still that many days ago."""
    then = datetime.now(timezone.utc) - timedelta(days=days)
    return open_catalog(store.layout.catalog, clock=lambda: then)


@pytest.fixture
def three(small_store: EnvStore) -> Iterator[EnvStore]:
    """A store with a third version, whose package `other` nobody else has; version 2 is active again."""
    edit(small_store, "small", add=["other"])
    small_store.versions.activate("small@2")
    yield small_store


# ---------------------------------------------------------------- what goes


def test_what_nobody_needs_goes_and_gives_back_what_was_said(three: EnvStore) -> None:
    before = files(three)
    said = three.disk.collect(dry_run=True)
    assert files(three) == before, "a dry run changes nothing"
    assert three.versions.get("small@3").prefix_state == "ready"

    done = three.disk.collect()

    assert freed(done) == freed(said) == ["local/small@1", "local/small@3"]
    assert kept(done) == {"local/small@2": "active"}
    # A folder of a hundred entries does not shrink with them: what is left over is less than a block each.
    assert done.freed == said.freed == sum(item.size for item in done.collected)
    assert before - files(three) == pytest.approx(done.freed, abs=16_384)
    assert done.freed > 0
    assert in_cache(three) == {"base-1.0-0", "tool-1.0-0", "extra-1.0-0"}
    assert not prefix_of_freed(three, 3).exists()
    assert three.versions.verify("small@2").problems == []
    assert three.disk.collect().collected == [], "nothing is left to free"


def prefix_of_freed(store: EnvStore, number: int) -> Path:
    version = store.versions.get(f"small@{number}")
    assert (version.prefix_state, version.prefix) == ("freed", None)
    return store.layout.prefix(version.prefix_hash or "")


def test_a_freed_version_is_built_again_when_it_is_activated(three: EnvStore) -> None:
    three.disk.collect()
    switch = three.versions.activate("small@3")
    assert switch.build is not None
    must_end_well(three, switch.build)
    assert three.environments.get("small").active_version == 3
    assert three.versions.verify("small@3").problems == []


def test_who_watches_the_versions_is_told(three: EnvStore) -> None:
    sequence = three.catalog.sequence()
    three.disk.collect()
    assert three.catalog.changes_since(sequence).environments == (("local", "small"),)


def test_it_is_recorded_who_freed_what(three: EnvStore) -> None:
    three.disk.collect(by="someone")
    (event, *_) = three.catalog.events.list().items
    assert (event.who, event.what) == ("someone", "disk.collect")
    assert event.details["versions"] == ["local/small@1", "local/small@3"]


def test_the_files_of_a_removed_environment_go_at_once(small_store: EnvStore) -> None:
    small_store.keep_used_days = 7.0
    small_store.environments.remove("small")
    done = small_store.disk.collect()
    assert freed(done) == ["local/small@1", "local/small@2"]
    small_store.environments.undelete("small")
    switch = small_store.versions.activate("small@2")
    assert switch.build is not None
    must_end_well(small_store, switch.build)


def test_the_files_of_a_deleted_version_go_at_once(small_store: EnvStore) -> None:
    small_store.keep_used_days = 7.0
    small_store.versions.delete("small@1")
    done = small_store.disk.collect()
    assert [(item.kind, item.name) for item in done.collected] == [("files", "local/small@1")]


def test_files_that_the_catalog_does_not_know_go(small_store: EnvStore) -> None:
    stranger = small_store.layout.prefix("0123456789abcdef" * 4)
    shutil.copytree(prefix_of(small_store.versions.get("small@2")), stranger, symlinks=True)
    partial = small_store.layout.partial_prefix("fedcba9876543210" * 4)
    partial.mkdir()
    (partial / "half").write_bytes(b"x" * 5000)
    (small_store.layout.prefixes / "notes.txt").touch()
    said = small_store.disk.collect(dry_run=True)
    assert stranger.is_dir()
    assert partial.is_dir()
    done = small_store.disk.collect()
    assert {(item.kind, item.name) for item in done.collected} >= {
        ("files", stranger.name),
        ("leftovers", "unfinished files"),
    }
    assert [(item.kind, item.name, item.size) for item in said.collected] == [
        (item.kind, item.name, item.size) for item in done.collected
    ]
    assert not stranger.exists()
    assert not partial.exists()
    assert (small_store.layout.prefixes / "notes.txt").exists(), "what is none of ours is left alone"


def test_a_link_that_leads_out_of_the_store_is_never_followed(small_store: EnvStore, tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.mkdir()
    (outside / "file").write_text("precious")
    stranger = small_store.layout.prefix("0123456789abcdef" * 4)
    stranger.mkdir()
    (stranger / "link").symlink_to(outside)
    (small_store.layout.prefixes / ("f" * 16)).symlink_to(outside)
    (small_store.layout.package_cache / "linked-1.0-0").symlink_to(outside)
    small_store.disk.collect()
    assert not stranger.exists()
    assert (outside / "file").read_text() == "precious"


# ---------------------------------------------------------------- what stays


def test_a_pinned_version_stays_also_in_a_removed_environment(small_store: EnvStore) -> None:
    small_store.versions.pin("small@1")
    assert kept(small_store.disk.collect()) == {"local/small@1": "pinned", "local/small@2": "active"}
    small_store.environments.remove("small")
    done = small_store.disk.collect()
    assert kept(done) == {"local/small@1": "pinned"}
    assert freed(done) == ["local/small@2"]


def test_what_was_used_lately_stays(small_store: EnvStore) -> None:
    version = small_store.versions.get("small@1")
    assert kept(small_store.disk.collect(unused_days=1))["local/small@1"] == "recent"
    old = long_ago(small_store, 3)
    old.prefixes.touch([version.prefix_hash or ""])
    old.close()
    stamp = small_store.layout.used_prefix(version.prefix_hash or "")
    touch(stamp)
    assert kept(small_store.disk.collect(unused_days=1))["local/small@1"] == "recent", "a kernel was started"
    os.utime(stamp, (time.time() - 2 * 86_400,) * 2)
    assert freed(small_store.disk.collect(unused_days=1)) == ["local/small@1"]


def test_a_kernel_that_a_notebook_is_pinned_to_keeps_its_version(small_store: EnvStore) -> None:
    stamp = small_store.layout.used_kernel("envstore-local--small--v1")
    touch(stamp)
    assert kept(small_store.disk.collect())["local/small@1"] == "kernel"
    os.utime(stamp, (time.time() - 31 * 86_400,) * 2)
    assert freed(small_store.disk.collect()) == ["local/small@1"]


def test_the_version_that_a_queued_build_makes_again_stays(small_store: EnvStore) -> None:
    build = small_store.builds.repair("small@1")
    assert kept(small_store.disk.collect())["local/small@1"] == "building"
    small_store.builds.cancel(build.id)
    assert freed(small_store.disk.collect()) == ["local/small@1"]


def test_a_version_that_waits_to_be_activated_stays_for_as_long_as_it_waits(small_store: EnvStore) -> None:
    overtake(small_store)
    assert kept(small_store.disk.collect()) == {"local/small@3": "active", "local/small@4": "offered"}
    small_store.versions.activate("small@4")
    small_store.versions.activate("small@3")
    assert freed(small_store.disk.collect()) == ["local/small@4"], "who went back has seen it"


def test_what_waits_in_a_removed_environment_goes(small_store: EnvStore) -> None:
    overtake(small_store)
    small_store.environments.remove("small")
    assert "local/small@4" in freed(small_store.disk.collect())
    small_store.environments.undelete("small")
    small_store.versions.delete("small@4")
    assert kept(small_store.disk.collect()) == {}


def test_what_begins_to_wait_while_disk_is_freed_stays(small_store: EnvStore) -> None:
    """It is asked again in the transaction that gives a version up."""
    overtake(small_store)
    waiting = small_store.versions.get("small@4").prefix_hash or ""
    assert not small_store.catalog.holdings.free(waiting, [])
    assert small_store.versions.get("small@4").prefix_state == "ready"


# ---------------------------------------------------------------- what time takes away


def test_an_environment_that_was_removed_long_ago_is_forgotten(small_store: EnvStore) -> None:
    must_end_well(small_store, small_store.builds.clone("small@1", "further"))
    old = long_ago(small_store, 31)
    old.environments.soft_delete("local", "small")
    old.close()
    lock = small_store.catalog.versions.list("local", "further").items[0].lock
    assert [item.name for item in small_store.disk.collect(dry_run=True).collected if item.kind == "environment"] == [
        "local/small"
    ]
    assert small_store.environments.removed()
    done = small_store.disk.collect()
    assert [item.name for item in done.collected if item.kind == "environment"] == ["local/small"]
    assert not small_store.environments.removed()
    with pytest.raises(EnvironmentNotFoundError):
        small_store.environments.undelete("small")
    assert small_store.catalog.locks.exists(lock), "another environment has it"
    assert small_store.versions.verify("further").problems == []
    assert len(small_store.catalog.holdings.prefixes()) == 1, "the prefix of version 2 is forgotten, too"


def test_an_environment_that_was_removed_lately_is_not_forgotten(small_store: EnvStore) -> None:
    old = long_ago(small_store, 29)
    old.environments.soft_delete("local", "small")
    old.close()
    small_store.disk.collect()
    assert [environment.name for environment in small_store.environments.removed()] == ["small"]


def test_logs_of_old_builds_go(small_store: EnvStore) -> None:
    logs = small_store.layout.logs
    old = long_ago(small_store, 91)
    build = old.builds.request_cancel(small_store.builds.repair("small@1").id)
    old.close()
    (logs / f"{build.id}.log").write_text("old")
    (logs / "9999.log").write_text("of a build that has only just begun")
    done = small_store.disk.collect()
    assert [item.count for item in done.collected if item.kind == "logs"] == [1]
    assert sorted(path.name for path in logs.iterdir()) == ["1.log", "2.log", "9999.log"]
    assert small_store.builds.log_text(build.id) == ("", 0)


def test_channel_metadata_that_nobody_reads_goes(small_store: EnvStore) -> None:
    folder = small_store.layout.repodata_cache
    folder.mkdir(parents=True, exist_ok=True)
    for name, age in (("old.json", METADATA_SECONDS + 60), ("young.json", METADATA_SECONDS - 60)):
        (folder / name).write_text("{}")
        os.utime(folder / name, (time.time() - age,) * 2)
    small_store.disk.collect()
    assert (folder / "young.json").exists()
    assert not (folder / "old.json").exists()


# ---------------------------------------------------------------- catalog and disk


def test_files_that_somebody_removed_by_hand_are_noticed(small_store: EnvStore) -> None:
    remove_tree(prefix_of(small_store.versions.get("small@2")))
    assert small_store.environments.get("small").state == "ready"
    small_store.disk.collect()
    assert small_store.environments.get("small").state == "freed"


def test_files_that_are_there_though_the_catalog_says_freed_are_noticed(small_store: EnvStore) -> None:
    # As after a kill between the catalog's commit and the removal.
    for number in (1, 2):
        version = small_store.versions.get(f"small@{number}")
        small_store.catalog.prefixes.set_state(version.prefix_hash or "", "freed")
    done = small_store.disk.collect()
    assert freed(done) == ["local/small@1"]
    assert small_store.versions.get("small@2").prefix_state == "ready"
    assert small_store.versions.verify("small@2").problems == []


# ---------------------------------------------------------------- the command


def test_the_command_says_what_it_did(small_store: EnvStore, small_home: StoreHome) -> None:
    small_store.close()
    said = small_home.run("collect", "--dry-run")
    assert "would be freed" in said.stdout, said.stderr
    assert "Nothing was changed" in said.stdout
    done = small_home.run("collect")
    assert "local/small@1" in done.stdout, done.stderr
    assert "builds it again" in done.stdout
    assert small_home.json("collect")["collected"] == []
    assert small_home.json("collect", "--unused-for", "3")["freed"] == 0
    assert small_home.run("collect", "--unused-for", "-1").returncode == 2


def test_the_command_says_why_what_waits_stays(small_store: EnvStore, small_home: StoreHome) -> None:
    overtake(small_store)
    small_store.close()
    for command in ("usage", "collect"):
        said = small_home.run(command)
        assert "waits to be activated" in said.stdout, said.stderr
        assert "stays on disk until it, or a newer one, is active" in said.stdout
