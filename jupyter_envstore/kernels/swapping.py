"""Putting one folder in another's place, so that at every moment there is a whole one under the name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def swap(new: Path, old: Path) -> None:
    """Exchange two folders of one file system.

    Where the system cannot exchange them (an old kernel, some network file systems) the old one is moved away
    first: the name is then missing for less than a millisecond.
    """
    if _exchange(os.fsencode(new), os.fsencode(old)):
        return
    aside = new.with_name(new.name + "~")
    old.rename(aside)
    new.rename(old)
    aside.rename(new)


def _exchange(first: bytes, second: bytes) -> bool:
    import ctypes  # most processes never replace a folder

    library = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            return bool(library.renamex_np(first, second, _RENAME_SWAP) == 0)
        return bool(library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE) == 0)
    except AttributeError:
        return False
