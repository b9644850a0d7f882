"""A version with packages of pip, written in each format and built again elsewhere: the same files come back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.package_index import PackageIndex
from fixtures.store import StoreHome, finish
from fixtures.wheels import Wheel

from jupyter_envstore.schemas import Package
from jupyter_envstore.specification import Specification
from jupyter_envstore.store import EnvStore

ALPHA = Wheel("alpha", files={"alpha.py": b"text = 'alpha'\n"}, requires=["beta>=2"])
BETA = Wheel("beta", "2.0", files={"beta.py": b"text = 'beta'\n"})
SPECIFICATION = "name: mixed\ndependencies:\n  - python=3.12\n  - pip:\n      - alpha\n"


@pytest.fixture
def stores(home: StoreHome, tmp_path: Path, package_index: PackageIndex) -> Iterator[tuple[EnvStore, EnvStore]]:
    """Two stores that know the same channel and index."""
    package_index.add(ALPHA)
    package_index.add(BETA)
    home.settings["pip_index_url"] = package_index.url
    other = StoreHome(tmp_path / "elsewhere")
    other.settings = dict(home.settings)
    opened = home.open(), other.open()
    yield opened
    for store in opened:
        store.close()


def of_pip(packages: object) -> set[tuple[str, str, str, str | None]]:
    """Return what is known of the packages of pip."""
    assert isinstance(packages, list)
    listed: list[Package] = packages
    return {(one.name, one.version, one.url, one.sha256) for one in listed if one.manager == "pip"}


def test_each_file_brings_the_same_files_back(stores: tuple[EnvStore, EnvStore], package_index: PackageIndex) -> None:
    store, other = stores
    build = finish(store, store.builds.create("mixed", SPECIFICATION))
    assert build.state == "ready", build.error
    version = store.versions.get("mixed")
    packages = store.versions.packages("mixed")
    assert {name for name, *_ in of_pip(packages)} == {"alpha", "beta"}

    for name in ("conda-lock", "explicit", "pixi", "requirements", "pylock"):
        exported = store.sharing.export("mixed", name)
        assert package_index.host in exported.text or name == "requirements", name
        data = exported.text.encode()
        build = finish(other, other.sharing.import_file(f"from-{name}", data, file=exported.name))
        assert build.state == "ready", (name, build.error)
        again = other.versions.get(f"from-{name}")
        assert of_pip(other.versions.packages(f"from-{name}")) == of_pip(packages), name
        assert Path(again.prefix or "").name == Path(version.prefix or "").name or name in ("requirements", "pylock")
        site = Path(again.prefix or "") / "lib/python3.12/site-packages"
        assert (site / "alpha.py").read_bytes() == ALPHA.files["alpha.py"]
        assert other.versions.verify(f"from-{name}").problems == []
        asked = Specification.parse(again.specification)
        if name == "explicit":
            assert [one.partition("==")[0] for one in asked.pip] == ["alpha", "beta"], "such a list says of no needs"
        elif name in ("conda-lock", "pixi"):
            assert asked.pip == ("alpha==1.0",), name


def test_a_wheel_that_was_changed_since_is_not_installed(
    stores: tuple[EnvStore, EnvStore], package_index: PackageIndex
) -> None:
    store, other = stores
    finish(store, store.builds.create("mixed", SPECIFICATION))
    exported = store.sharing.export("mixed", "requirements").text
    digest = next(one.sha256 for one in store.versions.packages("mixed") if one.name == "beta")
    assert digest
    build = finish(other, other.sharing.import_file("copy", exported.replace(digest, "ab" * 32).encode()))
    assert build.error is not None
    assert build.state == "failed"
    assert "beta" in build.error.message
