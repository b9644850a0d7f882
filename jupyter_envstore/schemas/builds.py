"""Builds: pieces of background work, from the request to the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from jupyter_envstore.schemas.base import Schema

BuildKind = Literal["create", "edit", "update", "import", "restore", "rebuild", "repair", "export"]
BuildState = Literal["queued", "locking", "fetching", "installing", "registering", "ready", "failed", "cancelled"]

RUNNING_STATES: tuple[BuildState, ...] = ("locking", "fetching", "installing", "registering")
"""States in which a living process holds the build's lease."""
ACTIVE_STATES: tuple[BuildState, ...] = ("queued", *RUNNING_STATES)
"""States from which a build still goes on."""


class ErrorReport(Schema):
    """An `EnvStoreError` as data."""

    message: str
    code: str
    details: dict[str, Any] = {}


class BuildRequest(Schema):
    """What a build was asked to do; kept with it so that a restart or a retry can do it again.

    Attributes
    ----------
    specification
        The environment.yml text.
    platforms
        Platforms to lock for; this machine's is always added. Empty: what the specification says, else the default.
    attempted
        Platforms that had no solution before: they are covered when they have one now, and told when not.
    virtual_packages
        By platform: all that its machines offer, as the person stated it; others as detected, configured or usual.
    message
        What the version will be called; may be empty.
    as_of
        Lock as the channels stood then (ISO date or time), or None.
    allow_source
        Names of packages of pip whose own code may be run to build them.
    local_wheels
        The ``file://`` addresses of wheels that the person named on this machine.
    lockfile
        A conda-lock v1 document to install as it is; nothing is solved then.
    allow_channels
        What a lockfile from outside may take packages from besides what the store uses, as the person allowed it.
    parent
        Number of the version that an edit started from.
    freed
        Names of packages that an update lets move, none for all of them; None when it is no update.
    activate
        Whether the version becomes active. Otherwise it waits, and that there is nothing new is no failure.
    activate_over
        Number of the version that was active when somebody wanted ``parent`` active, whose files have to be made
        first; it then becomes active unless a third one did. None: nobody wants that.
    """

    specification: str
    platforms: list[str] = []
    attempted: list[str] = []
    virtual_packages: dict[str, dict[str, str]] = {}
    message: str = ""
    as_of: str | None = None
    allow_source: list[str] = []
    local_wheels: list[str] = []
    lockfile: dict[str, Any] | None = None
    allow_channels: list[str] = []
    parent: int | None = None
    freed: list[str] | None = None
    activate: bool = True
    activate_over: int | None = None


class BuildProgress(Schema):
    """How far a build is.

    Attributes
    ----------
    step
        Within the state: ``read-lock``, ``solve``, ``write-lock``, ``wheels``, ``download``, ``link``, ``link-wheels``,
        ``bytecode``, ``verify``, ``publish``, ``activate`` …; empty before the first.
    fraction
        0 to 1 over the whole build; never runs backwards.
    done, total
        Packages of the current step; total 0 when unknown.
    bytes_done, bytes_total
        Of the downloads.
    """

    step: str = ""
    fraction: float = 0.0
    done: int = 0
    total: int = 0
    bytes_done: int = 0
    bytes_total: int = 0


class Build(Schema):
    """One build.

    Attributes
    ----------
    version
        Number of the version that it made, or None.
    seconds
        Wall time a state took, by state, for those that ended.
    attempt
        1, then 2 after the process that ran it had died.
    retried_as
        The build that repeated this one, or None.
    sequence
        Grows with every change of the row: what an event carries.
    """

    id: int
    namespace: str
    name: str
    kind: BuildKind
    state: BuildState
    progress: BuildProgress = BuildProgress()
    message: str = ""
    author: str = ""
    version: int | None = None
    error: ErrorReport | None = None
    warnings: list[ErrorReport] = []
    seconds: dict[str, float] = {}
    attempt: int = 1
    cancel_requested: bool = False
    retried_as: int | None = None
    sequence: int = 0
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
