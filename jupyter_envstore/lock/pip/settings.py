"""How the pip part is resolved: what the store is configured to, as it is handed to the resolver. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from jupyter_envstore.errors import InvalidInputError

PIP_SECONDS = 600.0
"""Time limit of one run of uv."""


@dataclass(frozen=True)
class PipSettings:
    """What is decided before a specification is looked at.

    Attributes
    ----------
    cache
        uv's cache.
    index_url
        The index; empty: as uv and pip are configured on this machine.
    extra_index_urls
        Indexes that are asked before it.
    names
        Conda name → project name, over the table that ships with us.
    allow_source
        Normalised names of packages whose code may be run to build them.
    may_build
        Whether that consent counts: not in a preview.
    local_wheels
        The ``file://`` addresses that may be used.
    offline
        Take what is known from before.
    seconds
        Time limit of one run of uv.
    """

    cache: Path
    index_url: str = ""
    extra_index_urls: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    allow_source: frozenset[str] = frozenset()
    may_build: bool = True
    local_wheels: frozenset[str] = frozenset()
    offline: bool = False
    seconds: float = PIP_SECONDS

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> PipSettings:
        """Read the arguments of a call of the resolver.

        Raises
        ------
        InvalidInputError
            When the cache is no absolute path.
        """
        pip = arguments.get("pip") or {}
        cache = Path(pip.get("cache") or Path(arguments["repodata_cache"]).with_name("uv"))
        if not cache.is_absolute():
            raise InvalidInputError("The folder for cached packages of pip must be an absolute path.")
        return cls(
            cache=cache,
            index_url=str(pip.get("index_url") or ""),
            extra_index_urls=tuple(pip.get("extra_index_urls") or ()),
            names={str(name).lower(): str(other) for name, other in (pip.get("names") or {}).items()},
            allow_source=frozenset(canonicalize_name(name) for name in pip.get("allow_source") or ()),
            may_build=bool(pip.get("may_build", True)),
            local_wheels=frozenset(pip.get("local_wheels") or ()),
            offline=bool(arguments.get("offline")),
            seconds=float(pip.get("seconds") or PIP_SECONDS),
        )
