"""Files of pip's packages: what kind they are, and which of them a person allowed by where they lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from jupyter_envstore.policy.case import PipFile
from jupyter_envstore.policy.trust import comparable
from jupyter_envstore.schemas import Package

_SEPARATORS = re.compile(r"[-_.]+")
_WEB = ("http", "https")


def pip_file(package: Package) -> PipFile | None:
    """Return what an index would offer the file as; None without the sha256 by which it could be told."""
    if not package.sha256:
        return None
    return plain_name(package.name), package.version, package.sha256


def plain_name(name: str) -> str:
    """Return a name of pip's as indexes write it."""
    return _SEPARATORS.sub("-", name).lower()


def scheme_of(url: str) -> str:
    """Return how a file would be fetched, in lower case: empty for a plain path, ``git+https`` and the like."""
    scheme, colon, _ = url.partition(":")
    return scheme.lower() if colon and "/" not in scheme and len(scheme) > 1 else ""  # one letter is a Windows drive


def is_local(url: str) -> bool:
    """Tell whether a URL names a file of this machine, or of its network: whatever is not fetched from the web."""
    scheme = scheme_of(url)
    return scheme in ("", "file") or scheme.endswith("+file")


def lies_below(url: str, allowed: Iterable[str]) -> bool:
    """Tell whether a URL lies under one of the hosts or URLs that a person allowed.

    A host stands for what it serves over HTTP and HTTPS. Of a repository only its own address counts.
    """
    plain = url
    if "+" in scheme_of(url):
        plain = re.sub("@[^/]*$", "", url.partition("+")[2])  # the commit is no part of where the repository is
    parts = urlsplit(plain)
    if "\\" in plain or ".." in unquote(parts.path).split("/"):
        return False
    place, host = comparable(plain), (parts.hostname or "").lower()
    for text in allowed:
        if "://" in text:
            if f"{place}/".startswith(f"{comparable(text)}/"):
                return True
        elif parts.scheme.lower() in _WEB and host and host == text.lower():
            return True
    return False
