"""Lockfile documents (conda-lock v1) as plain values: read, check, hash, list their packages.

A lockfile may come from a stranger: out of a notebook, an upload, a download. Nothing here opens a file, asks
the network or loads the solver, and what is not understood is refused with the place where it stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, cast

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock.urls import parse_package_url
from jupyter_envstore.lock.validation import check_document
from jupyter_envstore.schemas import Package
from jupyter_envstore.specification.credentials import has_credentials

MAX_BYTES = 64 * 1024 * 1024
"""A lock of 3,000 packages is 1.4 MB of YAML; forty times that is not a lockfile."""
MAX_NODES = 5_000_000
"""Values that a document may have once its YAML aliases are written out."""
MAX_DEPTH = 64
"""How deep values may be nested; a lockfile needs eight."""

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


def read_lockfile(data: bytes) -> Document:
    """Read a conda-lock v1 document that is written as JSON or as YAML, and check it.

    Raises
    ------
    LockfileError
        It is too large, cannot be parsed, is of another version or kind, or an entry lacks something; the
        message says where.
    """
    if len(data) > MAX_BYTES:
        raise LockfileError(f"The file has {len(data):,} bytes; a lockfile may have {MAX_BYTES:,}.", size=len(data))
    document = _parse(data)
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
        "category": entry.get("category", "main"),
        "optional": entry.get("optional") is True,
    }


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


def _parse(data: bytes) -> object:
    # Most documents that reach us are JSON (a notebook carries one), which the json module reads ten times faster.
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:9]
    if start.startswith(b"@EXPLICIT"):
        raise LockfileError(
            "This is an explicit package list (“@EXPLICIT”), not a lockfile. It can be imported as such.",
            kind="explicit",
        )
    if start.startswith(b"{"):
        try:
            return json.loads(data.removeprefix(b"\xef\xbb\xbf"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            pass  # YAML in flow style begins like JSON, and its reader says better where it breaks
    return _parse_yaml(data)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _parse_yaml(data: bytes) -> object:
    import yaml

    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = kind(data)
    try:
        _check_depth(kind(data))
        node = loader.get_single_node()
        if node is not None and b"*" in data and b"&" in data:
            _check_expansion(node)
        return loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        place = f" at line {line}" if line else ""
        raise LockfileError(
            f"The file is neither JSON nor YAML: {error.problem or error.context}{place}.", line=line
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LockfileError(f"The file cannot be read as text: {error}.") from None
    except RecursionError:
        raise LockfileError("The file nests its values too deeply to be a lockfile.") from None
    except ValueError as error:
        raise LockfileError(f"The file holds a value that cannot be read: {error}.") from None
    finally:
        loader.dispose()


def _check_depth(loader: Any) -> None:
    """Refuse deep nesting while it is a stream of events: building it would crash the C loader, and us with it."""
    depth = 0
    try:
        while loader.check_event():
            event = type(loader.get_event()).__name__
            if event.endswith("EndEvent"):
                depth -= 1
            elif event.endswith("StartEvent"):
                depth += 1
                if depth > MAX_DEPTH:
                    raise LockfileError("The file nests its values too deeply to be a lockfile.")
    finally:
        loader.dispose()


def _check_expansion(root: Any) -> None:
    """Refuse documents that grow beyond measure, or without end, when their aliases are written out."""
    sizes: dict[int, int] = {}
    entered: set[int] = set()
    stack: list[tuple[Any, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        if leaving:
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
            if sizes[id(node)] > MAX_NODES:
                raise LockfileError("The file repeats itself by YAML aliases until it is too large to be a lockfile.")
        elif id(node) not in sizes:
            if id(node) in entered:
                raise LockfileError("The file contains itself by a YAML alias.")
            entered.add(id(node))
            stack.append((node, True))
            stack.extend((child, False) for child in _children(node))


def _children(node: Any) -> Iterator[Any]:
    value = node.value
    if isinstance(value, list):
        for item in value:
            if isinstance(item, tuple):
                yield from item
            else:
                yield item
