"""The caches: what no prefix needs any more goes, if it can be had again."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.disk.sources import Sources
from jupyter_envstore.disk.survey import Survey, Surveyor, folders
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.caches import own_caches, take_away
from jupyter_envstore.prefixes.removal import remove_busy_tree, remove_each
from jupyter_envstore.schemas import Package

METADATA_SECONDS = 30 * 86_400.0
"""Channel metadata that nobody read for so long is fetched anew when it is wanted."""

PACKAGES = "pkgs/"
WHEELS = "wheels/"
FETCHED = (PACKAGES, WHEELS)
"""What came over the network."""
BYTECODE = "pyc/"
_WHOLE = re.compile(r"(?:archive|builds|sdists|environments)-v\d+")
"""Folders of uv's cache in which files belong together."""


@dataclass
class Caches:
    """What can leave the caches: names of entries, see `accounts.CacheEntry`; and packages that cannot be replaced."""

    entries: set[str] = field(default_factory=set)
    irreplaceable: list[str] = field(default_factory=list)


class Emptying:
    """Decides what leaves the caches, and takes it away."""

    def __init__(
        self, catalog: Catalog, layout: StoreLayout, surveyor: Surveyor, sources: Sources, platform: str
    ) -> None:
        self._catalog = catalog
        self._layout = layout
        self._surveyor = surveyor
        self._sources = sources
        self._platform = platform

    def plan(self, survey: Survey, freed: Collection[str]) -> Caches:
        """Decide what leaves the caches when these prefixes are freed.

        Byte-code can always be compiled again. A package that a version has in its lock leaves only if its channel has
        it still.
        """
        unused = survey.accounts.entries_without(freed)
        stems = {name.removeprefix(PACKAGES) for name in unused if name.startswith(PACKAGES)}
        lost = {_stem(package) for package in self._sources.lost(self._locked(stems))}
        kept = {PACKAGES + stem for stem in lost}
        digests = {name.removeprefix(WHEELS) for name in unused if name.startswith(WHEELS)}
        for wheel in self._sources.lost(self._catalog.holdings.wheels(sorted(digests), self._platform)):
            lost.add(f"{wheel.name}-{wheel.version}")
            kept.add(f"{WHEELS}{wheel.sha256}")
        return Caches(unused - kept, sorted(lost))

    def irreplaceable(self, survey: Survey, name: str) -> list[str]:
        """Return the packages of a prefix that could not be had again without it: neither cached nor offered."""
        if all(version.deleted for version in survey.needs.versions.get(name, ())):
            return []
        missing = self._surveyor.packages_of(name) - set(folders(self._layout.package_cache))
        lost = {_stem(package) for package in self._sources.lost(self._locked(missing))} if missing else set()
        digests = self._surveyor.wheels_of(name) - set(folders(self._layout.wheel_cache))
        if digests:
            wheels = self._sources.lost(self._catalog.holdings.wheels(sorted(digests), self._platform))
            lost |= {f"{wheel.name}-{wheel.version}" for wheel in wheels}
        return sorted(lost)

    def empty(self, planned: Caches) -> set[str] | None:
        """Take planned entries away; return which, or None when builds use the caches now."""
        with own_caches(self._layout) as alone:
            if not alone:
                return None
            # What was published since it was planned is kept quick to build again.
            needed = {
                entry
                for name in folders(self._layout.prefixes)
                for entry in (
                    *(PACKAGES + stem for stem in self._surveyor.packages_of(name)),
                    *(WHEELS + digest for digest in self._surveyor.wheels_of(name)),
                )
            }
            going = planned.entries - needed
            aside = []
            for entry in sorted(going):
                folder, _, name = entry.rpartition("/")
                aside += take_away(self._layout.cache / folder, [name])
        for _path, error in remove_each(aside, remove_busy_tree):
            if error is not None:
                raise error
        return going

    def _locked(self, stems: Iterable[str]) -> list[Package]:
        """Return the packages of these full names that versions have in their locks for this machine."""
        wanted = set(stems)
        names = {stem.rsplit("-", 2)[0] for stem in wanted}
        return [
            package
            for package in self._catalog.holdings.packages(sorted(names), self._platform)
            if package.subdir in ("noarch", self._platform) and _stem(package) in wanted
        ]


def old_metadata(layout: StoreLayout) -> list[Path]:
    """Return the files of channel metadata that were neither written nor read for long."""
    before = time.time() - METADATA_SECONDS
    found = []
    for folder in (layout.repodata_cache, layout.uv_cache):
        for path in folder.rglob("*") if folder.is_dir() else ():
            if _WHOLE.fullmatch(path.relative_to(layout.cache).parts[1]):
                continue
            with contextlib.suppress(OSError):
                state = path.lstat()
                if not path.is_dir() and max(state.st_mtime, state.st_atime) < before:
                    found.append(path)
    return found


def _stem(package: Package) -> str:
    return f"{package.name}-{package.version}-{package.build}"
