"""How a prefix comes to its final name: under a lock, finished, in one step.

A process may be killed at any moment. Whatever happens, the final name holds a finished prefix or nothing; what
stands at the partial name is rubbish that the next builder wipes.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jupyter_envstore.errors import BuildError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.locking import hold_lock
from jupyter_envstore.prefixes.marks import Mark, read_mark
from jupyter_envstore.prefixes.removal import remove_busy_tree, remove_tree, set_aside
from jupyter_envstore.prefixes.verification import verify


@dataclass(frozen=True)
class Publication:
    """A prefix at its final name; ``reused`` when it was there already."""

    path: Path
    mark: Mark
    reused: bool


def is_ready(layout: StoreLayout, prefix_hash: str) -> bool:
    """Whether the prefix is published. Its files are not looked at: `verify` does that."""
    return find_mark(layout, prefix_hash) is not None


def find_mark(layout: StoreLayout, prefix_hash: str) -> Mark | None:
    """Return the mark of the published prefix, or None when there is none (or another of the same short name)."""
    mark = read_mark(layout.prefix(prefix_hash))
    return mark if mark is not None and mark.prefix_hash.startswith(prefix_hash) else None


def publish(
    layout: StoreLayout,
    prefix_hash: str,
    make: Callable[[Path, Path], None],
    *,
    on_wait: Callable[[], None] | None = None,
    before_rename: Callable[[], None] | None = None,
) -> Publication:
    """Return the prefix at its final name, made if it is not there.

    Parameters
    ----------
    make
        Called with the partial and the final path. It leaves in the first a finished, verified and marked prefix in
        which all paths name the second.
    on_wait
        Called once when another process holds the prefix's lock, before waiting for it.
    before_rename
        Called when the prefix is finished and about to get its name.

    Raises
    ------
    BuildError
        When ``make`` left no finished prefix. What ``make`` itself raises is passed on, and the partial is removed.
    """
    final, partial = layout.prefix(prefix_hash), layout.partial_prefix(prefix_hash)
    with hold_lock(layout.prefix_lock(prefix_hash), on_wait):
        mark = find_mark(layout, prefix_hash)
        # A quick look finds what a power failure or a careless hand leaves: missing and truncated files.
        if mark is not None and not verify(final, quick=True):
            return Publication(final, mark, reused=True)
        remove_tree(partial)
        partial.mkdir(parents=True)
        try:
            make(partial, final)
            mark = read_mark(partial)
            if mark is None or mark.prefix_hash != prefix_hash:
                raise BuildError("The prefix was not finished. The build's log says how far it came.")
            if before_rename is not None:
                before_rename()
            # Only now: until here an old, damaged prefix may still serve the kernels that run in it.
            old = set_aside(layout, prefix_hash)
            partial.rename(final)
            _sync_folder(final.parent)
            if old is not None:
                remove_tree(old)
        except BaseException:
            # Before anybody hears of it: on a full disk there is no room to record a failure until this is gone.
            with contextlib.suppress(OSError):  # what is left is for the next builder or a sweep
                remove_busy_tree(partial)
            raise
        return Publication(final, mark, reused=False)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
