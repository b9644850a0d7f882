"""What the store costs on disk, what of it can be freed, and what freeing did.

All sizes are bytes of disk, as the file system counts them: a file that several versions share counts once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.versions import PrefixState

UsageCode = Literal[
    "active",
    "pinned",
    "offered",
    "running",
    "building",
    "kernel",
    "recent",
    "irreplaceable",
    "unused",
    "removed",
    "freed",
]
"""Why the files of a version stay (the first eight), or do not have to.

``active``: it is an environment's active version. ``pinned``: somebody pinned it. ``offered``: it waits to be
activated. ``running``: a process uses it now. ``building``: a build works on it or is about to. ``kernel``: a kernel
pinned to it was started lately. ``recent``: it was used lately. ``irreplaceable``: some of its packages can be had
nowhere else. ``unused``: nobody needs it. ``removed``: its environment was removed, or the version deleted. ``freed``:
it is not on disk.
"""


class VersionUsage(Schema):
    """What one version costs.

    Attributes
    ----------
    size
        All its files, those shared with others included; 0 when it is not on disk.
    frees
        What freeing it alone would give back.
    last_used
        None when that is not known.
    can_be_freed
        Whether `collect` would free it now.
    code, reason
        Why it stays or can be freed, for programs and in words.
    """

    number: int
    active: bool
    pinned: bool
    prefix_state: PrefixState
    size: int
    frees: int
    last_used: datetime | None = None
    can_be_freed: bool
    code: UsageCode
    reason: str


class EnvironmentUsage(Schema):
    """What one environment costs.

    Attributes
    ----------
    own
        Files that only its versions need.
    shared
        Files that other environments need too.
    can_be_freed
        What of ``own`` freeing its versions that nobody needs would give back.
    last_used
        Of its versions, the last; None when none is on disk.
    removed
        Whether it was removed and can still be brought back.
    versions
        The newest first; those that are not on disk too.
    """

    namespace: str
    name: str
    own: int
    shared: int
    can_be_freed: int
    last_used: datetime | None = None
    removed: bool = False
    versions: list[VersionUsage]


class CacheUsage(Schema):
    """What a cache holds; ``unshared`` is what no version shares with it, so that it costs room of its own."""

    size: int = 0
    unshared: int = 0


class PlannedCollection(Schema):
    """An automatic freeing that was announced.

    Attributes
    ----------
    due
        When it begins, at the earliest.
    can_be_freed
        Bytes, as measured when it was announced.
    versions
        References ``namespace/name@number`` of what it would free.
    reason
        Why, in words.
    """

    due: datetime
    can_be_freed: int
    versions: list[str]
    reason: str


class Usage(Schema):
    """What the store costs.

    Attributes
    ----------
    store
        Absolute path of its folder.
    used
        All of it.
    can_be_freed
        What `collect` would give back now.
    disk_free, disk_size
        Of the file system that it is on.
    packages, bytecode, metadata
        The caches.
    other
        Catalog, logs, artifacts, temporary files.
    environments
        Those with a version on disk, the one with the largest ``own`` first.
    planned
        The automatic freeing that was announced, or None.
    measured
        When.
    """

    store: str
    used: int
    can_be_freed: int
    disk_free: int
    disk_size: int
    packages: CacheUsage
    bytecode: CacheUsage
    metadata: CacheUsage
    other: int
    environments: list[EnvironmentUsage]
    planned: PlannedCollection | None = None
    measured: datetime


CollectedKind = Literal["version", "files", "packages", "bytecode", "metadata", "leftovers", "logs", "environment"]
"""What was freed: a version's files, files that no version has, packages and byte-code in the caches, channel metadata
that was not read for long, what processes left that ended too early, logs of old builds, an environment that was
removed long ago."""


class Collected(Schema):
    """One thing that was freed, or would be.

    Attributes
    ----------
    name
        ``namespace/name@number`` for a version, ``namespace/name`` for an environment, else words or a file's name.
    size
        Bytes that its own freeing gives back; what it shares with other things that go stands at those.
    count
        How many things, where several are listed as one.
    """

    kind: CollectedKind
    name: str
    size: int
    count: int = 1


class Kept(Schema):
    """A version on disk that stays, and why."""

    name: str
    size: int
    code: UsageCode
    reason: str


class Collection(Schema):
    """What freeing disk did, or would do.

    Attributes
    ----------
    dry_run
        Nothing was changed.
    freed
        Bytes, altogether.
    disk_free
        Bytes free on the file system afterwards; now, for a dry run.
    collected
        What went, or would go.
    kept
        Versions on disk that stay.
    notes
        What a person should know: what could not be looked at, what stays although nobody needs it.
    """

    dry_run: bool
    freed: int
    disk_free: int
    collected: list[Collected]
    kept: list[Kept]
    notes: list[str] = []
