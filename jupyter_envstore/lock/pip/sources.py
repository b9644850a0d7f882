"""What a file of pip is, told by its address: a wheel, or something whose own code runs to install it. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from jupyter_envstore.schemas import Package

_COMMIT = re.compile(r"git\+(?:https|http|ssh)://[^\s#]+@(?P<commit>[0-9a-f]{40}|[0-9a-f]{64})(?:#\S*)?")


def is_wheel(url: str) -> bool:
    """Tell whether a file can be installed without running code of its own."""
    return "+" not in urlsplit(url).scheme and urlsplit(url).path.endswith(".whl")


def commit_of(url: str) -> str | None:
    """Return the full commit that the address of a repository is pinned to; None for all other addresses."""
    match = _COMMIT.fullmatch(url)
    return match["commit"] if match else None


def built_from_source(packages: Iterable[Package]) -> list[str]:
    """Return the names of packages of pip whose own code is run to build them."""
    return sorted({package.name for package in packages if package.manager == "pip" and not is_wheel(package.url)})
