"""The name of a prefix: a hash over the files it is made from, and nothing else.

Must never take in anything of one environment (its name, variables, specification): whoever has the same lock has
the same prefix.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from jupyter_envstore.errors import LockfileError

LAYOUT_VERSION = 1
"""Raised when prefixes are made differently from the same packages, so that old ones are not taken for new."""

_PINNED = re.compile(r"^git\+[a-z]+://[^#]+@(?:[0-9a-f]{40}|[0-9a-f]{64})(?:#|$)")


class PackageFile(Protocol):
    """What the hash needs to know of a package; `jupyter_envstore.schemas.Package` has it."""

    @property
    def url(self) -> str: ...
    @property
    def md5(self) -> str | None: ...
    @property
    def sha256(self) -> str | None: ...


def prefix_hash(packages: Iterable[PackageFile | Mapping[str, Any]], platform: str) -> str:
    """Return the prefix hash: 64 hex digits over layout version, platform and each file's URL and digest.

    Parameters
    ----------
    packages
        The lock's conda and pip files for one platform, in any order; objects or dictionaries.
    platform
        The conda subdir that they were locked for.

    Raises
    ------
    LockfileError
        When a package has no digest: then nobody could tell what the prefix holds.
    """
    files = sorted(_identity(package) for package in packages)
    text = json.dumps([LAYOUT_VERSION, platform, files], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _identity(package: PackageFile | Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(package, Mapping):
        url, sha256, md5 = str(package["url"]), package.get("sha256"), package.get("md5")
    else:
        url, sha256, md5 = package.url, package.sha256, package.md5
    if sha256:
        return url, f"sha256:{sha256.lower()}"
    if md5:
        return url, f"md5:{md5.lower()}"
    if _PINNED.search(url):
        return url, "commit"  # the address itself says what lies there
    raise LockfileError(
        f"The lock names {url.rsplit('/', 1)[-1]} without a digest, so it cannot be checked. "
        "Lock the environment again with a tool that records sha256 digests.",
        package=url.rsplit("/", 1)[-1],
    )
