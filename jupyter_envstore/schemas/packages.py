"""Packages as locks name them and as a search finds them."""

from __future__ import annotations

from typing import Literal

from jupyter_envstore.schemas.base import Schema


class Package(Schema):
    """One file of a lock, for one platform.

    Attributes
    ----------
    manager
        Who installs it.
    name, version, build
        As the channel calls them; ``build`` is empty for pip.
    platform
        The platform of the lock that the file belongs to; ``subdir`` is where it lies (``noarch`` or the platform).
    channel
        URL of the channel without credentials, no trailing slash; empty for pip.
    url
        Where the file is fetched.
    md5, sha256
        Lower-case hex digests; either may be unknown in a stranger's lock, not both.
    size
        Bytes to download, or None when the lock came without.
    depends
        Match specs, as the channel states them.
    """

    manager: Literal["conda", "pip"] = "conda"
    name: str
    version: str
    build: str = ""
    platform: str
    subdir: str = ""
    channel: str = ""
    url: str
    md5: str | None = None
    sha256: str | None = None
    size: int | None = None
    license: str | None = None
    depends: list[str] = []


class SearchResult(Schema):
    """A package that a channel offers.

    Attributes
    ----------
    versions
        The newest first.
    source_only
        Whether no version has a wheel that fits: to build it runs its own code, which needs a person's consent.
    """

    name: str
    channel: str
    versions: list[str]
    summary: str = ""
    subdirs: list[str] = []
    source_only: bool = False
