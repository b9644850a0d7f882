"""Which modules lie in the folder of a notebook: its author's own, perhaps. Told by names alone; nothing is opened."""

from __future__ import annotations

import os
import re
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


def modules_in(folder: Path) -> frozenset[str] | None:
    """Return the names of the modules in a folder; None when it cannot be listed.

    A link counts as a file or a folder by its name: where it leads is not looked at.
    """
    found: set[str | None] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in islice(entries, MOST_ENTRIES):
                is_link = entry.is_symlink()
                found.add(module_named(entry.name, is_folder=not is_link and entry.is_dir(follow_symlinks=False)))
                if is_link:
                    found.add(module_named(entry.name, is_folder=True))
    except OSError:
        return None
    return frozenset(name for name in found if name)
