"""Which package supplies a module that could not be imported. The module's name is a stranger's word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.utils import canonicalize_name

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.errors import BrokenPrefixError, InvalidInputError
from jupyter_envstore.lock.pip.names import pip_name
from jupyter_envstore.lock.platforms import current_platform
from jupyter_envstore.notebooks.report.standard_library import python_of, removed_in, standard_modules
from jupyter_envstore.notebooks.report.suppliers import Suppliers, package_of_import, suppliers_by_name
from jupyter_envstore.prefixes.records import read_installed
from jupyter_envstore.schemas import ModuleSupplier, Package, Version

MAX_LENGTH = 200
_OTHERS = 5
"""Versions beside the one in question whose files are read: each takes a part of a second."""
_PACKAGE = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?")


def check_module(module: str) -> str:
    """Return ``module`` when it is the dotted name of a Python module.

    Raises
    ------
    InvalidInputError
    """
    if len(module) > MAX_LENGTH or not all(part.isidentifier() for part in module.split(".")):
        raise InvalidInputError(
            f"{module[:80]!a} is no name of a Python module. Write it as an import does, in {MAX_LENGTH} characters "
            "at most: sklearn, google.cloud.storage",
            module=module[:80],
        )
    return module


def supplier_of(module: str, version: Version | None, catalog: Catalog) -> ModuleSupplier:
    """Find out which package supplies a module: by the files of an environment's versions, else by names alone.

    Parameters
    ----------
    module
        As `check_module` let it pass.
    version
        The version that is to have it; None when nobody says which.
    """
    top = module.partition(".")[0]
    if version is None:
        standard = _is_standard(top, [])
        return ModuleSupplier(module=top, package=None if standard else _likely(module, []), standard_library=standard)

    packages = catalog.locks.packages(version.lock, current_platform())
    told = ModuleSupplier(module=top, environment=f"{version.namespace}/{version.name}@{version.number}")
    files = _files(version, top)
    owner = _owner(module, files, packages)
    if owner is not None:
        return told.model_copy(update={**owner, "installed": True})
    if _is_standard(top, packages):
        there = files is not None and top in files.standard
        return told.model_copy(update={"installed": there, "standard_library": True})
    for other in _others(version, catalog):
        held = _files(other, top)
        found = _owner(module, held, catalog.locks.packages(other.lock, current_platform())) if held else None
        if found is not None:
            return told.model_copy(update=found)
    return told.model_copy(update={"package": _likely(module, packages)})


def _is_standard(top: str, packages: Sequence[Package]) -> bool:
    """Whether the Python among packages has a module; one that some Python lacks is lacking where that is not known."""
    python = python_of(packages)
    return top in standard_modules(python) and not (python is None and removed_in(top))


def _files(version: Version, top: str) -> Suppliers | None:
    """Return what the files of a version supply below a top-level name; None when it is not on disk."""
    if version.prefix is None or version.prefix_state != "ready":
        return None
    try:
        return Suppliers.in_prefix(read_installed(Path(version.prefix)), {top})
    except BrokenPrefixError:
        return None


def _owner(module: str, files: Suppliers | None, packages: Sequence[Package]) -> dict[str, str] | None:
    """Return name and source of the package of a version that has the module, or None."""
    if files is None:
        names = suppliers_by_name(module, packages)
    else:
        names = set(files.by_module.get(module, ()))
        if not names and removed_in(module):  # some make a module importable without a file of that name
            names = {package.name for package in packages if package.name == package_of_import(module)}
    if not names:
        return None
    name = min(names, key=lambda one: (len(one), one))
    conda = any(package.name == name and package.manager == "conda" for package in packages)
    return {"package": name, "source": "conda"} if conda else {"package": canonicalize_name(name), "source": "pypi"}


def _others(version: Version, catalog: Catalog) -> Iterator[Version]:
    """Yield further versions of the environment that are on disk, each set of files once, the newest first."""
    seen = {version.prefix_hash}
    for other in catalog.versions.list(version.namespace, version.name).items:
        if other.prefix_state == "ready" and other.prefix_hash not in seen and len(seen) <= _OTHERS:
            seen.add(other.prefix_hash)
            yield other


def _likely(module: str, packages: Sequence[Package]) -> str | None:
    """Return what the package is most likely called; None for what is no name, or is there and does not have it."""
    name, top = package_of_import(module), module.partition(".")[0]
    if name is None or not _PACKAGE.fullmatch(name) or (removed_in(top) and name == top):
        return None
    there = {name for package in packages for name in (package.name, pip_name(package))}
    return None if name in there else name
