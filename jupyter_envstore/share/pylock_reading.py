"""What a pylock.toml (PEP 751) has pip install.

Each package becomes a line at its version with the digests of all its files, so that the one which fits the machine is
taken and no other. Packages that only an extra or a group asks for are left out, as an installer does.
"""

from __future__ import annotations

import re
import sys
from typing import Any, NoReturn
from urllib.parse import urlsplit

from jupyter_envstore.errors import SpecificationError
from jupyter_envstore.lock.urls import has_credentials
from jupyter_envstore.share.pip_files import PipFile

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

MOST_ENTRIES = 5_000
"""Packages of one file."""

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_VERSION = re.compile(r"[A-Za-z0-9.!+_-]+")
_GROUPS = re.compile(r"\b(?:extras|dependency_groups)\b")


def read(text: str) -> PipFile:
    """Return what the file has installed.

    Raises
    ------
    SpecificationError
        With package and reason.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        reason = str(error).partition(" (at ")[0] or "it nests too deeply"
        raise SpecificationError(f"This is no TOML: {reason}.", line=int(line[1]) if line else None) from None
    version = document.get("lock-version")
    if not isinstance(version, str) or version.partition(".")[0] != "1":
        _refuse(f"its “lock-version” is {str(version)[:20]!a}, and 1.0 is read")
    packages = document.get("packages")
    if not isinstance(packages, list) or not all(isinstance(package, dict) for package in packages):
        _refuse("“packages” must be a list of tables")
    if len(packages) > MOST_ENTRIES:
        _refuse(f"it has {len(packages):,} packages; at most {MOST_ENTRIES:,} are read")
    python = document.get("requires-python")
    entries = [entry for package in packages if (entry := _entry(package)) is not None]
    return PipFile([*_indexes(packages), *entries], python if isinstance(python, str) else None)


def _entry(package: dict[str, Any]) -> str | None:
    name = package.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        _refuse(f"{str(name)[:80]!a} is not the name of a package")
    marker = package.get("marker")
    if marker is not None and (not isinstance(marker, str) or "\n" in marker):
        _refuse(f"{name}: its marker is no line of text")
    if marker and _GROUPS.search(marker):
        return None
    behind = f" ; {marker}" if marker else ""
    if "directory" in package:
        _refuse(f"{name} is a folder of the machine where the file was made")
    if "vcs" in package:
        return f"{name} @ {_repository(name, package['vcs'])}{behind}"
    if "archive" in package:
        archive = _table(name, package["archive"], "archive")
        return f"{name} @ {_address(name, archive)}{behind}{_hashes(name, [archive])}"
    version = package.get("version")
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        _refuse(f"{name} has no version")
    wheels = package.get("wheels") or []
    if not isinstance(wheels, list):
        _refuse(f"{name}: “wheels” must be a list")
    files = [*wheels, *([package["sdist"]] if "sdist" in package else [])]
    if not files:
        _refuse(f"{name} names no file")
    return f"{name}=={version}{behind}{_hashes(name, [_table(name, file, 'wheels') for file in files])}"


def _hashes(name: str, files: list[dict[str, Any]]) -> str:
    digests: dict[str, None] = {}
    for file in files:
        hashes = _table(name, file.get("hashes"), "hashes")
        digest = hashes.get("sha256")
        if not isinstance(digest, str) or not re.fullmatch(r"[0-9a-fA-F]{64}", digest):
            _refuse(f"{name} has a file without a sha256, so that nobody can tell whether a download is the locked one")
        digests.setdefault(f" --hash=sha256:{digest.lower()}")
    return "".join(digests)


def _repository(name: str, value: object) -> str:
    vcs = _table(name, value, "vcs")
    kind, commit = vcs.get("type"), vcs.get("commit-id")
    if kind != "git" or not isinstance(commit, str) or not re.fullmatch(r"[0-9a-fA-F]{7,64}", commit):
        _refuse(f"{name}: only commits of git repositories can be taken")
    folder = vcs.get("subdirectory")
    return f"git+{_address(name, vcs)}@{commit}" + (f"#subdirectory={folder}" if isinstance(folder, str) else "")


def _address(name: str, table: dict[str, Any]) -> str:
    url = table.get("url")
    if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https") or re.search(r"\s", url):
        _refuse(f"{name} has no address from which others could fetch it")
    if has_credentials(url):
        _refuse(f"{name}: its address holds credentials; take them out")
    return url


def _indexes(packages: list[dict[str, Any]]) -> list[str]:
    """Return the options for the indexes that packages come from, where all of them name one."""
    named: dict[str, None] = {}
    for package in packages:
        if "index" in package:
            named.setdefault(_address(str(package.get("name"))[:80], {"url": package["index"]}))
    complete = all("index" in package for package in packages)
    return [
        f"{'--index-url' if number == 0 and complete else '--extra-index-url'} {url}"
        for number, url in enumerate(named)
    ]


def _table(name: str, value: object, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse(f"{name}: “{key}” must be a table")
    return value


def _refuse(reason: str) -> NoReturn:
    raise SpecificationError(f"The pylock.toml cannot be used: {reason}.")
