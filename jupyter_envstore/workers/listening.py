"""What the native installer tells while it works: counted, passed on, and checked at the moments that matter."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_envstore.errors import EnvStoreError, LockfileError
from jupyter_envstore.prefixes.permissions import note_permissions
from jupyter_envstore.workers.failures import silent_channel
from jupyter_envstore.workers.fetching import local_path, paths_are_inside
from jupyter_envstore.workers.progress import Progress, readable_size

Package = Mapping[str, Any]


class Listener:
    """Counts what the installer does. Its methods are called on native threads, and what they raise is lost."""

    def __init__(
        self, packages: Sequence[Package], missing: Sequence[tuple[Package, str]], cache: Path, progress: Progress
    ) -> None:
        self._packages = {package["name"]: package for package in packages}
        self._missing = {package["name"]: package for package, _ in missing}
        self._local = {package["name"] for package, url in missing if local_path(url) is not None}
        self._cache = cache
        self._progress = progress
        self._count = len(packages)
        self._lock = threading.Lock()
        self._names: dict[int, str] = {}
        self._bytes: dict[str, int] = {}
        self._loading: dict[str, float] = {}
        self._fetched = 0
        self._linked = 0
        self._fetching = True
        self._refused: EnvStoreError | None = None
        self._total = sum(package.get("size") or 0 for package in self._missing.values())

    def check(self, stall_seconds: float) -> None:
        """Raise what was found on the other threads."""
        if self._refused is not None:
            raise self._refused
        with self._lock:
            now = time.monotonic()
            stalled = [name for name, last in self._loading.items() if now - last > stall_seconds]
            active = any(now - last <= stall_seconds for last in self._loading.values())
        if stalled and not active:
            raise silent_channel(self._missing[stalled[0]], stall_seconds)

    def on_populate_cache_start(self, operation: int, package_name: str) -> int:
        with self._lock:
            token = len(self._names) + 1
            self._names[token] = package_name
        return token

    def on_download_start(self, cache_entry: int) -> int:
        name = self._names[cache_entry]
        with self._lock:
            self._loading[name] = time.monotonic()
        package = self._missing.get(name, {})
        self._progress.log(f"fetching {package.get('url', name)} ({readable_size(package.get('size') or 0)})")
        return cache_entry

    def on_download_progress(self, download_idx: int, progress: int, total: int | None) -> None:
        name = self._names[download_idx]
        with self._lock:
            self._loading[name] = time.monotonic()
            self._bytes[name] = progress
        self._tell()

    def on_download_completed(self, download_idx: int) -> None:
        with self._lock:
            self._loading.pop(self._names[download_idx], None)

    def on_populate_cache_complete(self, cache_entry: int) -> None:
        name = self._names[cache_entry]
        # This is the one moment between unpacking a package and linking it.
        if name in self._packages and not paths_are_inside(self._cache, self._packages[name]):
            self._refuse(self._packages[name])
        package = self._missing.get(name)
        if name in self._packages:
            self._note_permissions(self._packages[name], fresh=package is not None)
        if package is not None:
            with self._lock:
                self._fetched += 1
                self._bytes[name] = package.get("size") or 0
            if name in self._local:
                self._progress.log(f"unpacked {package['url']} ({readable_size(package.get('size') or 0)})")
        self._tell()

    def on_link_complete(self, index: int) -> None:
        with self._lock:
            self._linked += 1
        self._tell()

    def on_link_start(self, operation: int, package_name: str) -> int:
        return operation

    def _note_permissions(self, package: Package, fresh: bool) -> None:
        entry = self._cache / f"{package['name']}-{package['version']}-{package['build']}"
        try:
            note_permissions(entry, fresh=fresh)
        except OSError as error:
            self._progress.log(f"the permissions of {entry.name} cannot be remembered: {error.strerror}")

    def _refuse(self, package: Package) -> None:
        """Keep the native thread from linking a package whose paths lead out of the prefix; the process will end."""
        self._refused = LockfileError(
            f"The package {package['name']} {package['version']} contains paths that lead out of the environment. "
            "It was not installed; leave it out, and report it to its channel.",
            package=package["name"],
        )
        threading.Event().wait()

    def _tell(self) -> None:
        with self._lock:
            finished = self._fetching and self._fetched >= len(self._missing)
            if finished:
                self._fetching = False
            fetching, fetched, linked = self._fetching, self._fetched, self._linked
            loaded = sum(self._bytes.values())
        if fetching or finished:
            self._progress.advance(fetched, len(self._missing), loaded, self._total)
        if finished:
            self._progress.begin("link", self._count)
        if not fetching:
            self._progress.advance(linked, self._count)
