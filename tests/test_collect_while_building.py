"""Freeing disk while builds go on, and being killed in the middle of it: no file that anybody needs is ever lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from fixtures.catalog import claim, give_lock, queue
from fixtures.small import edit, must_end_well
from fixtures.store import StoreHome
from small_packages_channel import SMALL

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.prefixes.caches import own_caches, use_caches
from jupyter_envstore.prefixes.locking import hold_lock
from jupyter_envstore.schemas import ACTIVE_STATES
from jupyter_envstore.store import EnvStore

PROGRAM = Path(__file__).parent / "programs" / "collect_and_kill.py"


def codes(store: EnvStore) -> dict[str, str]:
    return {item.name: item.code for item in store.disk.collect().kept}


def hash_of(store: EnvStore, ref: str) -> str:
    return store.versions.get(ref).prefix_hash or ""


# ---------------------------------------------------------------- builds


def test_freeing_again_and_again_never_harms_a_build(home: StoreHome, store: EnvStore) -> None:
    home.settings["keep_used_days"] = 0.0
    collecting = home.open()
    try:
        store.builds.serve()
        build = store.builds.create("python", "dependencies: [python=3.12, calc-kernel]\n")
        rounds = 0
        while store.builds.get(build.id).state in ACTIVE_STATES:
            collecting.disk.collect()
            rounds += 1
        assert store.builds.get(build.id).state == "ready", store.builds.get(build.id).error
        assert rounds > 1, "it was freed while the build went on"
        assert store.versions.verify("python").problems == []
        log = store.builds.log_text(build.id)[0]
        assert "checked, and the packages are linked again" not in log, "its packages were not taken away"
    finally:
        collecting.close()


def test_builds_and_freeing_at_once_end_well(small_store: EnvStore, small_home: StoreHome) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def free() -> None:
        other = small_home.open()
        try:
            while not stop.is_set():
                other.disk.collect()
        except BaseException as error:  # noqa: BLE001  it is told by the test's own thread
            failures.append(error)
        finally:
            other.close()

    thread = threading.Thread(target=free)
    thread.start()
    try:
        for step in range(4):
            # To and fro, so that each build wants the very files that are being freed.
            edit(small_store, "small", add=["other"]) if step % 2 == 0 else edit(small_store, "small", remove=["other"])
            active = small_store.versions.get("small")
            assert active.prefix_state == "ready"
            assert small_store.versions.verify(f"small@{active.number}").problems == []
    finally:
        stop.set()
        thread.join()
    assert failures == []


def test_a_prefix_that_a_builder_works_on_is_left_alone(small_store: EnvStore) -> None:
    digest = hash_of(small_store, "small@1")
    with hold_lock(small_store.layout.prefix_lock(digest)):
        assert codes(small_store)["local/small@1"] == "building"
    assert "local/small@1" not in codes(small_store)


def test_a_build_that_found_its_lock_meanwhile_stops_the_freeing(catalog: Catalog) -> None:
    build = queue(catalog, "analysis")
    claim(catalog, build)
    assert catalog.holdings.free("ab" * 32, catalog.holdings.expected_locks())
    give_lock(catalog, build, ("python",))
    assert not catalog.holdings.free("ab" * 32, ()), "nobody looked yet where that lock leads"
    assert catalog.holdings.free("ab" * 32, catalog.holdings.expected_locks())


def test_a_version_that_became_needed_meanwhile_stops_the_freeing(small_store: EnvStore) -> None:
    holdings = small_store.catalog.holdings
    assert not holdings.free(hash_of(small_store, "small@2"), ())
    small_store.versions.pin("small@1")
    assert not holdings.free(hash_of(small_store, "small@1"), ())
    assert small_store.versions.get("small@1").prefix_state == "ready"


def test_a_version_that_is_freed_in_that_moment_is_built_before_it_becomes_active(
    small_store: EnvStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_envstore.switching.is_on_disk", lambda version: True)
    small_store.catalog.holdings.free(hash_of(small_store, "small@1"), ())
    switch = small_store.versions.activate("small@1")
    assert switch.build is not None
    assert small_store.environments.get("small").active_version == 2
    must_end_well(small_store, switch.build)
    assert small_store.environments.get("small").active_version == 1


# ---------------------------------------------------------------- the caches


def test_a_cache_that_a_build_uses_is_left_alone(small_store: EnvStore) -> None:
    small_store.environments.remove("small")
    with use_caches(small_store.layout), use_caches(small_store.layout):
        done = small_store.disk.collect()
    packages = {path.name for path in small_store.layout.package_cache.iterdir() if path.is_dir()}
    assert packages == {"base-1.0-0", "tool-1.0-0", "extra-1.0-0"}
    assert any("A build is using the cache" in note for note in done.notes)
    assert [item.kind for item in small_store.disk.collect().collected] == ["packages"]


def test_who_empties_the_caches_has_them_alone(small_store: EnvStore) -> None:
    with own_caches(small_store.layout) as mine, own_caches(small_store.layout) as others:
        assert (mine, others) == (True, False)
    with use_caches(small_store.layout), own_caches(small_store.layout) as mine:
        assert not mine


# ---------------------------------------------------------------- kills


@pytest.mark.parametrize("moment", ["catalog", "name", "files", "cache"])
def test_a_killed_collector_leaves_a_store_that_goes_on(
    small_store: EnvStore, small_home: StoreHome, moment: str
) -> None:
    edit(small_store, "small", add=["other"])
    small_store.versions.activate("small@2")
    small_store.close()
    settings = {"root_dir": str(small_home.store_dir), "kernels_dir": str(small_home.kernels_dir)}
    task = {"store": {**settings, **small_home.settings}, "moment": moment}

    done = subprocess.run([sys.executable, PROGRAM, json.dumps(task)], capture_output=True, text=True, check=False)

    assert done.stderr.endswith("killed\n"), done.stderr
    store = small_home.open()
    try:
        for number in (1, 2, 3):
            version = store.versions.get(f"small@{number}")
            assert version.prefix_state == "freed" or store.versions.verify(f"small@{number}").problems == []
        switch = store.versions.activate("small@3")
        if switch.build is not None:
            must_end_well(store, switch.build)
        assert store.versions.verify("small@3").problems == []
        store.disk.collect()
        names = {path.name for path in store.layout.prefixes.iterdir() if path.is_dir()}
        assert names == {store.layout.prefix(hash_of(store, "small@3")).name}, "what it left is gone"
        cached = {path.name for path in store.layout.package_cache.iterdir() if path.is_dir()}
        assert cached == {"base-1.0-0", "tool-1.0-0", "extra-1.0-0", "other-1.0-0"}
        assert store.disk.collect().collected == []
    finally:
        store.close()


def test_two_collections_at_once_end_well(small_store: EnvStore, small_home: StoreHome) -> None:
    must_end_well(small_store, small_store.builds.create("further", SMALL.replace("tool", "other")))
    small_store.environments.remove("further")
    processes = [small_home.start("collect", "--json") for _ in range(2)]
    answers = []
    for process in processes:
        out, error = process.communicate(timeout=120)
        assert process.returncode == 0, out + error
        answers.append(json.loads(out))
    small_store.disk.collect()
    names = {path.name for path in small_store.layout.prefixes.iterdir() if path.is_dir()}
    assert names == {small_store.layout.prefix(hash_of(small_store, "small@2")).name}
    assert small_store.versions.verify("small@2").problems == []
