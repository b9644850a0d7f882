"""Find environments by their names, which are compared without regard to case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from jupyter_envstore.catalog.models import EnvironmentRow, NamespaceRow
from jupyter_envstore.errors import EnvironmentNotFoundError


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
    """Return the environment of that name, or None; among deleted ones the newest deletion counts."""
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


def _of_that_name(namespace: str, name: str) -> Any:
    return (
        select(
            EnvironmentRow.id,
            NamespaceRow.name,
            EnvironmentRow.name,
            EnvironmentRow.active_version_id,
            EnvironmentRow.last_number,
            EnvironmentRow.deleted,
        )
        .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
        .where(NamespaceRow.key == namespace.lower(), EnvironmentRow.key == name.lower())
    )


def _key(row: Any) -> EnvironmentKey | None:
    if row is None:
        return None
    return EnvironmentKey(row[0], row[1], row[2], row[3], row[4], row[5] is not None)


def get(connection: Connection, namespace: str, name: str, *, include_deleted: bool = False) -> EnvironmentKey:
    """Return the environment of that name.

    Raises
    ------
    EnvironmentNotFoundError
    """
    key = find(connection, namespace, name, include_deleted=include_deleted)
    if key is None:
        raise EnvironmentNotFoundError(
            f"There is no environment {namespace}/{name}. `jupyter envstore list` shows those there are.",
            namespace=namespace,
            name=name,
        )
    return key
