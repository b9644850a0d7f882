"""What lies in a folder, file by file: the raw numbers of all accounts.

A published prefix never changes, so what was measured of it is remembered, in memory and in the store's cache: a store
with many prefixes is measured as fast as one with few.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import threading
from array import array
from dataclasses import dataclass
from pathlib import Path

from jupyter_envstore.folder import LEAST_FREE
from jupyter_envstore.layout import StoreLayout

_FORM = 1
_HEAD = 6
_BLOCK = 512


@dataclass(frozen=True)
class Footprint:
    """The files of one folder and what they take on disk, in bytes.

    Attributes
    ----------
    folders
        What the folders themselves take: nobody shares those.
    inodes, sizes
        One entry a file, each file once however many names it has in the folder.
    """

    folders: int
    inodes: array[int]
    sizes: array[int]

    @property
    def size(self) -> int:
        """All of it."""
        return self.folders + sum(self.sizes)


def measure(folder: Path) -> Footprint:
    """Look at every file below ``folder``, which may be changing; nothing there gives an empty footprint.

    Links are not followed, and other file systems that are mounted below are left out.
    """
    try:
        state = folder.lstat()
    except FileNotFoundError:
        return Footprint(0, array("Q"), array("Q"))
    device, folders = state.st_dev, state.st_blocks * _BLOCK
    files: dict[int, int] = {}
    waiting = [os.fspath(folder)] if stat.S_ISDIR(state.st_mode) else []
    while waiting:
        # What vanishes while we look is being removed, and costs nothing any more.
        with (
            contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError),
            os.scandir(waiting.pop()) as (entries),
        ):
            for entry in entries:
                with contextlib.suppress(FileNotFoundError):
                    state = entry.stat(follow_symlinks=False)
                    if state.st_dev != device:
                        continue
                    if stat.S_ISDIR(state.st_mode):
                        folders += state.st_blocks * _BLOCK
                        waiting.append(entry.path)
                    else:
                        files[state.st_ino] = state.st_blocks * _BLOCK
    return Footprint(folders, array("Q", files), array("Q", files.values()))


class Footprints:
    """Footprints of folders that do not change once they are there. Safe to use from several threads.

    Parameters
    ----------
    notes
        The folder in which those of prefixes are kept from one process to the next; made when needed.
    """

    def __init__(self, notes: Path) -> None:
        self._notes = notes
        self._known: dict[Path, tuple[array[int], Footprint]] = {}
        self._lock = threading.Lock()

    def of_entry(self, folder: Path) -> Footprint:
        """Return the footprint of a folder in a cache, measured again when the folder is another one."""
        return self._remembered(folder, keep=False)

    def of_prefix(self, folder: Path) -> Footprint:
        """Return the footprint of a published prefix."""
        return self._remembered(folder, keep=True)

    def forget(self, names: set[str]) -> None:
        """Forget what is kept of prefixes that are not among ``names``."""
        with contextlib.suppress(OSError):
            for note in list(self._notes.iterdir()):
                if note.name not in names:
                    note.unlink(missing_ok=True)

    def _remembered(self, folder: Path, *, keep: bool) -> Footprint:
        identity = _identity(folder)
        with self._lock:
            known = self._known.get(folder)
        if known is not None and known[0] == identity:
            return known[1]
        footprint = self._read(folder.name, identity) if keep else None
        if footprint is None:
            footprint = measure(folder)
            if keep and identity == _identity(folder):
                self._write(folder.name, identity, footprint)
        with self._lock:
            self._known[folder] = (identity, footprint)
        return footprint

    def _read(self, name: str, identity: array[int]) -> Footprint | None:
        numbers = array("Q")
        try:
            numbers.frombytes((self._notes / name).read_bytes())
        except (OSError, ValueError):
            return None
        count = numbers[_HEAD - 1] if len(numbers) >= _HEAD else 0
        if len(numbers) != _HEAD + 2 * count or numbers[: _HEAD - 2] != identity:
            return None
        return Footprint(numbers[_HEAD - 2], numbers[_HEAD : _HEAD + count], numbers[_HEAD + count :])

    def _write(self, name: str, identity: array[int], footprint: Footprint) -> None:
        head = identity + array("Q", [footprint.folders, len(footprint.inodes)])
        temporary = self._notes / f".{name}.{os.getpid()}.{threading.get_ident()}"
        # A store that cannot be written, or a full disk, only costs the time to measure again.
        try:
            self._notes.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes((head + footprint.inodes + footprint.sizes).tobytes())
            temporary.replace(self._notes / name)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def make_some_room(layout: StoreLayout) -> None:
    """Forget what is kept of prefixes when the disk is full: without some room not even the catalog can be read."""
    if shutil.disk_usage(layout.root).free < LEAST_FREE:
        Footprints(layout.footprints).forget(set())


def _identity(folder: Path) -> array[int]:
    """Return what is another when another folder stands at that name, or something was put into it."""
    try:
        state = folder.stat(follow_symlinks=False)
    except OSError:
        return array("Q", [_FORM, 0, 0, 0])
    return array("Q", [_FORM, state.st_dev, state.st_ino, state.st_mtime_ns])
