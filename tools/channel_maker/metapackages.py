"""Packages without a wheel: the ones that only tie others together, as conda-forge has them."""

from __future__ import annotations

from .archive import Draft
from .cache import BuiltPackage, PackageCache

_TIMESTAMP = 1_420_070_400_000  # the start of 2015: never the reason why something cannot be had as of a day


def build_python_abi(cache: PackageCache, python: str) -> BuiltPackage:
    """``python_abi``: what compiled packages depend on so that they get the interpreter they were made for."""
    number = python.replace(".", "")
    draft = Draft(
        name="python_abi",
        version=python,
        build=f"8_cp{number}",
        build_number=8,
        subdir="noarch",
        depends=[],
        constrains=[f"python {python}.* *_cpython"],
        timestamp=_TIMESTAMP,
        license="BSD-3-Clause",
        summary="Metapackage to select python implementation",
        noarch="generic",
    )
    return cache.get(["python_abi", python], lambda: [draft])[0]


def build_alias(cache: PackageCache, name: str, of: BuiltPackage) -> BuiltPackage:
    """A package ``name`` that is nothing but a dependency on the same version of another (``matplotlib`` on
    ``matplotlib-base``).
    """
    record = of.record
    draft = Draft(
        name=name,
        version=record["version"],
        build="hlocal_0",
        subdir="noarch",
        depends=[f"{record['name']} =={record['version']}"],
        timestamp=record["timestamp"],
        license=record["license"],
        summary=of.about["summary"],
        home=of.about["home"],
        noarch="generic",
    )
    return cache.get(["alias", name, record["name"], record["version"], record["timestamp"]], lambda: [draft])[0]
