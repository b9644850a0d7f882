"""Names of channels → URLs, the way conda reads them: alias, custom channels, multichannels, mirrors.

A channel has one canonical URL, without credentials: it is what locks, logs and the catalog say. Where its files are
really fetched (a mirror, a URL with a token) is kept apart in `Channel.locations` and never leaves the
process. Plain Python; touches no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from jupyter_envstore.errors import InvalidInputError
from jupyter_envstore.lock.platforms import KNOWN_PLATFORMS
from jupyter_envstore.lock.urls import hide_credentials, split_credentials

DEFAULT_ALIAS = "https://conda.anaconda.org"
_DEFAULTS = ("https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r")
_BUILT_IN_CUSTOM = {"pkgs": "https://repo.anaconda.com"}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")
_SCHEMES = {"http", "https", "file", "s3", "oci", "gcs"}


@dataclass(frozen=True)
class ChannelSettings:
    """How names are read.

    Attributes
    ----------
    alias
        URL in front of a bare name.
    default_channels
        URLs that ``defaults`` stands for.
    custom_channels
        First part of a name → URL in front of it.
    custom_multichannels
        Name → names or URLs that share one priority.
    mirrors
        Canonical channel URL → URLs to fetch from instead, the preferred first. A mirror of everything below
        an alias may be given by the alias.
    channels
        What conda would search when nothing else is said: names or URLs that the person trusts. Nothing is
        searched here because of them.
    """

    alias: str = DEFAULT_ALIAS
    default_channels: tuple[str, ...] = _DEFAULTS
    custom_channels: Mapping[str, str] = field(default_factory=dict)
    custom_multichannels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    """One channel.

    Attributes
    ----------
    name
        As it was written, credentials taken out.
    url
        Canonical URL without credentials and trailing slash.
    locations
        URLs to fetch from, the preferred first; never empty; may hold credentials and must not be shown.
    """

    name: str
    url: str
    locations: tuple[str, ...] = field(repr=False)

    @property
    def is_local(self) -> bool:
        """Whether its files lie on this machine."""
        return all(location.startswith("file:") for location in self.locations)

    @property
    def shown_locations(self) -> list[str]:
        """The locations as they may be shown to people and written to logs."""
        return [hide_credentials(location) for location in self.locations]


@dataclass(frozen=True)
class ChannelGroup:
    """One step of priority: usually one channel, several for a multichannel such as ``defaults``."""

    name: str
    channels: tuple[Channel, ...]


def resolve_channels(names: Iterable[str], settings: ChannelSettings) -> list[ChannelGroup]:
    """Turn channel names, as an environment.yml lists them, into groups in order of priority.

    ``nodefaults`` is left out: nothing is ever added to what was named.

    Raises
    ------
    InvalidInputError
        A name is none, or is written in a way that is not accepted from a specification.
    """
    groups: list[ChannelGroup] = []
    seen: set[str] = set()
    for name in names:
        if name == "nodefaults":
            continue
        channels = []
        for channel in _expand(name, settings, depth=0):
            if channel.url not in seen:
                seen.add(channel.url)
                channels.append(channel)
        if channels:
            groups.append(ChannelGroup(split_credentials(name)[0] if "://" in name else name, tuple(channels)))
    if not groups:
        raise InvalidInputError("No channel is named. Add one under “channels:”, for example conda-forge.")
    return groups


def resolve_channel(name: str, settings: ChannelSettings) -> Channel:
    """Turn one name into one channel; a multichannel gives its first.

    Raises
    ------
    InvalidInputError
        As in `resolve_channels`.
    """
    return _expand(name, settings, depth=0)[0]


def _expand(name: str, settings: ChannelSettings, depth: int) -> list[Channel]:
    members: tuple[str, ...] | None = settings.custom_multichannels.get(name)
    if members is None and name == "defaults":
        members = settings.default_channels
    if members is not None:
        if depth > 4:
            raise InvalidInputError(f"The channel “{name}” is made of itself. Correct custom_multichannels.")
        return [channel for member in members for channel in _expand(member, settings, depth + 1)]
    return [_single(name, settings, trusted=depth > 0)]


def _single(name: str, settings: ChannelSettings, *, trusted: bool) -> Channel:
    shown = hide_credentials(name)[:200]
    if not trusted and "$" in name:
        # A stranger's file must not be able to send our environment variables to a host of its choice.
        raise InvalidInputError(
            f"The channel “{shown}” names an environment variable. Specifications are read without them: "
            "name the channel plainly and keep its credentials in conda's or rattler's configuration.",
            channel=shown,
        )
    if "://" in name:
        address = name
    elif name.startswith("/"):
        address = "file://" + quote(name)
    else:
        address = _address_of_name(name, settings, shown)
    parts = urlsplit(address)
    if parts.scheme not in _SCHEMES or (parts.scheme != "file" and not parts.hostname) or parts.query:
        raise InvalidInputError(
            f"“{shown}” is no URL of a channel. Use http, https or file, or a name such as conda-forge.",
            channel=shown,
        )
    if any(ord(character) <= 32 for character in address) or ".." in unquote(parts.path).split("/"):
        raise InvalidInputError(f"“{shown}” is no URL of a channel: it has blanks or “..” in it.", channel=shown)
    address = _without_subdir(address.rstrip("/"))
    url = split_credentials(address)[0]
    written = split_credentials(name)[0] if "://" in name else name
    return Channel(written.rstrip("/"), url, _locations(url, address, settings))


def _address_of_name(name: str, settings: ChannelSettings, shown: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidInputError(
            f"“{shown}” is not the name of a channel. Use a name such as conda-forge, a URL, or an absolute path.",
            channel=shown,
        )
    if name == "local":
        raise InvalidInputError(
            "The channel “local” (conda-build's own folder) is not read. Name the folder by its absolute path.",
            channel="local",
        )
    custom = {**_BUILT_IN_CUSTOM, **settings.custom_channels}
    first = name
    while first:
        if first in custom:
            return f"{custom[first].rstrip('/')}/{name}"
        first = first.rpartition("/")[0]
    return f"{settings.alias.rstrip('/')}/{name}"


def _without_subdir(address: str) -> str:
    head, _, last = address.rpartition("/")
    return head if last == "noarch" or last in KNOWN_PLATFORMS else address


def _locations(url: str, address: str, settings: ChannelSettings) -> tuple[str, ...]:
    for original, mirrors in settings.mirrors.items():
        start = split_credentials(original)[0].rstrip("/")
        if mirrors and (url == start or url.startswith(start + "/")):
            if not start.startswith("file:") and any(mirror.startswith("file:") for mirror in mirrors):
                raise InvalidInputError(
                    f"A mirror of {start} lies in a folder, and folders cannot stand in for a web address. "
                    "Serve it over http, or name the folder as the channel.",
                    channel=start,
                )
            return tuple(mirror.rstrip("/") + url[len(start) :] for mirror in mirrors)
    return (address,)


def local_folder(channel: Channel) -> Path | None:
    """Return the folder of a ``file://`` channel, or None."""
    location = channel.locations[0]
    return Path(unquote(urlsplit(location).path)) if location.startswith("file:") else None


def local_signature(channel: Channel, platform: str) -> object:
    """Return what changes whenever the metadata of a channel on this machine does; None for other channels."""
    folder = local_folder(channel)
    if folder is None:
        return None
    states = []
    for subdir in (platform, "noarch"):
        for name in ("repodata.json", "repodata.json.zst", "repodata_shards.msgpack.zst"):
            try:
                status = (folder / subdir / name).stat()
            except OSError:
                continue
            states.append((subdir, name, status.st_mtime_ns, status.st_size, status.st_ino))
    return states
