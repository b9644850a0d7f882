"""What a notebook carries is looked into, built or found, and refused where it must not be built."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures.small import edit, must_end_well
from fixtures.store import StoreHome, finish
from small_packages_channel import SMALL, write_small_channel

from jupyter_envstore.errors import (
    ChannelNotAllowedError,
    EnvStoreError,
    LockChangedError,
    LockfileError,
    NameTakenError,
    NothingCarriedError,
    PlatformError,
    PolicyError,
)
from jupyter_envstore.lock.document import lock_hash
from jupyter_envstore.notebooks.text import NotebookText
from jupyter_envstore.store import EnvStore

Other = Callable[..., EnvStore]


def notebook(**metadata: Any) -> NotebookText:
    return NotebookText.read(json.dumps({"cells": [], "metadata": metadata, "nbformat": 4}).encode(), "n.ipynb")


def changed(carrying: NotebookText, change: Callable[[Any], object], *, sign: bool = False) -> NotebookText:
    """Return the notebook as somebody else wrote it; with ``sign`` they knew what the hash is for."""
    held = copy.deepcopy(carrying.metadata["envstore"])
    change(held)
    if sign:
        held["sha256"] = lock_hash(held["lockfile"])
    return notebook(envstore=held)


@pytest.fixture
def carrying(small_store: EnvStore) -> NotebookText:
    """A notebook that carries version 2 of ``small``."""
    return small_store.notebooks.embed(notebook(), "small")[0]


@pytest.fixture
def other(tmp_path: Path, small_home: StoreHome, small_store: EnvStore) -> Any:
    """Open another person's store, which is empty; its settings may differ."""
    opened: list[EnvStore] = []

    def open_it(**settings: Any) -> EnvStore:
        home = StoreHome(tmp_path / "other", {**small_home.settings, **settings})
        home.root.mkdir()
        opened.append(home.open())
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


def test_another_store_builds_exactly_that_and_finds_it_again(
    small_store: EnvStore, carrying: NotebookText, other: Other
) -> None:
    store = other()
    told = store.notebooks.look_into(carrying, file="work/report.ipynb")
    assert (told.convention, told.locked, told.valid, told.name, told.name_taken) == (
        "envstore",
        True,
        True,
        "small",
        False,
    )
    assert told.environment == "local/small@2"
    assert [package.name for package in told.packages] == ["base", "extra", "tool"]
    assert [(channel.packages, channel.configured) for channel in told.channels] == [(3, True)]
    assert (told.pip, told.existing, told.remarks) == (0, [], [])
    assert store.notebooks.state(carrying).state == "missing"

    done = store.notebooks.restore(carrying)
    assert done.build is not None
    assert (done.build.kind, done.build.message, done.environment) == ("restore", "Restore from a notebook", "")
    must_end_well(store, done.build)
    version, theirs = store.versions.get("small@1"), small_store.versions.get("small@2")
    assert (version.lock, version.prefix_hash) == (theirs.lock, theirs.prefix_hash)
    assert version.specification == theirs.specification
    assert store.versions.lockfile("small") == small_store.versions.lockfile("small@2")
    assert version.size > 0, "the channel was asked for what the lock leaves out"

    assert store.notebooks.look_into(carrying).existing == ["local/small@1"]
    again = store.notebooks.restore(carrying)
    assert (again.build, again.environment) == (None, "local/small@1")
    assert store.builds.list().total == 1


def test_what_is_being_built_is_not_built_twice(carrying: NotebookText, other: Other) -> None:
    store = other()
    first = store.notebooks.restore(carrying).build
    assert first is not None
    assert store.notebooks.state(carrying).building == first.id
    second = store.notebooks.restore(carrying)
    assert (second.build and second.build.id, second.environment) == (first.id, "")
    named = store.notebooks.restore(carrying, "elsewhere").build
    assert named is not None
    assert named.id != first.id, "who gives a name means an environment of that name"
    assert store.notebooks.state(notebook()).building is None
    less = changed(carrying, lambda held: held["lockfile"]["package"].pop(), sign=True)
    assert store.notebooks.state(less).building is None
    must_end_well(store, first)
    must_end_well(store, named)
    assert store.notebooks.state(carrying).building is None


def test_what_it_costs_is_told_before_it_is_built(small_store: EnvStore, carrying: NotebookText, other: Other) -> None:
    store = other()
    unasked = store.notebooks.look_into(carrying)
    assert (unasked.size, unasked.here, unasked.download, unasked.unknown_sizes) == (None, 0, None, 3)
    assert (unasked.size_on_disk, unasked.size_is_estimated) == (None, False)
    theirs = small_store.versions.packages("small@2")
    total = sum(package.size or 0 for package in theirs)

    asked = store.notebooks.look_into(carrying, sizes=True)
    assert (asked.size, asked.here, asked.download, asked.unknown_sizes) == (total, 0, total, 0)
    assert [package.size for package in asked.packages] == [package.size for package in theirs]
    assert asked.size_is_estimated
    assert asked.size_on_disk is not None
    assert asked.size_on_disk > total

    must_end_well(store, store.builds.create("part", "dependencies: [tool]"))  # brings two of the three
    part = store.notebooks.look_into(carrying)
    extra = next(package for package in theirs if package.name == "extra")
    assert (part.here, part.download, part.unknown_sizes) == (2, None, 1)
    assert part.size == total - (extra.size or 0)
    assert store.notebooks.look_into(carrying, sizes=True).download == extra.size

    built = store.notebooks.restore(carrying).build
    assert built is not None
    must_end_well(store, built)
    whole = store.notebooks.look_into(carrying)
    assert (whole.here, whole.download, whole.unknown_sizes, whole.size_is_estimated) == (3, 0, 0, False)
    prefix = store.catalog.prefixes.get(store.versions.get("small").prefix_hash or "")
    assert whole.size_on_disk == prefix.size


def test_a_channel_that_nobody_allowed_is_not_asked_for_sizes(carrying: NotebookText, other: Other) -> None:
    store = other(default_channels=["conda-forge"])
    told = store.notebooks.look_into(carrying, sizes=True)
    assert (told.valid, told.size) == (False, None)
    assert not store.has_part("searcher")


def test_a_lock_for_fewer_platforms_is_the_same_files(small_store: EnvStore, other: Other) -> None:
    must_end_well(small_store, small_store.builds.create("both", SMALL, platforms=["osx-arm64"]))
    small_store.presentation.reconcile()
    part, _ = small_store.notebooks.embed(notebook(), "both", platforms=["linux-64"])
    assert small_store.notebooks.look_into(part).existing[0] == "local/both@1"
    store = other()
    built = store.notebooks.restore(part).build
    assert built is not None
    must_end_well(store, built)
    assert store.versions.get("both").platforms == ["linux-64"]


def test_a_version_whose_files_were_freed_is_made_again(small_store: EnvStore) -> None:
    first, _ = small_store.notebooks.embed(notebook(), "small@1")
    small_store.disk.collect(dry_run=False)
    assert small_store.versions.get("small@1").prefix_state == "freed"
    done = small_store.notebooks.restore(first)
    assert done.build is not None
    assert (done.build.kind, done.environment) == ("repair", "local/small@1")
    must_end_well(small_store, done.build)
    assert small_store.versions.get("small@1").prefix_state == "ready"


def test_a_name_that_is_taken_is_not_touched(small_store: EnvStore, carrying: NotebookText, other: Other) -> None:
    store = other()
    must_end_well(store, store.builds.create("small", "dependencies: [other]"))
    told = store.notebooks.look_into(carrying)
    assert (told.name, told.name_taken) == ("small-2", True)
    with pytest.raises(NameTakenError):
        store.notebooks.restore(carrying, "small")
    done = store.notebooks.restore(carrying)
    assert done.build is not None
    assert done.build.name == "small-2"
    must_end_well(store, done.build)
    assert store.versions.get("small-2").lock == small_store.versions.get("small").lock


@pytest.mark.parametrize("name", ["../../etc", "a--b", "", "x" * 200, 7, None, "a/b", "local/small@9"])
def test_a_name_that_escapes_is_not_taken(carrying: NotebookText, other: Other, name: Any) -> None:
    told = other().notebooks.look_into(
        changed(carrying, lambda held: held["environment"].update(name=name)), file="r.ipynb"
    )
    assert told.name == "r"


def test_a_changed_lock_is_refused(carrying: NotebookText, other: Other) -> None:
    store = other()
    for change in (
        lambda held: held["lockfile"]["package"][0].update(version="9"),
        lambda held: held.update(sha256="0" * 64),
        lambda held: held.pop("sha256"),
    ):
        hostile = changed(carrying, change)
        with pytest.raises(LockChangedError, match="changed after it was recorded"):
            store.notebooks.restore(hostile)
        assert "changed after" in store.notebooks.state(hostile).problem
    assert store.builds.list().total == 0


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda held: held.update(schema=2), LockfileError),
        (lambda held: held.update(lockfile=[1]), LockfileError),
        (lambda held: held["lockfile"].pop("metadata"), LockfileError),
        (lambda held: held["lockfile"]["package"][0].update(url="file:///etc/passwd"), EnvStoreError),
        (
            lambda held: held["lockfile"]["package"][0].update(url="https://h.example/x/noarch/base-1.0-0.conda"),
            PolicyError,
        ),
    ],
    ids=["newer", "list", "no metadata", "file", "channel"],
)
def test_what_must_not_be_built_is_not(
    carrying: NotebookText, other: Other, change: Any, kind: type[Exception]
) -> None:
    store = other()
    with pytest.raises(kind):
        store.notebooks.restore(changed(carrying, change, sign=True))
    assert store.builds.list().total == 0


def test_a_channel_has_to_be_chosen_by_the_person(carrying: NotebookText, other: Other) -> None:
    channel = carrying.metadata["envstore"]["lockfile"]["metadata"]["channels"][0]["url"]
    store = other(default_channels=["https://conda.example/ours"])
    told = store.notebooks.look_into(carrying)
    assert not told.valid
    assert [(one.configured, one.allowable) for one in told.channels] == [(False, True)]
    with pytest.raises(ChannelNotAllowedError, match="The notebook takes base, extra, tool from a folder of this"):
        store.notebooks.restore(carrying)
    done = store.notebooks.restore(carrying, allow_channels=[channel])
    assert done.build is not None
    must_end_well(store, done.build)


def test_a_lock_for_other_platforms_only_is_locked_anew_when_asked(small_store: EnvStore, other: Other) -> None:
    must_end_well(small_store, small_store.builds.create("mac", SMALL, platforms=["osx-arm64"]))
    foreign, _ = small_store.notebooks.embed(notebook(), "mac", platforms=["osx-arm64"])
    store = other()
    told = store.notebooks.look_into(foreign)
    assert not told.valid
    assert "locked for osx-arm64, and this machine is linux-64" in told.remarks[-1].message
    assert "--relock" in told.remarks[-1].message
    with pytest.raises(PlatformError, match="locked anew"):
        store.notebooks.restore(foreign)
    done = store.notebooks.restore(foreign, relock=True)
    assert done.build is not None
    must_end_well(store, done.build)
    assert "linux-64" in store.versions.get("mac").platforms
    again = store.notebooks.restore(foreign, relock=True)
    assert (again.build, again.environment) == (None, "local/mac@1"), "what was locked anew is found again"


@pytest.mark.parametrize(
    "line", ["--index-url https://h.example/simple", "x @ https://h.example/x-1-py3-none-any.whl", "-e ./x"]
)
def test_where_programs_come_from_is_not_taken_from_a_notebook(carrying: NotebookText, other: Other, line: str) -> None:
    store = other()
    text = f"dependencies:\n  - tool\n  - pip:\n      - {line}\n"
    with pytest.raises(EnvStoreError):
        store.notebooks.restore(changed(carrying, lambda held: held.update(specification=text)), relock=True)
    assert store.builds.list().total == 0


def test_what_is_solved_for_a_notebook_passes_the_gate_as_a_strangers(other: Other, tmp_path: Path) -> None:
    """Whoever queues it: its channels are not a person's own choice."""
    store, channel = other(), write_small_channel(tmp_path / "strange").as_uri()
    text = f"channels: ['{channel}']\ndependencies: [tool]\n"
    refused = finish(store, store.builds.restore("refused", text))
    assert refused.error is not None
    assert "notebook" in refused.error.message
    assert not store.versions.list("refused").items
    must_end_well(store, store.builds.restore("allowed", text, allow_channels=[channel]))


def test_what_another_program_wrote_is_locked_and_built(small_store: EnvStore, other: Other) -> None:
    channel = small_store.default_channels[0]
    asked = {"name": "theirs", "channels": [channel], "dependencies": ["tool=1", "python", "ipykernel"]}
    store = other()
    told = store.notebooks.look_into(notebook(environment=asked))
    assert (told.convention, told.locked, told.name, told.valid) == ("conda", False, "theirs", True)
    assert [(one.name, one.configured) for one in told.channels] == [(channel, True)]
    strange = notebook(environment={**asked, "channels": ["https://h.example/x"]})
    assert not store.notebooks.look_into(strange).valid
    with pytest.raises(PolicyError, match=r"https://h\.example/x, which this store does not use"):
        store.notebooks.restore(strange)
    assert store.builds.list().total == 0
    done = store.notebooks.restore(notebook(environment=asked))
    assert done.build is not None
    ended = finish(store, done.build)
    assert (ended.kind, ended.state) == ("restore", "failed"), "the channel has no Python"
    assert ended.error is not None
    assert ended.error.code in ("unsolvable", "package_not_found")


def test_a_notebook_that_carries_nothing_says_so(small_store: EnvStore) -> None:
    for empty in (notebook(), notebook(envstore={"schema": 1}), notebook(envstore=7)):
        with pytest.raises(NothingCarriedError, match=r"n\.ipynb carries no environment"):
            small_store.notebooks.restore(empty)


def test_state_says_which_way_and_what_differs(small_store: EnvStore, carrying: NotebookText, other: Other) -> None:
    notebooks = small_store.notebooks
    kernel = "envstore-local--small"
    assert notebooks.state(notebook(kernelspec={"name": kernel})).state == "none"
    agrees = notebooks.state(carrying, kernel=kernel)
    assert (agrees.state, agrees.environment, agrees.carried) == ("agrees", "local/small@2", "local/small@2")
    assert notebooks.state(carrying, kernel="envstore-local--small--v2").state == "agrees"

    newer = notebooks.state(carrying, kernel="envstore-local--small--v1")
    assert (newer.state, newer.direction, newer.environment) == ("differs", "newer", "local/small@1")
    assert [(c.kind, c.name) for part in newer.changes for c in part.changes] == [("removed", "extra")]
    edit(small_store, "small", add=["other"])
    older = notebooks.state(carrying, kernel=kernel)
    assert (older.state, older.direction, older.existing) == ("differs", "older", ["local/small@2"])
    assert [(c.kind, c.name) for part in older.changes for c in part.changes] == [("added", "other")]

    running = notebooks.state(carrying, kernel=kernel, environment="small@2")
    assert (running.state, running.environment) == ("agrees", "local/small@2"), "the kernel was not restarted since"
    assert running.packages == len(small_store.versions.packages("small@2"))
    assert running.recorded == carrying.metadata["envstore"]["recorded"]

    elsewhere = notebooks.state(carrying, kernel="python3")
    assert (elsewhere.state, elsewhere.environment, elsewhere.existing) == ("differs", "", ["local/small@2"])
    assert other().notebooks.state(carrying, kernel=kernel).state == "missing"
