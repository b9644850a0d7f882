"""What a notebook carries with it, as far as the report looks at it. Written by a stranger, perhaps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from jupyter_envstore.errors import LockfileError
from jupyter_envstore.lock.document import Document, check_document, lock_hash

KEY = "envstore"


@dataclass(frozen=True)
class Carried:
    """The lock in a notebook, and what it says of itself.

    Attributes
    ----------
    document
        The lock; None when there is none that can be used.
    problem
        Why it cannot be used; empty when it can, or when there is none.
    changed
        Whether it is not what its hash says.
    hash
        Of the lock as it stands there; empty without one.
    specification
        What it was locked for, or empty.
    recorded
        When it was locked, or None.
    run
        What was recorded of the last complete run; empty when nothing was.
    raw
        All of it, as it stands there.
    """

    document: Document | None = None
    problem: str = ""
    changed: bool = False
    hash: str = ""
    specification: str = ""
    recorded: datetime | None = None
    run: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict)


def read_carried(metadata: Mapping[str, Any]) -> Carried:
    """Read what the metadata of a notebook holds of ours. Whatever stands there, this does not raise."""
    raw = metadata.get(KEY)
    if not isinstance(raw, Mapping):
        return Carried()
    specification, run = raw.get("specification"), raw.get("run")
    about: dict[str, Any] = {
        "specification": specification if isinstance(specification, str) else "",
        "recorded": _moment(raw.get("recorded")),
        "run": run if isinstance(run, Mapping) else {},
        "raw": raw,
    }
    document = raw.get("lockfile")
    if document is None:
        return Carried(**about)
    try:
        check_document(document)
        digest = lock_hash(document)
    except LockfileError as error:
        return Carried(problem=error.message, **about)
    except (ValueError, RecursionError):
        return Carried(problem="The lockfile holds values that JSON has no word for.", **about)
    said = raw.get("sha256")
    return Carried(document, changed=isinstance(said, str) and said != digest, hash=digest, **about)


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
