"""From a lock's pip entries to what uv is told to install: exactly one file each, with its digest.

A lock may be a stranger's. What is not a wheel runs code of its author when it is installed: it is refused here, before
anything runs, unless somebody allowed it by name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from jupyter_envstore.errors import LockfileError, SourceNotAllowedError
from jupyter_envstore.workers.redaction import redact

Package = Mapping[str, Any]

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.!+_-]*[A-Za-z0-9])?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SCHEMES = ("file", "http", "https")
_SOURCES = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
_REPOSITORY = re.compile(
    r"git\+((?:https|http|ssh|file)://(?:git@)?[^@#\s\x22\\]+)@([0-9a-f]{40}|[0-9a-f]{64})(?:#subdirectory=([A-Za-z0-9_./-]+))?"
)


@dataclass(frozen=True)
class LockedWheel:
    """One file, or one commit, that pip's part of a lock names.

    Attributes
    ----------
    package
        The lock's entry.
    kind
        ``wheel``, ``archive`` (a source distribution) or ``git``.
    digest
        Names its entry in the cache: of the file, or of the words that name a commit.
    """

    package: Package
    kind: str
    digest: str

    @property
    def name(self) -> str:
        """As the lock calls it."""
        return str(self.package["name"])

    @property
    def version(self) -> str:
        """As the lock calls it."""
        return str(self.package["version"])

    @property
    def size(self) -> int:
        """Bytes to be fetched, zero when nobody knows."""
        return int(self.package.get("size") or 0)

    def document(self, url: str) -> str:
        """Return a ``pylock.toml`` that names this and nothing else, to be fetched from ``url``."""
        head = (
            f'lock-version = "1.0"\ncreated-by = "jupyter-envstore"\n\n[[packages]]\nname = {json.dumps(self.name)}\n'
        )
        head += f"version = {json.dumps(self.version)}\n"
        match = _REPOSITORY.fullmatch(url) if self.kind == "git" else None
        if match is not None:
            folder = f', subdirectory = "{match[3]}"' if match[3] else ""
            return f'{head}vcs = {{ type = "git", url = "{match[1]}", commit-id = "{match[2]}"{folder} }}\n'
        file = f"url = {json.dumps(url)}, hashes = {{ sha256 = {json.dumps(self.digest)} }}"
        return f"{head}wheels = [{{ {file} }}]\n" if self.kind == "wheel" else f"{head}sdist = {{ {file} }}\n"


def read_wheels(packages: Sequence[Package], allow_source: Collection[str]) -> list[LockedWheel]:
    """Return the pip entries among a lock's packages.

    Parameters
    ----------
    allow_source
        Names of packages whose code may run to build them.

    Raises
    ------
    LockfileError
        When an entry is malformed, or there is no Python for them.
    SourceNotAllowedError
        When one is no wheel and not allowed.
    """
    found = [_read(package) for package in packages if package.get("manager", "conda") == "pip"]
    allowed = {_normal(name) for name in allow_source}
    refused = sorted(one.name for one in found if one.kind != "wheel" and _normal(one.name) not in allowed)
    if refused:
        shown = ", ".join(refused[:3]) + (f" and {len(refused) - 3} more" if len(refused) > 3 else "")
        raise SourceNotAllowedError(
            f"{shown} can only be had as source, and installing that runs its author's code on this machine. Nothing "
            "was run. Take a version that has a wheel, or allow it by name when you make the environment.",
            packages=refused,
        )
    if found and not any(package["name"] == "python" for package in packages if package.get("manager") != "pip"):
        raise LockfileError(
            f"The lock has packages of pip ({found[0].name}), but no conda package python to install them for. Add "
            "python to the dependencies.",
            package=found[0].name,
        )
    names = [_normal(one.name) for one in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise LockfileError(f"The lock names the pip package {twice} twice.", package=twice)
    return found


def _read(package: Package) -> LockedWheel:
    name, version, url = str(package["name"]), str(package["version"]), str(package["url"])
    shown = ascii(f"{name} {version}")
    if not (_NAME.fullmatch(name) and _VERSION.fullmatch(version)):
        raise LockfileError(f"The lock names a pip package {shown}, which no package can be called.", package=shown)
    parts = urlsplit(url)
    if parts.scheme.startswith("git+"):
        if not _REPOSITORY.fullmatch(url):
            raise LockfileError(
                f"The lock names {shown} by {redact(url)!a}, which is no commit of a repository. Lock it again.",
                package=name,
            )
        return LockedWheel(package, "git", hashlib.sha256(url.encode()).hexdigest())
    file = unquote(parts.path.rpartition("/")[2]).lower()
    kind = "wheel" if file.endswith(".whl") else "archive" if file.endswith(_SOURCES) else ""
    if parts.scheme not in _SCHEMES or not kind or not url.isascii() or not url.isprintable():
        raise LockfileError(f"The lock names no usable address for the pip package {shown}.", package=name)
    digest = str(package.get("sha256") or "").lower()
    if not _SHA256.fullmatch(digest):
        raise LockfileError(
            f"The lock has no sha256 digest for the pip package {shown}, so it cannot be checked. Lock it again.",
            package=name,
        )
    return LockedWheel(package, kind, digest)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
