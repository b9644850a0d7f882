"""Which of a package's files is locked: the one that fits the target best, with the digest that the index states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from jupyter_envstore.errors import LockError
from jupyter_envstore.lock.pip.sources import is_wheel
from jupyter_envstore.lock.pip.targets import Target
from jupyter_envstore.lock.urls import split_credentials


@dataclass(frozen=True)
class File:
    """A file that a lock names; ``needs_build`` when code of its own runs to install it."""

    url: str
    sha256: str | None
    size: int | None
    needs_build: bool = False


def choose(table: Mapping[str, Any], target: Target, hashes: frozenset[str], before: str | None) -> File:
    """Return the file of a package that a lock names.

    Parameters
    ----------
    table
        The package in uv's `pylock.toml`.
    hashes
        The sha256 digests that the specification states; none: any file will do.
    before
        The address that was locked before.

    Raises
    ------
    LockError
        When there is none that fits, or nobody could tell whether a download is the one that was locked.
    """
    name, version = table["name"], table.get("version")
    if vcs := table.get("vcs"):
        where = f"#subdirectory={vcs['subdirectory']}" if vcs.get("subdirectory") else ""
        url = split_credentials(str(vcs["url"]))[0] if not str(vcs["url"]).startswith("ssh://") else str(vcs["url"])
        return File(f"{vcs['type']}+{url}@{vcs['commit-id']}{where}", None, None, needs_build=True)
    if archive := table.get("archive"):
        url = _url(archive)
        ready = is_wheel(url)
        if ready and not _fits(url, target):
            raise LockError(
                f"The wheel {_filename(url)}, which the pip section names, is for another platform or Python than "
                f"{target.platform} with Python {target.python}. Give it a marker, or name one that fits.",
                package=name,
                platform=target.platform,
            )
        return _stated(archive, url, name, version, hashes, needs_build=not ready)
    wheels = [wheel for wheel in table.get("wheels") or () if not hashes or _sha256(wheel) in hashes]
    if wheels:
        wheel = _best(wheels, target, before)
        return _stated(wheel, _url(wheel), name, version, hashes)
    if sdist := table.get("sdist"):
        return _stated(sdist, _url(sdist), name, version, hashes, needs_build=True)
    raise _no_such_hash(name, version) if hashes else LockError(f"uv names no file for {name} {version}.", package=name)


def _stated(
    stated: Mapping[str, Any],
    url: str,
    name: str,
    version: str | None,
    hashes: frozenset[str],
    *,
    needs_build: bool = False,
) -> File:
    sha256 = _sha256(stated)
    if sha256 is None:
        raise LockError(
            f"The index states no sha256 for {name} {version}, so nobody could tell whether a download is the locked "
            "file. Take it from another index, or ask the index's owner.",
            package=name,
        )
    if hashes and sha256 not in hashes:
        raise _no_such_hash(name, version)
    return File(url, sha256, stated.get("size"), needs_build)


def _no_such_hash(name: str, version: str | None) -> LockError:
    return LockError(
        f"No file of {name} {version} has a sha256 that the specification states for it. Nothing was taken; find out "
        "why they differ before you change the hash.",
        package=name,
    )


def _best(wheels: Sequence[Mapping[str, Any]], target: Target, before: str | None) -> Mapping[str, Any]:
    """Choose among wheels: the one that was locked before, else the one that fits the target best."""
    for wheel in wheels:
        if before is not None and _url(wheel) == before:
            return wheel
    rank = {tag: number for number, tag in enumerate(target.tags)}

    def place(wheel: Mapping[str, Any]) -> tuple[int, int]:
        try:
            _, _, build, tags = parse_wheel_filename(_filename(_url(wheel)))
        except InvalidWheelFilename:
            return len(rank), 0
        return min((rank[tag] for tag in tags if tag in rank), default=len(rank)), -(build[0] if build else 0)

    return min(wheels, key=place)


def _fits(url: str, target: Target) -> bool:
    try:
        return not parse_wheel_filename(_filename(url))[3].isdisjoint(target.tags)
    except InvalidWheelFilename:
        return False


def _url(stated: Mapping[str, Any]) -> str:
    return split_credentials(str(stated["url"]))[0].partition("#")[0]


def _filename(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name


def _sha256(stated: Mapping[str, Any]) -> str | None:
    digest = (stated.get("hashes") or {}).get("sha256")
    return str(digest).lower() if digest else None
