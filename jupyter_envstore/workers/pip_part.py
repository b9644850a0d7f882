"""The pip part of a build: the lock's wheels, fetched before the conda part is linked, and linked after it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_envstore.errors import BuildError, LockfileError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.bytecode import find_python
from jupyter_envstore.prefixes.records import read_installed, write_wheels
from jupyter_envstore.prefixes.wheel_linking import Place, link_wheels
from jupyter_envstore.prefixes.wheels import Wheel, is_intact, read_entry, remove_entry, restore_permissions
from jupyter_envstore.workers.locked_wheels import LockedWheel, read_wheels
from jupyter_envstore.workers.progress import Progress
from jupyter_envstore.workers.wheel_fetching import WORKPLACE, Fetching, Interpreter

LINK = "link-wheels"
_PYTHON = re.compile(r"(3\.\d+)(?:\.\d+)*")
_THREADED = re.compile(r"_cp3\d+t$")


@dataclass
class PipPart:
    """What pip installs in one build; nothing of it costs anything when the lock has no wheels.

    Parameters
    ----------
    arguments
        Of the build: see `building.build`.
    """

    layout: StoreLayout
    arguments: dict[str, Any]
    progress: Progress
    stall_seconds: float

    def __post_init__(self) -> None:
        self._locked = read_wheels(self.arguments["packages"], self.arguments.get("allow_source") or [])
        self._known: dict[str, Wheel] = {}
        self.note_sha256 = ""
        """Of the note on wheels in the prefix; empty when there are none."""
        self.permissions: dict[str, int] = {}
        """The bits that files of wheels must have, by path, where these are not just readable."""

    @property
    def missing(self) -> list[str]:
        """Digests of the wheels that are not in the cache; it may be another's answer a moment later."""
        return [wheel.digest for wheel in self._locked if not (self.layout.wheel_cache / wheel.digest).is_dir()]

    @property
    def digests(self) -> dict[str, str]:
        """The digests that name entries of the cache, by full name."""
        return {f"{wheel.name}-{wheel.version}": wheel.digest for wheel in self._locked}

    def check_cache(self) -> None:
        """Compare what is in the cache with its lists; what differs is taken out, to be fetched anew."""
        cache = self.layout.wheel_cache
        for wheel in self._cached():
            if not is_intact(cache, wheel):
                self.progress.log(f"a file of {wheel.stem} was changed in the cache: the wheel is fetched again")
                remove_entry(cache, wheel.digest)
                del self._known[wheel.digest]

    def restore_permissions(self) -> list[str]:
        """Give cached files the permissions back that they lost; return their names."""
        return restore_permissions(self.layout.wheel_cache, self._cached())

    def fetch(self, partial: Path) -> None:
        """Fetch what is not in the cache, as far as this can be done without the environment's own Python."""
        if not self._locked:
            return
        python = next(package for package in self.arguments["packages"] if package["name"] == "python")
        version = _PYTHON.match(str(python["version"]))
        if version is None or _THREADED.search(str(python["build"])):
            return
        # Sources are built with the Python that they are for.
        wheels = [wheel for wheel in self._missing() if wheel.kind == "wheel"]
        late = self._fetching(partial).fetch(wheels, Interpreter(sys.executable, version[1]))
        for wheel in late:
            self.progress.log(f"{wheel.name} {wheel.version} is fetched with the environment's own Python")

    def install(self, partial: Path, final: Path) -> None:
        """Link the wheels into a partial prefix that has its conda packages, and note their files in it.

        Raises
        ------
        PackageCollisionError
            When a wheel would replace what a conda package brought.
        HashMismatchError, DownloadError, ChannelUnavailableError, DiskFullError, LockfileError, BuildError
        """
        if not self._locked:
            return
        installed = read_installed(partial)
        python = find_python(installed)
        if python is None:
            raise LockfileError("The lock has packages of pip, and a Python for which they cannot be installed.")
        missing = self._missing()
        if missing:
            self._fetching(partial).fetch(missing, Interpreter(f"{partial}/bin/python"))
        wheels = self._cached()
        self.progress.begin(LINK, len(wheels))
        place = Place(partial, final, python.library, bool(self.arguments.get("run_link_scripts")))
        requested = set(self.arguments.get("root_names") or [])
        try:
            linked = link_wheels(
                place,
                self.layout.wheel_cache,
                wheels,
                installed,
                requested,
                report=self.progress.advance,
                log=self.progress.log,
            )
        except FileNotFoundError as error:
            # Another builder found it damaged at this moment.
            raise BuildError("A wheel vanished from the cache while it was installed. Try again.") from error
        self.note_sha256 = write_wheels(partial, linked)
        self.permissions = {
            place.target(file): file.permissions for wheel in wheels for file in wheel.files if file.executable
        }

    def _fetching(self, partial: Path) -> Fetching:
        return Fetching(
            self.layout.wheel_cache,
            partial / WORKPLACE,
            self.progress,
            self.stall_seconds,
            self.arguments.get("mirrors") or {},
            self.arguments.get("index_urls") or [],
        )

    def _missing(self) -> list[LockedWheel]:
        there = {wheel.digest for wheel in self._cached()}
        return [wheel for wheel in self._locked if wheel.digest not in there]

    def _cached(self) -> list[Wheel]:
        for wheel in self._locked:
            if wheel.digest not in self._known:
                files = read_entry(self.layout.wheel_cache, wheel.digest)
                if files is not None:
                    self._known[wheel.digest] = Wheel(wheel.name, wheel.version, wheel.digest, files)
        return [self._known[wheel.digest] for wheel in self._locked if wheel.digest in self._known]
