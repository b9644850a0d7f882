"""What can still be fetched, as those who have it say; for files that pip installs, by asking for each."""

from __future__ import annotations

import contextlib
import netrc
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from jupyter_envstore.schemas import Package

_SECONDS = 10.0
_AT_ONCE = 8
_SCHEMES = ("http", "https")


@dataclass(frozen=True)
class Offer:
    """What was answered: URLs of packages that can still be had, and the channels or hosts that gave no answer."""

    urls: frozenset[str] = frozenset()
    silent: tuple[str, ...] = ()


Ask = Callable[[Sequence[Package]], Offer]
"""Asks on the network."""


def look_for_files(packages: Sequence[Package]) -> Offer:
    """Ask for the head of each file: an index has no other way to say whether it has the very file still.

    Proxies and certificates are those of the machine, credentials those of ``~/.netrc``. What needs others counts as
    not answered.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = dict(zip([package.url for package in packages], pool.map(_is_offered, packages), strict=True))
    silent = {urlsplit(url).netloc for url, answer in answers.items() if answer is None}
    return Offer(frozenset(url for url, answer in answers.items() if answer), tuple(sorted(silent)))


def _is_offered(package: Package) -> bool | None:
    """Whether the file is there with its size; None when nobody can say."""
    parts = urlsplit(package.url)
    if parts.scheme not in _SCHEMES:
        return None
    request = urllib.request.Request(package.url, method="HEAD")
    for name, value in _login(parts.hostname or "").items():
        request.add_unredirected_header(name, value)  # whoever it is redirected to must not see it
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            size = answer.headers.get("Content-Length")
            return package.size is None or size is None or int(size) == package.size
    except urllib.error.HTTPError as error:
        return False if error.code in (404, 410) else None
    except (OSError, ValueError):
        return None


def _login(host: str) -> dict[str, str]:
    with contextlib.suppress(OSError, netrc.NetrcParseError):
        found = netrc.netrc().authenticators(host)
        if found is not None:
            return {"Authorization": "Basic " + b64encode(f"{found[0]}:{found[2]}".encode()).decode()}
    return {}
