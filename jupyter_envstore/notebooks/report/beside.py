"""Which modules lie in the folder of a notebook: its author's own, perhaps. Told by names alone; nothing is opened."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

MOST_ENTRIES = 10_000
"""Entries of a folder that are looked at. A notebook may lie where a million files of data do."""

_MODULE = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:\.pyc?|(?:\.[\w-]+)?\.(?:so|pyd))")
_FOLDER = re.compile(r"[A-Za-z_]\w*")


def module_named(entry: str, is_folder: bool) -> str | None:
    """Return what an entry of a folder can be imported as, or None."""
    if is_folder:
        return entry if _FOLDER.fullmatch(entry) else None
    found = _MODULE.fullmatch(entry)
    return found["name"] if found else None


@dataclass(frozen=True)
class Beside:
    """What can be imported from the folder of a notebook.

    Attributes
    ----------
    files
        Modules that are files.
    folders
        Those that are folders, or called as if they were. Whether one is a package stands in it, and is not known.
    """

    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    @classmethod
    def of(cls, files: Iterable[str], folders: Iterable[str] = ()) -> Beside:
        """Take the names of the files and folders that lie there."""
        return cls(_named(files, is_folder=False), _named(folders, is_folder=True))

    @classmethod
    def read(cls, folder: Path) -> Beside | None:
        """Read the names in a folder; None when it cannot be listed.

        A link counts as a file or a folder by its name: where it leads is not looked at.
        """
        files, folders = [], []
        try:
            with os.scandir(folder) as entries:
                for entry in islice(entries, MOST_ENTRIES):
                    if entry.is_dir(follow_symlinks=False) or entry.is_symlink():
                        folders.append(entry.name)
                    if not entry.is_dir(follow_symlinks=False):
                        files.append(entry.name)
        except OSError:
            return None
        return cls.of(files, folders)

    def __contains__(self, module: object) -> bool:
        return module in self.files or module in self.folders


def _named(entries: Iterable[str], *, is_folder: bool) -> frozenset[str]:
    names = (module_named(entry, is_folder) for entry in entries)
    return frozenset(name for name in names if name)
