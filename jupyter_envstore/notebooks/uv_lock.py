"""juv's ``uv.lock`` → the exact versions that a notebook's packages were locked to, for this machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.notebooks.script_block import parse_toml
from jupyter_envstore.specification.credentials import quoted


def locked_requirements(text: str, wanted: Iterable[str]) -> list[str]:
    """Return ``name==version`` for all that the wanted packages need here, by name.

    Parameters
    ----------
    text
        The lock.
    wanted
        Names of the packages that were asked for.

    Raises
    ------
    SpecificationError
        When it cannot be understood, or lacks a package.
    """
    packages: dict[str, dict[str, Any]] = {}
    for package in _tables(parse_toml(text, "“uv.lock”").get("package")):
        packages.setdefault(canonicalize_name(str(package.get("name"))), package)
    found: dict[str, str] = {}
    waiting = [canonicalize_name(name) for name in wanted]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        if name not in packages:
            _refuse(f"it has no {quoted(name)}")
        package = packages[name]
        version, source = package.get("version"), package.get("source")
        if not isinstance(version, str) or not isinstance(source, dict) or "registry" not in source:
            _refuse(f"{quoted(name)} comes from a folder or an address, which is not taken from a notebook")
        found[name] = version
        waiting += [
            canonicalize_name(str(need.get("name"))) for need in _tables(package.get("dependencies")) if _is_here(need)
        ]
    return [f"{name}=={version}" for name, version in sorted(found.items())]


def _is_here(need: dict[str, Any]) -> bool:
    marker = need.get("marker")
    if not isinstance(marker, str):
        return True
    try:
        return Marker(marker).evaluate()
    except (ValueError, KeyError):  # it is none, or asks for what cannot be compared, or is not known
        _refuse(f"{quoted(marker)} is no condition that could be understood")


def _tables(value: object) -> list[dict[str, Any]]:
    return [table for table in value if isinstance(table, dict)] if isinstance(value, list) else []


def _refuse(reason: str) -> NoReturn:
    raise SpecificationError(f"The “uv.lock” of the notebook cannot be used: {reason}.")
