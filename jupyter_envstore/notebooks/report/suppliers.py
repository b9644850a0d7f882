"""Which packages supply the modules that a notebook imports: by the files of a prefix, or by names alone."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.utils import canonicalize_name

from jupyter_envstore.lock.pip.names import pip_name
from jupyter_envstore.prefixes.records import InstalledPackage
from jupyter_envstore.schemas import Package

_LIBRARY = re.compile(r"(?:lib/python3\.\d+t?/|Lib/)(?P<site>site-packages/)?(?P<rest>.+)")
_MODULE = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:\.[\w-]+)*\.(?:py|pyc|so|pyd)")


_SHARED = {
    "azure": "azure-{}",
    "azure.ai": "azure-ai-{}",
    "azure.mgmt": "azure-mgmt-{}",
    "azure.storage": "azure-storage-{}",
    "backports": "backports.{}",
    "google": "",
    "google.cloud": "google-cloud-{}",
    "jaraco": "jaraco.{}",
    "sphinxcontrib": "sphinxcontrib-{}",
    "zope": "zope.{}",
}
"""Modules that many packages have a part in, and what these are called; empty where nobody can tell."""


def package_of_import(module: str) -> str | None:
    """Return what the package is most likely called that supplies a module: ``sklearn.svm`` → ``scikit-learn``.

    None for what many packages have a part in, as ``google``.
    """
    known, parts = _table(), module.split(".")
    for count in range(len(parts), 0, -1):
        start = ".".join(parts[:count])
        if start in known:
            return known[start]
        if start in _SHARED:
            part = parts[count].lower().replace("_", "-") if count < len(parts) else ""
            return _SHARED[start].format(part) or None if part else None
    return parts[0].lower().replace("_", "-")


@dataclass(frozen=True)
class Suppliers:
    """Names of packages by the module that they supply, for those modules that were asked for."""

    by_module: Mapping[str, Collection[str]]
    standard: Collection[str] = frozenset()

    @classmethod
    def in_prefix(cls, installed: Iterable[InstalledPackage], tops: Collection[str]) -> Suppliers:
        """Find the modules below the top-level names ``tops`` among the files of a prefix."""
        found: dict[str, set[str]] = {}
        standard: set[str] = set()
        for package in installed:
            for file in package.files:
                if _top_of(file.path) not in tops:
                    continue  # cheap, and nearly always so: there may be a hundred thousand files
                place = _LIBRARY.fullmatch(file.path)
                if place is None:
                    continue
                folders = place["rest"].split("/")
                if not place["site"]:
                    folders = folders[1:] if folders[0] == "lib-dynload" else folders
                module = _MODULE.fullmatch(folders[-1])
                top = folders[0] if len(folders) > 1 else module["name"] if module else ""
                if module is None or top not in tops:
                    continue
                if not place["site"]:
                    standard.add(top)
                    continue
                names = folders[:-1] + ([] if module["name"] == "__init__" else [module["name"]])
                for count in range(1, len(names) + 1):
                    found.setdefault(".".join(names[:count]), set()).add(package.name)
        return cls(found, standard)

    def of(self, module: str, members: Collection[str] = ()) -> set[str]:
        """Return the packages that supply a module; for one that several have a part in, those of its ``members``."""
        parts = module.split(".")
        owners: Collection[str] = ()
        for count in range(len(parts), 0, -1):
            owners = self.by_module.get(".".join(parts[:count]), ())
            if owners:
                break
        if len(owners) > 1 and members:
            inner = {name for member in members for name in self.by_module.get(f"{module}.{member}", ())}
            return inner or set(owners)
        return set(owners)


def suppliers_by_name(module: str, packages: Iterable[Package]) -> set[str]:
    """Return the packages that supply a module as far as their names tell."""
    likely = package_of_import(module)
    top = module.partition(".")[0]
    wanted = {canonicalize_name(name) for name in (likely, top, f"python-{top}", f"py{top}") if name}
    dotted = canonicalize_name(module)
    found = set()
    for package in packages:
        names = {canonicalize_name(package.name), pip_name(package) or ""}
        if names & wanted or any(name and f"{dotted}-".startswith(f"{name}-") for name in names):
            found.add(package.name)
    return found


def _top_of(path: str) -> str:
    """Return the top-level module that a file may belong to."""
    start = path.find("site-packages/")
    if start >= 0:
        rest = path[start + len("site-packages/") :]
    else:
        rest = (
            path.removeprefix("Lib/") if path.startswith("Lib/") else path.partition("/python3.")[2].partition("/")[2]
        )
        rest = rest.removeprefix("lib-dynload/")
    return rest.partition("/")[0].partition(".")[0]


@cache
def _table() -> dict[str, str]:
    table: dict[str, str] = json.loads(Path(__file__).with_name("import_names.json").read_text(encoding="utf-8"))
    return table
