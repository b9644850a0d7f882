"""What makes a conda-lock v1 document: every rule with the words for whoever broke it. Reads values only."""

from __future__ import annotations

import re
from typing import Any, NoReturn
from urllib.parse import unquote, urlsplit

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock.urls import has_credentials, parse_package_url

_HEX = {"md5": re.compile(r"[0-9a-fA-F]{32}"), "sha256": re.compile(r"[0-9a-fA-F]{64}")}
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_CONDA_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_PIP_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")
_PLATFORM = re.compile(r"[a-z]+-[a-z0-9]+")
_CONDA_SCHEMES = {"http", "https", "file", "s3", "oci", "gcs"}
_PIP_SCHEMES = _CONDA_SCHEMES | {"git+https", "git+http", "git+ssh", "git+file", "hg+https", "svn+https", "bzr+https"}
_MISSING = object()

MOST_PACKAGES = 50_000
"""Packages of all platforms. The largest lockfile that we know of has 3,100."""


def check_document(document: object, *, complete: bool = True) -> None:
    """Refuse what is not a conda-lock v1 document that can be installed from.

    Parameters
    ----------
    document
        Values of any kind.
    complete
        Whether each package needs a digest. Where another format had none, a channel may still state it.

    Raises
    ------
    LockfileError
        The message says what is wrong and where: ``package 12 (numpy, linux-64): “url” is missing``.
    """
    if not isinstance(document, dict):
        _refuse("The file", "is not a lockfile: at the top it needs version, metadata and package")
    _check_version(document)
    metadata = _field(document, "metadata", dict, "The file")
    platforms = _check_metadata(metadata)
    packages = _field(document, "package", list, "The file")
    if len(packages) > MOST_PACKAGES:
        _refuse("The file", f"names {len(packages):,} packages; a lockfile may have {MOST_PACKAGES:,}")
    seen: dict[tuple[str, str, str], dict[str, str]] = {}
    for number, entry in enumerate(packages, 1):
        place = f"package {number}"
        if not isinstance(entry, dict):
            _refuse(place, "is not a mapping")
        _check_entry(entry, place, platforms, seen, complete)


def _check_version(document: dict[Any, Any]) -> None:
    if "environments" in document and isinstance(document.get("packages"), list):
        raise LockfileError(
            f"This is a pixi lockfile (version {document.get('version')!r}), not a conda-lock one. "
            "Export it with “pixi workspace export conda-environment”, or lock the specification again.",
            kind="pixi",
        )
    version = document.get("version", _MISSING)
    if version is _MISSING or version == 0:
        raise LockfileError(
            "The file does not say “version: 1”: it is no conda-lock file, or one of version 0. "
            "Write it again with conda-lock 1.0 or later.",
            kind="v0",
        )
    if type(version) is not int or version != 1:
        raise LockfileError(
            f"The lockfile is of version {version!r}; only version 1 of conda-lock's format is read. "
            "Lock the specification again with conda-lock.",
            kind=f"v{version}",
        )


def _check_metadata(metadata: dict[Any, Any]) -> set[str]:
    place = "metadata"
    platforms = _field(metadata, "platforms", list, place)
    for platform in platforms:
        if not isinstance(platform, str) or not _PLATFORM.fullmatch(platform):
            _refuse(place, f"{_show(platform)} is not the name of a platform")
    if not platforms:
        _refuse(place, "“platforms” is empty")
    for channel in _field(metadata, "channels", list, place):
        url = channel.get("url") if isinstance(channel, dict) else channel
        if not isinstance(url, str):
            _refuse(place, "a channel has no “url”")
        if "://" in url and _has_literal_credentials(url):
            _refuse(place, "a channel's URL holds credentials; take them out and keep them in conda's configuration")
    hashes = _field(metadata, "content_hash", dict, place)
    for platform, digest in hashes.items():
        if not isinstance(platform, str) or not isinstance(digest, str):
            _refuse(place, "“content_hash” must map platforms to hashes")
    return set(platforms)


def _has_literal_credentials(url: str) -> bool:
    # conda-lock writes the *name* of an environment variable where a secret belongs: ${TOKEN} is none.
    return has_credentials(re.sub(r"/t/\$\{\w+\}", "", re.sub(r"\$\{\w+\}(:\$\{\w+\})?@", "", url)))


def _check_entry(
    entry: dict[Any, Any],
    place: str,
    platforms: set[str],
    seen: dict[tuple[str, str, str], dict[str, str]],
    complete: bool,
) -> None:
    name = _field(entry, "name", str, place)
    platform = _field(entry, "platform", str, place)
    place = f"{place} ({name[:80]}, {platform[:32]})"
    if platform not in platforms:
        _refuse(place, "its platform is not one that the metadata lists")
    manager = _field(entry, "manager", str, place)
    if manager not in ("conda", "pip"):
        _refuse(place, f"“manager” is {_show(manager)}; it must be conda or pip")
    if not (_CONDA_NAME if manager == "conda" else _PIP_NAME).fullmatch(name):
        _refuse(place, f"{_show(name)} is not a package name")
    version = _field(entry, "version", str, place)
    if not version or any(character.isspace() or character in "/\\" for character in version):
        _refuse(place, f"{_show(version)} is not a version")
    for key, value in _field(entry, "dependencies", dict, place).items():
        if not isinstance(key, str) or not isinstance(value, str):
            _refuse(place, "“dependencies” must map names to versions, both as text")
    vcs = manager == "pip" and "+" in str(entry.get("url", "")).partition(":")[0]
    _check_hash(_field(entry, "hash", dict, place), place, vcs=vcs, needed=complete or manager == "pip")
    _check_url(entry, name, version, manager, platform, place)
    category = entry.get("category", "main")
    if not isinstance(category, str):
        _refuse(place, "“category” must be text")
    if not isinstance(entry.get("build"), str | None):
        _refuse(place, "“build” must be text")
    urls = seen.setdefault((manager, name, platform), {})
    if category in urls:
        _refuse(place, "it stands in the file twice")
    if any(url != entry["url"] for url in urls.values()):
        _refuse(place, "another category of the file has another file for it, and only one can be installed")
    urls[category] = entry["url"]


def _check_hash(hashes: dict[Any, Any], place: str, *, vcs: bool, needed: bool) -> None:
    known = 0
    for kind, pattern in _HEX.items():
        digest = hashes.get(kind)
        if digest is None:
            continue
        # conda-lock puts the commit there when an entry comes out of a repository
        accepted = _COMMIT if vcs else pattern
        if not isinstance(digest, str) or not accepted.fullmatch(digest):
            _refuse(place, f"its {kind} is not one")
        known += 1
    if needed and not known:
        _refuse(place, "it has neither md5 nor sha256, so nobody can tell whether a download is the locked file")


def _check_url(entry: dict[Any, Any], name: str, version: str, manager: str, platform: str, place: str) -> None:
    url = _field(entry, "url", str, place)
    try:
        scheme = urlsplit(url).scheme
    except ValueError:
        _refuse(place, "its URL is not one")
    if any(ord(character) <= 32 or ord(character) == 127 for character in url):
        _refuse(place, "its URL has blanks or control characters")
    if not url.isascii():  # a letter of another alphabet can make a host look like one that is trusted
        _refuse(place, "its URL has letters that no URL has as they are; they have to be written as %XX")
    if has_credentials(url.removeprefix("git+")) and not scheme.endswith("+ssh"):
        _refuse(place, "its URL holds credentials; they may not stand in a lockfile")
    if manager == "pip":
        if scheme not in _PIP_SCHEMES:
            _refuse(place, f"its URL begins with {_show(scheme)}, which nothing can fetch")
        return
    if scheme not in _CONDA_SCHEMES:
        _refuse(place, f"its URL begins with {_show(scheme)}, which nothing can fetch")
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        _refuse(place, "its URL has a “?” or “#”, behind which credentials could stand")
    if "\\" in url or not {".", ".."}.isdisjoint(unquote(parts.path).split("/")):
        _refuse(place, "its URL has “..” or “\\” in it, so that it could lead anywhere")
    location = parse_package_url(url)
    if location is None:
        _refuse(place, "its URL does not end in platform/name-version-build.conda (or .tar.bz2)")
    if location.subdir not in ("noarch", platform):
        _refuse(place, f"its file is for {location.subdir}")
    if (location.name.lower(), location.version) != (name.lower(), version):
        _refuse(place, f"its URL names another package, {location.name} {location.version}")
    if entry.get("build") not in (None, "", location.build):
        _refuse(place, f"its URL names another build, {location.build}")


def _field(mapping: dict[Any, Any], key: str, kind: type[Any], place: str) -> Any:
    value = mapping.get(key, _MISSING)
    if value is _MISSING:
        _refuse(place, f"“{key}” is missing")
    if not isinstance(value, kind):
        words = {"dict": "a mapping", "list": "a list", "str": "text (numbers in quotes)"}[kind.__name__]
        _refuse(place, f"“{key}” must be {words}")
    return value


def _show(value: object) -> str:
    return f"“{str(value)[:60]}”"


def _refuse(place: str, reason: str) -> NoReturn:
    sentence = f"{place}: {reason}." if place[0].islower() else f"{place} {reason}."
    raise LockfileError(f"The lockfile cannot be used. {sentence}", where=place, reason=reason)
