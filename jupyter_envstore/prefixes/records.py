"""What a prefix should hold: conda's own ``conda-meta/<package>.json``, and our note on the wheels beside them.

Reads; `compact_records` and `write_wheels` alone write. Conda tells the wheels of a prefix from their own metadata, so
they get no records of conda's kind. A package's metadata was written by a stranger: a path that leads out of the prefix
is refused here, so that nothing that works on these records can be led outside.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from jupyter_envstore.errors import BrokenPrefixError

METADATA_FOLDER = "conda-meta"
WHEELS = f"{METADATA_FOLDER}/envstore-wheels"
"""The note on wheels and their files. It has no ``.json`` ending: conda would take it for a package."""
_INDENT = re.compile(rb"\n *")


class InstalledFile(NamedTuple):
    """One path that a package put into the prefix.

    Attributes
    ----------
    path
        Relative to the prefix, with forward slashes.
    kind
        ``file``, ``link`` (symbolic) or ``directory``.
    sha256
        Of the content as it lies in the prefix; of the target's text for a link; None when not recorded.
    size
        In bytes as it lies in the prefix, or None where it is not known.
    original
        Where the content depends on where the prefix lies: sha256 of what the package brought. None for all others.
    """

    path: str
    kind: str
    sha256: str | None
    size: int | None
    original: str | None = None

    @property
    def patched(self) -> bool:
        """Whether the content depends on where the prefix lies."""
        return self.original is not None


@dataclass(frozen=True)
class InstalledPackage:
    """One package of a prefix; ``digest`` is its file's sha256, else md5, else empty.

    ``build`` is empty, and ``manager`` says so, for what comes from a wheel.
    """

    name: str
    version: str
    build: str
    digest: str
    files: tuple[InstalledFile, ...]
    manager: str = "conda"

    @property
    def stem(self) -> str:
        """What conda calls the package in full, and its metadata file; name and version for a wheel."""
        return f"{self.name}-{self.version}-{self.build}" if self.manager == "conda" else f"{self.name}-{self.version}"

    def without(self, paths: Container[str]) -> InstalledPackage:
        """Return the package without these files; if there were any it is not what its digest says any more."""
        kept = tuple(file for file in self.files if file.path not in paths)
        return self if len(kept) == len(self.files) else replace(self, digest="", files=kept)

    @property
    def link_scripts(self) -> list[str]:
        """The scripts that the package wants to run when it is linked or removed, by path."""
        wanted = {f"bin/.{self.name}-{moment}.sh" for moment in ("pre-link", "post-link", "pre-unlink")}
        return sorted(file.path for file in self.files if file.path in wanted)


def read_installed(prefix: Path) -> list[InstalledPackage]:
    """Return the packages of a prefix: conda's by name, then wheels.

    Raises
    ------
    BrokenPrefixError
        When the metadata cannot be read or names a path outside the prefix.
    """
    installed = []
    for file in sorted((prefix / METADATA_FOLDER).glob("*.json")):
        try:
            installed.append(_package(json.loads(file.read_bytes())))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unusable(f"{METADATA_FOLDER}/{file.name}", error) from error
    return installed + read_wheels(prefix)


def read_wheels(prefix: Path) -> list[InstalledPackage]:
    """Return the wheels of a prefix, none when it has no note on them.

    Raises
    ------
    BrokenPrefixError
        When the note cannot be read or names a path outside the prefix.
    """
    try:
        return [_wheel(item) for item in json.loads((prefix / WHEELS).read_bytes())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(WHEELS, error) from error


def write_wheels(prefix: Path, wheels: Iterable[InstalledPackage]) -> str:
    """Write the note on wheels, and return its sha256."""
    content = json.dumps(
        [
            {
                "name": wheel.name,
                "version": wheel.version,
                "sha256": wheel.digest,
                "files": [(file.path, file.sha256, file.size) for file in wheel.files],
            }
            for wheel in wheels
        ],
        separators=(",", ":"),
    ).encode()
    (prefix / WHEELS).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def compact_records(prefix: Path, installed: Iterable[InstalledPackage]) -> None:
    """Take line breaks and indents out of the records that the installer wrote; what they say stays the same.

    Each prefix has records of its own, which are a good part of what a further version takes on disk: a sixth less.
    """
    stems = {package.stem for package in installed}
    for file in (prefix / METADATA_FOLDER).glob("*.json"):
        state = file.lstat()
        # A package may bring files too, shared with the cache or leading elsewhere.
        if file.stem not in stems or not stat.S_ISREG(state.st_mode) or state.st_nlink > 1:
            continue
        # No string of JSON has a line break in it, so that what follows one is an indent.
        content = _INDENT.sub(b"", file.read_bytes())
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC), "wb") as opened:
            opened.write(content)


def escapes(path: str) -> bool:
    """Whether a path that should be relative to a prefix leads out of it."""
    return not path or path[0] == "/" or "\\" in path or "\0" in path or ".." in path.split("/")


def _unusable(name: str, error: Exception) -> BrokenPrefixError:
    return BrokenPrefixError(
        f"The prefix's record {name} cannot be used ({error}). Repair the environment to make its prefix anew.",
        files=[name],
    )


def _wheel(item: dict[str, Any]) -> InstalledPackage:
    files = []
    for path, sha256, size in item["files"]:
        if escapes(path):
            raise ValueError(f"the path {path!a} leads out of the prefix")
        files.append(InstalledFile(path, "file", sha256, size))
    return InstalledPackage(item["name"], item["version"], "", item["sha256"], tuple(files), manager="pip")


def _package(record: dict[str, Any]) -> InstalledPackage:
    return InstalledPackage(
        name=record["name"],
        version=record["version"],
        build=record["build"],
        digest=record.get("sha256") or record.get("md5") or "",
        files=tuple(_file(entry) for entry in record["paths_data"]["paths"]),
    )


_KINDS = {"softlink": "link", "directory": "directory"}


def _file(entry: dict[str, Any]) -> InstalledFile:
    path = entry["_path"]
    # The first test is cheap and nearly always enough; there may be tens of thousands of paths.
    if (path[:1] in ("/", "") or ".." in path or "\\" in path or "\0" in path) and escapes(path):
        raise ValueError(f"the path {path!a} leads out of the prefix")
    kind = _KINDS.get(entry["path_type"], "file")
    in_prefix = entry.get("sha256_in_prefix")
    sha256 = entry.get("sha256")
    if kind == "link":
        return InstalledFile(path, kind, in_prefix, None)
    if in_prefix is not None and in_prefix != sha256:
        # The recorded size of a patched file is, depending on who installed it, that before or after patching.
        return InstalledFile(path, kind, in_prefix, None, sha256)
    return InstalledFile(path, kind, sha256, entry.get("size_in_bytes"))
