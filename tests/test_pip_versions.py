"""A version with pip packages, from its lockfile on: it runs, is verified and mended, and can be had again."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.kernels import StartKernel
from fixtures.package_index import PackageIndex
from fixtures.store import StoreHome, finish
from fixtures.wheels import Wheel, wheel_bytes
from kernel_client import execute

from jupyter_envstore.prefixes.removal import remove_tree
from jupyter_envstore.store import EnvStore

NUMPY = "name: origin\ndependencies:\n  - python=3.12\n  - numpy=2.1\n  - ipykernel\n"
PYTHON = "name: origin\ndependencies:\n  - python=3.12\n"
ALPHA = Wheel("alpha", files={"alpha.py": b"import numpy\nsize = numpy.zeros(3).size\n"}, requires=["numpy"])
BETA = Wheel("beta", "2.0", files={"beta.py": b"text = 'beta'\n" * 5000}, entry_points={"beta": "beta:text.lower"})

Document = dict[str, Any]


def with_wheels(document: Document, index: PackageIndex, *wheels: Wheel) -> Document:
    """Return a lockfile with pip packages beside its own, as conda-lock writes them."""
    other = copy.deepcopy(document)
    for wheel in wheels:
        url = index.add(wheel)
        entry = {
            "name": wheel.name,
            "version": wheel.version,
            "manager": "pip",
            "platform": "linux-64",
            "dependencies": dict.fromkeys(wheel.requires, "*"),
            "url": url,
            "hash": {"sha256": hashlib.sha256(wheel_bytes(wheel)).hexdigest()},
            "category": "main",
            "optional": False,
        }
        other["package"].append(entry)
    return other


def contents(prefix: Path) -> dict[str, str]:
    """Return the digest of every file that packages brought."""
    return {
        str(path.relative_to(prefix)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in prefix.rglob("*")
        if path.is_file() and not path.is_symlink() and "conda-meta" not in path.parts and path.suffix != ".pyc"
    }


def prefix_of(store: EnvStore, reference: str) -> Path:
    """Where a version's files are."""
    prefix = store.versions.get(reference).prefix
    assert prefix is not None
    return Path(prefix)


def imported(store: EnvStore, name: str, document: Document) -> Path:
    """Make an environment from a lockfile and return where its files are."""
    build = finish(store, store.builds.create_from_lockfile(name, document))
    assert build.state == "ready", build.error
    return prefix_of(store, name)


def test_a_lock_with_numpy_of_conda_and_wheels_is_built_run_mended_and_had_again(
    jupyter: StoreHome, package_index: PackageIndex, start: StartKernel
) -> None:
    jupyter.settings["pip_index_url"] = package_index.url
    store = jupyter.open()
    document = with_wheels(store.channels.lock(NUMPY).lockfile, package_index, ALPHA, BETA)
    prefix = imported(store, "mixed", document)

    manager, client = start("envstore-local--mixed")
    said = execute(client, "import alpha, beta, numpy; print(alpha.size, beta.text, numpy.__version__)")
    assert said.stdout.split() == ["3", "beta", "2.1.3"], said
    listed = {(package.manager, package.name) for package in store.versions.packages("mixed")}
    assert listed >= {("conda", "numpy"), ("pip", "alpha"), ("pip", "beta")}

    report = store.versions.verify("mixed")
    assert report.problems == []
    victim = prefix / "lib/python3.12/site-packages/beta.py"
    before = contents(prefix)
    victim.chmod(0o644)
    victim.write_bytes(b"raise SystemExit('changed')\n")
    assert store.versions.verify("mixed").damaged == ["lib/python3.12/site-packages/beta.py"]
    assert "beta-2.0" in store.versions.verify("mixed").problems[0]
    assert finish(store, store.builds.repair("mixed")).state == "ready"
    assert store.versions.verify("mixed").problems == []
    assert contents(prefix) == before

    manager.shutdown_kernel(now=True)
    exported = store.versions.lockfile("mixed")
    store.environments.remove("mixed")
    remove_tree(prefix)
    remove_tree(store.layout.wheel_cache)
    again = imported(store, "again", exported)
    assert again == prefix, "the same lock has the same prefix"
    assert contents(again) == before
    store.close()


@pytest.fixture
def store(home: StoreHome, package_index: PackageIndex) -> Iterator[EnvStore]:
    """An empty store that uses the test's own index."""
    home.settings["pip_index_url"] = package_index.url
    opened = home.open()
    yield opened
    opened.close()


def test_a_served_changed_wheel_makes_no_version(store: EnvStore, package_index: PackageIndex) -> None:
    document = with_wheels(store.channels.lock(PYTHON).lockfile, package_index, BETA)
    package_index.change(BETA.filename, wheel_bytes(Wheel("beta", "2.0", files={"beta.py": b"evil = True\n"})))
    build = finish(store, store.builds.create_from_lockfile("mixed", document))
    assert build.error is not None
    assert (build.state, build.error.code) == ("failed", "hash_mismatch")
    assert "beta 2.0" in build.error.message
    assert store.versions.list("mixed").items == []


def test_wheels_are_counted_and_leave_the_cache_when_they_can_be_had_again(
    store: EnvStore, package_index: PackageIndex
) -> None:
    locked = store.channels.lock(PYTHON).lockfile
    imported(store, "plain", locked)
    before = store.disk.usage()
    imported(store, "mixed", with_wheels(locked, package_index, BETA))
    usage = store.disk.usage()
    assert usage.packages.size - before.packages.size >= len(BETA.files["beta.py"])
    cached = store.layout.wheel_cache / package_index.sha256(BETA.filename)
    assert cached.is_dir()

    # Removed, but it can be brought back: while nobody has the wheel, it stays.
    store.environments.remove("mixed")
    package_index.failing = True
    done = store.disk.collect()
    assert cached.is_dir()
    assert any(package_index.host in note for note in done.notes)
    package_index.failing = False
    said, done = store.disk.collect(dry_run=True), store.disk.collect()
    assert not cached.exists()
    assert said.freed == done.freed >= len(BETA.files["beta.py"])
    assert store.versions.verify("plain").problems == []
    after = store.disk.usage()
    assert after.packages.size == pytest.approx(before.packages.size, abs=8192)
