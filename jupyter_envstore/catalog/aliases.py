"""Renaming, and the names that it leaves behind: each leads to its environment until another one takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import aliased

from jupyter_envstore.catalog import names
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.environment_rows import read_environment
from jupyter_envstore.catalog.events import record
from jupyter_envstore.catalog.meant_versions import keep_numbers
from jupyter_envstore.catalog.models import AliasRow, EnvironmentRow, NamespaceRow
from jupyter_envstore.references import check_name
from jupyter_envstore.schemas import Environment


@dataclass(frozen=True)
class Alias:
    """A name that an environment had before.

    Attributes
    ----------
    namespace, name
        The old name, as it was written.
    environment
        Namespace and name of the environment as it is called now.
    last_used
        When somebody used it, as far as the catalog was told.
    """

    namespace: str
    name: str
    environment: tuple[str, str]
    last_used: datetime

    @property
    def key(self) -> str:
        """``namespace/name`` in lower case."""
        return f"{self.namespace}/{self.name}".lower()


class Aliases:
    """Queries about former names; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def rename(self, namespace: str, name: str, new_namespace: str, new_name: str, by: str = "") -> Environment:
        """Give an environment another name, in its namespace or another; the present one becomes an alias.

        An alias of the new name goes once there is a version. Versions keep the specifications that they have, to the
        letter.

        Raises
        ------
        EnvironmentNotFoundError
        InvalidNameError
        NameTakenError
            When another environment is called that, in whatever case, or is being built under that name.
        """
        check_name(new_namespace, "namespace")
        check_name(new_name)
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            there = names.find(connection, new_namespace, new_name)
            if there is not None and there.id != key.id:
                raise names.taken(there.namespace, there.name)
            if there is not None and there.name == new_name:
                return read_environment(connection, key.id)
            now = self._database.now()
            if there is None:  # else it only changes between upper and lower case
                require_no_build(connection, new_namespace, new_name, taker=key.id)
                if key.last_number:
                    take_name(connection, self._database, new_namespace, new_name, taker=key.id)
                self._leave_name(connection, key, now)
            connection.execute(
                update(EnvironmentRow)
                .where(EnvironmentRow.id == key.id)
                .values(
                    namespace_id=names.namespace_row(connection, new_namespace, now),
                    name=new_name,
                    key=new_name.lower(),
                    updated=now,
                    sequence=self._database.next_change(connection),
                )
            )
            renamed = read_environment(connection, key.id)
            subject = f"{renamed.namespace}/{renamed.name}"
            record(
                connection,
                self._database,
                by,
                "environment.rename",
                subject,
                before=f"{key.namespace}/{key.name}",
            )
            return renamed

    def _leave_name(self, connection: Connection, key: names.EnvironmentKey, now: datetime) -> None:
        if not key.last_number and names.find_renamed(connection, key.namespace, key.name) is not None:
            if not names.has_active_build(connection, key.id):
                return  # it never had a kernel of that name, and another one still has
            _forget(connection, self._database, key.namespace, key.name)
        connection.execute(
            insert(AliasRow).values(
                namespace_id=names.namespace_row(connection, key.namespace, now),
                name=key.name,
                key=key.name.lower(),
                environment_id=key.id,
                created=now,
                last_used=now,
            )
        )

    def of(self, namespace: str, name: str) -> Sequence[Alias]:
        """Return the former names of an environment, also of one that was deleted; none for an unknown one."""
        with self._database.reading() as connection:
            key = names.find(connection, namespace, name) or names.find_deleted(connection, namespace, name)
            if key is None:
                return []
            return _read(connection, AliasRow.environment_id == key.id)

    def all(self) -> Sequence[Alias]:
        """Return the former names of all environments that are not deleted."""
        with self._database.reading() as connection:
            return _read(connection, EnvironmentRow.deleted.is_(None))

    def set_used(self, moments: Mapping[tuple[str, str], datetime]) -> None:
        """Remember when aliases (namespace, name) were used; no client is told."""
        if not moments:
            return
        with self._database.writing() as connection:
            for (namespace, name), moment in moments.items():
                connection.execute(
                    update(AliasRow)
                    .where(AliasRow.id.in_(_of_name(namespace, name)), AliasRow.last_used < moment)
                    .values(last_used=moment)
                )

    def drop_unused(self, before: datetime) -> Sequence[Alias]:
        """Forget aliases that nobody used since a moment, and return them."""
        with self._database.reading() as connection:
            if not _read(connection, AliasRow.last_used < before):
                return []
        with self._database.writing() as connection:
            gone = _read(connection, AliasRow.last_used < before)
            for alias in gone:
                _forget(connection, self._database, alias.namespace, alias.name)
            return gone


def require_no_build(connection: Connection, namespace: str, name: str, *, taker: int | None = None) -> None:
    """Return unless an environment that was called that before is being built.

    Parameters
    ----------
    taker
        Row id of the environment that gets the name, when it exists already.

    Raises
    ------
    NameTakenError
        The build may go on under the name that it was begun with.
    """
    led_to = connection.execute(
        select(AliasRow.environment_id).where(AliasRow.id.in_(_of_name(namespace, name)))
    ).scalar_one_or_none()
    if led_to is not None and led_to != taker and names.has_active_build(connection, led_to):
        environment = read_environment(connection, led_to)
        raise names.held_by_build(namespace, name, f"{environment.namespace}/{environment.name}")


def take_name(connection: Connection, database: Database, namespace: str, name: str, *, taker: int) -> None:
    """Let a name be that of an environment which has a version, whatever it led to before.

    An alias of that name is forgotten. What kernels are pinned to under that name stays what they mean.
    """
    removed = (
        select(EnvironmentRow.id)
        .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
        .where(NamespaceRow.key == namespace.lower(), EnvironmentRow.key == name.lower())
        .where(EnvironmentRow.deleted.is_not(None), EnvironmentRow.id != taker)
        .order_by(EnvironmentRow.id)
    )
    for environment_id in connection.execute(removed).scalars().all():
        keep_numbers(connection, environment_id, namespace, name)
    _forget(connection, database, namespace, name)


def _forget(connection: Connection, database: Database, namespace: str, name: str) -> None:
    one = AliasRow.id.in_(_of_name(namespace, name))
    row = connection.execute(select(AliasRow.environment_id, AliasRow.created).where(one)).one_or_none()
    if row is None:
        return
    keep_numbers(connection, row.environment_id, namespace, name, row.created)
    connection.execute(
        update(EnvironmentRow)
        .where(EnvironmentRow.id == row.environment_id)
        .values(sequence=database.next_change(connection))
    )
    connection.execute(delete(AliasRow).where(one))


def _of_name(namespace: str, name: str) -> Any:
    return (
        select(AliasRow.id)
        .join(NamespaceRow, NamespaceRow.id == AliasRow.namespace_id)
        .where(NamespaceRow.key == namespace.lower(), AliasRow.key == name.lower())
    )


def _read(connection: Connection, which: Any) -> list[Alias]:
    former = aliased(NamespaceRow)
    query: Any = (
        select(former.name, AliasRow.name, NamespaceRow.name, EnvironmentRow.name, AliasRow.last_used)
        .join(former, former.id == AliasRow.namespace_id)
        .join(EnvironmentRow, EnvironmentRow.id == AliasRow.environment_id)
        .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
        .where(which)
        .order_by(AliasRow.id)
    )
    return [Alias(row[0], row[1], (row[2], row[3]), row[4]) for row in connection.execute(query)]
