"""Environments as the catalog reads them: state, counts and shown build, for one or for a page, in two statements."""

from __future__ import annotations

import functools
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select
from sqlalchemy.orm import aliased

from jupyter_envstore.catalog.build_rows import read_builds
from jupyter_envstore.catalog.locks import part_of
from jupyter_envstore.catalog.models import BuildRow, EnvironmentRow, LockRow, NamespaceRow, PrefixRow, VersionRow
from jupyter_envstore.schemas import Environment


def read_environment(connection: Connection, environment_id: int) -> Environment:
    """Return the environment with that row id, which must exist."""
    return read_environments(connection, EnvironmentRow.id == environment_id)[0][1]


def read_environments(connection: Connection, which: ColumnElement[bool]) -> list[tuple[int, Environment]]:
    """Return ids and environments with two statements, those changed last first."""
    rows = connection.execute(select_environments().where(which)).all()
    builds = read_builds(connection, [row.build_id for row in rows if row.build_id is not None])
    found = []
    for row in rows:
        count, size = part_of(row.platforms, row.platform)
        found.append(
            (
                row.id,
                Environment(
                    namespace=row.namespace,
                    name=row.name,
                    description=row.description,
                    state=row.state,
                    active_version=row.number,
                    package_count=count,
                    size=size,
                    schedule=row.schedule or "off",
                    next_update=row.next_update,
                    offered_version=row.offered_version,
                    build=builds.get(row.build_id),
                    created=row.created,
                    updated=row.updated,
                    deleted=row.deleted,
                ),
            )
        )
    return found


@functools.cache
def select_environments() -> Select[Any]:
    """Return the statement for what a list shows, each environment with its active build, else its last one."""
    inner, offered = aliased(BuildRow), aliased(VersionRow)
    active_build = (
        select(func.max(inner.id))
        .where(inner.environment_id == EnvironmentRow.id, inner.finished.is_(None))
        .correlate(EnvironmentRow)
        .scalar_subquery()
    )
    last_build = (
        select(func.max(inner.id))
        .where(inner.environment_id == EnvironmentRow.id)
        .correlate(EnvironmentRow)
        .scalar_subquery()
    )
    shown = case((BuildRow.finished.is_(None), BuildRow.id), (BuildRow.state == "failed", BuildRow.id), else_=None)
    state = case(
        (BuildRow.id.is_not(None) & BuildRow.finished.is_(None), "building"),
        (EnvironmentRow.active_version_id.is_not(None), func.coalesce(PrefixRow.state, "freed")),
        ((EnvironmentRow.last_number == 0) & (BuildRow.state == "failed"), "failed"),
        else_="empty",
    )
    query: Any = (
        select(
            EnvironmentRow.id,
            NamespaceRow.name.label("namespace"),
            EnvironmentRow.name,
            EnvironmentRow.description,
            state.label("state"),
            VersionRow.number,
            LockRow.platforms,
            PrefixRow.platform,
            shown.label("build_id"),
            EnvironmentRow.schedule,
            EnvironmentRow.next_update,
            offered.number.label("offered_version"),
            EnvironmentRow.created,
            EnvironmentRow.updated,
            EnvironmentRow.deleted,
        )
        .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
        .outerjoin(VersionRow, VersionRow.id == EnvironmentRow.active_version_id)
        .outerjoin(LockRow, LockRow.id == VersionRow.lock_id)
        .outerjoin(PrefixRow, PrefixRow.id == VersionRow.prefix_id)
        .outerjoin(
            offered,
            and_(
                offered.environment_id == EnvironmentRow.id,
                offered.number == EnvironmentRow.offered,
                offered.deleted.is_(None),
            ),
        )
        .outerjoin(BuildRow, BuildRow.id == func.coalesce(active_build, last_build))
        .order_by(EnvironmentRow.updated.desc(), EnvironmentRow.id.desc())
    )
    return query  # type: ignore[no-any-return]
