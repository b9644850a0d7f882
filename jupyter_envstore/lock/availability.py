"""Whether a channel answers, and words for one that does not. Plain Python, shows no credentials."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jupyter_envstore.errors import ChannelUnavailableError
from jupyter_envstore.lock.channels import Channel
from jupyter_envstore.lock.urls import hide_credentials, split_login

if TYPE_CHECKING:
    from urllib.request import Request

_NOT_METADATA = "what it sends is not a channel's metadata"
_REASONS = (
    (r"no usable repodata cache", "nothing of it is cached, and the network may not be used"),
    (r"dns error|failed to lookup", "its host name cannot be found"),
    (r"refused \(os error", "the connection was refused"),
    (r"certificate", "its certificate is not trusted"),
    (r"timed out|no answer", "it did not answer in time"),
    (r"status client error \((401|403)", "access was refused; log in with rattler or put the credentials into .netrc"),
    (r"status server error \((?P<code>\d+)", "its server failed"),
    (r"could not find subdir", "there is no channel at this address"),
    (r"decode|parse|invalid|EOF", _NOT_METADATA),
    (r"client error \(Connect\)", "no connection could be made"),
)


def unavailable(channel: Channel, seconds: float, tried: list[str], *, offline: bool) -> ChannelUnavailableError:
    """Make the error for a channel that cannot be used.

    Parameters
    ----------
    channel
        Which one.
    seconds
        How long it was tried.
    tried
        What was tried, ``address: reason`` each, without credentials.
    offline
        Whether the network was not to be used.
    """
    seconds = round(seconds, 1)
    reasons = list(dict.fromkeys(attempt.partition(": ")[2] for attempt in tried))
    named = channel.url if channel.name == channel.url else f"{channel.name} ({channel.url})"
    if offline:
        advice = "Go online once, or lock while the channel's metadata is cached."
    elif _NOT_METADATA in reasons[-1]:
        advice = "Ask whoever keeps the channel to mend it, or leave it out."
    else:
        advice = (
            "Check the address and the network, name another channel (-c), or set EnvStore.default_channels or, for a "
            "mirror of it, EnvStore.channel_mirrors."
        )
    return ChannelUnavailableError(
        f"The channel {named} cannot be used: {'; '.join(reasons)} (after {seconds:g} s, "
        f"{len(tried)} {'attempt' if len(tried) == 1 else 'attempts'}). {advice}",
        channel=channel.url,
        seconds=seconds,
        tried=tried,
    )


def reason_for(text: str) -> str:
    """Put a library's error text into words."""
    lines = hide_credentials(text).strip().splitlines() or ["it failed"]
    deepest = lines[-1].removeprefix("Caused by: ")[:200]
    for pattern, words in _REASONS:
        if match := re.search(pattern, text, re.IGNORECASE):
            if words is _NOT_METADATA:
                return f"{words} ({deepest})"
            code = next((group for group in match.groups() if group and group.isdigit()), None)
            return f"{words} (HTTP {code})" if code else words
    return deepest


def request_to(location: str, path: str, *, method: str = "GET") -> Request:
    """Make a request for a file of a channel; user and password of the URL become a header, as servers want them."""
    from urllib.request import Request  # with TLS and all it needs: only when something has to be asked

    bare, login = split_login(location)
    headers = {"User-Agent": "jupyter-envstore", "Accept-Encoding": "gzip"}
    if login is not None:
        headers["Authorization"] = login
    return Request(f"{bare}/{path}", headers=headers, method=method)


def answers(location: str, seconds: float) -> bool:
    """Say whether the host answers at all, if only with an error."""
    import urllib.error
    import urllib.request

    request = request_to(location, "noarch/repodata.json", method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=seconds):
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
