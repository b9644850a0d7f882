"""Tiny real conda packages and a channel of them, for tests that need a particular fault or file and no more.

The packages are written by conda's own package writer; nothing here is imported by the product.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conda_package_streaming.create import conda_builder

PLACEHOLDER = "/placeholder" * 21
"""What a package carries where the prefix's path belongs; as long as conda-build makes it."""


@dataclass
class SmallPackage:
    """What goes into one package.

    Attributes
    ----------
    files
        Content by path; a file that contains `PLACEHOLDER` is patched on installation.
    links
        Target by path, for symbolic links.
    notes
        Content by path of files that are in the package, but not in its list of files.
    noarch
        ``python``, ``generic`` or None for a package of ``subdir``.
    """

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    version: str = "1.0"
    build: str = "0"
    subdir: str = "linux-64"
    noarch: str | None = None
    depends: list[str] = field(default_factory=list)
    entry_points: list[str] = field(default_factory=list)
    executable: frozenset[str] = frozenset()
    notes: dict[str, bytes] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """File name without its ending."""
        return f"{self.name}-{self.version}-{self.build}"


def write_package(package: SmallPackage, channel: Path, *, base_url: str | None = None) -> dict[str, Any]:
    """Write the package into ``channel`` and return the lock's entry for it (a `Package` as a dictionary)."""
    folder = channel / package.subdir
    folder.mkdir(parents=True, exist_ok=True)
    with conda_builder(package.stem, folder, compression_level=1) as archive:
        paths = []
        for path, content in sorted(package.files.items()):
            _add_file(archive, path, content, mode=0o755 if path in package.executable else 0o644)
            entry: dict[str, Any] = {
                "_path": path,
                "path_type": "hardlink",
                "sha256": hashlib.sha256(content).hexdigest(),
                "size_in_bytes": len(content),
            }
            if PLACEHOLDER.encode() in content:
                entry |= {"prefix_placeholder": PLACEHOLDER, "file_mode": "binary" if b"\0" in content else "text"}
            paths.append(entry)
        for path, target in sorted(package.links.items()):
            member = tarfile.TarInfo(path)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
            pointed = package.files.get(str(Path(path).parent / target), b"")
            paths.append(
                {
                    "_path": path,
                    "path_type": "softlink",
                    "sha256": hashlib.sha256(pointed).hexdigest(),
                    "size_in_bytes": len(pointed),
                }
            )
        index = {
            "name": package.name,
            "version": package.version,
            "build": package.build,
            "build_number": 0,
            "depends": package.depends,
            "subdir": package.subdir,
        }
        if package.noarch:
            index["noarch"] = package.noarch
        _add_json(archive, "info/index.json", index)
        _add_json(archive, "info/paths.json", {"paths": paths, "paths_version": 1})
        _add_json(archive, "info/about.json", {})
        for path, content in sorted(package.notes.items()):
            _add_file(archive, path, content)
        _add_file(archive, "info/files", "".join(f"{entry['_path']}\n" for entry in paths).encode())
        if package.noarch:
            link: dict[str, Any] = {"noarch": {"type": package.noarch}, "package_metadata_version": 1}
            if package.entry_points:
                link["noarch"]["entry_points"] = package.entry_points
            _add_json(archive, "info/link.json", link)
    file = folder / f"{package.stem}.conda"
    data = file.read_bytes()
    url = base_url or channel.as_uri()
    return {
        "manager": "conda",
        "name": package.name,
        "version": package.version,
        "build": package.build,
        "platform": "linux-64",
        "subdir": package.subdir,
        "channel": url,
        "url": f"{url}/{package.subdir}/{file.name}",
        "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        "sha256": hashlib.sha256(data).hexdigest(),
        "size": len(data),
        "license": None,
        "depends": package.depends,
    }


def _add_json(archive: tarfile.TarFile, path: str, content: dict[str, Any]) -> None:
    _add_file(archive, path, json.dumps(content).encode())


def _add_file(archive: tarfile.TarFile, path: str, content: bytes, mode: int = 0o644) -> None:
    member = tarfile.TarInfo(path)
    member.size, member.mode, member.mtime = len(content), mode, 1_700_000_000
    archive.addfile(member, io.BytesIO(content))
