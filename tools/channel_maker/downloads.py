"""Downloads: wheels by name from PyPI, with everything they need, through the machine's ordinary ``pip``.

Resolved per Python minor with our own closure over ``Requires-Dist``, because ``pip download --python-version``
evaluates environment markers for the Python that runs pip and not for the one asked for. The result is remembered: a
second run asks nobody.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import platform_tags
from packaging.utils import canonicalize_name
from packaging.version import Version

from .targets import Target
from .wheels import Wheel


@dataclass(frozen=True)
class Downloader:
    """Gets wheels into ``folder`` for one platform (this machine's)."""

    folder: Path
    platform: str
    pip_python: Path

    def fetch(
        self, groups: tuple[tuple[str, ...], ...], pythons: Iterable[str], refresh: bool = False
    ) -> dict[str, list[Wheel]]:
        """The wheels of all groups with what they need, by Python minor."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left_by_a_killed_run in self.folder.glob("download-*"):
            shutil.rmtree(left_by_a_killed_run, ignore_errors=True)
        return {python: self._fetch_for(python, groups, refresh) for python in pythons}

    def _fetch_for(self, python: str, groups: tuple[tuple[str, ...], ...], refresh: bool) -> list[Wheel]:
        key = hashlib.sha256(json.dumps([groups, python, self.platform, list(platform_tags())]).encode()).hexdigest()[
            :16
        ]
        memory = self.folder / f"resolved-{python}-{key}.json"
        if memory.is_file() and not refresh:
            known = [self.folder / name for name in json.loads(memory.read_text())]
            if all(path.is_file() for path in known):
                return [Wheel(path) for path in known]
        wheels = self._resolve(python, groups)
        memory.write_text(json.dumps(sorted({wheel.path.name for wheel in wheels})))
        return wheels

    def _resolve(self, python: str, groups: tuple[tuple[str, ...], ...]) -> list[Wheel]:
        target = Target(self.platform, python)
        have: dict[str, dict[Version, Wheel]] = {}
        for group in groups:
            applying = [one for one in map(Requirement, group) if target.needs(one)]
            wanted = [f"{one.name}{one.specifier}" for one in applying]
            while wanted:
                arrived = self._download(python, wanted)
                for wheel in arrived:
                    have.setdefault(wheel.pypi_name, {})[Version(wheel.version)] = wheel
                wanted = _missing(target, arrived, have)
        return [wheel for versions in have.values() for wheel in versions.values()]

    def _download(self, python: str, requirements: list[str]) -> list[Wheel]:
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="download-") as scratch:
            command = [str(self.pip_python), "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            command += [
                "--disable-pip-version-check",
                "--python-version",
                python,
                "--implementation",
                "cp",
                "--dest",
                scratch,
            ]
            for tag in platform_tags():
                command += ["--platform", tag]
            environment = os.environ | {"PIP_NO_INPUT": "1"}
            done = subprocess.run(
                [*command, *requirements], capture_output=True, text=True, check=False, env=environment
            )
            if done.returncode != 0:
                raise RuntimeError(
                    f"pip could not download {', '.join(requirements)} for Python {python}:\n{done.stderr.strip()}"
                )
            wheels = []
            for path in sorted(Path(scratch).glob("*.whl")):
                kept = self.folder / path.name
                path.replace(kept)
                wheels.append(Wheel(kept))
        return wheels


def _missing(target: Target, arrived: list[Wheel], have: dict[str, dict[Version, Wheel]]) -> list[str]:
    """Requirement strings of what the arrived wheels need and no wheel here satisfies, one a package."""
    needed: dict[str, SpecifierSet] = {}
    for wheel in arrived:
        for requirement in wheel.requirements:
            name = canonicalize_name(requirement.name)
            if not target.needs(requirement) or _satisfied(requirement, have.get(name, {})):
                continue
            needed[name] = needed.get(name, SpecifierSet()) & requirement.specifier
    return [f"{name}{specifiers}" for name, specifiers in sorted(needed.items())]


def _satisfied(requirement: Requirement, versions: dict[Version, Wheel]) -> bool:
    return any(requirement.specifier.contains(version, prereleases=True) for version in versions)


def find_pip(candidates: Iterable[Path]) -> Path:
    """The first Python among the candidates (this one before them) that has pip.

    Raises
    ------
    RuntimeError
        When none has.
    """
    for candidate in (Path(sys.executable), *candidates):
        if candidate.is_file():
            asked = subprocess.run([str(candidate), "-m", "pip", "--version"], capture_output=True, check=False)
            if asked.returncode == 0:
                return candidate
    raise RuntimeError("No Python with pip was found. Make the checkout's environment first (`make .venv`).")
