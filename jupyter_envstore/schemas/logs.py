"""Logs of builds, read in parts."""

from __future__ import annotations

from jupyter_envstore.schemas.base import Schema


class LogPart(Schema):
    """What a log has from some byte on.

    Attributes
    ----------
    text
        Whole lines; empty when there is nothing new.
    offset
        The byte to go on from.
    ended
        Whether the build had ended before this was read. When ``text`` is empty then, that was all.
    """

    text: str
    offset: int
    ended: bool
