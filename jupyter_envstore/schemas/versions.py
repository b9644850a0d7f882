"""Versions: what an environment was, each time it was built."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.builds import ErrorReport

PrefixState = Literal["ready", "freed", "broken"]


class Version(Schema):
    """One immutable version of an environment.

    Attributes
    ----------
    number
        1, 2, 3 … per environment; never reused.
    specification
        The environment.yml text that was asked for.
    parent
        Number of the version it was made from, or None.
    lock
        Lock hash: sha256 of the lockfile's canonical JSON.
    platforms
        What the lock covers, sorted.
    package_count, size
        Of the part for the platform it was built on; ``size`` in bytes as downloaded.
    prefix_hash, prefix_state, prefix
        The content hash of the files on disk, whether they are there, and where (absolute path).
    warnings
        Codes with words, such as ``kernel_not_registered``.
    """

    namespace: str
    name: str
    number: int
    active: bool
    specification: str
    message: str
    author: str
    created: datetime
    pinned: bool = False
    parent: int | None = None
    lock: str
    platforms: list[str]
    package_count: int
    size: int
    prefix_hash: str | None = None
    prefix_state: PrefixState = "freed"
    prefix: str | None = None
    warnings: list[ErrorReport] = []
    deleted: bool = False
