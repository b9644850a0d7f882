"""The store as it is at one moment: what lies on disk, who shares it, who needs it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.catalog.collection import HeldPrefix, HeldVersion
from jupyter_envstore.disk.accounts import Accounts, CacheEntry, draw_up
from jupyter_envstore.disk.footprints import Footprint, Footprints, measure
from jupyter_envstore.disk.holders import find_holders
from jupyter_envstore.disk.needs import Needs
from jupyter_envstore.errors import LockfileError
from jupyter_envstore.kernels.stamps import last_used
from jupyter_envstore.layout import PREFIX_NAME_LENGTH, StoreLayout
from jupyter_envstore.prefixes.hashing import prefix_hash
from jupyter_envstore.prefixes.marks import read_mark

_PREFIX = re.compile(rf"[0-9a-f]{{{PREFIX_NAME_LENGTH}}}")
_UNFINISHED = re.compile(rf"[0-9a-f]{{{PREFIX_NAME_LENGTH}}}\.[a-z]+")

PinnedKernels = Callable[[], Mapping[str, datetime]]
"""Gives, by prefix hash, when a kernel that is pinned to a version with that prefix was last started."""


@dataclass(frozen=True)
class Survey:
    """What was seen. Prefixes are named by their folder.

    Attributes
    ----------
    on_disk
        Names of the prefixes that are there.
    known
        What the catalog says of prefixes, there or not.
    versions
        Every version of the environments that have a prefix there.
    accounts
        Who shares which bytes.
    needs
        Who needs which prefix.
    locks
        Hashes of the locks of builds that go on.
    """

    on_disk: tuple[str, ...]
    known: Mapping[str, HeldPrefix]
    versions: tuple[HeldVersion, ...]
    accounts: Accounts
    needs: Needs
    locks: tuple[str, ...]


class Surveyor:
    """Looks at one store, again and again: what cannot have changed is remembered.

    Parameters
    ----------
    platform
        This machine's.
    pinned_kernels
        See `PinnedKernels`.
    """

    def __init__(
        self,
        catalog: Catalog,
        layout: StoreLayout,
        platform: str,
        *,
        pinned_kernels: PinnedKernels = dict,
    ) -> None:
        self._catalog = catalog
        self._layout = layout
        self._platform = platform
        self._pinned_kernels = pinned_kernels
        self._footprints = Footprints(layout.footprints)
        self._packages: dict[str, frozenset[str]] = {}
        self._wheels: dict[str, frozenset[str]] = {}
        self._hash_of_lock: dict[str, str | None] = {}
        self._last: tuple[object, Accounts, object] | None = None

    def look(self, recent_days: float) -> Survey:
        """Look at everything; what was used within ``recent_days`` counts as needed."""
        # Builds before prefixes: one that begins now is found by whoever frees, see `Holdings.free`.
        locks = tuple(self._catalog.holdings.expected_locks())
        known = {prefix.hash[:PREFIX_NAME_LENGTH]: prefix for prefix in self._catalog.holdings.prefixes()}
        on_disk = self._prefixes()
        versions = self._catalog.holdings.versions(known[name].hash for name in on_disk if name in known)
        having: dict[str, list[HeldVersion]] = {}
        for version in versions:
            having.setdefault(version.prefix_hash[:PREFIX_NAME_LENGTH], []).append(version)
        needs = Needs(
            now=datetime.now(timezone.utc),
            recent_days=recent_days,
            versions=having,
            holders=find_holders(self._layout),
            building=frozenset(self._building(locks)),
            last_used={name: used for name in on_disk if (used := self._last_used(name, known.get(name))) is not None},
            kernels={digest[:PREFIX_NAME_LENGTH]: used for digest, used in self._pinned_kernels().items()},
        )
        return Survey(tuple(on_disk), known, tuple(versions), self._accounts(on_disk), needs, locks)

    def forget_missing(self, on_disk: Iterable[str]) -> None:
        """Forget what was measured of prefixes that are gone."""
        self._footprints.forget(set(on_disk))

    def packages_of(self, name: str) -> frozenset[str]:
        """Return full names (name-version-build) of a prefix's packages; empty when its mark cannot be read."""
        return self._packages.get(name, frozenset()) if self._read(name) else frozenset()

    def wheels_of(self, name: str) -> frozenset[str]:
        """Return the digests of a prefix's wheels, as they name entries of the cache; as `packages_of` does."""
        return self._wheels.get(name, frozenset()) if self._read(name) else frozenset()

    def _read(self, name: str) -> bool:
        if name not in self._packages:
            mark = read_mark(self._layout.prefixes / name)
            if mark is None:
                return False
            self._packages[name], self._wheels[name] = frozenset(mark.packages), frozenset(mark.wheels.values())
        return True

    def hash_of_lock(self, lock: str) -> str | None:
        """Return the hash of the prefix that a lock leads to on this machine, or None when it leads to none."""
        if lock not in self._hash_of_lock:
            packages = self._catalog.locks.packages(lock, self._platform)
            try:
                self._hash_of_lock[lock] = prefix_hash(packages, self._platform) if packages else None
            except LockfileError:
                self._hash_of_lock[lock] = None
        return self._hash_of_lock[lock]

    def _building(self, locks: Iterable[str]) -> Iterator[str]:
        hashes = [self.hash_of_lock(lock) for lock in locks]
        for digest in [*hashes, *self._catalog.holdings.expected_versions()]:
            if digest is not None:
                yield digest[:PREFIX_NAME_LENGTH]

    def _last_used(self, name: str, known: HeldPrefix | None) -> datetime | None:
        stamp = last_used(self._layout.used_prefix(name))
        told = known.last_used if known is not None else None
        return max((moment for moment in (stamp, told) if moment is not None), default=None)

    def _prefixes(self) -> list[str]:
        return sorted(name for name in folders(self._layout.prefixes) if _PREFIX.fullmatch(name))

    def _accounts(self, on_disk: Iterable[str]) -> Accounts:
        prefixes: dict[str, Footprint] = {
            name: self._footprints.of_prefix(self._layout.prefixes / name) for name in on_disk
        }
        for name in folders(self._layout.prefixes):
            if _UNFINISHED.fullmatch(name):
                prefixes[name] = measure(self._layout.prefixes / name)
        entries = self._entries(prefixes)
        key = ([(name, id(one)) for name, one in prefixes.items()], [(e.name, id(e.footprint)) for e in entries])
        if self._last is None or self._last[0] != key:
            # What it was drawn up from is kept with it: no other footprint can then have the same id.
            self._last = (key, draw_up(prefixes, entries), (prefixes, entries))
        return self._last[1]

    def _entries(self, prefixes: Iterable[str]) -> list[CacheEntry]:
        users: dict[str, set[str]] = {}
        for name in prefixes:
            for stem in (*self.packages_of(name), *self.wheels_of(name)):
                users.setdefault(stem, set()).add(name)
        entries = [
            CacheEntry(
                f"pkgs/{stem}",
                self._footprints.of_entry(self._layout.package_cache / stem),
                frozenset(users.get(stem, ())),
            )
            for stem in folders(self._layout.package_cache)
            if not stem.startswith(".")
        ]
        entries += [
            CacheEntry(
                f"wheels/{digest}",
                self._footprints.of_entry(self._layout.wheel_cache / digest),
                frozenset(users.get(digest, ())),
            )
            for digest in folders(self._layout.wheel_cache)
            if not digest.startswith(".")
        ]
        for tag in folders(self._layout.bytecode_cache):
            folder = self._layout.bytecode_cache / tag
            entries += [
                CacheEntry(f"pyc/{tag}/{digest}", self._footprints.of_entry(folder / digest))
                for digest in folders(folder)
                if not digest.startswith(".")
            ]
        return entries


def folders(path: Path) -> list[str]:
    """Return the names of the real folders in a folder, which need not exist."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(path) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    return []


def files(path: Path) -> list[str]:
    """Return the names of the plain files in a folder, which need not exist."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(path) as entries:
        return sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
    return []
