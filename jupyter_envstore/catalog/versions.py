"""Versions: what an environment was, each time it was built. They are made by `publishing.publish_version` alone."""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update
from sqlalchemy.orm import aliased

from jupyter_envstore.catalog import names, paging
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.events import record
from jupyter_envstore.catalog.locks import part_of
from jupyter_envstore.catalog.models import EnvironmentRow, LockRow, NamespaceRow, PrefixRow, VersionRow
from jupyter_envstore.catalog.prefixes import PREFIX_COLUMNS, prefix_of
from jupyter_envstore.errors import ConflictError, VersionNotFoundError
from jupyter_envstore.schemas import Page, Prefix, Version

_PAGE = Page[Version]  # kept, because pydantic makes the class again each time nobody holds it


class Versions:
    """Queries about versions; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, namespace: str, name: str, number: int | None = None) -> Version:
        """Return a version, without a number the active one.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
            When there is none, or it was deleted.
        """
        if number is None:
            active = self.active(namespace, name)
            if active is None:
                raise VersionNotFoundError(
                    f"{namespace}/{name} has no version yet: none of its builds has succeeded so far.",
                    namespace=namespace,
                    name=name,
                )
            return active
        with self._database.reading() as connection:
            key = names.get(connection, namespace, name)
            return read_version(connection, self._database, find_version(connection, key, number))

    def active(self, namespace: str, name: str) -> Version | None:
        """Return the active version, or None before the first.

        Raises
        ------
        EnvironmentNotFoundError
        """
        with self._database.reading() as connection:
            key = names.get(connection, namespace, name)
            if key.active_version_id is None:
                return None
            return read_version(connection, self._database, key.active_version_id)

    def all_active(self) -> list[tuple[Version, Prefix]]:
        """Return the active version of every environment that is not deleted, with its prefix: what kernels there are.

        One statement; the environment made first comes first.
        """
        query = (
            _select_versions()
            .add_columns(*(column.label(f"prefix_column_{column.key}") for column in PREFIX_COLUMNS))
            .where(EnvironmentRow.deleted.is_(None), EnvironmentRow.active_version_id == VersionRow.id)
            .order_by(EnvironmentRow.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        width = len(PREFIX_COLUMNS)
        return [(_version_of(row, self._database), prefix_of(row[-width:], self._database)) for row in rows]

    def list(
        self,
        namespace: str,
        name: str,
        *,
        limit: int = paging.DEFAULT_LIMIT,
        cursor: str | None = None,
        include_deleted: bool = False,
    ) -> Page[Version]:
        """Return the versions, the newest first; with ``include_deleted`` the tombstones too.

        Raises
        ------
        EnvironmentNotFoundError
        InvalidInputError
            For a limit or cursor that makes no sense.
        """
        paging.check_limit(limit)
        before = paging.read_id(cursor) if cursor else None
        with self._database.reading() as connection:
            key = names.get(connection, namespace, name)
            where = [VersionRow.environment_id == key.id]
            if not include_deleted:
                where.append(VersionRow.deleted.is_(None))
            total = connection.execute(select(func.count()).select_from(VersionRow).where(*where)).scalar_one()
            query = _select_versions().where(*where)
            if before is not None:
                query = query.where(VersionRow.number < before)
            rows = connection.execute(query.order_by(VersionRow.number.desc()).limit(limit + 1)).all()
        items = [_version_of(row, self._database) for row in rows[:limit]]
        following = paging.write_cursor(items[-1].number) if len(rows) > limit else None
        return _PAGE(items=items, next=following, total=total)

    def delete(self, namespace: str, name: str, number: int, by: str = "") -> None:
        """Turn a version into a tombstone: its number stays taken.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
        ConflictError
            When it is the active one.
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            version_id = find_version(connection, key, number)
            if version_id == key.active_version_id:
                raise ConflictError(
                    f"Version {number} is the active one of {key.namespace}/{key.name}. Activate another version "
                    "first, or remove the environment.",
                    namespace=key.namespace,
                    name=key.name,
                    version=number,
                )
            self._change(connection, key.id, version_id, deleted=self._database.now(), pinned=False)
            record(connection, self._database, by, "version.delete", f"{key.namespace}/{key.name}@{number}")

    def set_pinned(self, namespace: str, name: str, number: int, pinned: bool) -> Version:
        """Keep a version's prefix from being collected, or no longer.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            version_id = find_version(connection, key, number)
            self._change(connection, key.id, version_id, pinned=pinned)
            return read_version(connection, self._database, version_id)

    def drop_warning(self, namespace: str, name: str, number: int, code: str) -> None:
        """Forget a version's warnings of that code, because their reason is gone; its build keeps what it reported.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            version_id = find_version(connection, key, number)
            warnings = connection.execute(select(VersionRow.warnings).where(VersionRow.id == version_id)).scalar_one()
            left = [warning for warning in warnings if warning["code"] != code]
            if left != warnings:
                self._change(connection, key.id, version_id, warnings=left)

    def _change(self, connection: Connection, environment_id: int, version_id: int, **values: Any) -> None:
        connection.execute(update(VersionRow).where(VersionRow.id == version_id).values(**values))
        connection.execute(
            update(EnvironmentRow)
            .where(EnvironmentRow.id == environment_id)
            .values(sequence=self._database.next_change(connection))
        )


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
    return _version_of(connection.execute(_select_versions().where(VersionRow.id == version_id)).one(), database)


@functools.cache
def _select_versions() -> Select[Any]:  # of more columns than mypy can count
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


def _version_of(row: Row[Any], database: Database) -> Version:
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
