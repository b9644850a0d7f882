"""The link ``<store>/envs/<name>`` to the active version's prefix: for people and conda, never to start a kernel.

A process that was started through the link would see its files change at the next activation.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from jupyter_envstore.errors import StoreError

_TEMPORARY = ".link-"


def point_link(link: Path, prefix: Path) -> bool:
    """Make ``link`` lead to ``prefix``; return whether anything changed. No reader ever finds it missing.

    Raises
    ------
    StoreError
        When something that is no link stands at that name, or the folder cannot be written.
    """
    if link.is_symlink():
        if link.readlink() == prefix:
            return False
    elif link.exists():
        raise StoreError(
            f"{link} is not a link of the store, so it was left alone. Move it away and activate the version again.",
            path=str(link),
        )
    temporary = link.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}")
    try:
        link.parent.mkdir(parents=True, exist_ok=True)
        temporary.symlink_to(prefix, target_is_directory=True)
        temporary.replace(link)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StoreError(
            f"The link {link} could not be set ({error.strerror}). Make the folder {link.parent} writable.",
            path=str(link),
        ) from error
    return True


def remove_link(link: Path) -> bool:
    """Remove ``link``; return whether it was there. What it leads to, and what is no link, is left alone."""
    if not link.is_symlink():
        return False
    link.unlink(missing_ok=True)
    return True


def sweep_links(folder: Path, wanted: set[str]) -> list[Path]:
    """Remove the links of ``folder`` whose names are not wanted, and what a killed process left; return them."""
    removed = []
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.is_symlink() and entry.name not in wanted:
            entry.unlink(missing_ok=True)
            removed.append(entry)
    return removed
