"""What package indexes are asked besides a lock: whether they offer a stranger's wheels, and a project's versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fixtures.package_index import PackageIndex
from fixtures.pip_channel import PipLocker
from fixtures.store import StoreHome
from fixtures.wheels import Wheel

from jupyter_envstore.errors import ChannelUnavailableError, NotFoundError
from jupyter_envstore.schemas import Package


def _entry(name: str, version: str, sha256: str, url: str = "", platform: str = "linux-64") -> dict[str, Any]:
    url = url or f"https://wheels.example/{name}-{version}-py3-none-any.whl"
    return Package(manager="pip", name=name, version=version, platform=platform, url=url, sha256=sha256).model_dump(
        mode="json"
    )


def _confirm(locker: PipLocker, packages: list[dict[str, Any]]) -> list[list[str]]:
    settings = {"cache": str(locker.cache), "index_url": locker.index.url}
    offered: list[list[str]] = locker.resolver.call("confirm", packages=packages, python="3.11.9", pip=settings)[
        "offered"
    ]
    return offered


def test_wheels_are_confirmed_by_their_digest_wherever_they_lie(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    for tag in ("cp311-cp311-manylinux_2_17_x86_64", "cp311-cp311-win_amd64"):
        package_index.add(Wheel("fast", tag=tag))
    for version in ("1.0", "2.0"):
        package_index.add(Wheel("Foo.Bar", version))
    package_index.add(Wheel("changed"))
    linux = package_index.sha256("fast-1.0-cp311-cp311-manylinux_2_17_x86_64.whl")
    windows = package_index.sha256("fast-1.0-cp311-cp311-win_amd64.whl")
    one, two = (package_index.sha256(f"Foo_Bar-{version}-py3-none-any.whl") for version in ("1.0", "2.0"))
    offered = _confirm(
        pip_locker,
        [
            _entry("fast", "1.0", linux),
            _entry("fast", "1.0", windows, platform="win-64"),
            _entry("foo-bar", "1.0", one),
            _entry("foo.bar", "2.0", two, platform="win-64"),
            _entry("changed", "1.0", "0" * 64),
            _entry("changed", "9.0", "1" * 64, platform="win-64"),
            _entry("nowhere", "1.0", "2" * 64),
        ],
    )
    assert offered == [
        ["fast", "1.0", min(linux, windows)],
        ["fast", "1.0", max(linux, windows)],
        ["foo-bar", "1.0", one],
        ["foo-bar", "2.0", two],
    ]
    assert package_index.fetched() == []


def test_nothing_is_confirmed_when_the_index_is_silent(pip_locker: PipLocker, package_index: PackageIndex) -> None:
    package_index.login = ("someone", "else")
    with pytest.raises(ChannelUnavailableError):
        _confirm(pip_locker, [_entry("foo", "1.0", "0" * 64)])


def test_the_store_answers_the_versions_of_an_exact_name(
    small_home: StoreHome, package_index: PackageIndex, tmp_path: Any
) -> None:
    for version in ("1.0", "1.10", "1.9", "2.0rc1"):
        package_index.add(Wheel("Some_Thing", version))
    package_index.add_source("Some_Thing", tmp_path, version="2.0", trap=tmp_path / "trap")
    small_home.settings["pip_index_url"] = package_index.url
    store = small_home.open()
    try:
        found = store.channels.package("some-thing", channels=["pypi"])
        assert (found.name, found.channel, found.versions) == ("some-thing", "pypi", ["1.10", "1.9", "1.0"])
        assert not found.source_only
        assert store.channels.search("Some.Thing", channels=["pypi"]).items == [found]
        assert store.channels.search("some", channels=["pypi"]).items == []
        for name in ("nowhere", "not a name", "some", "x @ https://wheels.example/x-1.0.tar.gz"):
            with pytest.raises(NotFoundError, match="exact names only"):
                store.channels.package(name, channels=["pypi"])
        digest = package_index.sha256("Some_Thing-1.9-py3-none-any.whl")
        package = Package.model_validate(_entry("some-thing", "1.9", digest))
        assert store.channels.confirm([package]) == {("some-thing", "1.9", digest)}
    finally:
        store.close()
    assert not (tmp_path / "trap").exists()
    assert package_index.fetched() == []


def test_a_project_without_wheels_is_found_as_source_and_nothing_of_it_is_fetched(
    small_home: StoreHome, package_index: PackageIndex, tmp_path: Path
) -> None:
    for version in ("1.9", "1.10", "2.0rc1"):
        package_index.add_source("Old_Source", tmp_path, version=version, trap=tmp_path / "trap")
    package_index.add_source("unfinished", tmp_path, version="0.1a1", trap=tmp_path / "trap")
    # The only wheel is of no use here, and there is no source of that version.
    package_index.add_source("abroad", tmp_path, version="2.0", trap=tmp_path / "trap")
    for name, version in (("abroad", "1.0"), ("elsewhere", "1.0")):
        package_index.add(Wheel(name, version, tag="cp39-cp39-win_amd64"))
    small_home.settings["pip_index_url"] = package_index.url
    store = small_home.open()
    try:
        found = {
            name: store.channels.package(name, channels=["pypi"]) for name in ("old.source", "unfinished", "abroad")
        }
        assert [(one.name, one.versions) for one in found.values()] == [
            ("old-source", ["1.10", "1.9"]),
            ("unfinished", ["0.1a1"]),
            ("abroad", ["2.0"]),
        ]
        assert all(one.source_only for one in found.values())
        assert store.channels.search("old_source", channels=["pypi"]).items == [found["old.source"]]
        with pytest.raises(NotFoundError, match="exact names only"):
            store.channels.package("elsewhere", channels=["pypi"])
    finally:
        store.close()
    told = small_home.run("search", "old-source", "--channel", "pypi")
    assert told.returncode == 0, told.stderr
    assert "1.10" in told.stdout
    assert (
        "only as source: building it runs its code, which needs your consent (--allow-source old-source)" in told.stdout
    )
    assert not (tmp_path / "trap").exists()
    assert package_index.fetched() == []
