"""What a conda package is called on a Python package index. Plain Python; the table ships with us.

Most packages have one name in both worlds, so the table holds only those that differ, and those that are no Python
packages for conda and all the same are offered on the index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from packaging.utils import canonicalize_name

from jupyter_envstore.schemas import Package
from jupyter_envstore.specification.version_matching import name_of

_PYTHON = ("python", "python_abi")
_NO_PROJECT = ("python", "python_abi", "pypy")


def pip_name(package: Package, overrides: Mapping[str, str] | None = None) -> str | None:
    """Return the normalised name of the project that a conda package supplies; None when it supplies none.

    Parameters
    ----------
    overrides
        Conda name → project name, over the table; an empty name for none.
    """
    name = package.name.lower()
    if overrides and name in overrides:
        return canonicalize_name(overrides[name]) if overrides[name] else None
    if name in _NO_PROJECT:
        return None
    known = _table().get(name)
    if known is not None:
        return known or None
    if any(name_of(requirement) in _PYTHON for requirement in package.depends):
        return canonicalize_name(name)
    return None


def supplied(packages: Iterable[Package], overrides: Mapping[str, str] | None = None) -> dict[str, Package]:
    """Return the conda packages by the name of the project that each supplies.

    Where two supply one, such as `matplotlib` and `matplotlib-base`, the one of the same name counts.
    """
    found: dict[str, Package] = {}
    for package in packages:
        name = pip_name(package, overrides) if package.manager == "conda" else None
        if name and (name not in found or canonicalize_name(package.name) == name):
            found[name] = package
    return found


@cache
def _table() -> dict[str, str]:
    text = Path(__file__).with_name("conda_names.json").read_text(encoding="utf-8")
    table: dict[str, str] = json.loads(text)
    return table
