"""Versions as the catalog reads them, with what their lock and prefix say, each in one statement."""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.orm import aliased

from jupyter_envstore.catalog import names
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.locks import part_of
from jupyter_envstore.catalog.models import EnvironmentRow, LockRow, NamespaceRow, PrefixRow, VersionRow
from jupyter_envstore.errors import VersionNotFoundError
from jupyter_envstore.schemas import Version


def find_version(connection: Connection, key: names.EnvironmentKey, number: int) -> int:
    """Return the row id of a version that is not deleted.

    Raises
    ------
    VersionNotFoundError
    """
    row = None
    if 0 < number < 2**31:  # anything else would not fit the column
        row = connection.execute(
            select(VersionRow.id, VersionRow.deleted).where(
                VersionRow.environment_id == key.id, VersionRow.number == number
            )
        ).one_or_none()
    if row is not None and row[1] is None:
        return row[0]
    reference = f"{key.namespace}/{key.name}"
    what = f"Version {number} of {reference} was deleted." if row else f"{reference} has no version {number}."
    raise VersionNotFoundError(
        f"{what} `jupyter envstore versions {reference}` lists those there are.",
        namespace=key.namespace,
        name=key.name,
        version=number,
    )


def read_version(connection: Connection, database: Database, version_id: int) -> Version:
    """Return the version with that row id, which must exist."""
    return version_of(connection.execute(select_versions().where(VersionRow.id == version_id)).one(), database)


@functools.cache
def select_versions() -> Select[Any]:
    """Return the statement for all that is told of versions."""
    parent = aliased(VersionRow)
    query: Any = (
        select(
            NamespaceRow.name.label("namespace"),
            EnvironmentRow.name,
            VersionRow.number,
            (EnvironmentRow.active_version_id == VersionRow.id).label("active"),
            VersionRow.specification,
            VersionRow.message,
            VersionRow.author,
            VersionRow.created,
            VersionRow.pinned,
            parent.number.label("parent"),
            LockRow.hash.label("lock"),
            LockRow.platforms,
            VersionRow.warnings,
            VersionRow.deleted,
            PrefixRow.hash.label("prefix_hash"),
            PrefixRow.platform.label("platform"),
            PrefixRow.state.label("prefix_state"),
        )
        .join(EnvironmentRow, EnvironmentRow.id == VersionRow.environment_id)
        .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
        .join(LockRow, LockRow.id == VersionRow.lock_id)
        .join(PrefixRow, PrefixRow.id == VersionRow.prefix_id)
        .outerjoin(parent, parent.id == VersionRow.parent_id)
    )
    return query  # type: ignore[no-any-return]


def version_of(row: Row[Any], database: Database) -> Version:
    """Return what travels."""
    count, size = part_of(row.platforms, row.platform)
    there = row.prefix_state != "freed" and database.prefix_path is not None
    return Version(
        namespace=row.namespace,
        name=row.name,
        number=row.number,
        active=bool(row.active),
        specification=row.specification,
        message=row.message,
        author=row.author,
        created=row.created,
        pinned=row.pinned,
        parent=row.parent,
        lock=row.lock,
        platforms=[part["platform"] for part in row.platforms],
        package_count=count,
        size=size,
        prefix_hash=row.prefix_hash,
        prefix_state=row.prefix_state,
        prefix=str(database.prefix_path(row.prefix_hash)) if there and database.prefix_path else None,
        warnings=row.warnings,
        deleted=row.deleted is not None,
    )
