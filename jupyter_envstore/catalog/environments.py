"""Environments: names, which version is active, and the list that a person lives with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, insert, select, tuple_, update

from jupyter_envstore.catalog import names, paging
from jupyter_envstore.catalog.aliases import require_no_build, take_name
from jupyter_envstore.catalog.database import Database, inserted_id
from jupyter_envstore.catalog.environment_rows import read_environment, read_environments
from jupyter_envstore.catalog.events import record
from jupyter_envstore.catalog.finding import has_package
from jupyter_envstore.catalog.models import (
    BuildRow,
    EnvironmentRow,
    NamespaceRow,
)
from jupyter_envstore.catalog.totals import Totals
from jupyter_envstore.catalog.version_rows import find_version
from jupyter_envstore.errors import ConflictError, EnvironmentNotFoundError
from jupyter_envstore.references import check_name
from jupyter_envstore.schemas import Environment, Page

_PAGE = Page[Environment]  # kept, because pydantic makes the class again each time nobody holds it


class Environments:
    """Queries about environments; each method is one transaction. ``by`` is who did it, for the audit record."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._totals = Totals(database)

    def create(self, namespace: str, name: str, description: str = "", by: str = "") -> Environment:
        """Make an environment that has no version yet, and its namespace when it is the first there.

        A name is free again only while its environment has no version and no build goes on: then that environment
        is returned. To keep the name while the first build is queued, do both in one ``catalog.transaction()``.

        Raises
        ------
        InvalidNameError
        NameTakenError
        """
        check_name(namespace, "namespace")
        check_name(name)
        with self._database.writing() as connection:
            now = self._database.now()
            known = names.find(connection, namespace, name)
            if known is None:
                require_no_build(connection, namespace, name)
                environment_id = self._insert(connection, namespace, name, description, now)
            elif known.last_number or names.has_active_build(connection, known.id):
                raise names.taken(known.namespace, known.name)
            else:
                environment_id = known.id
                self._change(connection, environment_id, name=name, description=description, updated=now)
            self._record(connection, by, "environment.create", f"{namespace}/{name}")
            return read_environment(connection, environment_id)

    def get(self, namespace: str, name: str, *, include_deleted: bool = False) -> Environment:
        """Return an environment; with ``include_deleted`` the one deleted last when none of the name is left.

        Raises
        ------
        EnvironmentNotFoundError
        """
        with self._database.reading() as connection:
            return read_environment(
                connection, names.get(connection, namespace, name, include_deleted=include_deleted).id
            )

    def list(
        self,
        *,
        search: str = "",
        namespace: str | None = None,
        package: str | None = None,
        limit: int = paging.DEFAULT_LIMIT,
        cursor: str | None = None,
    ) -> Page[Environment]:
        """Return the environments that are not deleted, those changed last first, with five statements at most.

        Parameters
        ----------
        search
            Part of the name, in any case; every character stands for itself.
        namespace
            Only those of this namespace.
        package
            Only those whose active version has a package of this name, or one that this match spec is met by.

        Raises
        ------
        SpecificationError
            When ``package`` is no match spec.
        InvalidInputError
            For a limit or cursor that makes no sense.
        """
        paging.check_limit(limit)
        after = paging.read_time_and_id(cursor) if cursor else None
        where: Any = [EnvironmentRow.deleted.is_(None)]
        if search:
            where.append(EnvironmentRow.key.contains(search.lower(), autoescape=True))
        if namespace is not None:
            where.append(EnvironmentRow.namespace_id == _namespace_id(namespace))
        version = self._totals.version()
        with self._database.reading() as connection:
            if package is not None:
                where.append(has_package(connection, package))
            total = self._totals.count(
                connection,
                version,
                (search, namespace, package),
                select(func.count()).select_from(EnvironmentRow).where(*where),
            )
            page = select(EnvironmentRow.id).where(*where)
            if after is not None:
                page = page.where(tuple_(EnvironmentRow.updated, EnvironmentRow.id) < tuple_(*after))
            page = page.order_by(EnvironmentRow.updated.desc(), EnvironmentRow.id.desc()).limit(limit + 1)
            rows = read_environments(connection, EnvironmentRow.id.in_(page))
        more = len(rows) > limit
        rows = rows[:limit]
        last = write_cursor_of(rows[-1]) if more else None
        return _PAGE(items=[row[1] for row in rows], next=last, total=total)

    def soft_delete(self, namespace: str, name: str, by: str = "") -> Environment:
        """Mark an environment as deleted: its name is free, its versions stay, its builds are cancelled.

        Raises
        ------
        EnvironmentNotFoundError
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            now = self._database.now()
            self._change(connection, key.id, deleted=now, updated=now)
            _cancel_builds(self._database, connection, key.id, now)
            self._record(connection, by, "environment.remove", f"{key.namespace}/{key.name}")
            return read_environment(connection, key.id)

    def list_deleted(self) -> Sequence[Environment]:
        """Return the environments that were deleted and can be brought back, the last one first."""
        with self._database.reading() as connection:
            found = [row[1] for row in read_environments(connection, EnvironmentRow.deleted.is_not(None))]
        return sorted(found, key=lambda environment: environment.deleted or environment.updated, reverse=True)

    def undelete(self, namespace: str, name: str, by: str = "", new_name: str | None = None) -> Environment:
        """Bring back the environment of that name that was deleted last, under ``new_name`` when one is given.

        Raises
        ------
        EnvironmentNotFoundError
            When none was deleted.
        NameTakenError
            When another one has the name by now.
        """
        with self._database.writing() as connection:
            wanted = check_name(new_name or name)
            living = names.find(connection, namespace, wanted)
            if living is not None:
                if names.find_deleted(connection, namespace, name) is None:
                    raise ConflictError(
                        f"{living.namespace}/{living.name} is not removed.",
                        namespace=living.namespace,
                        name=living.name,
                    )
                raise names.taken(living.namespace, living.name)
            key = names.find_deleted(connection, namespace, name)
            if key is None:
                raise EnvironmentNotFoundError(
                    f"No environment {namespace}/{name} was removed. Those that were: jupyter envstore list --removed",
                    namespace=namespace,
                    name=name,
                )
            called = wanted if new_name else key.name
            require_no_build(connection, key.namespace, called, taker=key.id)
            if key.last_number:
                take_name(connection, self._database, key.namespace, called, taker=key.id)
            self._change(
                connection, key.id, name=called, key=called.lower(), deleted=None, updated=self._database.now()
            )
            self._record(connection, by, "environment.undelete", f"{key.namespace}/{called}")
            return read_environment(connection, key.id)

    def describe(self, namespace: str, name: str, description: str) -> Environment:
        """Change the description.

        Raises
        ------
        EnvironmentNotFoundError
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            self._change(connection, key.id, description=description, updated=self._database.now())
            return read_environment(connection, key.id)

    def set_active(self, namespace: str, name: str, number: int, by: str = "") -> Environment:
        """Make a version the active one. Whether its prefix is there is for the caller to see to.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
            When there is no such version, or it was deleted.
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            version_id = find_version(connection, key, number)
            if version_id != key.active_version_id:
                # What waited is not offered any more when it, or what was made after it, becomes active.
                offered = case((EnvironmentRow.offered <= number, None), else_=EnvironmentRow.offered)
                self._change(
                    connection, key.id, active_version_id=version_id, offered=offered, updated=self._database.now()
                )
                self._record(connection, by, "environment.activate", f"{key.namespace}/{key.name}@{number}")
            return read_environment(connection, key.id)

    def _insert(self, connection: Connection, namespace: str, name: str, description: str, now: datetime) -> int:
        return inserted_id(
            connection.execute(
                insert(EnvironmentRow).values(
                    namespace_id=names.namespace_row(connection, namespace, now),
                    name=name,
                    key=name.lower(),
                    description=description,
                    last_number=0,
                    sequence=self._database.next_change(connection),
                    created=now,
                    updated=now,
                )
            )
        )

    def _record(self, connection: Connection, by: str, what: str, subject: str) -> None:
        record(connection, self._database, by, what, subject)

    def _change(self, connection: Connection, environment_id: int, **values: Any) -> None:
        connection.execute(
            update(EnvironmentRow)
            .where(EnvironmentRow.id == environment_id)
            .values(sequence=self._database.next_change(connection), **values)
        )


def write_cursor_of(row: tuple[int, Environment]) -> str:
    """Return the cursor after a row of the list."""
    return paging.write_cursor(row[1].updated, row[0])


def _namespace_id(namespace: str) -> Any:
    return select(NamespaceRow.id).where(NamespaceRow.key == namespace.lower()).scalar_subquery()


def _cancel_builds(database: Database, connection: Connection, environment_id: int, now: datetime) -> None:
    unfinished = (BuildRow.environment_id == environment_id, BuildRow.finished.is_(None))
    if not names.has_active_build(connection, environment_id):
        return
    sequence = database.next_change(connection)
    connection.execute(update(BuildRow).where(*unfinished).values(cancel_requested=True, sequence=sequence))
    connection.execute(
        update(BuildRow)
        .where(*unfinished, BuildRow.state == "queued")
        .values(state="cancelled", state_since=now, finished=now)
    )
