"""Who brings packages into the store: it decides how much of what they say is believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from jupyter_envstore.specification import Specification

OriginKind = Literal["person", "stranger", "version"]


@dataclass(frozen=True)
class Origin:
    """Where a set of packages comes from.

    Attributes
    ----------
    kind
        ``person``: solved for a specification of the person's own, from the channels that it names. ``stranger``: a
        file that somebody else may have written, such as a lockfile, a notebook or a bundle. ``version``: a lock of
        this store, which passed as one of the others before.
    words
        What messages call it.
    channels
        Names of channels that are asked for.
    allowed
        What the person allows for this one time besides what the store uses: channels by name or URL, and for pip
        hosts or URLs under which files lie.
    wheels
        The ``file://`` addresses of wheels that the person named.
    sources
        Names of packages of pip whose own programs the person agreed to run to build them.
    """

    kind: OriginKind
    words: str
    channels: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    wheels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @classmethod
    def person(
        cls,
        specification: Specification,
        usual: Iterable[str],
        *,
        wheels: Iterable[str] = (),
        sources: Iterable[str] = (),
    ) -> Origin:
        """Return the origin of what is solved for a specification.

        Parameters
        ----------
        usual
            Channels that count where it names none.
        wheels
            The ``file://`` addresses of wheels that the person named.
        sources
            See `Origin`.
        """
        named = [name for name in specification.channels or usual if name != "nodefaults"]
        insisted = [spec.channel for spec in specification.match_specs() if spec.channel]
        channels = tuple(dict.fromkeys([*named, *insisted]))
        return cls("person", "specification", channels, wheels=tuple(wheels), sources=tuple(sources))

    @classmethod
    def stranger(cls, words: str = "lockfile", *, allowed: Iterable[str] = (), sources: Iterable[str] = ()) -> Origin:
        """Return the origin of a file from elsewhere."""
        return cls("stranger", words, allowed=tuple(allowed), sources=tuple(sources))

    @classmethod
    def version(cls) -> Origin:
        """Return the origin of a lock that this store has."""
        return cls("version", "version")
