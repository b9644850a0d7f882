"""Where the packages of a lock come from, and whether this store uses those channels. Plain Python; no network.

A lock is a stranger's list of addresses. A package is taken from a channel only if the person's own configuration names
it, or the person names it for this one lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jupyter_envstore.errors import ChannelNotAllowedError, InvalidInputError
from jupyter_envstore.lock.channels import DEFAULT_ALIAS, ChannelSettings, resolve_channels
from jupyter_envstore.schemas import Package

_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True)
class Trust:
    """Channels that packages may come from.

    Attributes
    ----------
    channels
        URLs, each standing for itself alone.
    trees
        URLs that stand for all that lies below them, too.
    """

    channels: frozenset[str]
    trees: tuple[str, ...] = ()

    def covers(self, channel: str) -> bool:
        """Tell whether packages may come from the channel of this URL."""
        url = _comparable(channel)
        return url in self.channels or any(f"{url}/".startswith(f"{tree}/") for tree in self.trees)


def trusted_channels(settings: ChannelSettings, names: Iterable[str]) -> Trust:
    """Return what a person's configuration trusts, and the channels of ``names``.

    That are the channels that it names, what lies below a channel alias or a custom channel of its own, and mirrors
    with what they stand for. The public alias is none of its own: below it, anybody can publish.

    Raises
    ------
    InvalidInputError
        One of ``names`` is no channel. What is wrong in the configuration is passed over.
    """
    start = ChannelSettings()
    configured = list(settings.channels)
    for members in settings.custom_multichannels.values():
        configured.extend(members)
    if settings.default_channels != start.default_channels:
        configured.extend(settings.default_channels)
    channels = set(_urls(names, settings))
    for name in configured:
        try:
            channels.update(_urls([name], settings))
        except InvalidInputError:
            continue
    trees = [f"{url.rstrip('/')}/{name}" for name, url in settings.custom_channels.items()]
    if _comparable(settings.alias) != _comparable(start.alias):
        trees.append(settings.alias)
    for original, mirrors in settings.mirrors.items():
        if _comparable(original) != _comparable(DEFAULT_ALIAS):
            trees += [original, *mirrors]
    return Trust(frozenset(channels), tuple(_comparable(tree) for tree in trees))


def require_trusted(packages: Sequence[Package], trust: Trust) -> None:
    """Return when every package comes from a trusted channel.

    Raises
    ------
    ChannelNotAllowedError
        With the others and how many packages come from each.
    """
    strange = {channel: count for channel, count in channels_of(packages).items() if not trust.covers(channel)}
    if not strange:
        return
    listed = ", ".join(f"{channel[:200]} ({count})" for channel, count in list(strange.items())[:5])
    more = f" and {len(strange) - 5} more" if len(strange) > 5 else ""
    number, total = sum(strange.values()), sum(channels_of(packages).values())
    raise ChannelNotAllowedError(
        f"{number} of the lockfile's {total} packages {'comes' if number == 1 else 'come'} from "
        f"{'a channel' if len(strange) == 1 else 'channels'} that this store does not use: {listed}{more}. "
        "Their programs would run as yours. If you trust who publishes there, allow it for this lockfile "
        "(--allow-channel URL; allow_channels in a request), or add it to EnvStore.default_channels for good.",
        channels=[{"url": channel, "packages": count} for channel, count in strange.items()],
    )


def channels_of(packages: Iterable[Package]) -> dict[str, int]:
    """Return the channels' URLs in order of appearance, each with the number of its packages.

    One package for several platforms counts once.
    """
    found: dict[str, set[str]] = {}
    for package in packages:
        if package.manager == "conda":
            found.setdefault(package.channel, set()).add(package.name)
    return {channel: len(names) for channel, names in found.items()}


def channel_names(document: dict[str, Any], packages: Iterable[Package], settings: ChannelSettings) -> dict[str, str]:
    """Return the channels that packages come from, by URL, each as a specification would name it.

    Those that the document lists come in its order, the others as they appear. What it lists and takes nothing from
    is left out: nobody agreed to it, and the next edit would search it.
    """
    used = channels_of(packages)
    names: dict[str, str] = {}
    for entry in document["metadata"]["channels"]:
        written = entry if isinstance(entry, str) else entry["url"]
        try:
            members = [channel for group in resolve_channels([written], settings) for channel in group.channels]
        except InvalidInputError:
            continue
        for channel in members:
            if channel.url in used:
                names.setdefault(channel.url, channel.name if len(members) == 1 else channel.url)
    alias = settings.alias.rstrip("/")
    for url in used:
        short = url.removeprefix(f"{alias}/")
        names.setdefault(url, short if _names(short, url, settings) else url)
    return names


def _names(short: str, url: str, settings: ChannelSettings) -> bool:
    try:
        groups = resolve_channels([short], settings)
    except InvalidInputError:
        return False
    return [channel.url for group in groups for channel in group.channels] == [url]


def _urls(names: Iterable[str], settings: ChannelSettings) -> list[str]:
    """Return the URLs that channel names stand for; none for no names."""
    wanted = [name for name in names if name != "nodefaults"]
    groups = resolve_channels(wanted, settings) if wanted else []
    return [_comparable(channel.url) for group in groups for channel in group.channels]


def _comparable(url: str) -> str:
    """Return a URL in the one form in which two that are the same are equal; of the path not a letter is changed."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(_PORTS.get(scheme, ":"))
    return f"{scheme}://{host}{parts.path.rstrip('/')}"
