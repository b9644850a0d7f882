"""Which channels the packages of a lock come from, and how a specification would name them. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jupyter_envstore.errors import InvalidInputError
from jupyter_envstore.lock.channels import ChannelSettings, resolve_channels
from jupyter_envstore.schemas import Package


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
