"""Fetching wheels: uv loads, checks and unpacks each, and the result is kept in the cache.

Each wheel is unpacked alone, into an empty folder, so that none can touch another's files nor conda's; linking them
into a prefix is `prefixes.wheel_linking`. One run of uv for each tells exactly which one failed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from jupyter_envstore.errors import ChannelUnavailableError, DownloadError, EnvStoreError, LockfileError
from jupyter_envstore.lock.pip.machine import secrets_in
from jupyter_envstore.prefixes.wheels import keep_unpacked
from jupyter_envstore.workers.failures import disk_full, not_enough_room
from jupyter_envstore.workers.installing_uv import installing_environment, start_uv
from jupyter_envstore.workers.locked_wheels import LockedWheel
from jupyter_envstore.workers.progress import Progress, readable_size
from jupyter_envstore.workers.wheel_failures import explain_wheel_failure

STEP = "wheels"
WORKPLACE = ".envstore-wheels"
"""Inside the partial prefix: what a kill leaves goes away with the partial."""
_AT_ONCE = 6
_LOOK_SECONDS = 0.25
_UNPACKED = 3
"""What a wheel writes while it is unpacked, roughly, as a multiple of what is loaded."""
_LINES = 40


@dataclass(frozen=True)
class Interpreter:
    """For which Python wheels are chosen and unpacked; with ``version``, the interpreter stands in for another one."""

    path: str
    version: str | None = None


@dataclass
class Fetching:
    """Fetches wheels for one build.

    Parameters
    ----------
    cache
        The store's cache of unpacked wheels.
    workplace
        A folder for this run, on the prefix's disk; made and removed here.
    mirrors
        URLs to use instead, by the beginning of the URLs that the lock names.
    indexes
        Package indexes, with credentials; what a source needs to be built is looked for there.
    """

    cache: Path
    workplace: Path
    progress: Progress
    stall_seconds: float
    mirrors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    indexes: Sequence[str] = ()
    _sizes: dict[str, int] = field(default_factory=dict)
    _loaded: dict[str, int] = field(default_factory=dict)
    _done: int = 0
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: bool = False

    def fetch(self, wheels: Sequence[LockedWheel], interpreter: Interpreter) -> list[LockedWheel]:
        """Fetch wheels into the cache; return those that are not for the interpreter, where it stands in for another.

        Raises
        ------
        HashMismatchError, DownloadError, ChannelUnavailableError, DiskFullError, LockfileError, BuildError
            With the wheel concerned, without credentials.
        """
        total = sum(wheel.size for wheel in wheels)
        self.progress.begin(STEP, len(wheels), total)
        if not wheels:
            return []
        if not_enough_room(self.cache, total):
            raise disk_full(self.cache, total)
        self.workplace.mkdir(parents=True, exist_ok=True)
        self._sizes, self._loaded, self._done = {wheel.digest: wheel.size for wheel in wheels}, {}, 0
        others: list[LockedWheel] = []
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool, self._watched():
                work = {pool.submit(self._fetch, wheel, interpreter): wheel for wheel in wheels}
                try:
                    for future in as_completed(work):
                        wheel = work[future]
                        if not future.result():
                            others.append(wheel)
                        self._done += 1
                        self._loaded[wheel.digest] = wheel.size
                        self._tell()
                except BaseException:
                    self._stop()
                    raise
        finally:
            shutil.rmtree(self.workplace, ignore_errors=True)
        return others

    def _fetch(self, wheel: LockedWheel, interpreter: Interpreter) -> bool:
        places = _places(str(wheel.package["url"]), self.mirrors)
        for number, url in enumerate(places):
            try:
                self._unpack(wheel, url, interpreter)
            except LockfileError:
                if interpreter.version is None:
                    raise
                return False
            except (DownloadError, ChannelUnavailableError) as error:
                if number + 1 == len(places):
                    raise
                self.progress.log(f"{error.message} Trying the next mirror.")
            else:
                return True
        raise AssertionError("there is always a place to fetch from")

    def _unpack(self, wheel: LockedWheel, url: str, interpreter: Interpreter) -> None:
        folder = self.workplace / wheel.digest
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pylock.toml").write_text(wheel.document(url), encoding="utf-8")
        unpacked = folder / "unpacked"
        arguments = ["pip", "install", "--python", interpreter.path, "--prefix", os.fspath(unpacked), "--no-deps"]
        arguments += ["--link-mode", "hardlink", "-r", "pylock.toml"]
        if interpreter.version is not None:
            arguments += ["--python-version", interpreter.version]
        if wheel.kind == "wheel":
            arguments += ["--no-build"]
        size = f" ({readable_size(wheel.size)})" if wheel.size else ""
        self.progress.log(f"fetching {url}{size}")
        if wheel.kind != "wheel":
            self.progress.log(f"{wheel.name} is built from its source, which runs its author's code; it was allowed")
        status, text = self._run(wheel, arguments, folder)
        if wheel.kind != "wheel":
            for line in text.splitlines()[-_LINES:]:
                self.progress.log(f"  {line}")
        if status != 0:
            raise explain_wheel_failure(text, wheel, url, self.cache)
        keep_unpacked(unpacked, interpreter.path, self.workplace / "entries", self.cache, wheel.digest)
        shutil.rmtree(folder, ignore_errors=True)

    def _run(self, wheel: LockedWheel, arguments: Sequence[str], folder: Path) -> tuple[int, str]:
        environment = installing_environment(self.indexes, self.workplace / "uv", folder, self.stall_seconds)
        with self._lock:
            if self._stopped:
                raise EnvStoreError("The build has failed already.")
            process = self._running[wheel.digest] = start_uv(arguments, environment, folder)
        with process:
            text = process.communicate()[0].decode(errors="replace")
        for secret in secrets_in(environment):
            text = text.replace(secret, "***")
        with self._lock:
            del self._running[wheel.digest]
        return process.returncode, text

    def _stop(self) -> None:
        """End what runs: one wheel failed, and nobody wants the others any more."""
        with self._lock:
            self._stopped = True
            for process in self._running.values():
                process.kill()

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Tell how the downloads go while the caller waits for them."""
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(_LOOK_SECONDS):
                with self._lock:
                    running = {digest: process.pid for digest, process in self._running.items()}
                for digest, pid in running.items():
                    size = self._sizes[digest]
                    self._loaded[digest] = max(self._loaded.get(digest, 0), min(size, _written(pid) // _UNPACKED))
                self._tell()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()

    def _tell(self) -> None:
        loaded, total = sum(list(self._loaded.values())), sum(self._sizes.values())
        self.progress.advance(self._done, len(self._sizes), loaded, total)


def _written(pid: int) -> int:
    """Return the bytes that a process wrote so far: uv unpacks while it loads. Zero where nobody can tell."""
    with contextlib.suppress(OSError, ValueError):
        counters = Path(f"/proc/{pid}/io").read_text(encoding="ascii")
        return int(counters.partition("wchar:")[2].split(maxsplit=1)[0])
    return 0


def _places(url: str, mirrors: Mapping[str, Sequence[str]]) -> list[str]:
    for canonical, places in mirrors.items():
        start = canonical.rstrip("/") + "/"
        if url.startswith(start) and places:
            return [place.rstrip("/") + "/" + url[len(start) :] for place in places]
    return [url]
