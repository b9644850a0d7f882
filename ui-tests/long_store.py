"""Fill an empty store with more than fits on a page: environments that nobody could build one by one in a test.

    python ui-tests/long_store.py STORE

Writes the rows of ``env-1`` to ``env-1100``, those changed last having the greatest number. Each has one version, and
``env-1100`` 120 of them, with as many builds. Their files count as freed.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from jupyter_envstore.catalog import open_catalog
from jupyter_envstore.catalog.database import CHANGE_COUNTER
from jupyter_envstore.catalog.models import BuildRow, EnvironmentRow, LockRow, NamespaceRow, PrefixRow, VersionRow

ENVIRONMENTS, VERSIONS = 1_100, 120
SUBDIR = "linux-64"
BEGAN = datetime(2026, 1, 1, tzinfo=timezone.utc)


def main(store: Path) -> None:
    """Fill the store."""
    store.mkdir(parents=True, exist_ok=True)
    catalog = open_catalog(store / "catalog.sqlite")
    numbers = [(n, 1) for n in range(1, ENVIRONMENTS)] + [(ENVIRONMENTS, k) for k in range(1, VERSIONS + 1)]
    rows = list(enumerate(numbers, 1))
    with catalog._database.writing() as connection:
        connection.execute(insert(NamespaceRow), [{"id": 1, "name": "local", "key": "local", "created": BEGAN}])
        connection.execute(insert(LockRow), [lock(row) for row, _ in rows])
        connection.execute(insert(PrefixRow), [prefix(row) for row, _ in rows])
        connection.execute(insert(EnvironmentRow), list(environments()))
        connection.execute(insert(VersionRow), [version(row, n, number) for row, (n, number) in rows])
        connection.execute(insert(BuildRow), [build(row, n, number) for row, (n, number) in rows])
        # The first version of each has its number; the last environment has more than that one.
        connection.execute(update(EnvironmentRow).values(active_version_id=EnvironmentRow.id))
        last = update(EnvironmentRow).where(EnvironmentRow.id == ENVIRONMENTS)
        connection.execute(last.values(active_version_id=len(rows)))
        connection.exec_driver_sql(f"UPDATE counter SET value = {len(rows) + 1} WHERE name = '{CHANGE_COUNTER}'")
    catalog.close()


def environments() -> Iterator[dict[str, Any]]:
    """Yield the rows of the environments."""
    for n in range(1, ENVIRONMENTS + 1):
        name = f"env-{n}"
        numbers = VERSIONS if n == ENVIRONMENTS else 1
        times = {"created": at(n), "updated": at(n)}
        facts = {"id": n, "namespace_id": 1, "name": name, "key": name, "description": "", "last_number": numbers}
        yield {**facts, "sequence": n, **times}


def lock(row: int) -> dict[str, Any]:
    """Return the row of a lock."""
    platforms = [{"platform": SUBDIR, "packages": 3, "size": 30_000_000}]
    return {"id": row, "hash": digest("lock", row), "platforms": platforms, "document": {}, "created": at(row)}


def prefix(row: int) -> dict[str, Any]:
    """Return the row of files that were freed."""
    facts = {"platform": SUBDIR, "state": "freed", "size": 0, "files": 0, "kernels": []}
    return {"id": row, "hash": digest("prefix", row), **facts, "created": at(row), "last_used": at(row)}


def version(row: int, n: int, number: int) -> dict[str, Any]:
    """Return the row of a version."""
    return {
        "id": row,
        "environment_id": n,
        "number": number,
        "specification": f"name: env-{n}\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.12\n",
        "message": f"Change {number}",
        "author": "mira",
        "lock_id": row,
        "prefix_id": row,
        "parent_id": row - 1 if number > 1 else None,
        "pinned": False,
        "warnings": [],
        "created": at(row),
    }


def build(row: int, n: int, number: int) -> dict[str, Any]:
    """Return the row of the build that made a version."""
    return {
        "id": row,
        "environment_id": n,
        "kind": "create" if number == 1 else "edit",
        "state": "ready",
        "state_since": at(row),
        "request": {"specification": ""},
        "progress": {},
        "message": f"Change {number}",
        "author": "mira",
        "lock_id": row,
        "version_id": row,
        "warnings": [],
        "seconds": {},
        "attempt": 1,
        "cancel_requested": False,
        "sequence": row,
        "created": at(row),
        "started": at(row),
        "finished": at(row),
    }


def digest(*what: object) -> str:
    """Return a hash that nothing else has."""
    return hashlib.sha256(repr(what).encode()).hexdigest()


def at(n: int) -> datetime:
    """Return a time that grows with ``n``."""
    return BEGAN + timedelta(seconds=n)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
