"""Versions: what an environment was, each time it was built. They are made by `publishing.publish_version` alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, func, literal, select, update

from jupyter_envstore.catalog import names, paging
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.events import record
from jupyter_envstore.catalog.models import BuildRow, EnvironmentRow, LockRow, PrefixRow, VersionRow
from jupyter_envstore.catalog.prefixes import PREFIX_COLUMNS, prefix_of
from jupyter_envstore.catalog.version_rows import find_version, read_version, select_versions, version_of
from jupyter_envstore.errors import ConflictError, VersionActiveError, VersionNotFoundError, VersionPinnedError
from jupyter_envstore.schemas import Page, Prefix, Version

LINEAGE = 500
"""How far back the line of a version is followed."""
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
            select_versions()
            .add_columns(*(column.label(f"prefix_column_{column.key}") for column in PREFIX_COLUMNS))
            .where(EnvironmentRow.deleted.is_(None), EnvironmentRow.active_version_id == VersionRow.id)
            .order_by(EnvironmentRow.id)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        width = len(PREFIX_COLUMNS)
        return [(version_of(row, self._database), prefix_of(row[-width:], self._database)) for row in rows]

    def with_files(self, lock: str, prefix: str | None) -> Sequence[Version]:
        """Return the versions that have that lock, then those whose prefix is of that hash: the same files here.

        Deleted ones are left out.
        """
        locks = select(LockRow.id).where(LockRow.hash == lock)
        prefixes = select(PrefixRow.id).where(PrefixRow.hash == prefix)
        there = (VersionRow.deleted.is_(None), EnvironmentRow.deleted.is_(None))
        found: dict[tuple[str, str, int], Version] = {}
        with self._database.reading() as connection:
            for same in (VersionRow.lock_id.in_(locks), VersionRow.prefix_id.in_(prefixes)):
                rows = connection.execute(select_versions().where(same, *there).order_by(VersionRow.id)).all()
                for version in (version_of(row, self._database) for row in rows):
                    found.setdefault((version.namespace, version.name, version.number), version)
        return [*found.values()]

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
            query = select_versions().where(*where)
            if before is not None:
                query = query.where(VersionRow.number < before)
            rows = connection.execute(query.order_by(VersionRow.number.desc()).limit(limit + 1)).all()
        items = [version_of(row, self._database) for row in rows[:limit]]
        following = paging.write_cursor(items[-1].number) if len(rows) > limit else None
        return _PAGE(items=items, next=following, total=total)

    def lineage(self, namespace: str, name: str, number: int) -> Sequence[str]:
        """Return the specifications of a version, of the one it was made from, and so on: 500 at most, one statement.

        Deleted ones are among them: what a version came from stays true.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
        """
        with self._database.reading() as connection:
            first = find_version(connection, names.get(connection, namespace, name), number)
            line = (
                select(VersionRow.id, VersionRow.parent_id, VersionRow.specification, literal(0).label("step"))
                .where(VersionRow.id == first)
                .cte("line", recursive=True)
            )
            line = line.union_all(
                select(VersionRow.id, VersionRow.parent_id, VersionRow.specification, line.c.step + 1).where(
                    VersionRow.id == line.c.parent_id, line.c.step < LINEAGE - 1
                )
            )
            return connection.execute(select(line.c.specification).order_by(line.c.step)).scalars().all()

    def delete(self, namespace: str, name: str, number: int, by: str = "") -> Version:
        """Turn a version into a tombstone, which keeps its number taken, and return it.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
        VersionActiveError, VersionPinnedError
        ConflictError
            When a build starts from it or makes its files.
        """
        with self._writing(namespace, name, number) as (connection, key, version_id):
            _check_deletable(connection, key, version_id, number)
            self._change(connection, key.id, version_id, deleted=self._database.now())
            record(connection, self._database, by, "version.delete", f"{key.namespace}/{key.name}@{number}")
            return read_version(connection, self._database, version_id)

    def set_pinned(self, namespace: str, name: str, number: int, pinned: bool, by: str = "") -> Version:
        """Keep a version's prefix from being collected, or no longer.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
        """
        with self._writing(namespace, name, number) as (connection, key, version_id):
            before = connection.execute(select(VersionRow.pinned).where(VersionRow.id == version_id)).scalar_one()
            if pinned != before:
                self._change(connection, key.id, version_id, pinned=pinned)
                what = "version.pin" if pinned else "version.unpin"
                record(connection, self._database, by, what, f"{key.namespace}/{key.name}@{number}")
            return read_version(connection, self._database, version_id)

    def set_message(self, namespace: str, name: str, number: int, message: str, by: str = "") -> Version:
        """Correct what a version says of itself; the record keeps what it said before.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
        """
        with self._writing(namespace, name, number) as (connection, key, version_id):
            before = connection.execute(select(VersionRow.message).where(VersionRow.id == version_id)).scalar_one()
            if message != before:
                self._change(connection, key.id, version_id, message=message)
                reference = f"{key.namespace}/{key.name}@{number}"
                record(connection, self._database, by, "version.describe", reference, before=before)
            return read_version(connection, self._database, version_id)

    def drop_warning(self, namespace: str, name: str, number: int, code: str) -> None:
        """Forget a version's warnings of that code, because their reason is gone; its build keeps what it reported.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
        """
        with self._writing(namespace, name, number) as (connection, key, version_id):
            warnings = connection.execute(select(VersionRow.warnings).where(VersionRow.id == version_id)).scalar_one()
            left = [warning for warning in warnings if warning["code"] != code]
            if left != warnings:
                self._change(connection, key.id, version_id, warnings=left)

    @contextmanager
    def _writing(
        self, namespace: str, name: str, number: int
    ) -> Iterator[tuple[Connection, names.EnvironmentKey, int]]:
        """Give a connection that writes, and what a version's environment and row are."""
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            yield connection, key, find_version(connection, key, number)

    def _change(self, connection: Connection, environment_id: int, version_id: int, **values: Any) -> None:
        connection.execute(update(VersionRow).where(VersionRow.id == version_id).values(**values))
        connection.execute(
            update(EnvironmentRow)
            .where(EnvironmentRow.id == environment_id)
            .values(sequence=self._database.next_change(connection))
        )


def _check_deletable(connection: Connection, key: names.EnvironmentKey, version_id: int, number: int) -> None:
    environment = f"{key.namespace}/{key.name}"
    told = {"namespace": key.namespace, "name": key.name, "version": number}
    if version_id == key.active_version_id:
        other = connection.execute(
            select(func.max(VersionRow.number)).where(
                VersionRow.environment_id == key.id, VersionRow.deleted.is_(None), VersionRow.id != version_id
            )
        ).scalar_one()
        raise VersionActiveError(
            f"{environment}@{number} is the active version, the one that its kernel starts. "
            + (
                f"Activate another one first: jupyter envstore activate {environment}@{other}"
                if other
                else f"It is the only one, so remove the environment instead: jupyter envstore remove {environment}"
            ),
            **told,
            other=other,
        )
    if connection.execute(select(VersionRow.pinned).where(VersionRow.id == version_id)).scalar_one():
        raise VersionPinnedError(
            f"{environment}@{number} is pinned, so it is kept. Unpin it first: "
            f"jupyter envstore unpin {environment}@{number}",
            **told,
        )
    unfinished = select(BuildRow.id, BuildRow.request).where(
        BuildRow.environment_id == key.id, BuildRow.finished.is_(None)
    )
    for build, request in connection.execute(unfinished):
        if request["parent"] == number:
            raise ConflictError(
                f"Build {build} works with {environment}@{number}. Wait for its end, or cancel it: "
                f"jupyter envstore cancel {build}",
                **told,
                build=build,
            )
