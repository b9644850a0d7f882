"""What the store says that it costs, held against what the system's own tool counts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from fixtures.small import edit, must_end_well, overtake
from fixtures.store import StoreHome
from small_packages_channel import SMALL

from jupyter_envstore.disk import footprints
from jupyter_envstore.disk.accounts import CacheEntry, draw_up
from jupyter_envstore.disk.footprints import Footprints, measure
from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.schemas import EnvironmentUsage, VersionUsage
from jupyter_envstore.store import EnvStore


def counted(*folders: Path) -> int:
    """Return what ``du`` counts for folders, each file once."""
    done = subprocess.run(
        ["du", "--summarize", "--total", "--block-size=1", *folders], capture_output=True, text=True, check=True
    )
    return int(done.stdout.splitlines()[-1].split()[0])


def environment(store: EnvStore, name: str = "small") -> EnvironmentUsage:
    return next(one for one in store.disk.usage().environments if one.name == name)


def version(store: EnvStore, number: int, name: str = "small") -> VersionUsage:
    return next(one for one in environment(store, name).versions if one.number == number)


def prefix_of(store: EnvStore, ref: str) -> Path:
    return Path(store.versions.get(ref).prefix or "")


# ---------------------------------------------------------------- the store


def test_it_is_what_the_disk_holds(small_store: EnvStore) -> None:
    small_store.disk.usage()  # what it remembers is part of the store, too
    usage = small_store.disk.usage()
    assert usage.used == counted(small_store.layout.root)
    assert usage.store == str(small_store.layout.root)
    assert usage.packages.size == sum(map(counted, small_store.layout.package_cache.glob("*/")))
    assert 0 < usage.packages.unshared < usage.packages.size
    assert usage.disk_size > usage.disk_free > 0


def test_an_empty_store_costs_next_to_nothing(small_home: StoreHome) -> None:
    store = small_home.open()
    try:
        usage = store.disk.usage()
        assert (usage.environments, usage.can_be_freed) == ([], 0)
        assert usage.used == counted(small_home.store_dir)
    finally:
        store.close()


def test_a_builder_that_left_half_a_prefix_is_counted(small_store: EnvStore) -> None:
    partial = small_store.layout.partial_prefix("ab" * 32)
    partial.mkdir()
    os.link(prefix_of(small_store, "small@1") / "share/base.txt", partial / "base.txt")
    (partial / "own").write_bytes(b"x" * 10_000)
    small_store.disk.usage()
    assert small_store.disk.usage().used == counted(small_store.layout.root)


# ---------------------------------------------------------------- environments and versions


def test_a_file_that_versions_share_counts_once(small_store: EnvStore) -> None:
    one, two = prefix_of(small_store, "small@1"), prefix_of(small_store, "small@2")
    assert version(small_store, 1).size == counted(one)
    assert version(small_store, 2).size == counted(two)
    caches = [path for path in small_store.layout.package_cache.iterdir() if path.is_dir()]
    assert environment(small_store).own == counted(one, two, *caches), "nobody else has any of these packages"
    assert environment(small_store).shared == 0
    assert environment(small_store).own < version(small_store, 1).size + counted(two, *caches)


def test_what_two_environments_have_in_common_is_no_ones_own(small_store: EnvStore) -> None:
    alone = environment(small_store).own
    must_end_well(small_store, small_store.builds.create("further", SMALL.replace("tool", "other")))
    small, further = environment(small_store), environment(small_store, "further")
    assert small.shared == further.shared > 0, "both have the package `base`"
    assert small.own == alone - small.shared
    assert small.own > further.own > 0


def test_the_same_files_are_shared_whole(small_store: EnvStore) -> None:
    must_end_well(small_store, small_store.builds.clone("small@1", "further"))
    assert environment(small_store, "further").own == 0
    assert version(small_store, 1, "further").frees == 0, "the other environment needs them, too"
    assert version(small_store, 1).frees == 0
    assert version(small_store, 1).reason == "same files as the active version of local/further"


def test_freeing_one_version_gives_back_what_only_it_has(small_store: EnvStore) -> None:
    expected = version(small_store, 2).frees
    before = counted(small_store.layout.root)
    remove_tree(prefix_of(small_store, "small@2"))
    remove_tree(small_store.layout.package_cache / "extra-1.0-0")  # nobody else has this package
    assert expected == before - counted(small_store.layout.root) > 0


def test_each_version_says_why_it_stays(small_store: EnvStore) -> None:
    edit(small_store, "small", add=["other"])
    edit(small_store, "small", remove=["extra"])
    small_store.versions.pin("small@2")
    remove_tree(prefix_of(small_store, "small@3"))
    found = {one.number: (one.code, one.can_be_freed, one.prefix_state) for one in environment(small_store).versions}
    assert found == {
        4: ("active", False, "ready"),
        3: ("freed", False, "freed"),
        2: ("pinned", False, "ready"),
        1: ("unused", True, "ready"),
    }
    usage = small_store.disk.usage()
    assert usage.can_be_freed >= environment(small_store).can_be_freed == version(small_store, 1).frees > 0


def test_one_that_waits_to_be_activated_says_so(small_store: EnvStore) -> None:
    overtake(small_store)
    waiting = version(small_store, 4)
    assert (waiting.code, waiting.can_be_freed) == ("offered", False)
    assert waiting.reason == "waits to be activated"
    must_end_well(small_store, small_store.builds.clone("small@4", "further"))
    must_end_well(small_store, small_store.builds.submit(small_store.drafts.edit("further", add=["extra"])))
    assert version(small_store, 1, "further").reason == "same files as local/small@4, which waits to be activated"


def test_what_was_used_lately_stays(small_store: EnvStore) -> None:
    small_store.keep_used_days = 7.0
    assert version(small_store, 1).code == "recent"
    assert small_store.disk.usage().can_be_freed == 0


# ---------------------------------------------------------------- remembering


def test_a_prefix_is_measured_once_also_by_the_next_process(
    small_store: EnvStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix, notes = prefix_of(small_store, "small@1"), small_store.layout.footprints
    first = Footprints(notes).of_prefix(prefix)
    monkeypatch.setattr(footprints, "measure", None)
    assert Footprints(notes).of_prefix(prefix) == first


def test_another_prefix_of_that_name_is_measured_again(small_store: EnvStore) -> None:
    prefix, known = prefix_of(small_store, "small@1"), Footprints(small_store.layout.footprints)
    before = known.of_prefix(prefix)
    remove_tree(prefix)
    must_end_well(small_store, small_store.builds.repair("small@1"))
    (prefix / "conda-meta").chmod(0o755)
    (prefix / "conda-meta" / "more").write_bytes(b"x" * 50_000)
    assert known.of_prefix(prefix).size > before.size
    assert known.of_prefix(prefix) == measure(prefix)


def test_a_damaged_note_is_not_believed(small_store: EnvStore) -> None:
    prefix, notes = prefix_of(small_store, "small@1"), small_store.layout.footprints
    expected = Footprints(notes).of_prefix(prefix)
    note = notes / prefix.name
    for content in (b"", b"\0" * 7, note.read_bytes()[:-8], b"\xff" * 64):
        note.write_bytes(content)
        assert Footprints(notes).of_prefix(prefix) == expected


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "large").write_bytes(b"x" * 1_000_000)
    (tmp_path / "prefix").mkdir()
    (tmp_path / "prefix" / "link").symlink_to(tmp_path / "outside")
    assert measure(tmp_path / "prefix").size == counted(tmp_path / "prefix")


def test_an_entry_that_two_caches_share_counts_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "file").write_bytes(b"x" * 100_000)
    os.link(tmp_path / "one" / "file", tmp_path / "two" / "file")
    accounts = draw_up({}, [CacheEntry(name, measure(tmp_path / name)) for name in ("one", "two")])
    assert accounts.total == counted(tmp_path / "one", tmp_path / "two")


# ---------------------------------------------------------------- the command


def test_the_command_prints_what_a_person_wants_to_know(small_store: EnvStore, small_home: StoreHome) -> None:
    done = small_home.run("usage")
    assert done.returncode == 0, done.stderr
    assert "local/small" in done.stdout
    assert "can be freed" in done.stdout
    assert "jupyter envstore collect --dry-run" in done.stdout
    data = small_home.json("usage")
    assert data["environments"][0]["versions"][0]["code"] == "active"
