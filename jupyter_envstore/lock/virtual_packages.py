"""What a machine offers besides packages: C library, kernel, processor, GPU driver. Worker side: loads the solver.

For this machine they are detected (``CONDA_OVERRIDE_*`` counts, as with conda); for others they are the defaults
that conda-lock publishes, read from its data file without importing it.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from rattler import GenericVirtualPackage, PackageName, Version, VirtualPackage, VirtualPackageOverrides
from rattler.exceptions import DetectVirtualPackageError, InvalidPackageNameError, InvalidVersionError
from rattler.package import BuildString

from jupyter_envstore.errors import InvalidInputError, LockError
from jupyter_envstore.lock.platforms import current_platform

VirtualPackages = dict[str, str]
"""Name → version, or version and build string with a blank between, as conda-lock writes them."""

_OVERRIDES = {
    "__glibc": "CONDA_OVERRIDE_GLIBC",
    "__cuda": "CONDA_OVERRIDE_CUDA",
    "__osx": "CONDA_OVERRIDE_OSX",
    "__archspec": "CONDA_OVERRIDE_ARCHSPEC",
}
"""Virtual package → the variable that counts instead of what is detected."""


def virtual_packages_for(
    platform: str, overrides: Mapping[str, str] | None = None, exact: Mapping[str, str] | None = None
) -> VirtualPackages:
    """Return the virtual packages to solve with.

    Parameters
    ----------
    platform
        A known platform.
    overrides
        Name → version on top; an empty version takes the package away.
    exact
        Name → version instead of all of that.

    Raises
    ------
    LockError
        This machine's own cannot be told.
    """
    if exact is not None:
        return dict(sorted(exact.items()))
    found = _detected() if platform == current_platform() else _published(platform)
    for name, version in (overrides or {}).items():
        if version:
            found[name] = version
        else:
            found.pop(name, None)
    return dict(sorted(found.items()))


def overriding_variables() -> list[str]:
    """Return the ``CONDA_OVERRIDE_*`` variables that count instead of what this machine has, as ``NAME=VALUE``."""
    return sorted(f"{name}={value}" for name, value in os.environ.items() if name in _OVERRIDES.values())


def override_of(name: str) -> str | None:
    """Return the variable that says what this machine has of a virtual package, or None where there is none."""
    return _OVERRIDES.get(name)


def for_solver(packages: Mapping[str, str]) -> list[GenericVirtualPackage]:
    """Convert to the solver's type.

    Raises
    ------
    InvalidInputError
        A name or a version is none.
    """
    result = []
    for name, text in packages.items():
        version, _, build = text.partition(" ")
        try:
            package = GenericVirtualPackage(PackageName(name), Version(version), BuildString(build or "0"))
        except (InvalidVersionError, InvalidPackageNameError) as error:
            raise InvalidInputError(f"The virtual package {name[:60]} {text[:60]} cannot be read: {error}.") from None
        result.append(package)
    return result


def _detected() -> VirtualPackages:
    try:
        packages = [package.into_generic() for package in VirtualPackage.detect(VirtualPackageOverrides.from_env())]
    except DetectVirtualPackageError as error:
        raise LockError(f"What this machine offers (C library, kernel …) could not be told: {error}.") from None
    return {package.name.normalized: _text(package) for package in packages}


def _text(package: GenericVirtualPackage) -> str:
    build = str(package.build_string)
    return f"{package.version} {build}" if build not in ("", "0") else str(package.version)


def _published(platform: str) -> VirtualPackages:
    return {name: str(version) for name, version in _defaults()[platform]["packages"].items()}


@cache
def _defaults() -> dict[str, Any]:
    import yaml

    module = importlib.util.find_spec("conda_lock")  # finds the folder; importing would cost half a second
    if module is None or module.origin is None:
        raise LockError("The conda-lock package is missing from this installation. Install it again.")
    data = yaml.safe_load((Path(module.origin).parent / "default-virtual-packages.yaml").read_text(encoding="utf-8"))
    defaults: dict[str, Any] = data["subdirs"]
    return defaults
