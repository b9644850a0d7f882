"""Versions with packages of pip: made, edited, previewed, compared, found and updated like any others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.package_index import PackageIndex, serve_index
from fixtures.pip_channel import specification_with_pip
from fixtures.store import StoreHome, finish
from fixtures.wheels import Wheel

from jupyter_envstore.errors import NothingToBuildError, PolicyError
from jupyter_envstore.schemas import Build, PackageChange
from jupyter_envstore.store import EnvStore

CONDA = ["python=3.12", "pip", "idna"]


@pytest.fixture(scope="module")
def index() -> Iterator[PackageIndex]:
    """An index that the tests of this file go on with, in order."""
    yield from serve_index()


@pytest.fixture(scope="module")
def pip_store(tmp_path_factory: pytest.TempPathFactory, channel_url: str, index: PackageIndex) -> Iterator[EnvStore]:
    """A store whose `mixed` has packages of both worlds."""
    place = StoreHome(tmp_path_factory.mktemp("mixed"))
    place.settings = {
        "default_channels": [channel_url],
        "conda_environments_file": str(place.conda_list),
        "pip_index_url": index.url,
    }
    for wheel in (Wheel("foo", "1.0", ["idna>=2", "Low_Level"]), Wheel("low-level", "1.0"), Wheel("bar", "1.0")):
        index.add(wheel)
    store = place.open()
    _ready(store, store.builds.create("mixed", specification_with_pip(CONDA, ["foo"])))
    for wheel in (Wheel("foo", "2.0", ["idna>=2", "low-level"]), Wheel("low-level", "2.0"), Wheel("bar", "2.0")):
        index.add(wheel)
    yield store
    store.close()


def _ready(store: EnvStore, build: Build) -> Build:
    ended = finish(store, build)
    assert ended.state == "ready", ended.error
    return ended


def _pip(store: EnvStore, ref: str) -> dict[str, str]:
    return {item.name: item.version for item in store.versions.packages(ref) if item.manager == "pip"}


def _changes(changes: list[PackageChange]) -> dict[str, tuple[str, str, str]]:
    return {change.name: (change.manager, change.kind, change.why.text) for change in changes}


def test_a_version_has_packages_of_both_worlds(pip_store: EnvStore) -> None:
    assert _pip(pip_store, "mixed") == {"foo": "1.0", "low-level": "1.0"}
    foo = next(item for item in pip_store.versions.packages("mixed") if item.name == "foo")
    assert foo.depends == ["idna >=2", "low-level"]
    assert foo.size is not None
    found = pip_store.environments.find("foo >=0.9").items
    assert [(item.package_version, item.direct) for item in found] == [("1.0", True)]
    assert [item.direct for item in pip_store.environments.find("low-level").items] == [False]
    assert pip_store.environments.list(package="low-level").total == 1


def test_a_module_is_told_to_come_from_the_index(pip_store: EnvStore) -> None:
    found = pip_store.reports.supplier("low_level", "mixed")
    assert (found.package, found.source, found.installed) == ("low-level", "pypi", True)
    assert pip_store.reports.supplier("idna.core", "mixed").source == "conda"


def test_an_edit_adds_one_and_leaves_the_others(pip_store: EnvStore) -> None:
    text = specification_with_pip(CONDA, ["foo", "bar"])
    draft = pip_store.drafts.edit("mixed", specification=text)
    assert draft.request.message == "Add bar"
    preview = pip_store.drafts.preview(draft)
    assert _changes(preview.comparison.platforms[0].changes) == {"bar": ("pip", "added", "you added it")}
    assert preview.comparison.platforms[0].download > 0
    built = _ready(pip_store, pip_store.builds.submit(draft))
    assert built.version == 2
    assert _pip(pip_store, "mixed") == {"foo": "1.0", "low-level": "1.0", "bar": "2.0"}
    with pytest.raises(NothingToBuildError):
        pip_store.builds.submit(pip_store.drafts.edit("mixed", specification=text))


def test_an_update_moves_what_is_named_or_all(pip_store: EnvStore) -> None:
    named = pip_store.drafts.preview(pip_store.drafts.update("mixed", ["foo"]))
    assert _changes(named.comparison.platforms[0].changes) == {"foo": ("pip", "upgraded", "you asked for its update")}
    everything = pip_store.drafts.preview(pip_store.drafts.update("mixed"))
    changes = _changes(everything.comparison.platforms[0].changes)
    assert changes["foo"] == ("pip", "upgraded", "the update let it move")
    assert changes["low-level"] == ("pip", "upgraded", "the update let it move")


def test_a_source_is_built_with_consent_and_stays_allowed(
    pip_store: EnvStore, index: PackageIndex, tmp_path: Path
) -> None:
    index.add_source("handmade", tmp_path, trap=tmp_path / "trap")
    text = specification_with_pip(CONDA, ["foo", "handmade"])
    refused = finish(pip_store, pip_store.builds.submit(pip_store.drafts.edit("mixed@1", specification=text)))
    assert refused.error is not None
    assert (refused.error.code, refused.error.details["packages"]) == ("source_not_allowed", ["handmade"])
    draft = pip_store.drafts.edit("mixed@1", specification=text, allow_source=["handmade"])
    pip_store.drafts.preview(draft)
    assert not (tmp_path / "trap").exists()
    version = _ready(pip_store, pip_store.builds.submit(draft)).version
    assert _pip(pip_store, f"mixed@{version}")["handmade"] == "1.0"
    (tmp_path / "trap").unlink()
    text = specification_with_pip(CONDA, ["foo", "handmade", "bar"])
    further = pip_store.drafts.edit(f"mixed@{version}", specification=text)
    preview = pip_store.drafts.preview(further)
    assert [change.name for change in preview.comparison.platforms[0].changes] == ["bar"]
    assert not (tmp_path / "trap").exists()
    _ready(pip_store, pip_store.builds.submit(further))


def test_an_update_does_not_take_out_what_only_a_build_can_look_into(
    pip_store: EnvStore, index: PackageIndex, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    index.add_source("rooted", tmp_path, trap=trap)
    text = specification_with_pip(CONDA, ["rooted"])
    _ready(pip_store, pip_store.builds.create("rooted", text, allow_source=["rooted"]))
    trap.unlink()
    for names in ([], ["rooted"]):
        preview = pip_store.drafts.preview(pip_store.drafts.update("rooted", names))
        assert preview.comparison.platforms[0].changes == []
        assert any("rooted: what it moves to is known only" in warning for warning in preview.warnings)
        assert not preview.nothing_to_build
    index.add_source("rooted", tmp_path, version="0.9", trap=trap)
    older = pip_store.drafts.edit("rooted", specification=text.replace("rooted", "rooted <1"))
    assert any("rooted: what it moves to" in warning for warning in pip_store.drafts.preview(older).warnings)
    assert not trap.exists()
    index.add_source("rooted", tmp_path, version="1.1", trap=trap)
    _ready(pip_store, pip_store.builds.submit(pip_store.drafts.update("rooted", ["rooted"])))
    assert _pip(pip_store, "rooted") == {"rooted": "1.1"}


def test_a_preview_keeps_of_what_was_built_only_what_is_needed(
    pip_store: EnvStore, index: PackageIndex, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    for name in ("leaf", "stem", "twig"):
        index.add_source(name, tmp_path, trap=trap)
    index.add(Wheel("blossom", "1.0", ["leaf"]))
    allowed = ["leaf", "stem", "twig"]
    text = specification_with_pip(CONDA, ["blossom", "leaf", "stem", "twig"])
    _ready(pip_store, pip_store.builds.create("plant", text, allow_source=allowed))
    trap.unlink()
    less = specification_with_pip(CONDA, ["blossom", "twig"])
    preview = pip_store.drafts.preview(pip_store.drafts.edit("plant", specification=less))
    assert _changes(preview.comparison.platforms[0].changes) == {"stem": ("pip", "removed", "you removed it")}
    assert not trap.exists()


def test_a_check_of_platforms_knows_what_was_allowed(pip_store: EnvStore, index: PackageIndex, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    index.add_source("grown", tmp_path, trap=trap)
    text = specification_with_pip(CONDA, ["foo", "grown"]).replace("dependencies:", "name: grown\ndependencies:", 1)
    _ready(pip_store, pip_store.builds.create("grown", text, allow_source=["grown"]))
    trap.unlink()
    (report,) = [
        one for one in pip_store.coverage.check("grown", ["osx-arm64"]).platforms if one.checked and not one.own
    ]
    assert (report.platform, report.standing) == ("osx-arm64", "solvable"), report
    assert not trap.exists(), "a check builds nothing"


def test_a_lock_from_elsewhere_is_built_from_source_only_with_consent(
    pip_store: EnvStore, index: PackageIndex, tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    index.add_source("carried", tmp_path, trap=trap)
    document = pip_store.channels.lock(specification_with_pip(CONDA, ["carried"]), allow_source=["carried"]).lockfile
    trap.unlink()
    data = json.dumps(document).encode()
    with pytest.raises(PolicyError, match="--allow-source NAME"):
        pip_store.sharing.import_file("copy", data)
    with pytest.raises(PolicyError, match="carried"):
        pip_store.sharing.import_file("copy", data, allow_source=["foo"])
    assert pip_store.channels.look_into(data, allow_source=["Carried"]).valid
    assert not trap.exists()
    _ready(pip_store, pip_store.sharing.import_file("copy", data, allow_source=["Carried"]))
    assert _pip(pip_store, "copy") == {"carried": "1.0"}
    assert trap.exists()
    elsewhere = data.replace(index.sha256("carried-1.0.tar.gz").encode(), b"0" * 64)
    failed = finish(pip_store, pip_store.sharing.import_file("other", elsewhere, allow_source=["carried"]))
    assert failed.error is not None
    assert "does not offer carried 1.0" in failed.error.message
