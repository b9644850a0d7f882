"""Prefixes as the catalog knows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.versions import PrefixState


class Prefix(Schema):
    """The files of one platform's part of a lock.

    Attributes
    ----------
    hash
        Content hash, 64 hex digits.
    path
        The folder (absolute), or None when the catalog is not told where prefixes lie. It need not exist.
    size, files
        Bytes on disk and number of files, as they were when it was published.
    kernels
        Names of the kernels that it offers.
    activation
        What activating it changes in a process's environment; None until it was captured.
    """

    hash: str
    platform: str
    state: PrefixState
    path: str | None = None
    size: int = 0
    files: int = 0
    kernels: list[str] = []
    activation: dict[str, Any] | None = None
    created: datetime
    last_used: datetime
