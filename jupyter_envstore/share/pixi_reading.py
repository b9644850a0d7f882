"""``pixi.lock`` (format 5, 6 and 7) → a lock: one of its environments, on all of its platforms.

The formats differ in where an entry keeps its address (``url`` or ``path`` in 5, the key of its kind since 6), and in 7
a platform may have a name of its own.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, NoReturn

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock.dependencies import dependency_mapping
from jupyter_envstore.lock.urls import has_credentials, parse_package_url
from jupyter_envstore.share.foreign import Found, document_of
from jupyter_envstore.share.pixi import ENVIRONMENT

READ_VERSIONS = (5, 6, 7)
_MOST_NAMES = 100
"""Environments of a file that are named, and characters that a name has at most: pixi's own are short words."""

_REQUIREMENT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*([^;@]*)")
_GIT = re.compile(r"(git\+[^?#]+)(?:\?[^#]*)?#([0-9a-fA-F]{7,64})")


def read(document: dict[Any, Any], environment: str) -> dict[str, Any]:
    """Return a conda-lock v1 document of one environment's packages.

    Parameters
    ----------
    document
        The values of the file.
    environment
        Its name there; see `environment_taken`.

    Raises
    ------
    LockfileError
        With what is wrong and where: another format, no such environment, a package that has to be built from source.
    """
    version = document.get("version")
    if type(version) is not int or version not in READ_VERSIONS:
        raise LockfileError(
            f"This pixi.lock is of format {str(version)[:20]!a}; formats {', '.join(map(str, READ_VERSIONS))} are "
            "read. Have a current pixi write it again: pixi lock",
            kind="pixi",
        )
    chosen = _mapping(document, "environments", "The file").get(environment)
    if not isinstance(chosen, dict):
        known = ", ".join(name[:40] for name in environments_of(document)[:10])
        raise LockfileError(
            f"The pixi.lock has no environment {environment[:80]!a}. It has: {known or 'none'}.",
            environment=environment[:80],
        )
    place = f"environment {environment}"
    entries = _entries(_sequence(document, "packages", "The file"))
    subdirs = _subdirs(document)
    found: list[Found] = []
    for platform, selectors in _mapping(chosen, "packages", place).items():
        if not isinstance(platform, str) or not isinstance(selectors, list):
            _refuse(f"{place}: below “packages” each platform needs a list")
        for selector in selectors:
            key, entry = _entry(selector, entries, place)
            found.append(_package(key, entry, place).on(subdirs.get(platform, platform)))
    if not found:
        _refuse(f"{place}: it has no packages")
    return document_of(found, "pixi", _channels(chosen))


def environments_of(document: dict[Any, Any]) -> list[str]:
    """Return the names of a file's environments that a person can choose among, in its order."""
    names = document.get("environments")
    if not isinstance(names, dict):
        return []
    sound = (name for name in names if isinstance(name, str) and name.isprintable() and 0 < len(name) <= _MOST_NAMES)
    return list(islice(sound, _MOST_NAMES))


def environment_taken(document: dict[Any, Any], wanted: str | None) -> str:
    """Return the name of the environment that is read: the wanted one, else ``default``, else the only one."""
    names = document.get("environments")
    if wanted or not isinstance(names, dict) or ENVIRONMENT in names or len(names) != 1:
        return wanted or ENVIRONMENT
    return str(next(iter(names)))


def _entries(packages: list[Any]) -> dict[tuple[str, str], dict[Any, Any]]:
    """Return the packages by kind and address."""
    entries: dict[tuple[str, str], dict[Any, Any]] = {}
    for number, entry in enumerate(packages, 1):
        if not isinstance(entry, dict):
            _refuse(f"package {number} is not a mapping")
        key = _key(entry)
        if key is None and entry.get("kind") in ("conda", "pypi"):
            address = entry.get("url") or entry.get("path")
            key = (entry["kind"], address) if isinstance(address, str) else None
        if key is None:
            _refuse(f"package {number} has no address")
        entries.setdefault(key, entry)
    return entries


def _key(mapping: dict[Any, Any]) -> tuple[str, str] | None:
    for kind in ("conda", "pypi", "conda_source"):
        if isinstance(mapping.get(kind), str):
            return kind, mapping[kind]
    return None


def _entry(
    selector: object, entries: dict[tuple[str, str], dict[Any, Any]], place: str
) -> tuple[tuple[str, str], dict[Any, Any]]:
    key = _key(selector) if isinstance(selector, dict) else None
    if key is None or key not in entries:
        _refuse(f"{place}: it names {str(key[1] if key else selector)[:120]}, which is not among the packages")
    return key, entries[key]


def _package(key: tuple[str, str], entry: dict[Any, Any], place: str) -> Found:
    kind, address = key
    where = f"{place}, {address[:120]}"
    if kind == "conda_source" or "://" not in address:
        _refuse(f"{where}: it is a folder of the project, or built from source, which no other machine has")
    if has_credentials(address.removeprefix("git+")):
        _refuse(f"{place}: an address holds credentials; take them out and keep them in conda's configuration")
    hashes = {name: entry[name] for name in ("md5", "sha256") if isinstance(entry.get(name), str)}
    if kind == "conda":
        location = parse_package_url(address)
        if location is None:
            _refuse(f"{where}: it is built from source, or is not the address of a conda package")
        depends = _texts(entry.get("depends"), f"{where}: “depends”")
        return Found(
            name=location.name,
            version=location.version,
            url=address,
            hashes=hashes,
            subdir=location.subdir,
            dependencies=dependency_mapping(depends),
        )
    git = _GIT.fullmatch(address)
    if git:
        address, hashes = f"{git[1]}@{git[2]}", {"sha256": git[2]}
    return Found(
        name=_text(entry, "name", where),
        version=_text(entry, "version", where),
        url=address,
        hashes=hashes,
        manager="pip",
        dependencies=_requirements(_texts(entry.get("requires_dist"), f"{where}: “requires_dist”")),
    )


def _requirements(texts: list[str]) -> dict[str, str]:
    """Return what a package of pip needs in any case; what only an extra needs is left out."""
    needs: dict[str, str] = {}
    for text in texts:
        match = _REQUIREMENT.match(text)
        if match and "extra" not in text.partition(";")[2]:
            needs.setdefault(match[1], match[2].strip().strip("()") or "*")
    return needs


def _subdirs(document: dict[Any, Any]) -> dict[str, str]:
    """Return what conda calls the platforms that have another name in the file."""
    listed = document.get("platforms")
    named = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return {
        one["name"]: one["subdir"]
        for one in named
        if isinstance(one.get("name"), str) and isinstance(one.get("subdir"), str)
    }


def _channels(environment: dict[Any, Any]) -> list[str]:
    listed = environment.get("channels")
    channels = listed if isinstance(listed, list) else []
    urls = [channel.get("url") if isinstance(channel, dict) else channel for channel in channels]
    return [url.rstrip("/") for url in urls if isinstance(url, str) and not has_credentials(url)]


def _mapping(mapping: dict[Any, Any], key: str, place: str) -> dict[Any, Any]:
    value = mapping.get(key)
    if not isinstance(value, dict):
        _refuse(f"{place}: “{key}” must be a mapping")
    return value


def _sequence(mapping: dict[Any, Any], key: str, place: str) -> list[Any]:
    value = mapping.get(key)
    if not isinstance(value, list):
        _refuse(f"{place}: “{key}” must be a list")
    return value


def _text(mapping: dict[Any, Any], key: str, place: str) -> str:
    value = mapping.get(key)
    if not isinstance(value, str):
        _refuse(f"{place}: “{key}” must be text (numbers in quotes)")
    return value


def _texts(value: object, place: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        _refuse(f"{place} must be a list of texts")
    return value


def _refuse(reason: str) -> NoReturn:
    raise LockfileError(f"The pixi.lock cannot be used. {reason}.", kind="pixi", reason=reason)
