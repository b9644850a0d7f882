"""Clean up what processes left that ended too early: partial prefixes, half-made cache entries, temporary folders.

What a living process works on is left alone. Builds themselves are recovered in the catalog, see
`Catalog.builds.recover`.
"""

from __future__ import annotations

import contextlib

import psutil

from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.removal import remove_tree, sweep_caches, sweep_partials


def sweep(layout: StoreLayout) -> None:
    """Remove partial prefixes that nobody makes any more, and temporary folders of processes that have ended."""
    sweep_partials(layout)
    sweep_caches(layout)
    with contextlib.suppress(FileNotFoundError):
        for folder in layout.temporary.iterdir():
            if not _owner_lives(folder.name):
                remove_tree(folder)


def _owner_lives(folder: str) -> bool:
    """Whether the process lives that a folder is named after (``program-pid-random``)."""
    parts = folder.split("-")
    return len(parts) == 3 and parts[1].isdigit() and psutil.pid_exists(int(parts[1]))
