"""Foreign platforms: records without files, so that a specification can be locked for macOS and Windows on a machine
that has neither.

Their names, versions and dependencies are those of the real packages here, with environment markers evaluated for the
platform; their hashes belong to no file. On each platform one package is missing, so that "does not solve there" can be
tried too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from .cache import BuiltPackage
from .specifiers import python_range
from .targets import Target
from .wheels import Wheel

MISSING = {"osx-arm64": "xxhash", "win-64": "uvloop"}
"""Platform → the package that it lacks (uvloop does lack Windows; the other one is our choice)."""

_SYSTEM_DEPENDENCIES = {"osx-arm64": ["__osx >=11.0"], "win-64": ["__win"]}
_PLATFORM_FIELDS = {"osx-arm64": ("osx", "arm64"), "win-64": ("win", "x86_64")}


def foreign_records(
    pythons: Iterable[BuiltPackage], compiled: Iterable[tuple[Wheel, str, BuiltPackage]], available: frozenset[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """File names and records for every foreign platform.

    Parameters
    ----------
    pythons
        The packages ``python``.
    compiled
        Wheel, Python minor and package of everything that is not noarch.
    available
        The conda names that a dependency may have.
    """
    pythons, compiled = list(pythons), list(compiled)
    for platform in MISSING:
        for package in pythons:
            yield _record(package, platform, list(_SYSTEM_DEPENDENCIES[platform]))
        for wheel, minor, package in compiled:
            if wheel.name == MISSING[platform]:
                continue
            tied = {python_range(minor), f"python_abi {minor}.* *_cp{minor.replace('.', '')}"}
            yield _record(package, platform, sorted({*wheel.depends(Target(platform, minor), available), *tied}))
    for package in pythons:
        yield _pywin32(package.record)


def _record(package: BuiltPackage, platform: str, depends: list[str]) -> tuple[str, dict[str, Any]]:
    system, architecture = _PLATFORM_FIELDS[platform]
    record = package.record | {"subdir": platform, "depends": depends, "platform": system, "arch": architecture}
    if system == "win" and "python_site_packages_path" in record:
        record["python_site_packages_path"] = "Lib/site-packages"
    return package.file_name, record | _invented_hashes(f"{platform}/{package.file_name}")


def _pywin32(python: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """``pywin32``, which exists for Windows only and which Jupyter needs there."""
    minor = ".".join(python["version"].split(".")[:2])
    number = minor.replace(".", "")
    file_name = f"pywin32-311-py{number}hlocal_0.conda"
    record = python | {
        "name": "pywin32",
        "version": "311",
        "build": f"py{number}hlocal_0",
        "subdir": "win-64",
        "platform": "win",
        "arch": "x86_64",
        "depends": [python_range(minor), f"python_abi {minor}.* *_cp{number}"],
        "license": "PSF-2.0",
        "size": 6_000_000,
    }
    for key in ("constrains", "python_site_packages_path"):
        record.pop(key, None)
    return file_name, record | _invented_hashes(f"win-64/{file_name}")


def _invented_hashes(name: str) -> dict[str, str]:
    return {
        "md5": hashlib.md5(name.encode(), usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(name.encode()).hexdigest(),
    }
