"""Whether the files on disk are those of the lock."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema


class VerificationReport(Schema):
    """What reading every file of a version showed.

    Attributes
    ----------
    reference
        ``namespace/name@number``.
    prefix
        Absolute path.
    files
        How many were read.
    seconds
        Wall time.
    problems
        A sentence for each file that does not agree; empty when all do.
    damaged
        Their paths, relative to the prefix.
    also_in
        References of other versions on this disk that have one of these very files: repair them, too.
    """

    reference: str
    prefix: str
    files: int
    seconds: float
    problems: list[str]
    damaged: list[str] = []
    also_in: list[str] = []
