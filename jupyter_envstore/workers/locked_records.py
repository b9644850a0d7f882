"""From a lock's entries to the records that the native installer wants, without solving.

A lock may be a stranger's: a name, version, build or address that could lead out of the store's folders is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from rattler import PackageRecord, RepoDataRecord
from rattler.package import BuildString

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.workers.redaction import redact

Package = Mapping[str, Any]

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_VERSION = re.compile(r"[A-Za-z0-9_.+!]+")
_BUILD = re.compile(r"[A-Za-z0-9_.+]+")
_DIGESTS = {"sha256": re.compile(r"[0-9a-f]{64}"), "md5": re.compile(r"[0-9a-f]{32}")}
_SCHEMES = ("file", "http", "https", "oci", "s3", "gcs")


def make_record(package: Package, url: str) -> RepoDataRecord:
    """Return the record of one entry, to be fetched from ``url``.

    Raises
    ------
    LockfileError
        When the entry is malformed, or belongs to pip.
    """
    name, version, build = package["name"], package["version"], package["build"]
    file = unquote(urlsplit(url).path.rpartition("/")[2])
    shown = ascii(f"{name}-{version}-{build}")
    if package.get("manager", "conda") != "conda":
        raise LockfileError(f"The lock names {shown} as a pip package, which cannot be installed yet.", package=name)
    if not (_NAME.fullmatch(name) and _VERSION.fullmatch(version) and _BUILD.fullmatch(build)):
        raise LockfileError(f"The lock names a package {shown}, which conda packages cannot be called.", package=shown)
    if urlsplit(url).scheme not in _SCHEMES or not file.endswith((".conda", ".tar.bz2")) or "/" in file:
        raise LockfileError(f"The lock names no usable address for the package {shown}.", package=shown)
    digests: dict[str, bytes] = {}
    for kind, pattern in _DIGESTS.items():
        digest = (package.get(kind) or "").lower()
        if digest and not pattern.fullmatch(digest):
            raise LockfileError(f"The lock has a malformed {kind} digest for {shown}.", package=shown)
        if digest:
            digests[kind] = bytes.fromhex(digest)
    depends = list(package.get("depends") or [])
    subdir = package.get("subdir") or url.split("/")[-2]
    number = re.search(r"_(\d+)$", build) or re.fullmatch(r"(\d+)", build)
    try:
        record = PackageRecord(
            name,
            version,
            BuildString(build),
            int(number[1]) if number else 0,
            subdir,
            # A lock does not say which; only conda's tools read it from the prefix, the installer looks in the package.
            noarch=_noarch(subdir, depends),
            depends=depends,
            size=package.get("size"),
            license=package.get("license"),
            # Free-threaded Pythons keep their packages elsewhere, and a lock has no place to say so.
            python_site_packages_path=_site_packages(name, version, build),
            sha256=digests.get("sha256"),
            md5=digests.get("md5"),
        )
        return RepoDataRecord(record, file, url, package.get("channel") or "")
    except Exception as error:  # noqa: BLE001  the native library raises many kinds for what is malformed
        why = redact(str(error))
        raise LockfileError(f"The lock's entry for {shown} cannot be used: {why}.", package=shown) from None


def _noarch(subdir: str, depends: Sequence[str]) -> Any:
    if subdir != "noarch":
        return None
    return "python" if any(re.match(r"python(?![\w.-])", spec) for spec in depends) else "generic"


def _site_packages(name: str, version: str, build: str) -> str | None:
    threaded = re.search(r"_cp3\d+t$", build)
    if name != "python" or not threaded:
        return None
    return f"lib/python{'.'.join(version.split('.')[:2])}t/site-packages"
