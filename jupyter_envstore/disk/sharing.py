"""Which other versions have the very same file: what is damaged in one is damaged in all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.layout import StoreLayout


def versions_with(catalog: Catalog, layout: StoreLayout, prefix: Path, paths: Iterable[str]) -> list[str]:
    """Return the references of versions in other prefixes that share one of a prefix's files, sorted.

    Parameters
    ----------
    paths
        Relative to the prefix. A file that is not there any more is shared with nobody.
    """
    files = [(path, identity) for path in paths if (identity := _identity(prefix / path)) is not None]
    if not files:
        return []
    sharing = []
    for held in catalog.holdings.prefixes():
        other = layout.prefix(held.hash)
        if held.state != "freed" and other != prefix and any(_identity(other / path) == it for path, it in files):
            sharing.append(held.hash)
    found = catalog.holdings.versions(sharing)
    return sorted(version.reference for version in found if version.prefix_hash in sharing and not version.deleted)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        state = path.lstat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
