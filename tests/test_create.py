"""From a specification to a version on disk with a kernel: the main job, in this process."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.store import StoreHome, finish

from jupyter_envstore.errors import (
    InvalidNameError,
    KernelsFolderError,
    NameTakenError,
    NoRunnerError,
    PackageNotFoundError,
    SpecificationError,
)
from jupyter_envstore.kernels.environment import apply
from jupyter_envstore.schemas import Build
from jupyter_envstore.store import EnvStore

NUMPY = """\
# what the course needs
name: analysis
dependencies:
  - python=3.12   # the newest that all of it has
  - numpy
  - ipykernel
variables:
  COURSE: "it's 50 % \\"done\\""
"""
SMALL = "name: small\ndependencies: [python=3.12]\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, channel_url: str) -> StoreHome:
    """A home in which `analysis` was created once, for the tests that only look."""
    place = StoreHome(tmp_path_factory.mktemp("shared"))
    place.settings = {"default_channels": [channel_url], "conda_environments_file": str(place.conda_list)}
    store = place.open()
    try:
        build = finish(store, store.builds.create("analysis", NUMPY, message="First"))
        assert build.state == "ready", build.error
    finally:
        store.close()
    return place


@pytest.fixture
def created(shared: StoreHome) -> Iterator[EnvStore]:
    opened = shared.open()
    yield opened
    opened.close()


def test_a_created_environment_has_one_active_version(created: EnvStore) -> None:
    environment = created.environments.get("analysis")
    assert (environment.state, environment.active_version) == ("ready", 1)
    version = created.versions.get("analysis")
    assert (version.number, version.message, version.active) == (1, "First", True)
    assert version.specification == NUMPY
    assert version.package_count == len(created.versions.packages("analysis"))
    assert {"python", "numpy", "ipykernel"} <= {package.name for package in created.versions.packages("analysis")}
    assert version.size == sum(package.size or 0 for package in created.versions.packages("analysis"))


def test_its_prefix_runs_and_is_complete(created: EnvStore) -> None:
    version = created.versions.get("analysis")
    assert version.prefix is not None
    python = Path(version.prefix) / "bin" / "python"
    done = subprocess.run(
        [python, "-c", "import numpy, sys; print(numpy.__version__, sys.prefix)"],
        env={},
        capture_output=True,
        text=True,
        check=True,
    )
    locked = {package.name: package.version for package in created.versions.packages("analysis")}
    assert done.stdout.split() == [locked["numpy"], version.prefix]
    assert created.versions.verify("analysis").problems == []


def test_the_kernel_is_there_with_the_version_in_its_name(shared: StoreHome, created: EnvStore) -> None:
    spec = json.loads((shared.kernels_dir / "envstore-local--analysis" / "kernel.json").read_text())
    assert spec["display_name"] == "analysis (v1)"
    assert spec["metadata"]["envstore"]["environment"] == "local/analysis"
    assert spec["metadata"]["envstore"]["lock"] == created.versions.get("analysis").lock


def test_conda_lists_the_link_and_not_the_prefix(shared: StoreHome, created: EnvStore) -> None:
    link = created.layout.environments / "analysis"
    assert str(link.resolve()) == str(Path(created.versions.get("analysis").prefix or "").resolve())
    assert shared.conda_list.read_text().split() == [str(link)]


def test_variables_reach_a_command_exactly(created: EnvStore) -> None:
    environ = apply(created.versions.surroundings("analysis"), os.environ)
    assert environ["COURSE"] == 'it\'s 50 % "done"'
    assert environ["CONDA_PREFIX"] == created.versions.get("analysis").prefix


def test_the_log_tells_the_story(created: EnvStore) -> None:
    build = created.builds.list().items[0]
    text, offset = created.builds.log_text(build.id)
    assert "Locked:" in text
    assert "Version 1 is ready." in text
    assert created.builds.log_text(build.id, offset) == ("", offset)
    assert set(build.seconds) >= {"locking", "installing", "registering"}


def test_progress_never_runs_backwards(store: EnvStore) -> None:
    seen: list[Build] = list(store.builds.watch(store.builds.create("small", SMALL).id))
    fractions = [build.progress.fraction for build in seen]
    assert fractions == sorted(fractions)
    order = ["queued", "locking", "fetching", "installing", "registering", "ready"]
    states = [order.index(build.state) for build in seen]
    assert states == sorted(states)
    assert seen[-1].state == "ready"


def test_the_same_lock_is_built_once(store: EnvStore) -> None:
    first = finish(store, store.builds.create("one", SMALL))
    second = finish(store, store.builds.create("team/two", SMALL.replace("small", "other")))
    assert first.state == second.state == "ready"
    one, two = store.versions.get("one"), store.versions.get("team/two")
    assert one.prefix == two.prefix
    assert [path.name for path in store.layout.prefixes.iterdir() if path.is_dir()] == [Path(one.prefix or "").name]


def test_a_name_is_taken_while_its_environment_lives(store: EnvStore) -> None:
    finish(store, store.builds.create("small", SMALL))
    with pytest.raises(NameTakenError, match="another"):
        store.builds.create("SMALL", SMALL)
    store.environments.remove("small")
    assert not list(store.layout.environments.iterdir())
    assert finish(store, store.builds.create("Small", SMALL)).state == "ready"
    with pytest.raises(NameTakenError):
        store.environments.undelete("small")


def test_what_is_removed_comes_back_with_its_kernel(home: StoreHome, store: EnvStore) -> None:
    finish(store, store.builds.create("small", SMALL))
    store.environments.remove("small")
    assert store.environments.list().items == []
    assert home.conda_list.read_text() == ""
    store.environments.undelete("small")
    assert store.environments.get("small").state == "ready"
    assert (store.layout.environments / "small").is_symlink()
    assert store.versions.verify("small").problems == []


def test_a_failed_create_stays_listed_and_may_be_tried_again_under_its_name(store: EnvStore) -> None:
    failed = finish(store, store.builds.create("small", SMALL.replace("python=3.12", "pyhton")))
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error.code == PackageNotFoundError.code
    assert "python" in failed.error.details["packages"]["pyhton"]
    assert store.environments.get("small").state == "failed"
    assert finish(store, store.builds.create("small", SMALL)).state == "ready"


@pytest.mark.parametrize(
    ("specification", "error"),
    [
        ("dependencies: [python, {pip: [-e .]}]\n", SpecificationError),
        ("dependencies: [numpy]\ndependancies: []\n", SpecificationError),
    ],
)
def test_what_cannot_be_built_is_refused_before_anything_is_made(
    store: EnvStore, specification: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        store.builds.create("bad", specification)
    assert store.environments.list().total == 0
    assert store.builds.list().total == 0


@pytest.mark.parametrize("name", ["", "a/b/c", "..", "a--b", "x" * 300, "é", None])
def test_a_bad_name_is_refused_before_anything_is_made(store: EnvStore, name: str | None) -> None:
    with pytest.raises(InvalidNameError if name != "a/b/c" else Exception):
        store.builds.create(name, SMALL)
    assert store.environments.list().total == 0


def test_no_wait_without_a_server_is_refused(store: EnvStore) -> None:
    with pytest.raises(NoRunnerError, match="--no-wait"):
        store.builds.create("small", SMALL, wait=False)
    assert store.environments.list().total == 0


def test_an_unusable_kernels_folder_is_told_before_time_is_spent(home: StoreHome) -> None:
    home.kernels_dir.parent.mkdir(parents=True)
    home.kernels_dir.write_text("a file is in the way")
    store = home.open()
    try:
        build = finish(store, store.builds.create("small", SMALL))
        assert build.state == "failed"
        assert build.error is not None
        assert build.error.code == KernelsFolderError.code
        assert str(home.kernels_dir) in build.error.message
        assert not store.layout.package_cache.exists()
    finally:
        store.close()
