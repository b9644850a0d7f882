"""Which processes run queued builds right now.

Each holds the lock on a file of its own in `<store>/runners`; the operating system lets go of the lock when the
process ends, however it ends, so nothing has to be believed that a dead process wrote.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from pathlib import Path

from filelock import FileLock, Timeout

from jupyter_envstore.layout import StoreLayout

_ALL = "all"
_SETTLED_SECONDS = 60.0
"""A younger file may belong to a process that is about to lock it; such a one is never removed."""


class Presence:
    """This process, announced as one that runs whatever is queued, or only the build of one id."""

    def __init__(self, layout: StoreLayout, only: int | None = None) -> None:
        layout.runners.mkdir(parents=True, exist_ok=True)
        what = _ALL if only is None else str(only)
        self._path = layout.runners / f"{what}-{os.getpid()}-{uuid.uuid4().hex[:8]}.lock"
        self._lock = FileLock(self._path)
        self._lock.acquire(timeout=10)

    def withdraw(self) -> None:
        """Say that queued builds are not run by this process any more."""
        self._lock.release()
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


def is_served(layout: StoreLayout) -> bool:
    """Whether some living process runs whatever is queued. Files of dead ones are removed on the way."""
    return any(_is_held(path) for path in sorted(layout.runners.glob(f"{_ALL}-*.lock")))


def is_attended(layout: StoreLayout, build_id: int) -> bool:
    """Whether some living process runs that build, or will when there is room."""
    return is_served(layout) or any(_is_held(path) for path in sorted(layout.runners.glob(f"{build_id}-*.lock")))


def _is_held(path: Path) -> bool:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:
        return False
    with contextlib.suppress(FileNotFoundError):
        if time.time() - path.stat().st_mtime > _SETTLED_SECONDS:
            path.unlink()
    lock.release()
    return False
