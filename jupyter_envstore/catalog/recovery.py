"""Find builds whose process died and see to them: once more, or a failure in words. Never a build left hanging."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from jupyter_envstore.catalog.build_rows import read_build
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.held_builds import HeldBuilds
from jupyter_envstore.catalog.held_rows import select_held
from jupyter_envstore.catalog.models import BuildRow
from jupyter_envstore.schemas import RUNNING_STATES, Build

GRACE = timedelta(seconds=20)
"""How long a living process whose lease ran out may still give a sign of life: it may just have been suspended."""

IsAlive = Callable[[str], "bool | None"]
"""Whether the process that calls itself so still runs; None when that cannot be known."""


class RecoverableBuilds(HeldBuilds):
    """Builds that are taken from dead workers."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._overdue: dict[int, tuple[datetime, datetime]] = {}

    def recover(self, is_alive: IsAlive = lambda worker: None) -> list[Build]:
        """Take builds from workers that are dead or whose lease ran out, and return what became of them.

        A build is queued again once (attempt 2) and the second time fails with the code ``interrupted``. One whose
        version exists already ends ``ready`` with the warning ``kernel_not_registered``, one that was to be cancelled
        ends so. A worker that lives gets a little longer than its lease.

        Parameters
        ----------
        is_alive
            Asked outside any transaction. An answer of False takes the build at once.
        """
        with self._database.reading() as connection:
            running = connection.execute(select_held().where(BuildRow.state.in_(RUNNING_STATES))).all()
        dead = [row for row in running if self._is_dead(row, is_alive)]
        for known in set(self._overdue) - {row.id for row in running}:
            self._overdue.pop(known, None)
        if not dead:
            return []
        recovered = []
        with self._database.writing() as connection:
            for row in dead:
                # It may have ended, given a sign of life or gone to another worker while we asked.
                now_held = connection.execute(
                    select_held().where(
                        BuildRow.id == row.id,
                        BuildRow.state.in_(RUNNING_STATES),
                        BuildRow.worker.is_not_distinct_from(row.worker),
                        BuildRow.heartbeat_at.is_not_distinct_from(row.heartbeat_at),
                    )
                ).one_or_none()
                if now_held is not None:
                    self._give_back(connection, now_held, dead_attempt=now_held.attempt)
                    recovered.append(read_build(connection, row.id))
        return recovered

    def _is_dead(self, row: Row[Any], is_alive: IsAlive) -> bool:
        alive = is_alive(row.worker) if row.worker else False
        if alive is False:
            return True
        now = self._database.now()
        if row.lease_until is not None and row.lease_until > now:
            self._overdue.pop(row.id, None)
            return False
        if alive is None:
            return True
        seen_beat, seen_at = self._overdue.get(row.id, (None, now))
        if seen_beat != row.heartbeat_at:
            # After a suspension every lease has run out, also those of the process that asks.
            self._overdue[row.id] = (row.heartbeat_at, now)
            return False
        return now - seen_at >= GRACE
