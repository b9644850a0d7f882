"""The names that a renamed environment had before: what leads where, for how long, and who may take them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from fixtures.small_kernels import DAY, KernelHome
from fixtures.store import finish
from kernel_channel import SPECIFICATION

from jupyter_envstore.errors import EnvironmentNotFoundError, InvalidInputError, KernelsFolderError, NameTakenError
from jupyter_envstore.kernels.registry import KernelRegistry
from jupyter_envstore.presentation import Presentation
from jupyter_envstore.store import EnvStore

ANALYSIS, GEO = "envstore-local--analysis", "envstore-local--geo"
SHOWN = {
    ANALYSIS: "geo (v1), renamed from analysis",
    f"{ANALYSIS}--ir": "geo (v1), renamed from analysis – R",
    GEO: "geo (v1)",
    f"{GEO}--ir": "geo (v1) – R",
}


@pytest.fixture
def renamed(kernels: KernelHome) -> KernelHome:
    """A store whose ``analysis`` is called ``geo`` now."""
    kernels.create()
    kernels.store.environments.rename("analysis", "geo")
    return kernels


@pytest.fixture
def other(kernels: KernelHome) -> Iterator[KernelHome]:
    """The same store as another server has it, with a kernels folder of its own."""
    store = EnvStore(
        root_dir=str(kernels.home.store_dir), kernels_dir=str(kernels.home.root / "other"), **kernels.home.settings
    )
    yield KernelHome(kernels.home, store)
    store.close()


def links(kernels: KernelHome) -> list[str]:
    return sorted(link.name for link in kernels.store.layout.environments.iterdir())


def refresh(kernels: KernelHome, since: int) -> None:
    """Do what a server does when it sees what another process changed."""
    changes = kernels.store.catalog.changes_since(since)
    assert kernels.store.presentation.refresh(changes.environments) == []


def test_every_kernel_goes_on_under_the_old_name(renamed: KernelHome) -> None:
    assert renamed.shown() == SHOWN
    renamed.edit("geo")
    for name in SHOWN:
        assert renamed.launch(name) == "version 2.0"
    assert renamed.shown()[ANALYSIS] == "geo (v2), renamed from analysis"
    assert renamed.store.presentation.reconcile() == []
    assert renamed.shown()[ANALYSIS] == "geo (v2), renamed from analysis"


def test_another_server_follows(kernels: KernelHome, other: KernelHome) -> None:
    kernels.create()
    other.store.presentation.reconcile()
    assert other.shown() == {ANALYSIS: "analysis (v1)", f"{ANALYSIS}--ir": "analysis (v1) – R"}
    since = kernels.store.catalog.sequence()
    kernels.store.environments.rename("analysis", "geo")
    kernels.store.environments.rename("geo", "maps")
    refresh(other, since)
    assert other.shown()[ANALYSIS] == "maps (v1), renamed from analysis"
    assert other.shown()[GEO] == "maps (v1), renamed from geo"
    since = kernels.store.catalog.sequence()
    kernels.store.environments.remove("maps")
    refresh(other, since)
    assert other.shown() == {}


def test_a_process_killed_after_the_catalog_is_made_up_for(kernels: KernelHome) -> None:
    kernels.create()
    kernels.store.catalog.aliases.rename("local", "analysis", "local", "geo")
    assert kernels.shown()[ANALYSIS] == "analysis (v1)"
    assert kernels.store.presentation.reconcile() == []
    assert kernels.shown() == SHOWN
    assert links(kernels) == ["geo"]
    assert kernels.home.conda_list.read_text() == f"{kernels.store.layout.environments / 'geo'}\n"


class Killed(BaseException):
    """Ends what runs, as a kill does."""


@pytest.mark.parametrize("step", ["_remove_link", "present", "_forget_warning"])
def test_a_process_killed_while_it_shows_the_new_name_is_made_up_for(
    kernels: KernelHome, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def be_killed(*_: object) -> None:
        raise Killed

    kernels.create()
    with monkeypatch.context() as patch:
        patch.setattr(Presentation, step, be_killed)
        with pytest.raises(Killed):
            kernels.store.environments.rename("analysis", "geo")
    store = kernels.home.open()  # a new process on the same folders
    assert store.presentation.reconcile() == []
    store.close()
    assert kernels.shown() == SHOWN
    assert links(kernels) == ["geo"]
    assert kernels.home.conda_list.read_text() == f"{kernels.store.layout.environments / 'geo'}\n"


def test_a_kernels_folder_that_cannot_be_written_does_not_take_a_rename_back(
    kernels: KernelHome, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise KernelsFolderError("The kernels folder cannot be written.")

    kernels.create()
    with monkeypatch.context() as patch:
        patch.setattr(KernelRegistry, "arrange", refuse)
        assert kernels.store.environments.rename("analysis", "geo").name == "geo"
    assert "cannot be written" in caplog.text
    kernels.store.presentation.reconcile()
    assert kernels.shown() == SHOWN


def test_another_environment_may_take_the_old_name(renamed: KernelHome, other: KernelHome) -> None:
    other.store.presentation.reconcile()
    assert other.shown() == SHOWN
    since = renamed.store.catalog.sequence()
    build = renamed.store.builds.create("Analysis", SPECIFICATION)
    # From here on the name is the new one's, which has no kernel yet: those there are go on.
    assert renamed.store.environments.get("analysis").active_version is None
    refresh(other, since)
    assert other.shown() == SHOWN
    assert finish(renamed.store, build).state == "ready"
    assert renamed.shown()[ANALYSIS] == "Analysis (v1)"
    assert renamed.shown()[GEO] == "geo (v1)"
    refresh(other, since)
    assert other.shown() == renamed.shown()
    assert renamed.store.catalog.aliases.all() == []


def test_a_create_that_fails_takes_no_name_away(renamed: KernelHome) -> None:
    since = renamed.store.catalog.sequence()
    failed = finish(renamed.store, renamed.store.builds.create("analysis", "dependencies: [demo=9]\n"))
    assert failed.state == "failed"
    refresh(renamed, since)
    assert renamed.store.presentation.reconcile() == []
    assert renamed.shown() == SHOWN
    shutil.rmtree(Path(renamed.store.kernels_dir) / ANALYSIS)
    assert renamed.store.presentation.ensure_kernel(ANALYSIS)
    assert renamed.launch(ANALYSIS) == "version 1.0"
    # Whatever becomes of what failed: another name leaves none of its own behind.
    assert renamed.store.environments.rename("analysis", "maps").active_version is None
    assert renamed.store.environments.get("analysis").name == "geo"
    renamed.store.environments.rename("maps", "analysis")
    renamed.store.environments.remove("analysis")
    refresh(renamed, since)
    assert renamed.shown() == SHOWN
    assert renamed.store.environments.get("analysis").name == "geo"


def test_names_that_are_taken_are_refused_in_any_case(kernels: KernelHome) -> None:
    kernels.create()
    kernels.store.catalog.environments.create("local", "Geo")
    before = kernels.store.environments.get("analysis")
    for name in ("geo", "GEO", "local/gEO"):
        with pytest.raises(NameTakenError, match="local/Geo already"):
            kernels.store.environments.rename("analysis", name)
    for name in ("a--b", "", "ä", "team/a b", "x/y/z", "geo@1"):
        with pytest.raises(InvalidInputError):
            kernels.store.environments.rename("analysis", name)
    with pytest.raises(EnvironmentNotFoundError):
        kernels.store.environments.rename("nothing", "else")
    assert kernels.store.environments.get("analysis") == before
    kernels.store.environments.remove("Geo")
    assert kernels.store.environments.rename("analysis", "geo").name == "geo"  # a removed one's name is free


def test_only_upper_and_lower_case_may_change(kernels: KernelHome) -> None:
    kernels.create()
    assert kernels.store.environments.rename("analysis", "Analysis").name == "Analysis"
    assert kernels.shown() == {ANALYSIS: "Analysis (v1)", f"{ANALYSIS}--ir": "Analysis (v1) – R"}
    assert links(kernels) == ["Analysis"]
    assert kernels.store.catalog.aliases.all() == []


def test_a_name_can_be_had_back(renamed: KernelHome) -> None:
    assert renamed.store.environments.rename("analysis", "analysis").name == "analysis"
    assert renamed.shown() == {
        ANALYSIS: "analysis (v1)",
        f"{ANALYSIS}--ir": "analysis (v1) – R",
        GEO: "analysis (v1), renamed from geo",
        f"{GEO}--ir": "analysis (v1), renamed from geo – R",
    }
    assert renamed.store.environments.get("geo").name == "analysis"
    assert links(renamed) == ["analysis"]


def test_an_environment_may_move_to_another_namespace(kernels: KernelHome) -> None:
    kernels.create()
    moved = kernels.store.environments.rename("analysis", "Team/analysis")
    assert (moved.namespace, moved.name) == ("Team", "analysis")
    assert kernels.shown()[ANALYSIS] == "Team/analysis (v1), renamed from analysis"
    assert kernels.shown()["envstore-team--analysis"] == "Team/analysis (v1)"
    assert links(kernels) == ["Team--analysis"]
    # Without a namespace the new name is one in the environment's own.
    assert kernels.store.environments.rename("team/analysis", "geo").namespace == "Team"
    assert kernels.store.environments.get("analysis").name == "geo"


def test_removing_and_bringing_back_includes_the_old_names(renamed: KernelHome) -> None:
    renamed.store.environments.remove("analysis")
    assert renamed.shown() == {}
    with pytest.raises(EnvironmentNotFoundError):
        renamed.store.environments.get("analysis")
    renamed.store.environments.undelete("geo")
    assert renamed.shown() == SHOWN


def test_an_old_name_that_was_taken_meanwhile_does_not_come_back(renamed: KernelHome) -> None:
    renamed.store.environments.remove("geo")
    renamed.create("analysis")
    renamed.store.environments.undelete("geo")
    assert renamed.shown()[ANALYSIS] == "analysis (v1)"
    assert renamed.shown()[GEO] == "geo (v1)"
    assert renamed.store.catalog.aliases.all() == []


def test_bringing_back_takes_a_name_from_what_was_renamed(renamed: KernelHome) -> None:
    renamed.create("analysis")
    renamed.store.environments.remove("analysis")
    renamed.store.environments.rename("geo", "maps")
    renamed.store.environments.rename("maps", "analysis")
    renamed.store.environments.rename("analysis", "geo")
    assert renamed.store.environments.get("analysis").name == "geo"
    renamed.store.environments.undelete("analysis")
    assert renamed.store.environments.get("analysis").name == "analysis"
    assert renamed.shown()[ANALYSIS] == "analysis (v1)"


@pytest.mark.parametrize(("started", "kept"), [(None, False), (100, False), (10, True)])
def test_an_old_name_is_forgotten_when_nobody_starts_it(renamed: KernelHome, started: int | None, kept: bool) -> None:
    store = renamed.store
    with sqlite3.connect(store.layout.catalog) as connection:
        long_ago = datetime.now(timezone.utc) - timedelta(days=91)
        connection.execute("UPDATE alias SET last_used = ?", (long_ago.replace(tzinfo=None).isoformat(" "),))
    stamp = store.layout.used_kernel(ANALYSIS)
    assert not stamp.exists()
    if started is not None:
        assert renamed.launch(f"{ANALYSIS}--ir") == "version 1.0"
        stamp = store.layout.used_kernel(f"{ANALYSIS}--ir")
        moment = time.time() - started * DAY
        assert stamp.stat().st_mtime > time.time() - DAY, "the launch script stamps each start"
        os.utime(stamp, (moment, moment))
    # Another name that begins alike says nothing about this one.
    store.layout.used_kernel(f"{ANALYSIS}2").touch()
    assert store.presentation.reconcile() == []
    assert (ANALYSIS in renamed.shown()) is kept
    assert stamp.exists() is kept
    if kept:
        assert store.environments.get("analysis").name == "geo"
    else:
        with pytest.raises(EnvironmentNotFoundError):
            store.environments.get("analysis")
    assert GEO in renamed.shown()


def test_a_build_goes_on_while_its_environment_is_renamed(kernels: KernelHome) -> None:
    kernels.create()
    store = kernels.store
    build = store.builds.submit(store.drafts.edit("analysis", add=["demo=2"]))
    store.environments.rename("analysis", "geo")
    # Whoever runs it may hold the old name, so nobody else gets that before the end.
    with pytest.raises(NameTakenError, match="local/geo, which is being built"):
        store.builds.create("analysis", SPECIFICATION)
    assert store.environments.rename("geo", "analysis").name == "analysis"
    store.environments.rename("analysis", "geo")
    assert finish(store, build).state == "ready"
    assert store.environments.get("geo").active_version == 2
    assert kernels.launch(ANALYSIS) == kernels.launch(GEO) == "version 2.0"
    assert store.builds.create("analysis", SPECIFICATION).name == "analysis"


def test_an_environment_without_a_version_can_be_renamed(kernels: KernelHome) -> None:
    build = kernels.store.builds.create("analysis", SPECIFICATION)
    kernels.store.environments.rename("analysis", "geo")
    assert finish(kernels.store, build).state == "ready"
    assert kernels.shown() == SHOWN


def test_names_that_were_found_by_commands_are_the_present_ones(renamed: KernelHome) -> None:
    assert renamed.home.json("show", "analysis")["name"] == "geo"
    done = renamed.home.run("rename", "analysis", "maps")
    assert done.returncode == 0, done.stderr
    assert "local/geo is called local/maps from now on" in done.stdout
    assert renamed.home.json("rename", "geo", "team/maps")["namespace"] == "team"
    taken = renamed.home.run("rename", "nothing", "x")
    assert (taken.returncode, taken.stdout) == (1, "")
    assert "There is no environment local/nothing" in taken.stderr
