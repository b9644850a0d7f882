"""What time takes away: environments that were removed long ago, and logs of builds that nobody reads any more."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

from jupyter_envstore.catalog import Catalog
from jupyter_envstore.layout import StoreLayout
from jupyter_envstore.prefixes.removal import remove_tree

REMOVED_DAYS = 30
"""For so long a removed environment can be brought back."""
LOG_DAYS = 90
"""For so long the log of a build is kept after its end."""


def expired_environments(catalog: Catalog) -> list[tuple[int, str]]:
    """Return row ids and names of the environments that were removed too long ago to be brought back."""
    return catalog.purges.expired(_before(REMOVED_DAYS))


def purge(catalog: Catalog, layout: StoreLayout, by: str) -> list[str]:
    """Forget the environments whose time is over, with their versions and artifacts; return their names."""
    purged = []
    for environment_id, name in expired_environments(catalog):
        artifacts = catalog.purges.purge(environment_id, _before(REMOVED_DAYS), by)
        if artifacts is None:
            continue
        purged.append(name)
        for artifact in artifacts:
            _remove_artifact(layout, artifact)
    return purged


def old_logs(catalog: Catalog, layout: StoreLayout) -> list[Path]:
    """Return the logs of builds that ended long ago, and of builds that the catalog has forgotten."""
    known, old = catalog.holdings.builds(_before(LOG_DAYS))
    found = []
    with contextlib.suppress(FileNotFoundError):
        for path in sorted(layout.logs.iterdir()):
            number = path.name.removesuffix(".log")
            # A build that is newer than what was read has a log before we know of it.
            if number.isdecimal() and (
                int(number) in old or (int(number) not in known and int(number) <= max(known, default=0))
            ):
                found.append(path)
    return found


def _remove_artifact(layout: StoreLayout, artifact: str) -> None:
    """Remove an artifact's file, which the catalog names by a path; one that leads out of the folder is left alone."""
    path = layout.artifacts / artifact
    if ".." not in path.parts and path.parent.resolve().is_relative_to(layout.artifacts.resolve()):
        remove_tree(path)


def _before(days: float) -> datetime:
    return datetime.now(timezone.utc) - timedelta(days=days)
