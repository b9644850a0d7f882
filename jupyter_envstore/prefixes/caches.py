"""The caches of packages and byte-code: shared by all who build, and by nobody while something is taken out of them.

The lock belongs to an open file, so that it ends with its holder, however that ends. Taking an entry away is one
rename; the time that builders have to wait for it does not depend on how much there is to remove.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_envstore.layout import StoreLayout

_ASIDE = ".discarded-"
"""Begins the name of what is being removed; as everything with a dot it is swept away when its remover dies."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


@contextmanager
def use_caches(layout: StoreLayout) -> Iterator[None]:
    """Use packages and byte-code together with others; waits while something is taken out of the caches."""
    with _locked(layout, fcntl.LOCK_SH):
        yield


@contextmanager
def own_caches(layout: StoreLayout) -> Iterator[bool]:
    """Have the caches alone, if nobody uses them now, and say whether that is so."""
    with _locked(layout, fcntl.LOCK_EX | fcntl.LOCK_NB) as held:
        yield held


def take_away(folder: Path, names: Iterable[str]) -> list[Path]:
    """Take entries out of a cache's folder; return where they are now, to be removed in peace.

    The caller has the caches alone.
    """
    taken = []
    for name in names:
        aside = folder / f"{_ASIDE}{os.getpid()}-{name}"
        try:
            (folder / name).rename(aside)
        except FileNotFoundError:
            continue
        taken.append(aside)
        # The installer's own lock of that entry: nobody can hold it now.
        (folder / f"{name}.lock").unlink(missing_ok=True)
    return taken


@contextmanager
def _locked(layout: StoreLayout, how: int) -> Iterator[bool]:
    layout.cache.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(layout.caches_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        try:
            fcntl.flock(descriptor, how)
            held = True
        except BlockingIOError:
            held = False
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            held = False  # a file system without locks: builders go on, and nothing is ever taken away
        yield held
    finally:
        os.close(descriptor)
