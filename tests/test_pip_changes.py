"""Packages of pip in versions: what changed and why, what the store answers, and what is refused at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pytest
from fixtures.package_index import PackageIndex
from fixtures.pip_channel import specification_with_pip
from fixtures.store import StoreHome, finish
from fixtures.wheels import Wheel

from jupyter_envstore.changes import PackageSet, compare
from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.lock.roots import roots_of
from jupyter_envstore.schemas import Package, PlatformChanges
from jupyter_envstore.specification import Specification
from jupyter_envstore.specification.pip_requests import requests_of


def _package(name: str, version: str, *depends: str, manager: Any = "pip") -> Package:
    stem = f"{name}-{version}"
    return Package(
        manager=manager,
        name=name,
        version=version,
        platform="linux-64",
        url=f"https://wheels.example/{stem}-py3-none-any.whl",
        sha256=hashlib.sha256(stem.encode()).hexdigest(),
        size=1000,
        depends=list(depends),
    )


def _changes(
    before: Sequence[Package], after: Sequence[Package], was: Sequence[str], now: Sequence[str]
) -> PlatformChanges:
    asked = [
        requests_of(Specification.parse(specification_with_pip(["python", "pip"], list(pip))), "linux-64")
        for pip in (was, now)
    ]
    return compare("linux-64", PackageSet(before, asked[0]), PackageSet(after, asked[1]))


def test_the_reasons_of_changes_reach_over_both_worlds() -> None:
    numpy = _package("numpy", "1.26.4", manager="conda")
    newer = _package("numpy", "2.1", manager="conda")
    foo, foo2 = _package("foo", "1.0", "numpy <2"), _package("foo", "2.0", "numpy >=2", "baz")
    baz = _package("baz", "1.0")
    found = _changes([numpy, foo], [newer, foo2, baz], ["Foo"], ["Foo"])
    why = {change.name: (change.manager, change.kind, change.why.text) for change in found.changes}
    assert why["foo"] == ("pip", "upgraded", "foo 1.0 needs numpy <2, and numpy is 2.1 now")
    assert why["baz"] == ("pip", "added", "needed by foo")
    assert why["numpy"] == ("conda", "upgraded", "foo 2.0 needs numpy >=2")
    added = _changes([numpy], [numpy, foo], [], ["Foo>=1"])
    assert [(change.name, change.direct, change.why.code) for change in added.changes] == [("foo", True, "asked")]


def test_what_nobody_needs_is_a_root_in_either_world() -> None:
    packages = [_package("numpy", "1.0", manager="conda"), _package("top", "1.0", "numpy", "low"), _package("low", "1")]
    assert [package.name for package in roots_of(packages)] == ["top"]


def test_the_store_locks_reports_and_refuses_pip_sections(home: StoreHome, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo", "1.0", ["bar"]))
    package_index.add(Wheel("bar"))
    home.settings |= {"pip_index_url": package_index.url, "pip_names": {"six": "bar"}}
    text = specification_with_pip(["python=3.12", "pip"], ["foo"])
    store = home.open()
    try:
        assert store.drafts.check(text).valid
        wrong = store.drafts.check(specification_with_pip(["python"], ["foo", "-e ."]))
        remark = next(remark for remark in wrong.remarks if remark.severity == "error")
        assert (remark.line, remark.code) == (5, "invalid_specification")
        with pytest.raises(SpecificationError, match=r"Line 5: `-e \."):
            store.builds.create("bad", specification_with_pip(["python"], ["foo", "-e ."]))
        assert store.environments.list().total == 0
        locked = store.channels.lock(text, platforms=["osx-arm64"])
        for platform in ("linux-64", "osx-arm64"):
            found = [item for item in locked.packages if item.platform == platform and item.manager == "pip"]
            assert [item.name for item in found] == ["bar", "foo"]
        for entry in locked.lockfile["package"]:
            if entry["manager"] == "pip":
                assert entry["hash"] == {"sha256": package_index.sha256(entry["url"].rpartition("/")[2])}
    finally:
        store.close()


def test_a_build_that_finds_no_wheel_fails_with_the_explanation(home: StoreHome, package_index: PackageIndex) -> None:
    package_index.add(Wheel("foo", "2.0", ["idna<1"]))
    home.settings["pip_index_url"] = package_index.url
    store = home.open()
    try:
        text = specification_with_pip(["python=3.12", "pip", "idna"], ["foo"])
        failed = finish(store, store.builds.create("bad", text))
        assert failed.error is not None
        assert failed.error.code == "unsolvable"
        assert "but pip's foo 2.0 needs idna<1." in failed.error.message
        assert failed.error.details["explanation"]["conflict"] == ["foo"]
    finally:
        store.close()


def test_a_lock_from_elsewhere_is_built_only_with_wheels_that_the_index_offers(
    home: StoreHome, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("foo"))
    home.settings["pip_index_url"] = package_index.url
    store = home.open()
    try:
        document = store.channels.lock(specification_with_pip(["python=3.12", "pip"], ["foo"])).lockfile
        for entry in document["package"]:
            if entry["name"] == "foo":
                entry["hash"]["sha256"] = "0" * 64
        failed = finish(store, store.builds.create_from_lockfile("copy", document))
        assert failed.error is not None
        assert failed.state == "failed"
        assert "foo 1.0" in failed.error.message
        assert "does not offer" in failed.error.message
    finally:
        store.close()
