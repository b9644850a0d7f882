"""Wheels: a file from PyPI becomes a ``.conda`` package, with the dependencies and entry points that it declares.

A pure wheel becomes a ``noarch: python`` package, one for all Pythons and platforms unless its environment markers tell
them apart; then one for each group that agrees, as conda-forge does with ``__linux``, ``__osx`` and ``__win``. A
compiled wheel becomes one package for the Python it is made for.
"""

from __future__ import annotations

import configparser
import hashlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from email.message import Message
from email.parser import HeaderParser
from functools import cached_property
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import parse_wheel_filename

from .archive import PLACEHOLDER, Draft, PackageFile
from .cache import BuiltPackage, PackageCache
from .names import conda_name
from .specifiers import conda_constraint, match_spec, python_range
from .targets import VIRTUAL_PACKAGES, Target

_EARLIEST = datetime(2015, 1, 1, tzinfo=timezone.utc)

_SPDX = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""Trove classifiers that older wheels state in place of an SPDX expression."""


@dataclass(frozen=True)
class Wheel:
    """A wheel on disk."""

    path: Path

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    @cached_property
    def pypi_name(self) -> str:
        return str(parse_wheel_filename(self.path.name)[0])

    @cached_property
    def version(self) -> str:
        return str(parse_wheel_filename(self.path.name)[1])

    @cached_property
    def pure(self) -> bool:
        return all(tag.abi == "none" and tag.platform == "any" for tag in parse_wheel_filename(self.path.name)[3])

    @cached_property
    def name(self) -> str:
        """The package's name in conda."""
        return conda_name(self.pypi_name)

    @cached_property
    def dist_info(self) -> str:
        """Name of the metadata folder inside the wheel."""
        with zipfile.ZipFile(self.path) as archive:
            return next(name.split("/")[0] for name in archive.namelist() if name.endswith(".dist-info/METADATA"))

    @cached_property
    def metadata(self) -> Message:
        return HeaderParser().parsestr(self._text("METADATA"))

    @cached_property
    def requirements(self) -> list[Requirement]:
        """What the wheel requires, with markers. One that PEP 508 does not allow is left out, as pip refuses it too."""
        found = []
        for text in self.metadata.get_all("Requires-Dist", []):
            try:
                found.append(Requirement(text))
            except InvalidRequirement:
                continue
        return found

    @cached_property
    def python_constraint(self) -> str:
        """``Requires-Python`` as a conda constraint."""
        try:
            return conda_constraint(SpecifierSet(self.metadata.get("Requires-Python") or ""))
        except InvalidSpecifier:
            return ""

    @cached_property
    def entry_points(self) -> list[str]:
        """Console and GUI scripts, ``name = module:function``."""
        text = self._text("entry_points.txt")
        parser = configparser.ConfigParser(delimiters=("=",), interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
        parser.read_string(text)
        sections = [parser[name] for name in ("console_scripts", "gui_scripts") if parser.has_section(name)]
        return [f"{name} = {target.split('[')[0].strip()}" for section in sections for name, target in section.items()]

    @cached_property
    def timestamp(self) -> int:
        """When the wheel was made, in milliseconds: the newest member. Archives with invented dates get the start of
        2015.
        """
        with zipfile.ZipFile(self.path) as archive:
            newest = max(datetime(*one.date_time, tzinfo=timezone.utc) for one in archive.infolist())
        return int(max(newest, _EARLIEST).timestamp() * 1000)

    @cached_property
    def license(self) -> str:
        """The licence in one line: the SPDX expression where there is one."""
        stated = self.metadata.get("License-Expression") or self.metadata.get("License") or ""
        classifiers = [one for one in self.metadata.get_all("Classifier", []) if one.startswith("License ::")]
        if (not stated or "\n" in stated or len(stated) > 60) and classifiers:
            stated = classifiers[0].rsplit("::", 1)[-1].strip()
            stated = _SPDX.get(stated, stated)
        return stated.split("\n")[0][:60]

    @cached_property
    def home(self) -> str:
        """The project's page."""
        listed = [one.split(",", 1)[-1].strip() for one in self.metadata.get_all("Project-URL", [])]
        return self.metadata.get("Home-Page") or (listed[0] if listed else "")

    def _text(self, name: str) -> str:
        with zipfile.ZipFile(self.path) as archive:
            try:
                return archive.read(f"{self.dist_info}/{name}").decode("utf-8", errors="replace")
            except KeyError:
                return ""

    def depends(self, target: Target, available: frozenset[str]) -> list[str]:
        """Match specs of what it needs on a target. ``available`` are the conda names that the channel has; an optional
        build of something else (a marker for an interpreter that we have not) never becomes a dependency.
        """
        wanted = [one for one in self.requirements if target.needs(one)]
        return sorted({match_spec(one) for one in wanted if conda_name(one.name) in available})

    def files(self, python: str | None) -> Iterator[PackageFile]:
        """The files as they lie in a prefix; ``python`` is the minor, ``None`` for a noarch package."""
        packages = "site-packages" if python is None else f"lib/python{python}/site-packages"
        scripts = "python-scripts" if python is None else "bin"
        with zipfile.ZipFile(self.path) as archive:
            for member in archive.infolist():
                if member.is_dir():
                    continue
                inside = _place(member.filename, packages, scripts, python)
                data = archive.read(member)
                runnable = bool((member.external_attr >> 16) & 0o111)
                if inside.startswith(f"{scripts}/"):
                    yield _script(inside, data, python)
                elif inside.endswith(".dist-info/INSTALLER"):
                    continue
                else:
                    yield PackageFile(inside, data, executable=runnable)
        yield PackageFile(f"{packages}/{self.dist_info}/INSTALLER", b"conda\n")
        if python is not None:
            yield from (_entry_point_script(one, python) for one in self.entry_points)


def _place(name: str, packages: str, scripts: str, python: str | None) -> str:
    top, _, rest = name.partition("/")
    if not top.endswith(".data"):
        return f"{packages}/{name}"
    kind, _, rest = rest.partition("/")
    folders = {"purelib": f"{packages}/", "platlib": f"{packages}/", "scripts": f"{scripts}/", "data": ""}
    if kind == "headers":
        return f"include/{f'python{python}/' if python else ''}{top.split('-')[0]}/{rest}"
    return folders[kind] + rest


def _script(inside: str, data: bytes, python: str | None) -> PackageFile:
    first, _, rest = data.partition(b"\n")
    if not first.startswith(b"#!python"):
        return PackageFile(inside, data, executable=True)
    # In a noarch package the installer itself puts the interpreter of the prefix into a `#!python` line.
    shebang = f"#!{PLACEHOLDER}/bin/python{python or ''}\n".encode()
    return PackageFile(inside, shebang + rest, executable=True, has_placeholder=True)


def _entry_point_script(entry_point: str, python: str) -> PackageFile:
    name, _, target = (part.strip() for part in entry_point.partition("="))
    module, _, attribute = target.partition(":")
    lines = [
        f"#!{PLACEHOLDER}/bin/python{python}",
        "import sys",
        "",
        f"from {module} import {attribute.split('.')[0]}",
        "",
        'if __name__ == "__main__":',
        f"    sys.exit({attribute}())",
        "",
    ]
    return PackageFile(f"bin/{name}", "\n".join(lines).encode(), executable=True, has_placeholder=True)


def build_wheel(
    cache: PackageCache, wheel: Wheel, pythons: tuple[str, ...], platforms: tuple[str, ...], available: frozenset[str]
) -> list[BuiltPackage]:
    """The packages of a wheel.

    Parameters
    ----------
    pythons
        The minors that the wheel is to serve: all of the channel for a pure one, those that downloaded it for a
        compiled one.
    platforms
        The platforms that the channel has records for, this machine's first.
    available
        The conda names in the channel.
    """
    wanted = {
        f"{one.platform}/{one.python}": wheel.depends(one, available) for one in _targets(wheel, pythons, platforms)
    }
    inputs = ["wheel", wheel.sha256, wheel.name, wanted, list(pythons), platforms[0]]
    return cache.get(inputs, lambda: list(_drafts(wheel, pythons, platforms, available)))


def _targets(wheel: Wheel, pythons: tuple[str, ...], platforms: tuple[str, ...]) -> list[Target]:
    return [Target(platform, python) for platform in (platforms if wheel.pure else platforms[:1]) for python in pythons]


def _drafts(
    wheel: Wheel, pythons: tuple[str, ...], platforms: tuple[str, ...], available: frozenset[str]
) -> Iterator[Draft]:
    if not wheel.pure:
        for python in pythons:
            number = python.replace(".", "")
            depends = wheel.depends(Target(platforms[0], python), available)
            depends += [python_range(python), f"python_abi {python}.* *_cp{number}"]
            yield _draft(wheel, f"py{number}h{wheel.sha256[:7]}_0", platforms[0], sorted(depends), python)
        return
    python_spec = f"python {wheel.python_constraint}".strip()
    for depends, extra in _variants(wheel, pythons, platforms, available):
        everything = sorted({*depends, python_spec, *extra})
        mark = hashlib.sha256(repr((wheel.sha256, everything)).encode()).hexdigest()[:7]
        yield _draft(wheel, f"pyh{mark}_0", "noarch", everything, None)


def _variants(
    wheel: Wheel, pythons: tuple[str, ...], platforms: tuple[str, ...], available: frozenset[str]
) -> list[tuple[list[str], list[str]]]:
    """Dependencies of a pure wheel, with what keeps each variant to its targets; one variant if all targets agree.

    Pythons are told apart only where they disagree, platforms likewise.
    """
    needs = {target: tuple(wheel.depends(target, available)) for target in _targets(wheel, pythons, platforms)}
    if len(set(needs.values())) == 1:
        return [(list(needs.popitem()[1]), [])]
    by_needs: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for platform in platforms:
        by_needs.setdefault(tuple(needs[Target(platform, python)] for python in pythons), []).append(platform)
    variants = []
    for of_pythons, its_platforms in by_needs.items():
        for system in _systems(its_platforms, platforms):
            for depends in dict.fromkeys(of_pythons):
                agreeing = [python for python, one in zip(pythons, of_pythons, strict=True) if one == depends]
                tied = [] if len(agreeing) == len(pythons) else [python_range(agreeing[0], agreeing[-1])]
                variants.append((list(depends), [*system, *tied]))
    return variants


def _systems(its_platforms: list[str], platforms: tuple[str, ...]) -> list[list[str]]:
    """The virtual packages that stand for some of the platforms: none for all of them, else one variant each."""
    if len(its_platforms) == len(platforms):
        return [[]]
    systems = {VIRTUAL_PACKAGES[one] for one in its_platforms}
    return [["__unix"]] if systems == {"__linux", "__osx"} else [[one] for one in sorted(systems)]


def _draft(wheel: Wheel, build: str, subdir: str, depends: list[str], python: str | None) -> Draft:
    return Draft(
        name=wheel.name,
        version=wheel.version,
        build=build,
        subdir=subdir,
        depends=depends,
        timestamp=wheel.timestamp,
        license=wheel.license,
        summary=(wheel.metadata.get("Summary") or "").split("\n")[0],
        home=wheel.home,
        noarch="python" if python is None else None,
        entry_points=wheel.entry_points,
        files=list(wheel.files(python)),
    )
