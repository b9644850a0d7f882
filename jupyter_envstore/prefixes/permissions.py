"""Who may read and execute a package's files: remembered in the package cache when the package is unpacked.

A package's own list of files has no permissions, and a prefix shares its files with the cache, so that a lost bit is
lost in both. What is found right after unpacking is the one thing that can be believed: it is noted inside the
cache's entry (and goes away with it), and a finished prefix's mark has the bits that its own files had. Write
permission does not count: a finished prefix has none.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from jupyter_envstore.prefixes.records import InstalledPackage

READ = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH
EXECUTE = stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH
COUNTED = READ | EXECUTE
"""The bits that are remembered. Nearly all files have `READ` alone, so only others are listed."""
_NOTE = "envstore-permissions.json"
_FOLDER = "info"


def note_permissions(entry: Path, *, fresh: bool) -> None:
    """Remember what the files of an unpacked package may be used for.

    Parameters
    ----------
    entry
        The package's folder in the package cache.
    fresh
        Whether it was unpacked just now: then a note that lies there came with the package, and is replaced. Otherwise
        one that is there is kept, and one that is missing (the builder was killed at that moment) is made from what is.

    Raises
    ------
    OSError
        When the folder cannot be read or written.
    """
    # The package was made by a stranger: neither the folder nor the note may be a link that leads elsewhere.
    folder = os.open(entry / _FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if not fresh and _exists(folder):
            return
        bits = {path: mode & COUNTED for path, mode in _files(entry) if mode & COUNTED != READ}
        temporary = f".{_NOTE}.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644, dir_fd=folder)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(bits, file)
        os.replace(temporary, _NOTE, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        os.close(folder)


def expected_permissions(cache: Path, installed: Iterable[InstalledPackage]) -> dict[str, int]:
    """Return the bits that files of a prefix must have, by path, where these are not just `READ`.

    Zero, where nothing is known of a package: then nothing is demanded of its files.
    """
    expected: dict[str, int] = {}
    for package in installed:
        if package.manager != "conda":
            continue  # the list of an unpacked wheel has them
        noted = _read_note(cache / package.stem)
        if noted is None:
            expected |= {file.path: 0 for file in package.files}
        elif noted:
            for file in package.files:
                for path in paths_in_package(file.path):
                    if path in noted:
                        expected[file.path] = noted[path]
                        break
    return expected


def restore_permissions(cache: Path, stems: Iterable[str]) -> list[str]:
    """Give files of the package cache the bits back that they lost; return them, relative to the cache.

    They are the very files of other prefixes, so that these are mended too, and nothing has to be fetched. Contents
    are not looked at.

    Parameters
    ----------
    stems
        Full names (name-version-build) of the packages to look at.

    Raises
    ------
    OSError
        When a file belongs to somebody else.
    """
    restored = []
    for stem in stems:
        entry = cache / stem
        noted = _read_note(entry)
        if noted is None:
            continue
        for path, mode in _files(entry):
            lost = noted.get(path, READ) & ~mode
            if lost:
                (entry / path).chmod(mode | lost)
                restored.append(f"{stem}/{path}")
    return sorted(restored)


def paths_in_package(path: str) -> list[str]:
    """Return where a package may have what is installed at ``path``; one that is for any Python has it elsewhere."""
    folder, found, rest = path.partition("/site-packages/")
    if found and folder.startswith("lib/python"):
        return [path, f"site-packages/{rest}"]
    return [path, "python-scripts/" + path.removeprefix("bin/")] if path.startswith("bin/") else [path]


def _exists(folder: int) -> bool:
    try:
        return stat.S_ISREG(os.stat(_NOTE, dir_fd=folder, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def _read_note(entry: Path) -> dict[str, int] | None:
    try:
        content = json.loads((entry / _FOLDER / _NOTE).read_bytes())
        return {str(path): int(bits) & COUNTED for path, bits in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _files(entry: Path) -> Iterator[tuple[str, int]]:
    """Yield path and permissions of the regular files that a package brings, without its notes about itself."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with os.scandir(entry / folder) as entries:
            for found in entries:
                path = folder + found.name
                if found.is_dir(follow_symlinks=False):
                    if path != _FOLDER:
                        waiting.append(path + "/")
                elif found.is_file(follow_symlinks=False):
                    yield path, stat.S_IMODE(found.stat(follow_symlinks=False).st_mode)
