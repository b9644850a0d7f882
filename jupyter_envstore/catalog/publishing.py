"""The birth of a version: it exists from here on, before any kernel does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from jupyter_envstore.catalog.aliases import take_name
from jupyter_envstore.catalog.database import Database, inserted_id
from jupyter_envstore.catalog.models import BuildRow, EnvironmentRow, NamespaceRow, VersionRow
from jupyter_envstore.catalog.prefixes import put_ready, touch_environments
from jupyter_envstore.catalog.version_rows import read_version
from jupyter_envstore.errors import BuildCancelledError, ConflictError
from jupyter_envstore.schemas import BuildRequest, Version

KINDS_WITH_VERSION = ("create", "edit", "update", "import", "restore")


def publish_version(
    connection: Connection,
    database: Database,
    held: Row[Any],
    *,
    prefix_hash: str,
    platform: str,
    size: int,
    files: int,
) -> Version:
    """Write prefix, version, number and activation for a build that its worker holds; see `HeldBuilds`.

    Parameters
    ----------
    connection
        In a transaction that writes.
    held
        The build's row.

    Raises
    ------
    BuildCancelledError
    ConflictError
    """
    if held.kind not in KINDS_WITH_VERSION:
        raise ConflictError(f"A build of the kind {held.kind} makes no version.", build=held.id)
    if held.version_id is not None:
        raise ConflictError(f"Build {held.id} has made its version already.", build=held.id)
    if held.lock_id is None:
        raise ConflictError(f"Build {held.id} has no lock yet, so it cannot make a version.", build=held.id)
    if held.cancel_requested:
        raise BuildCancelledError(f"Build {held.id} was cancelled.", build=held.id)
    now = database.now()
    prefix_id = put_ready(connection, database, prefix_hash, platform, size=size, files=files)
    touch_environments(connection, database, prefix_hash)
    of_environment = EnvironmentRow.id == held.environment_id
    # Counted on the environment, not taken from its versions: a number stays used when its version is gone. The update
    # comes before the read, so that on any database two builds of one environment take turns.
    connection.execute(
        update(EnvironmentRow)
        .where(of_environment)
        .values(last_number=EnvironmentRow.last_number + 1, sequence=database.next_change(connection), updated=now)
    )
    number, active_id = connection.execute(
        select(EnvironmentRow.last_number, EnvironmentRow.active_version_id).where(of_environment)
    ).one()
    if number == 1:
        take_name(connection, database, *_name(connection, held.environment_id), taker=held.environment_id)
    request = BuildRequest.model_validate(
        connection.execute(select(BuildRow.request).where(BuildRow.id == held.id)).scalar_one()
    )
    version_id = inserted_id(
        connection.execute(
            insert(VersionRow).values(
                environment_id=held.environment_id,
                number=number,
                specification=request.specification,
                message=held.message,
                author=held.author,
                lock_id=held.lock_id,
                prefix_id=prefix_id,
                parent_id=_parent(connection, held, request.parent),
                pinned=False,
                warnings=held.warnings,
                created=now,
            )
        )
    )
    if request.activate and active_id == held.base_version_id:
        changes: dict[str, Any] = {"active_version_id": version_id, "offered": None}
    else:
        changes = {"offered": number}
    connection.execute(update(EnvironmentRow).where(of_environment).values(**changes))
    connection.execute(update(BuildRow).where(BuildRow.id == held.id).values(version_id=version_id))
    return read_version(connection, database, version_id)


def _name(connection: Connection, environment_id: int) -> tuple[str, str]:
    query = select(NamespaceRow.name, EnvironmentRow.name).join(
        NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id
    )
    row = connection.execute(query.where(EnvironmentRow.id == environment_id)).one()
    return row[0], row[1]


def _parent(connection: Connection, held: Row[Any], number: int | None) -> int | None:
    """Return the row id of the version that this one was made from: the named one, or for an edit the active one."""
    if number is None:
        return held.base_version_id if held.kind in ("edit", "update") else None
    return connection.execute(
        select(VersionRow.id).where(VersionRow.environment_id == held.environment_id, VersionRow.number == number)
    ).scalar_one_or_none()
