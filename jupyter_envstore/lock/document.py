"""Lockfile documents (conda-lock v1) as plain values: read, check, hash, list their packages.

A lockfile may come from a stranger: out of a notebook, an upload, a download. Nothing here opens a file, asks
the network or loads the solver, and what is not understood is refused with the place where it stands.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any, cast

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock.loading import MAX_BYTES, load
from jupyter_envstore.lock.urls import parse_package_url
from jupyter_envstore.lock.validation import check_document
from jupyter_envstore.schemas import Package
from jupyter_envstore.specification.credentials import has_credentials

Document = dict[str, Any]

__all__ = [
    "MAX_BYTES",
    "Document",
    "all_packages",
    "canonical_json",
    "check_document",
    "lock_hash",
    "packages_of",
    "plain_document",
    "platforms_of",
    "read_lockfile",
]


def canonical_json(document: Document) -> bytes:
    """Return the one way to write ``document``: keys sorted, no spaces, UTF-8, no NaN."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def lock_hash(document: Document) -> str:
    """Return the sha256 of the canonical JSON, 64 hex digits."""
    return hashlib.sha256(canonical_json(document)).hexdigest()


def platforms_of(document: Document) -> list[str]:
    """Return the platforms that the document covers, sorted."""
    return sorted(document["metadata"]["platforms"])


def packages_of(document: Document, platform: str) -> list[Package]:
    """List what the document installs on ``platform``, by manager and name.

    An entry that is in several categories (``main``, ``dev`` …) is listed once; sizes and licenses are not part
    of the format and are None.

    Parameters
    ----------
    document
        A checked document.
    platform
        One of `platforms_of`.

    Raises
    ------
    LockfileError
        The document does not cover the platform.
    """
    if platform not in document["metadata"]["platforms"]:
        raise LockfileError(
            f"The lockfile does not cover {platform}, only {', '.join(platforms_of(document))}. "
            "Lock the specification again with that platform.",
            platform=platform,
        )
    found: dict[tuple[str, str], Package] = {}
    for entry in document["package"]:
        key = (entry["manager"], entry["name"])
        if entry["platform"] == platform and key not in found:
            found[key] = _package(entry)
    return [found[key] for key in sorted(found)]


def all_packages(document: Document) -> list[Package]:
    """List what the document installs, platform by platform."""
    return [package for platform in platforms_of(document) for package in packages_of(document, platform)]


def by_platform(packages: Iterable[Package]) -> dict[str, list[Package]]:
    """Return packages in their order, by the platform that they are locked for."""
    parts: dict[str, list[Package]] = {}
    for package in packages:
        parts.setdefault(package.platform, []).append(package)
    return parts


def read_lockfile(data: bytes) -> Document:
    """Read a conda-lock v1 document that is written as JSON or as YAML, and check it.

    Raises
    ------
    LockfileError
        It is too large, cannot be parsed, is of another version or kind, or an entry lacks something; the
        message says where.
    """
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"@EXPLICIT"):
        raise LockfileError(
            "This is an explicit package list (“@EXPLICIT”), not a lockfile. It can be imported as such.",
            kind="explicit",
        )
    document = load(data)
    check_document(document)
    return cast(Document, document)


def plain_document(document: Document) -> Document:
    """Return what the format knows of a checked document, as JSON values; whatever else stands in it is left out.

    A stranger's document may hold anything beside: dates that JSON has no word for, a person's paths and addresses.
    """
    metadata = document["metadata"]
    custom = metadata.get("custom_metadata")
    custom = custom if isinstance(custom, dict) else {}
    notes = {key: text for key, text in custom.items() if _texts([key, text]) == [key, text]}
    channels = [{"url": channel} if isinstance(channel, str) else channel for channel in metadata["channels"]]
    return {
        "version": 1,
        "metadata": {
            "content_hash": dict(metadata["content_hash"]),
            "channels": [
                {"url": channel["url"], "used_env_vars": _texts(channel.get("used_env_vars"))} for channel in channels
            ],
            "platforms": list(metadata["platforms"]),
            "sources": _texts(metadata.get("sources")),
            **({"custom_metadata": notes} if notes else {}),
        },
        "package": [_plain_entry(entry) for entry in document["package"]],
    }


def _plain_entry(entry: dict[str, Any]) -> dict[str, Any]:
    hashes = {kind: entry["hash"][kind] for kind in ("md5", "sha256") if entry["hash"].get(kind)}
    return {
        **{key: entry[key] for key in ("name", "version", "manager", "platform")},
        "dependencies": dict(entry["dependencies"]),
        "url": entry["url"],
        "hash": hashes,
        **_source(entry),
        "category": entry.get("category", "main"),
        "optional": entry.get("optional") is True,
    }


def _source(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what says that an address was asked for, and not a version of a package; conda-lock installs by it."""
    source = entry.get("source")
    url = source.get("url") if isinstance(source, dict) and source.get("type") == "url" else None
    known = isinstance(url, str) and re.sub(r"#sha256=[0-9a-fA-F]{64}\Z", "", url) == entry["url"]
    return {"source": {"type": "url", "url": url}} if known else {}


def _texts(value: object) -> list[str]:
    texts = value if isinstance(value, list) else []
    return [text for text in texts if isinstance(text, str) and not has_credentials(text)]


def _package(entry: dict[str, Any]) -> Package:
    place = parse_package_url(entry["url"]) if entry["manager"] == "conda" else None
    hashes = entry["hash"]
    return Package(
        manager=entry["manager"],
        name=entry["name"],
        version=entry["version"],
        build=entry.get("build") or (place.build if place else ""),
        platform=entry["platform"],
        subdir=place.subdir if place else "",
        channel=place.channel if place else "",
        url=entry["url"],
        md5=_digest(hashes.get("md5"), 32),
        sha256=_digest(hashes.get("sha256"), 64),
        depends=[f"{name} {versions}".strip() for name, versions in entry["dependencies"].items()],
    )


def _digest(text: str | None, length: int) -> str | None:
    return text.lower() if text and len(text) == length else None  # other lengths are commits of a repository
