"""Our own note inside a prefix, which says that it is finished and what it holds.

It has no ``.json`` ending because conda takes every such file in ``conda-meta`` for a package.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from jupyter_envstore.prefixes.hashing import LAYOUT_VERSION
from jupyter_envstore.prefixes.records import METADATA_FOLDER

MARK = f"{METADATA_FOLDER}/envstore"


@dataclass(frozen=True)
class Mark:
    """What is known of a finished prefix.

    Attributes
    ----------
    prefix_hash
        All 64 digits; the folder's name has the first 16.
    packages
        Full names (name-version-build) of all conda packages.
    files, size
        How many files there are, and their bytes, counting those shared with other prefixes.
    link_scripts
        Names of the packages that come with link scripts.
    scripted
        sha256 by path of the files that link scripts made or changed; empty when none ran.
    permissions
        Read and execute bits by path of the files that are not just readable for all (see `prefixes.permissions`);
        None in a prefix of an older program, where they are not known.
    wheels
        By full name (name-version) of all wheels, the digests that name their entries in the cache.
    wheels_sha256
        Of the note on wheels and their files (see `prefixes.records`); empty when there are none.
    """

    prefix_hash: str
    platform: str
    packages: list[str]
    files: int
    size: int
    link_scripts: list[str] = field(default_factory=list)
    scripted: dict[str, str] = field(default_factory=dict)
    permissions: dict[str, int] | None = None
    wheels: dict[str, str] = field(default_factory=dict)
    wheels_sha256: str = ""
    layout: int = LAYOUT_VERSION

    def counted(self, files: int, size: int, permissions: dict[str, int]) -> Mark:
        """Return the mark with these counts and permissions."""
        return replace(self, files=files, size=size, permissions=permissions)


def write_mark(prefix: Path, mark: Mark) -> None:
    """Write the mark and see it onto the disk: what it says must be true after a power failure too."""
    with (prefix / MARK).open("w", encoding="utf-8") as file:
        json.dump(asdict(mark), file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_mark(prefix: Path) -> Mark | None:
    """Return the prefix's mark, or None when it has none that this version understands."""
    try:
        content = json.loads((prefix / MARK).read_bytes())
        mark = Mark(**content)
    except (OSError, ValueError, TypeError):
        return None
    return mark if mark.layout == LAYOUT_VERSION else None
