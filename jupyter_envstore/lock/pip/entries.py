"""What the `pip:` lists of a specification say, once they are read. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from packaging.requirements import Requirement

Origin = Literal["index", "wheel", "archive", "repository"]
"""Where the file of an entry comes from: found on an index, the address of a wheel, of a source archive, of a
repository."""


@dataclass(frozen=True)
class PipEntry:
    """One requirement.

    Attributes
    ----------
    text
        As it was written.
    line
        Where, from 1, or None when that cannot be told.
    name
        Normalised.
    requirement
        As it was read, address and markers included.
    origin
        Where its file comes from.
    hashes
        The sha256 digests one of which its file must have; empty for any.
    """

    text: str
    line: int | None
    name: str
    requirement: Requirement
    origin: Origin = "index"
    hashes: frozenset[str] = frozenset()

    @property
    def needs_consent(self) -> bool:
        """Whether its code has to be run before it can be installed."""
        return self.origin in ("archive", "repository")


@dataclass(frozen=True)
class PipSection:
    """What the `pip:` lists of a specification say.

    Attributes
    ----------
    entries
        Requirements, in order.
    index_url
        Instead of the configured index; None where nothing is said.
    extra_index_urls
        Asked before it.
    find_links
        Pages with links to wheels.
    prereleases
        Whether versions are taken that are not finished.
    """

    entries: tuple[PipEntry, ...] = ()
    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    prereleases: bool = False

    def __bool__(self) -> bool:
        return bool(self.entries)

    def for_environment(self, environment: Mapping[str, str]) -> PipSection:
        """Return the section with those entries only whose markers hold in an environment (PEP 508's variables)."""
        held = [
            entry
            for entry in self.entries
            if entry.requirement.marker is None or entry.requirement.marker.evaluate(dict(environment))
        ]
        return replace(self, entries=tuple(held))
