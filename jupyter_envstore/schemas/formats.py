"""Formats that a version can be written in."""

from __future__ import annotations

from typing import Literal

from jupyter_envstore.schemas.base import Schema


class SharedFormat(Schema):
    """One format, and what a version would be in it.

    Attributes
    ----------
    format
        As ``export`` takes it.
    file, media
        What its file is called, and its media type.
    title, description
        What it is called, and whom it is for.
    group
        ``rebuild``: to build it again elsewhere; ``carry``: to carry it along; ``container``: to run it as one.
    platforms
        What a file covers; none where that has no meaning.
    bytes
        Size of the file; None when it cannot be written.
    available, reason
        Whether the version can be written in it, and why not.
    """

    format: str
    file: str
    media: str
    title: str
    group: Literal["rebuild", "carry", "container"]
    description: str
    platforms: list[str]
    bytes: int | None
    available: bool
    reason: str | None
