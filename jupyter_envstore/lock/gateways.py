"""The native gateway to channels: which of their locations it asks, how, and who logs in where. Worker side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from rattler import Gateway
from rattler.networking import Client
from rattler.networking.middleware import (
    AddHeadersMiddleware,
    AuthenticationMiddleware,
    GCSMiddleware,
    MirrorMiddleware,
    OciMiddleware,
    RetryMiddleware,
    S3Middleware,
)
from rattler.platform import Subdir
from rattler.repo_data.gateway import SourceConfig

from jupyter_envstore.lock.channels import Channel
from jupyter_envstore.lock.urls import split_login

TRANSFER_SECONDS = 180
"""How long a host that is merely slow may take."""
Way = tuple[int, bool]
"""Which location of a channel is asked, and whether for the whole file."""


def make_gateway(cache: Path, ways: Mapping[Channel, Way], *, offline: bool) -> Gateway:
    """Return a gateway.

    Parameters
    ----------
    cache
        Folder for cached metadata; made here.
    ways
        How each channel is asked.
    offline
        Use the cache whatever its age and never the network.
    """
    mirrors: dict[str, list[str]] = {}
    logins: dict[str, str] = {}
    configs: dict[str, SourceConfig] = {}
    for channel, (place, whole_file) in ways.items():
        location = channel.locations[place]
        if location != channel.url:
            bare, login = split_login(location)
            mirrors[channel.url + "/"] = [bare + "/"]
            if login is not None:
                logins[bare + "/"] = login
        configs[channel.url + "/"] = SourceConfig(
            sharded_enabled=not whole_file,
            cache_action="force-cache-only" if offline and not channel.is_local else "cache-or-fetch",
        )
    # The mirror comes first, so that credentials are looked up for the host that is really asked.
    client = Client(
        [
            *([MirrorMiddleware(mirrors)] if mirrors else []),
            *([AddHeadersMiddleware(_login_headers(logins))] if logins else []),
            RetryMiddleware(1),
            AuthenticationMiddleware(),
            OciMiddleware(),
            GCSMiddleware(),
            S3Middleware(),
        ],
        user_agent="jupyter-envstore",
        timeout=TRANSFER_SECONDS,
    )
    cache.mkdir(parents=True, exist_ok=True)
    return Gateway(cache_dir=cache, client=client, per_channel_config=configs)


def _login_headers(logins: dict[str, str]) -> Callable[[str, str], dict[str, str] | None]:
    """Return who is to log in where: the native client drops user and password of a mirror's URL."""
    places = [(urlsplit(address).hostname, urlsplit(address).path, login) for address, login in logins.items()]

    def headers(host: str, path: str) -> dict[str, str] | None:
        for hostname, start, login in places:
            if host.rpartition("@")[2].partition(":")[0] == hostname and path.startswith(start):
                return {"Authorization": login}
        return None

    return headers


def subdirs_of(platform: str) -> list[Subdir]:
    """Return the two folders of a channel that hold a platform's packages."""
    return [Subdir(platform), Subdir("noarch")]
