"""What a channel's or a package's URL says, and taking secrets out of it. Plain Python; touches no network."""

from __future__ import annotations

import base64
import re
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

_TOKEN = re.compile(r"/t/[^/]+(?=/|$)")
_CREDENTIALS_IN_TEXT = re.compile(r"(?<=://)[^/\s@\"']+@")
_ARCHIVE = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)-(?P<build>[^-]+)(?P<extension>\.conda|\.tar\.bz2)")
_SUBDIR = re.compile(r"noarch|[a-z]+-[a-z0-9]+")


class PackageLocation(NamedTuple):
    """Where a conda package lies: channel URL without trailing slash, subdir, file name, and what the name says."""

    channel: str
    subdir: str
    filename: str
    name: str
    version: str
    build: str


def split_credentials(url: str) -> tuple[str, bool]:
    """Return ``url`` without user, password and ``/t/TOKEN``, and whether there were any."""
    if "://" in url and "@" not in url and "/t/" not in url:
        return url, False  # a lock has hundreds of them
    parts = urlsplit(url)
    netloc = parts.netloc.rpartition("@")[2]
    path = _TOKEN.sub("", parts.path, count=1)
    clean = urlunsplit((parts.scheme, netloc, path, parts.query, parts.fragment))
    if parts.scheme == "file" and not netloc:
        clean = f"file://{path}"  # urlunsplit drops the empty host
    return clean, netloc != parts.netloc or path != parts.path


def split_login(url: str) -> tuple[str, str | None]:
    """Return ``url`` without user and password (a token in its path stays), and what to send as ``Authorization``."""
    parts = urlsplit(url)
    login, found, host = parts.netloc.rpartition("@")
    if not found:
        return url, None
    user, _, password = login.partition(":")
    plain = f"{unquote(user)}:{unquote(password)}".encode()
    return urlunsplit(parts._replace(netloc=host)), f"Basic {base64.b64encode(plain).decode('ascii')}"


def has_credentials(url: str) -> bool:
    """Say whether ``url`` carries a user, a password or a token."""
    return split_credentials(url)[1]


def hide_credentials(text: str) -> str:
    """Return ``text``, such as a library's error message, without what looks like a secret in a URL."""
    return _TOKEN.sub("/t/***", _CREDENTIALS_IN_TEXT.sub("***@", text))


def parse_package_url(url: str) -> PackageLocation | None:
    """Read a conda package's URL, or return None when it does not look like ``…/subdir/name-version-build.conda``."""
    parts = urlsplit(url)
    path = PurePosixPath(unquote(parts.path))
    match = _ARCHIVE.fullmatch(path.name)
    subdir = path.parent.name
    if not match or not _SUBDIR.fullmatch(subdir):
        return None
    folder = parts.path.rsplit("/", 2)[0]
    channel = f"{parts.scheme}://{parts.netloc}{folder}"
    return PackageLocation(channel, subdir, path.name, match["name"], match["version"], match["build"])
