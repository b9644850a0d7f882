"""What locking gives, before anything is built."""

from __future__ import annotations

from typing import Any

from jupyter_envstore.schemas.base import Schema
from jupyter_envstore.schemas.explanations import Explanation
from jupyter_envstore.schemas.packages import Package


class LockResult(Schema):
    """A lock and what there is to say about it.

    Attributes
    ----------
    hash
        Lock hash: sha256 of the lockfile's canonical JSON.
    lockfile
        The conda-lock v1 document.
    platforms
        What it covers, sorted.
    packages
        Of all platforms, with sizes and licences where the channel states them.
    unsolved
        For each asked-for platform that has no solution, why.
    warnings
        Sentences.
    seconds
        Wall time by part: ``repodata``, ``solve``, ``write`` …
    """

    hash: str
    lockfile: dict[str, Any]
    platforms: list[str]
    packages: list[Package]
    unsolved: dict[str, Explanation] = {}
    warnings: list[str] = []
    seconds: dict[str, float] = {}
