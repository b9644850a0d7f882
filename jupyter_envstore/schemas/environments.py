"""Environments as a list shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.builds import Build

Schedule = Literal["off", "weekly"]
"""How often an update of all packages is prepared; the version that it makes waits to be activated."""
EnvironmentState = Literal["ready", "building", "failed", "freed", "broken", "empty"]


class Environment(Schema):
    """One environment with what a list row needs.

    Attributes
    ----------
    state
        ``building`` while a build is active; else that of the active version's prefix (``ready``, ``freed``,
        ``broken``); ``failed`` when there is no version and the last build failed; ``empty`` otherwise.
    active_version
        Number, or None before the first build succeeded.
    package_count, size
        Of the active version; ``size`` in bytes as downloaded.
    schedule, next_update
        How often an update is prepared, and when the next one is due; None when none is planned.
    offered_version
        Number of the newest version that waits to be activated: a prepared update, or one that was overtaken while it
        was built. None once it, or a later one, became active.
    build
        The build that is active, else the last one when it failed; None otherwise.
    """

    namespace: str
    name: str
    description: str = ""
    state: EnvironmentState
    active_version: int | None = None
    package_count: int = 0
    size: int = 0
    schedule: Schedule = "off"
    next_update: datetime | None = None
    offered_version: int | None = None
    build: Build | None = None
    created: datetime
    updated: datetime
    deleted: datetime | None = None
