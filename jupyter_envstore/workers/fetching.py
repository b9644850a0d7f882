"""Checks on packages that the native installer leaves out: local files, and the paths that a package claims.

``file://`` packages are installed by it without a look at their digest, and a path with ``..`` in a package's list
of files is linked where it leads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jupyter_envstore.errors import DownloadError
from jupyter_envstore.prefixes.records import escapes
from jupyter_envstore.workers.failures import hash_mismatch, missing_file

Package = Mapping[str, Any]
_BLOCK = 1 << 20


def local_path(url: str) -> Path | None:
    """Return the path of a ``file://`` URL, None for any other."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def check_local_files(missing: Sequence[tuple[Package, str]]) -> None:
    """Compare each package that lies on this machine with its digest in the lock, a megabyte at a time.

    Parameters
    ----------
    missing
        Packages that are not in the cache, with the URL they will be taken from.

    Raises
    ------
    HashMismatchError
        A file is another one than was locked.
    DownloadError
        A file is not there or cannot be read.
    """
    local = [(package, path) for package, url in missing if (path := local_path(url)) is not None]
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda item: _check(*item), local):
            pass


def _check(package: Package, path: Path) -> None:
    kind = "sha256" if package.get("sha256") else "md5"
    digest = hashlib.new(kind, usedforsecurity=False)
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except FileNotFoundError:
        raise missing_file(package) from None
    except OSError as error:
        raise DownloadError(
            f"{path} cannot be read: {error.strerror}. Check the permissions of the channel's folder.",
            package=package["name"],
            url=package["url"],
        ) from error
    expected = str(package.get(kind)).lower()
    if digest.hexdigest() != expected:
        raise hash_mismatch(package, expected, digest.hexdigest())


def paths_are_inside(cache: Path, package: Package) -> bool:
    """Whether the files that an unpacked package lists all stay below the folder that it is put into."""
    file = cache / f"{package['name']}-{package['version']}-{package['build']}" / "info/paths.json"
    try:
        content = file.read_bytes()
        # Parsing costs more than everything else here; two bytes that must be there for a bad path nearly never are.
        if b".." not in content and b'"/' not in content and b"\\" not in content:
            return True
        return not any(escapes(entry["_path"]) for entry in json.loads(content)["paths"])
    except FileNotFoundError:
        return True  # an old package; the installer makes its list from the files that it unpacked
    except (OSError, ValueError, KeyError, TypeError):
        return False
