"""Whether the files of a version are as they were installed, and what the catalog says of them from then on."""

from __future__ import annotations

import contextlib
from pathlib import Path

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.disk.sharing import versions_with
from jupyter_envstore.errors import BrokenPrefixError, StoreError
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.inspection import inspect
from jupyter_envstore.prefixes.locking import hold_if_free
from jupyter_envstore.schemas import VerificationReport, Version
from jupyter_envstore.schemas.versions import PrefixState


def look_for_damage(catalog: Catalog, layout: StoreLayout, version: Version) -> VerificationReport:
    """Compare every file of a version with what was installed, and remember whether it is whole.

    A version that is damaged counts as broken until it is repaired, or its files are found to be good again.

    Raises
    ------
    BrokenPrefixError
        When the version is not on disk, or its metadata cannot be read.
    """
    before = _identity(version)
    try:
        report = inspect(version)
    except BrokenPrefixError:
        _remember(catalog, layout, version, before, whole=False)
        raise
    _remember(catalog, layout, version, before, whole=not report.problems)
    also = versions_with(catalog, layout, Path(report.prefix), report.damaged)
    return report.model_copy(update={"also_in": also})


def _remember(
    catalog: Catalog, layout: StoreLayout, version: Version, looked_at: tuple[int, int] | None, *, whole: bool
) -> None:
    """Correct the state of a prefix, unless a build is about to exchange it, or has done so meanwhile."""
    if version.prefix_hash is None or (whole and version.prefix_state == "ready"):
        return
    # What cannot be written now, such as another person's store, is found again by whoever looks next.
    with contextlib.suppress(StoreError, OSError), hold_if_free(layout.prefix_lock(version.prefix_hash)) as held:
        if held and _identity(version) == looked_at:
            state: PrefixState = "freed" if looked_at is None else "ready" if whole else "broken"
            catalog.holdings.set_state(version.prefix_hash, state)


def _identity(version: Version) -> tuple[int, int] | None:
    if version.prefix is None:
        return None
    try:
        state = Path(version.prefix).stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino
