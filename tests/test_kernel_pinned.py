"""Kernels that stay at one version: made when asked for, kept while used, made again for a notebook that names them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fixtures.small_kernels import KernelHome
from fixtures.store import StoreHome, finish
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from kernel_client import SECONDS, new_notebook, printed, read_notebook, write_notebook
from nbclient import NotebookClient

from jupyter_envstore.errors import (
    EnvironmentNotFoundError,
    InvalidReferenceError,
    KernelNotRegisteredError,
    VersionNotFoundError,
)
from jupyter_envstore.kernels.on_demand import answer_missing
from jupyter_envstore.kernels.target import KernelName, read_kernel_name
from jupyter_envstore.notebooks.state import version_of_kernel
from jupyter_envstore.prefixes.removal import remove_prefix
from jupyter_envstore.store import EnvStore

ACTIVE = "envstore-local--analysis"
PINNED = f"{ACTIVE}--v1"
FIRST = "name: analysis\ndependencies:\n  - python=3.12\n  - numpy <2\n  - ipykernel\n"
CODE = "import numpy; print(numpy.__version__.split('.')[0])"


def run(notebook: Path) -> str:
    """Run a notebook file as Jupyter's programs do and return what its first cell prints."""
    resources = {"metadata": {"path": str(notebook.parent)}}
    return printed(NotebookClient(read_notebook(notebook), timeout=SECONDS, resources=resources).execute())


def test_a_pinned_notebook_goes_on_with_its_version(jupyter: StoreHome, store: EnvStore, tmp_path: Path) -> None:
    assert finish(store, store.builds.create("analysis", FIRST)).state == "ready"
    assert finish(store, store.builds.submit(store.drafts.edit("analysis", add=["numpy >=2"]))).state == "ready"
    active, pinned = tmp_path / "active.ipynb", tmp_path / "pinned.ipynb"
    for path in (active, pinned):
        write_notebook(new_notebook(ACTIVE, CODE), path)
    assert store.notebooks.pin(pinned, "analysis@1") == PINNED
    assert (run(active), run(pinned)) == ("2", "1")

    # Neither the spec's loss nor another name of the environment changes that.
    store.environments.rename("analysis", "geo")
    assert (run(active), run(pinned)) == ("2", "1")
    shutil.rmtree(jupyter.kernels_dir / PINNED)
    with pytest.raises(NoSuchKernel):
        run(pinned)
    assert store.presentation.ensure_kernel(PINNED)
    assert run(pinned) == "1"
    # A freed version says so in the notebook.
    remove_prefix(store.layout, store.versions.get("geo@1").prefix_hash or "")
    with pytest.raises(Exception, match="local/geo, version 1, could not start"):
        run(pinned)
    assert run(active) == "2"


@pytest.fixture
def two(kernels: KernelHome) -> KernelHome:
    """An environment with two versions, whose kernels print their number."""
    kernels.create()
    kernels.edit("analysis")
    return kernels


def test_it_is_made_only_when_asked_for_and_told_apart(two: KernelHome) -> None:
    before = two.shown()
    assert before == {ACTIVE: "analysis (v2)", f"{ACTIVE}--ir": "analysis (v2) – R"}
    assert two.store.versions.kernel("analysis@1") == PINNED
    assert two.shown() == {
        **before,
        PINNED: "analysis (v1, pinned)",
        f"{PINNED}--ir": "analysis (v1, pinned) – R",
    }
    assert two.launch(PINNED) == two.launch(f"{PINNED}--ir") == "version 1.0"
    assert two.launch(ACTIVE) == "version 2.0"
    # It may be the active version as well, and stays when that moves on.
    assert two.store.versions.kernel("analysis@2") == f"{ACTIVE}--v2"
    two.store.versions.activate("analysis@1")
    assert (two.launch(ACTIVE), two.launch(f"{ACTIVE}--v2")) == ("version 1.0", "version 2.0")
    assert two.store.environments.kernels("analysis") == [ACTIVE, f"{ACTIVE}--ir"]


def test_what_is_no_version_has_none(two: KernelHome) -> None:
    before = two.shown()
    with pytest.raises(InvalidReferenceError, match="Add its number"):
        two.store.versions.kernel("analysis")
    with pytest.raises(VersionNotFoundError):
        two.store.versions.kernel("analysis@3")
    for name in (f"{ACTIVE}--v3", "envstore-local--other--v1", "python3", "envstore-", f"{ACTIVE}--v1--julia"):
        assert not two.store.presentation.ensure_kernel(name)
    assert two.shown().keys() - before.keys() == {PINNED, f"{PINNED}--ir"}, "of the last one, the version is there"


def test_a_version_without_a_kernel_is_told(kernels: KernelHome) -> None:
    version = kernels.create()
    prefix = Path(version.prefix or "")
    for folder in (prefix / "share" / "jupyter", prefix / "share"):
        folder.chmod(0o755)
    (prefix / "share/jupyter/kernels").rename(prefix / "share/jupyter/none")
    with pytest.raises(KernelNotRegisteredError, match="Add ipykernel"):
        kernels.store.versions.kernel("analysis@1")


@pytest.mark.parametrize(("days", "kept"), [(29, True), (31, False)])
def test_it_is_kept_while_it_is_used(two: KernelHome, days: int, kept: bool) -> None:
    two.store.versions.kernel("analysis@1")
    for name in (PINNED, f"{PINNED}--ir"):
        two.let_pass(days, name)
    assert two.store.presentation.reconcile() == []
    assert (PINNED in two.shown()) is (f"{PINNED}--ir" in two.shown()) is kept
    if not kept:
        assert two.store.presentation.ensure_kernel(f"{PINNED}--ir")
        assert two.store.presentation.reconcile() == []
        assert PINNED in two.shown()


def test_a_start_of_one_of_its_kernels_keeps_them_all(two: KernelHome) -> None:
    two.store.versions.kernel("analysis@1")
    for name in (PINNED, f"{PINNED}--ir"):
        two.let_pass(31, name)
    assert two.launch(f"{PINNED}--ir") == "version 1.0"
    two.store.presentation.present("local", "analysis")
    assert {PINNED, f"{PINNED}--ir"} <= two.shown().keys()


def test_it_goes_with_its_version_and_its_environment(two: KernelHome) -> None:
    two.store.versions.kernel("analysis@1")
    two.store.catalog.versions.delete("local", "analysis", 1)
    assert two.store.presentation.refresh([("local", "analysis")]) == []
    assert two.shown().keys() == {ACTIVE, f"{ACTIVE}--ir"}
    two.store.versions.kernel("analysis@2")
    two.store.environments.remove("analysis")
    assert two.shown() == {}
    assert not two.store.presentation.ensure_kernel(f"{ACTIVE}--v2")


def test_it_follows_a_rename(two: KernelHome) -> None:
    two.store.versions.kernel("analysis@1")
    two.store.environments.rename("analysis", "geo")
    assert two.shown()[PINNED] == "geo (v1, pinned), renamed from analysis"
    assert two.launch(PINNED) == "version 1.0"
    assert two.store.versions.kernel("analysis@1") == "envstore-local--geo--v1"
    assert two.shown()["envstore-local--geo--v1"] == "geo (v1, pinned)"


def specs(home: KernelHome) -> Path:
    return Path(home.store.kernels_dir)


def test_a_pin_means_one_lock_whoever_takes_the_name(two: KernelHome) -> None:
    two.store.versions.kernel("analysis@2")
    two.store.environments.rename("analysis", "geo")
    first = two.create("analysis")
    two.edit("analysis", "demo")  # the same number, other packages
    number = f"{ACTIVE}--v2"
    for forget in (False, True):
        if forget:
            shutil.rmtree(specs(two) / number)
            assert two.store.presentation.ensure_kernel(number)
        assert two.store.presentation.reconcile() == []
        assert two.shown()[number] == "geo (v2, pinned), renamed from analysis"
        assert two.launch(number) == "version 2.0"
    meant = version_of_kernel(number, two.store.catalog)
    assert meant is not None
    assert (meant.name, meant.number) == ("geo", 2)  # also for what asks which lock a notebook runs on
    notebook = {"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": {"kernelspec": {"name": number}}}
    assert two.store.reports.notebook(notebook).environment == "local/geo@2"
    # The newcomer's own number has a name that says the lock.
    assert first.number == 1
    own = two.store.versions.kernel("analysis@2")
    assert own == f"{number}-{two.store.versions.get('analysis@2').lock[:8]}"
    assert two.shown()[own] == "analysis (v2, pinned)"
    shutil.rmtree(specs(two) / own)
    assert two.store.presentation.ensure_kernel(f"{own}--ir")
    assert two.store.presentation.reconcile() == []
    assert {own, f"{own}--ir", number} <= two.shown().keys()
    assert not two.store.presentation.ensure_kernel(f"{number}-{'0' * 8}")
    # That name goes on meaning it when it is called otherwise, and has no number to give away.
    two.store.environments.rename("analysis", "maps")
    two.create("analysis")
    two.edit("analysis")
    assert two.store.presentation.reconcile() == []
    assert two.shown()[own] == "maps (v2, pinned), renamed from analysis"
    assert two.shown()[number] == "geo (v2, pinned), renamed from analysis"


def test_a_pin_to_what_was_removed_does_not_mean_what_came_after(two: KernelHome) -> None:
    two.store.environments.remove("analysis")
    two.create("analysis")
    two.edit("analysis", "demo")
    assert not two.store.presentation.ensure_kernel(PINNED)
    assert two.store.versions.kernel("analysis@1").startswith(f"{PINNED}-")
    two.store.environments.undelete("analysis", new_name="geo")
    assert two.store.presentation.ensure_kernel(PINNED)
    assert two.shown()[PINNED] == "geo (v1, pinned), renamed from analysis"


def test_a_name_that_was_had_back_means_the_same_as_before(two: KernelHome) -> None:
    two.store.environments.rename("analysis", "geo")
    two.store.environments.rename("geo", "analysis")
    assert two.store.versions.kernel("analysis@1") == PINNED


def test_a_freed_version_has_a_kernel_that_says_so(two: KernelHome) -> None:
    version = two.store.versions.get("analysis@1")
    remove_prefix(two.store.layout, version.prefix_hash or "")
    two.store.catalog.prefixes.set_state(version.prefix_hash or "", "freed")
    assert two.store.versions.kernel("analysis@1") == PINNED
    assert "fallback.py" in (Path(two.store.kernels_dir) / PINNED / "launch.sh").read_text()
    assert two.launch(PINNED) == ""
    assert two.store.builds.list().total == 2, "nothing is built"


def test_jupyters_manager_gets_it_when_it_asks(two: KernelHome) -> None:
    manager = KernelSpecManager(kernel_dirs=[two.store.kernels_dir], ensure_native_kernel=False)
    with pytest.raises(NoSuchKernel):
        manager.get_kernel_spec(PINNED)
    answer_missing(manager, lambda name: two.store.presentation.ensure_kernel(name))
    assert manager.get_kernel_spec(PINNED).display_name == "analysis (v1, pinned)"
    for unknown in ("python17", f"{ACTIVE}--v9"):
        with pytest.raises(NoSuchKernel):
            manager.get_kernel_spec(unknown)


def test_a_notebook_follows_its_environment_again(two: KernelHome, tmp_path: Path) -> None:
    notebook = tmp_path / "notebook.ipynb"

    def named() -> str:
        return str(read_notebook(notebook).metadata.kernelspec["name"])

    write_notebook(new_notebook(f"{ACTIVE}--ir", "1"), notebook)
    assert two.store.notebooks.unpin(notebook) == named() == f"{ACTIVE}--ir"
    write_notebook(new_notebook(f"{PINNED}--ir", "1"), notebook)
    assert two.store.notebooks.unpin(notebook) == named() == f"{ACTIVE}--ir"
    # Also when its version is gone, and under the name that the environment has by now.
    write_notebook(new_notebook(PINNED, "1"), notebook)
    two.store.versions.delete("analysis@1")
    two.store.environments.rename("analysis", "geo")
    assert two.store.notebooks.unpin(notebook) == named() == "envstore-local--geo"
    # Also when its kernel is not there.
    write_notebook(new_notebook(f"{ACTIVE}--v2", "1"), notebook)
    shutil.rmtree(two.home.kernels_dir / "envstore-local--geo")
    shutil.rmtree(two.home.kernels_dir / "envstore-local--geo--ir")
    assert two.store.notebooks.unpin(notebook) == named() == "envstore-local--geo"
    for other in ("python3", "envstore-local--none", "envstore-local--none--v1"):
        write_notebook(new_notebook(other, "1"), notebook)
        before = notebook.read_bytes()
        with pytest.raises(EnvironmentNotFoundError, match="no kernel of this store"):
            two.store.notebooks.unpin(notebook)
        assert notebook.read_bytes() == before


def test_commands_make_it_and_pin_notebooks(two: KernelHome, tmp_path: Path) -> None:
    assert two.home.json("kernel", "analysis@1") == {"kernel": PINNED}
    done = two.home.run("kernel", "analysis@2")
    assert done.stdout == f"{ACTIVE}--v2\n"
    assert "notebook pin FILE --environment analysis@2" in done.stderr
    notebook = tmp_path / "notebook.ipynb"
    write_notebook(new_notebook(ACTIVE, "1"), notebook)
    done = two.home.run("notebook", "pin", str(notebook), "--environment", "analysis@1")
    assert done.returncode == 0, done.stderr
    assert read_notebook(notebook).metadata.kernelspec == {
        "name": PINNED,
        "display_name": "analysis (v1, pinned)",
        "language": "python",
    }
    pinned = notebook.read_bytes()
    assert two.home.json("notebook", "unpin", str(notebook)) == {"path": str(notebook), "kernel": ACTIVE}
    assert read_notebook(notebook).metadata.kernelspec == {
        "name": ACTIVE,
        "display_name": "analysis (v2)",
        "language": "python",
    }
    followed = notebook.read_bytes()
    assert f"{notebook} uses {ACTIVE} from now on" in two.home.run("notebook", "unpin", str(notebook)).stdout
    assert notebook.read_bytes() == followed
    assert two.store.notebooks.pin(notebook, "analysis@1") == PINNED
    assert notebook.read_bytes() == pinned
    refused = two.home.run("notebook", "pin", str(notebook), "--environment", "analysis@7")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "has no version 7" in refused.stderr
    before = notebook.read_bytes()
    assert two.home.run("notebook", "pin", str(notebook), "--environment", "analysis").returncode == 2
    assert notebook.read_bytes() == before


def test_a_notebook_gets_the_kernel_of_its_language(two: KernelHome, tmp_path: Path) -> None:
    notebook = tmp_path / "notebook.ipynb"
    made = new_notebook(f"{ACTIVE}--ir", "1")
    made.metadata.kernelspec.language = "R"
    write_notebook(made, notebook)
    assert two.store.notebooks.pin(notebook, "analysis@1") == f"{PINNED}--ir"


@pytest.mark.parametrize(
    ("name", "read"),
    [
        (ACTIVE, KernelName("local", "analysis")),
        (PINNED, KernelName("local", "analysis", 1)),
        (f"{ACTIVE}--ir", KernelName("local", "analysis", None, "ir")),
        (f"{PINNED}--xeus--cling", KernelName("local", "analysis", 1, "xeus--cling")),
        (f"{PINNED}-0123abcd--ir", KernelName("local", "analysis", 1, "ir", "0123abcd")),
        (f"{ACTIVE}--v01", KernelName("local", "analysis", None, "v01")),
        (f"{ACTIVE}--v9999999999", KernelName("local", "analysis", None, "v9999999999")),
        *((name, None) for name in ("python3", "envstore-", "envstore-local", "envstore---", "conda-env--a--b", "")),
    ],
)
def test_names_of_kernels_are_read(name: str, read: KernelName | None) -> None:
    assert read_kernel_name(name) == read
