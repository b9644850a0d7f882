"""Builds as the catalog reads them: the columns of a `Build`, in one place for all queries that answer one."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from jupyter_envstore.catalog.models import BuildRow, EnvironmentRow, NamespaceRow, VersionRow
from jupyter_envstore.errors import BuildNotFoundError
from jupyter_envstore.schemas import Build


@functools.cache
def select_builds() -> Select[Any]:
    """Return the statement whose rows `build_of` reads; made once, since making one takes longer than running it."""
    return (
        select(
            BuildRow.id,
            NamespaceRow.name.label("namespace"),
            EnvironmentRow.name,
            BuildRow.kind,
            BuildRow.state,
            BuildRow.progress,
            BuildRow.message,
            BuildRow.author,
            VersionRow.number.label("version"),
            BuildRow.error,
            BuildRow.warnings,
            BuildRow.seconds,
            BuildRow.attempt,
            BuildRow.cancel_requested,
            BuildRow.retried_as,
            BuildRow.sequence,
            BuildRow.created,
            BuildRow.started,
            BuildRow.finished,
        )
        .join(EnvironmentRow, EnvironmentRow.id == BuildRow.environment_id)
        .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
        .outerjoin(VersionRow, VersionRow.id == BuildRow.version_id)
    )


def build_of(row: Row[Any]) -> Build:
    """Return what travels."""
    return Build.model_validate(dict(row._mapping))


def read_build(connection: Connection, build_id: int) -> Build:
    """Return the build.

    Raises
    ------
    BuildNotFoundError
    """
    row = connection.execute(select_builds().where(BuildRow.id == build_id)).one_or_none()
    if row is None:
        raise build_missing(build_id)
    return build_of(row)


def read_builds(connection: Connection, ids: Iterable[int]) -> dict[int, Build]:
    """Return those of the builds that exist, by id, with one statement."""
    rows = connection.execute(select_builds().where(BuildRow.id.in_(list(ids))))
    return {row.id: build_of(row) for row in rows}


def stored_id(build_id: int) -> int:
    """Return an id that the database can be asked for: one too large for it becomes one that never exists."""
    return build_id if 0 < build_id < 2**63 else 0


def build_missing(build_id: int) -> BuildNotFoundError:
    """Return the error for a build that does not exist."""
    return BuildNotFoundError(f"There is no build {build_id}. `jupyter envstore builds` lists them.", build=build_id)
