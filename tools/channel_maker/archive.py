"""The ``.conda`` archive: a draft of a package (its metadata and its files) becomes one file on disk.

Deterministic: the same draft gives the same bytes, so a rebuilt channel keeps its hashes.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conda_package_streaming.create import conda_builder

PLACEHOLDER = ("/envstore_prefix_placeholder" + "_placehold" * 40)[:255]
"""Stands for the prefix in text files; replaced when the package is linked. 255 characters, as conda-build writes it.
"""

_COMPRESSION_LEVEL = 3


@dataclass(frozen=True)
class PackageFile:
    """One file of a package, ``path`` relative to the prefix (or starting with ``site-packages/`` in a noarch Python
    package).
    """

    path: str
    data: bytes | Path = b""
    executable: bool = False
    has_placeholder: bool = False
    link_to: str | None = None
    stated: bytes | None = None
    """Content that ``paths.json`` describes in place of the real one: for a package that lies about itself."""

    stated_path: str | None = None
    """Path that ``paths.json`` gives in place of ``path``: likewise."""

    def read(self) -> bytes:
        """The whole content."""
        return self.data if isinstance(self.data, bytes) else self.data.read_bytes()


@dataclass
class Draft:
    """A package before it is written. ``timestamp`` is in milliseconds since 1970, as in ``repodata.json``."""

    name: str
    version: str
    build: str
    subdir: str
    depends: list[str]
    timestamp: int
    build_number: int = 0
    license: str = ""
    summary: str = ""
    home: str = ""
    constrains: list[str] = field(default_factory=list)
    noarch: str | None = None
    site_packages: str | None = None
    entry_points: list[str] | None = None
    files: Iterable[PackageFile] = ()

    @property
    def stem(self) -> str:
        """File name without ``.conda``."""
        return f"{self.name}-{self.version}-{self.build}"

    def index(self) -> dict[str, Any]:
        """``info/index.json``, which is also the package's record but for size and hashes."""
        record: dict[str, Any] = {
            "build": self.build,
            "build_number": self.build_number,
            "depends": self.depends,
            "license": self.license,
            "name": self.name,
            "subdir": self.subdir,
            "timestamp": self.timestamp,
            "version": self.version,
        }
        if self.constrains:
            record["constrains"] = self.constrains
        if self.noarch:
            record["noarch"] = self.noarch
        if self.site_packages:
            record["python_site_packages_path"] = self.site_packages
        if self.subdir != "noarch":
            platform, _, architecture = self.subdir.partition("-")
            record["platform"] = {"win": "win", "osx": "osx"}.get(platform, platform)
            record["arch"] = {"64": "x86_64"}.get(architecture, architecture)
        return record

    def about(self) -> dict[str, str]:
        """``info/about.json``: what ``channeldata.json`` tells of the package."""
        return {"home": self.home, "license": self.license, "summary": self.summary}


def _member(name: str, mode: int, seconds: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.mode, member.mtime = mode, int(seconds)
    return member


def _path_entries(tar: tarfile.TarFile, draft: Draft, seconds: float) -> Iterator[dict[str, Any]]:
    for file in sorted(draft.files, key=lambda one: one.path):
        entry: dict[str, Any] = {"_path": file.stated_path or file.path, "path_type": "hardlink"}
        member = _member(file.path, 0o755 if file.executable else 0o644, seconds)
        if file.link_to is not None:
            member.type, member.linkname = tarfile.SYMTYPE, file.link_to
            tar.addfile(member)
            entry |= {"path_type": "softlink", "sha256": hashlib.sha256(b"").hexdigest(), "size_in_bytes": 0}
        else:
            content = file.read()
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
            stated = content if file.stated is None else file.stated
            entry |= {"sha256": hashlib.sha256(stated).hexdigest(), "size_in_bytes": len(stated)}
        if file.has_placeholder:
            entry |= {"file_mode": "text", "prefix_placeholder": PLACEHOLDER}
        yield entry


def write_package(draft: Draft, folder: Path) -> dict[str, Any]:
    """Write ``<stem>.conda`` into ``folder``.

    Returns
    -------
    The package's record as ``repodata.json`` has it: index plus ``size`` in bytes, ``md5`` and ``sha256``.
    """
    seconds = draft.timestamp / 1000
    with conda_builder(draft.stem, folder, compression_level=_COMPRESSION_LEVEL) as tar:
        paths = list(_path_entries(tar, draft, seconds))
        documents: dict[str, bytes] = {
            "info/index.json": _json(draft.index()),
            "info/about.json": _json(draft.about()),
            "info/paths.json": _json({"paths": paths, "paths_version": 1}),
            "info/files": "".join(f"{one['_path']}\n" for one in paths).encode(),
        }
        if draft.noarch == "python":
            noarch = {"type": "python", "entry_points": draft.entry_points or []}
            documents["info/link.json"] = _json({"noarch": noarch, "package_metadata_version": 1})
        placeholders = [f"{PLACEHOLDER} text {one['_path']}\n" for one in paths if "prefix_placeholder" in one]
        if placeholders:
            documents["info/has_prefix"] = "".join(placeholders).encode()
        for name, content in documents.items():
            member = _member(name, 0o644, seconds)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    path = folder / f"{draft.stem}.conda"
    _forget_the_clock(path)
    return draft.index() | file_facts(path)


def _forget_the_clock(path: Path) -> None:
    """Write the archive's outer zip again without the time of day that the library puts into it."""
    with zipfile.ZipFile(path) as archive:
        members = [(one.filename, archive.read(one)) for one in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)


def file_facts(path: Path) -> dict[str, Any]:
    """Size in bytes, md5 and sha256 of a file, as a record has them."""
    content = path.read_bytes()
    return {
        "md5": hashlib.md5(content, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }


def _json(document: Any) -> bytes:
    return json.dumps(document, indent=1, sort_keys=True).encode()
