"""Updates that are planned: which environments want one, and when the next one is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from jupyter_envstore.catalog import names
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.environment_rows import read_environment
from jupyter_envstore.catalog.events import record
from jupyter_envstore.catalog.models import EnvironmentRow, NamespaceRow, VersionRow
from jupyter_envstore.schemas import Environment, Schedule

INTERVALS: dict[Schedule, timedelta] = {"weekly": timedelta(days=7)}
MOST_AT_ONCE = 20
"""How many due environments are looked at in one turn; the others follow in the next."""


class Schedules:
    """Queries about planned updates; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, namespace: str, name: str, schedule: Schedule, by: str = "") -> Environment:
        """Plan updates of an environment, or no longer. What is planned already keeps its time.

        The first one is due when the active version is as old as the interval: at once for one that is older.

        Raises
        ------
        EnvironmentNotFoundError
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            planned = connection.execute(
                select(EnvironmentRow.schedule).where(EnvironmentRow.id == key.id)
            ).scalar_one()
            wanted = None if schedule == "off" else schedule
            if wanted != planned:
                due = None if wanted is None else self._first(connection, key.active_version_id, INTERVALS[schedule])
                self._change(connection, key.id, schedule=wanted, next_update=due)
                record(connection, self._database, by, "environment.schedule", f"{key.namespace}/{key.name}")
            return read_environment(connection, key.id)

    def due(self) -> list[tuple[str, str]]:
        """Return namespaces and names of the environments whose update is due, those that wait longest first."""
        query = (
            select(NamespaceRow.name, EnvironmentRow.name)
            .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
            .where(EnvironmentRow.next_update <= self._database.now(), EnvironmentRow.deleted.is_(None))
            .order_by(EnvironmentRow.next_update)
            .limit(MOST_AT_ONCE)
        )
        with self._database.reading() as connection:
            return [(row[0], row[1]) for row in connection.execute(query)]

    def take(self, namespace: str, name: str) -> bool:
        """Plan the next update of an environment and return True, when one is still due that has now to be queued.

        Do both in one ``catalog.transaction()``: of several servers that ask at once, one gets it. While a build of the
        environment goes on nobody does, and it stays due.

        Raises
        ------
        EnvironmentNotFoundError
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            now = self._database.now()
            planned = connection.execute(
                select(EnvironmentRow.schedule, EnvironmentRow.next_update).where(EnvironmentRow.id == key.id)
            ).one()
            if planned.next_update is None or planned.next_update > now:
                return False
            if names.has_active_build(connection, key.id):
                return False
            # From now on, not from when it was due: after a month without a server one update is enough.
            self._change(connection, key.id, next_update=now + INTERVALS[planned.schedule])
            return key.active_version_id is not None

    def _first(self, connection: Connection, version_id: int | None, interval: timedelta) -> datetime:
        now = self._database.now()
        if version_id is None:
            return now + interval
        made = connection.execute(select(VersionRow.created).where(VersionRow.id == version_id)).scalar_one()
        return max(now, made + interval)

    def _change(self, connection: Connection, environment_id: int, **values: Any) -> None:
        connection.execute(
            update(EnvironmentRow)
            .where(EnvironmentRow.id == environment_id)
            .values(sequence=self._database.next_change(connection), **values)
        )
