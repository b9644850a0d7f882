"""What the readers of foreign lockfiles have in common: the packages that they find, and the document made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NoReturn
from urllib.parse import unquote, urlsplit

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock.urls import parse_package_url

_ARCHIVE_ENDS = (".tar.gz", ".zip", ".tar.bz2", ".tgz")


@dataclass(frozen=True)
class Found:
    """A package as a foreign file names it.

    Attributes
    ----------
    hashes
        ``md5`` and ``sha256``, as far as the file has them.
    subdir
        The folder of its channel; empty for pip.
    line
        Where it stands, or 0.
    """

    name: str
    version: str
    url: str
    hashes: Mapping[str, str]
    manager: Literal["conda", "pip"] = "conda"
    platform: str = ""
    subdir: str = ""
    dependencies: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    def on(self, platform: str) -> Found:
        """Return it as locked for ``platform``."""
        return replace(self, platform=platform)


def document_of(packages: Iterable[Found], origin: str, channels: Iterable[str] = ()) -> dict[str, Any]:
    """Return the conda-lock v1 document of packages; ``origin`` is the format that they were read from.

    Channels are those named, then those of the packages as they appear.
    """
    packages = list(packages)
    urls = dict.fromkeys(channels)
    for package in packages:
        place = parse_package_url(package.url) if package.manager == "conda" else None
        if place is not None:
            urls.setdefault(place.channel)
    return {
        "version": 1,
        "metadata": {
            "content_hash": {},
            "channels": [{"url": url, "used_env_vars": []} for url in urls],
            "platforms": sorted({package.platform for package in packages}),
            "sources": [],
            "custom_metadata": {"envstore_read_from": origin},
        },
        "package": [
            {
                "name": package.name,
                "version": package.version,
                "manager": package.manager,
                "platform": package.platform,
                "dependencies": dict(package.dependencies),
                "url": package.url,
                "hash": dict(package.hashes),
                "category": "main",
                "optional": False,
            }
            for package in sorted(packages, key=lambda one: (one.manager, one.name, one.platform))
        ],
    }


def decode(data: bytes) -> str:
    """Return the text of a file, whatever its line ends and with or without a mark at its beginning.

    Raises
    ------
    LockfileError
        With the line that is no UTF-8.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LockfileError(f"Line {line}: The file is not text in UTF-8.", line=line) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse_line(line: int, reason: str) -> NoReturn:
    """Raise `LockfileError` for what stands in a line."""
    raise LockfileError(f"Line {line}: {reason}", line=line, reason=reason)


def wheel_version(url: str) -> str | None:
    """Return the version that the name of a wheel or a source distribution says, or None."""
    name = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    if name.endswith(".whl"):
        parts = name.removesuffix(".whl").split("-")
        return parts[1] if len(parts) in (5, 6) else None
    for end in _ARCHIVE_ENDS:
        if name.endswith(end):
            match = re.fullmatch(r".+-(\d[^-]*)", name.removesuffix(end))
            return match[1] if match else None
    return None
