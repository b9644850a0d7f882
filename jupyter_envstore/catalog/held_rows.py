"""What the writes of a build's worker read first, and what a new state changes."""

from __future__ import annotations

import functools
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from jupyter_envstore.catalog.models import BuildRow
from jupyter_envstore.schemas import RUNNING_STATES, BuildState


@functools.cache
def select_held() -> Select[Any]:
    """Return the statement for what a worker's writes need to know of a build."""
    return select(
        BuildRow.id,
        BuildRow.environment_id,
        BuildRow.kind,
        BuildRow.state,
        BuildRow.state_since,
        BuildRow.progress,
        BuildRow.message,
        BuildRow.author,
        BuildRow.lock_id,
        BuildRow.base_version_id,
        BuildRow.version_id,
        BuildRow.warnings,
        BuildRow.seconds,
        BuildRow.attempt,
        BuildRow.cancel_requested,
        BuildRow.started,
        BuildRow.worker,
        BuildRow.heartbeat_at,
        BuildRow.lease_until,
    )


def is_later(state: BuildState, present: str) -> bool:
    """Tell whether a build in the state ``present`` still has ``state`` before it."""
    if state not in RUNNING_STATES:
        raise ValueError(f"{state} is no state in which a build runs")
    return RUNNING_STATES.index(state) > [*map(str, RUNNING_STATES)].index(present)


def state_change(row: Row[Any], state: BuildState, now: datetime) -> dict[str, Any]:
    """Return the columns that a new state changes: the state, since when, and how long the one before took."""
    spent = max(0.0, (now - row.state_since).total_seconds())
    seconds = {**row.seconds, row.state: round(row.seconds.get(row.state, 0.0) + spent, 3)}
    return {"state": state, "state_since": now, "seconds": seconds}
