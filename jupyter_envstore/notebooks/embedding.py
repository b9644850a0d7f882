"""Put a version's lock into a notebook, and take it out again.

The same version gives the same bytes always, so that a notebook changes in git when its environment does and not else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeGuard

from jupyter_envstore.errors import NotebookError, PlatformError
from jupyter_envstore.lock.document import Document, lock_hash, platforms_of
from jupyter_envstore.notebooks.text import NotebookText
from jupyter_envstore.schemas import Version

KEY = "envstore"
"""The member of a notebook's metadata that is ours."""
SCHEMA = 1


@dataclass(frozen=True)
class CarriedLock:
    """A lock as notebooks carry it. Worked out once: a notebook is saved more often than its environment changes.

    Attributes
    ----------
    document
        Not to be changed.
    sha256
        Its hash.
    bytes
        How much of a notebook it takes, as nbformat writes it.
    """

    document: Document
    sha256: str
    bytes: int

    @classmethod
    def of(cls, document: Document, platforms: Sequence[str] = ()) -> CarriedLock:
        """Return a version's lock, or its part for some platforms.

        Raises
        ------
        PlatformError
            When it does not cover one of them.
        """
        part = part_of(document, platforms) if platforms else document
        return cls(part, lock_hash(part), _written_size(part, depth=2))


def what_is_carried(version: Version, lock: CarriedLock) -> dict[str, Any]:
    """Return what a notebook carries of a version, as DESIGN has it."""
    return {
        "schema": SCHEMA,
        "environment": {"namespace": version.namespace, "name": version.name, "version": version.number},
        "specification": version.specification,
        "lockfile": lock.document,
        "sha256": lock.sha256,
        "recorded": _moment(version.created),
    }


def size_of(held: dict[str, Any], lock: CarriedLock) -> int:
    """Return the bytes that what stands under our name takes, as nbformat writes it; ``lock`` is the one in it."""
    return _written_size({KEY: {**held, "lockfile": 0}}) - len("0") + lock.bytes


def part_of(document: Document, platforms: Sequence[str]) -> Document:
    """Return a lock for some of its platforms.

    Raises
    ------
    PlatformError
        When it does not cover one of them.
    """
    covered = platforms_of(document)
    for platform in platforms:
        if platform not in covered:
            raise PlatformError(
                f"The lock does not cover {platform[:64]}, only {', '.join(covered)}. Lock for that platform first: "
                f"jupyter envstore edit NAME --platform {platform[:64]}",
                platform=platform[:64],
            )
    if set(platforms) == set(covered):
        return document
    metadata = {**document["metadata"], "platforms": sorted(set(platforms))}
    hashes = metadata.get("content_hash") or {}
    metadata["content_hash"] = {name: digest for name, digest in hashes.items() if name in platforms}
    entries = [entry for entry in document["package"] if entry["platform"] in platforms]
    return {**document, "metadata": metadata, "package": entries}


def embed(notebook: NotebookText, carried: dict[str, Any]) -> NotebookText:
    """Return a notebook that carries it. What else stands beside it under our name stays.

    Raises
    ------
    NotebookError
        When the notebook's text is ambiguous, or something of somebody else has that name.
    """
    before = notebook.metadata.get(KEY)
    if before is not None and not is_ours(before):
        raise NotebookError(
            f"{notebook.where} has something else where its environment would stand (“{KEY}” in its metadata), which "
            "was not put there by this program. Nothing was changed.",
            path=notebook.where,
        )
    return notebook.with_metadata(KEY, {**(before or {}), **carried})


def strip(notebook: NotebookText) -> NotebookText:
    """Return a notebook without what we put into it; what anybody else did stays.

    Raises
    ------
    NotebookError
        When the notebook's text is ambiguous.
    """
    return notebook.without_metadata(KEY) if is_ours(notebook.metadata.get(KEY)) else notebook


def is_ours(value: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether what stands under our name was put there by us."""
    return isinstance(value, dict) and type(value.get("schema")) is int


def _written_size(value: Any, depth: int = 0) -> int:
    written = json.dumps(value, indent=1, ensure_ascii=False)
    return len(written.encode("utf-8", "surrogatepass")) + depth * written.count("\n")


def _moment(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return aware.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
