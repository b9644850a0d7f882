"""Find environments by their names, which are compared without regard to case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from jupyter_envstore.catalog.database import inserted_id
from jupyter_envstore.catalog.models import AliasRow, BuildRow, EnvironmentRow, NamespaceRow
from jupyter_envstore.errors import EnvironmentNotFoundError, NameTakenError


@dataclass(frozen=True)
class EnvironmentKey:
    """What queries need of the environment that a name means."""

    id: int
    namespace: str
    name: str
    active_version_id: int | None
    last_number: int
    deleted: bool


def find(connection: Connection, namespace: str, name: str, *, include_deleted: bool = False) -> EnvironmentKey | None:
    """Return the environment of that very name, or None; among deleted ones the newest deletion counts."""
    query = _of_that_name(namespace, name)
    if include_deleted:
        query = query.order_by(EnvironmentRow.deleted.is_not(None), EnvironmentRow.deleted.desc()).limit(1)
    else:
        query = query.where(EnvironmentRow.deleted.is_(None))
    return _key(connection.execute(query).one_or_none())


def find_deleted(connection: Connection, namespace: str, name: str) -> EnvironmentKey | None:
    """Return the environment of that name that was deleted last, or None."""
    query = _of_that_name(namespace, name).where(EnvironmentRow.deleted.is_not(None))
    return _key(connection.execute(query.order_by(EnvironmentRow.deleted.desc()).limit(1)).one_or_none())


def find_renamed(connection: Connection, namespace: str, name: str) -> EnvironmentKey | None:
    """Return the environment that was called that before and is not deleted, or None."""
    former = (
        select(AliasRow.environment_id)
        .join(NamespaceRow, NamespaceRow.id == AliasRow.namespace_id)
        .where(NamespaceRow.key == namespace.lower(), AliasRow.key == name.lower())
    )
    query = _keys().where(EnvironmentRow.id.in_(former), EnvironmentRow.deleted.is_(None))
    return _key(connection.execute(query).one_or_none())


def find_shown(connection: Connection, namespace: str, name: str) -> EnvironmentKey | None:
    """Return the environment whose kernels are called that: one without a version has none yet to take the name for."""
    key = find(connection, namespace, name)
    return key if key is not None and key.last_number else find_renamed(connection, namespace, name) or key


def _of_that_name(namespace: str, name: str) -> Any:
    return _keys().where(NamespaceRow.key == namespace.lower(), EnvironmentRow.key == name.lower())


def _keys() -> Any:
    return select(
        EnvironmentRow.id,
        NamespaceRow.name,
        EnvironmentRow.name,
        EnvironmentRow.active_version_id,
        EnvironmentRow.last_number,
        EnvironmentRow.deleted,
    ).join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)


def _key(row: Any) -> EnvironmentKey | None:
    if row is None:
        return None
    return EnvironmentKey(row[0], row[1], row[2], row[3], row[4], row[5] is not None)


def get(connection: Connection, namespace: str, name: str, *, include_deleted: bool = False) -> EnvironmentKey:
    """Return the environment of that name; when none has it, the one that had it before it was renamed.

    Raises
    ------
    EnvironmentNotFoundError
    """
    key = find(connection, namespace, name, include_deleted=include_deleted)
    if key is None or key.deleted:
        key = find_renamed(connection, namespace, name) or key
    if key is None:
        raise EnvironmentNotFoundError(
            f"There is no environment {namespace}/{name}. `jupyter envstore list` shows those there are.",
            namespace=namespace,
            name=name,
        )
    return key


def namespace_row(connection: Connection, namespace: str, now: datetime) -> int:
    """Return the row id of a namespace, which is made when nothing was ever in it."""
    row_id = connection.execute(
        select(NamespaceRow.id).where(NamespaceRow.key == namespace.lower())
    ).scalar_one_or_none()
    if row_id is not None:
        return row_id
    return inserted_id(
        connection.execute(insert(NamespaceRow).values(name=namespace, key=namespace.lower(), created=now))
    )


def has_active_build(connection: Connection, environment_id: int) -> bool:
    """Tell whether a build of an environment waits or goes on."""
    query = select(BuildRow.id).where(BuildRow.environment_id == environment_id, BuildRow.finished.is_(None)).limit(1)
    return connection.execute(query).first() is not None


def taken(namespace: str, name: str) -> NameTakenError:
    """Return the error for a name that an environment has."""
    return NameTakenError(
        f"There is an environment {namespace}/{name} already (names are compared without regard to case). "
        "Choose another name, or edit or remove that one.",
        namespace=namespace,
        name=name,
    )


def held_by_build(namespace: str, name: str, environment: str) -> NameTakenError:
    """Return the error for a former name under which a build of the renamed ``environment`` still goes on."""
    return NameTakenError(
        f"{namespace}/{name} was the name of {environment}, which is being built. Wait until that build has ended, "
        "cancel it, or choose another name.",
        namespace=namespace,
        name=name,
        environment=environment,
    )
