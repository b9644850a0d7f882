"""Which channels a store trusts: those that its own configuration names, and none that look like them.

Plain Python; no network. A list of addresses from elsewhere says nothing about what may be installed: a package is
taken from a channel only if the person's own configuration names it, or the person names it for this one time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from jupyter_envstore.errors import InvalidInputError
from jupyter_envstore.lock.channels import DEFAULT_ALIAS, ChannelSettings, resolve_channels

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
        url = comparable(channel)
        return url in self.channels or any(f"{url}/".startswith(f"{tree}/") for tree in self.trees)

    @property
    def shown(self) -> list[str]:
        """All of it, as people may read it: what stands for more than itself ends in ``/*``."""
        return [*sorted(self.channels), *(f"{tree}/*" for tree in self.trees)]


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
    if comparable(settings.alias) != comparable(start.alias):
        trees.append(settings.alias)
    for original, mirrors in settings.mirrors.items():
        if comparable(original) != comparable(DEFAULT_ALIAS):
            trees += [original, *mirrors]
    return Trust(frozenset(channels), tuple(comparable(tree) for tree in trees))


def only_channels(settings: ChannelSettings, names: Iterable[str]) -> Trust:
    """Return the channels of ``names`` and their mirrors, and nothing that the configuration trusts besides.

    Raises
    ------
    InvalidInputError
        One of ``names`` is no channel.
    """
    channels = set(_urls(names, settings))
    for original, mirrors in settings.mirrors.items():
        start = comparable(original)
        below = [url for url in channels if f"{url}/".startswith(f"{start}/")]
        channels.update(f"{comparable(mirror)}{url[len(start) :]}" for mirror in mirrors for url in below)
    return Trust(frozenset(channels))


def comparable(url: str) -> str:
    """Return a URL in the one form in which two that are the same are equal; of the path not a letter is changed."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = parts.netloc.rpartition("@")[2].lower().removesuffix(_PORTS.get(scheme, ":"))
    return f"{scheme}://{host}{parts.path.rstrip('/')}"


def _urls(names: Iterable[str], settings: ChannelSettings) -> list[str]:
    """Return the URLs that channel names stand for; none for no names."""
    wanted = [name for name in names if name != "nodefaults"]
    groups = resolve_channels(wanted, settings) if wanted else []
    return [comparable(channel.url) for group in groups for channel in group.channels]
