"""The formats that a version can be written in, and whom each is for."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from jupyter_envstore.errors import FormatUnavailableError, NotFoundError
from jupyter_envstore.schemas import SharedFormat
from jupyter_envstore.share.shared import Shared

Group = Literal["rebuild", "carry", "container"]
"""To build it again elsewhere, to carry it along, to run it as a container."""


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    name
        As commands and addresses say it.
    file
        What its file is called; of several environments' files, the end of the name. Programs go by it.
    media
        Media type.
    title, description
        For people: what it is called, and whom it is for, in a line. ``{platforms}`` says what it covers.
    covers
        Whether a file is for all platforms of the lock, for one, or for none in particular.
    writer
        ``module:function`` below this package; it takes a `Shared` and returns text.
    group
        Under which heading it is offered.
    """

    name: str
    file: str
    media: str
    title: str
    description: str
    covers: Literal["all", "one", "none"]
    writer: str
    group: Group = "rebuild"

    def write(self, shared: Shared) -> str:
        """Return the file's text.

        Raises
        ------
        FormatUnavailableError
            When the version cannot be written in it, with the reason.
        PlatformError
            When the lock does not cover the platform that was asked for.
        """
        module, _, function = self.writer.partition(":")
        write: Callable[[Shared], str] = getattr(importlib.import_module(f"jupyter_envstore.share.{module}"), function)
        return write(shared)

    def file_name(self, name: str, version: int, platform: str | None = None) -> str:
        """Return what the file of a version is called."""
        part = f"-{platform}" if platform else ""
        return f"{name}-v{version}{part}.{self.file}"


FORMATS: tuple[Format, ...] = (
    Format(
        "yaml", "environment.yml", "application/yaml", "environment.yml",
        "For people. What you asked for; versions are chosen anew.", "none", "environment_yml:write",
    ),
    Format(
        "conda-lock", "conda-lock.yml", "application/yaml", "conda-lock.yml",
        "Exactly these packages, {platforms}. For conda-lock and micromamba.", "all", "conda_lock:write",
    ),
    Format(
        "explicit", "explicit.txt", "text/plain", "Explicit list",
        "Exactly these packages, {platforms}. For plain conda.", "one", "explicit:write",
    ),
    Format(
        "pixi", "pixi.lock", "application/yaml", "pixi.lock",
        "Exactly these packages, {platforms}. For a pixi project.", "all", "pixi:write",
    ),
    Format(
        "requirements", "requirements.txt", "text/plain", "requirements.txt",
        "The pip packages alone, with hashes, {platforms}. For pip and uv.", "all", "requirements:write",
    ),
    Format(
        "pylock", "pylock.toml", "application/toml", "pylock.toml",
        "The pip packages alone, with addresses and hashes, {platforms}. For pip and uv.", "all", "pylock:write",
    ),
    Format(
        "conda-lock-json", "conda-lock.json", "application/json", "conda-lock.json",
        "The same as conda-lock.yml, {platforms}. For programs.", "all", "conda_lock:write_json",
    ),
)  # fmt: skip
"""All formats, in the order in which they are offered."""


def format_named(name: str) -> Format:
    """Return the format of that name.

    Raises
    ------
    NotFoundError
        There is none; the message lists those that there are.
    """
    for known in FORMATS:
        if known.name == name:
            return known
    raise NotFoundError(
        f"There is no format {name[:80]!a}. There are: {', '.join(known.name for known in FORMATS)}.", format=name[:80]
    )


def describe(shared: Shared) -> list[SharedFormat]:
    """Say for each format whom it is for, how large the file is, and where the version cannot be written, why."""
    return [_described(known, shared) for known in FORMATS]


def _described(known: Format, shared: Shared) -> SharedFormat:
    platforms = {"all": shared.wanted_platforms, "one": [shared.one_platform], "none": []}[known.covers]
    size: int | None = None
    reason: str | None = None
    try:
        size = len(known.write(shared).encode())
    except FormatUnavailableError as error:
        reason = error.message
    return SharedFormat(
        format=known.name,
        file=known.file,
        media=known.media,
        title=known.title,
        group=known.group,
        description=known.description.format(platforms=_covered(platforms)),
        platforms=platforms,
        bytes=size,
        available=reason is None,
        reason=reason,
    )


def _covered(platforms: list[str]) -> str:
    return f"on {platforms[0]}" if len(platforms) == 1 else f"on {len(platforms)} platforms"
