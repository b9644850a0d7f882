"""Builds as the process sees them that works on one: claim, report, end.

A worker holds a build by a lease. Whoever finds the lease run out may give the build to another; from then on every
write of the first is refused with `LeaseLostError`, so that it stops and two never write the same build.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from jupyter_envstore.catalog.build_rows import read_build
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.held_rows import is_later, select_held, state_change
from jupyter_envstore.catalog.models import BuildRow, EnvironmentRow, LockRow, VersionRow
from jupyter_envstore.catalog.publishing import publish_version
from jupyter_envstore.errors import ConflictError, EnvStoreError, LeaseLostError, NotFoundError
from jupyter_envstore.schemas import RUNNING_STATES, Build, BuildProgress, BuildState, ErrorReport, Machine, Version

LEASE_SECONDS = 30.0
"""How long a build is held after the last sign of life."""
KERNEL_NOT_REGISTERED = ErrorReport(
    code="kernel_not_registered",
    message="The version is ready, but the process that built it ended before its kernel was set up. It is set up when "
    "the server starts or the next build runs.",
)


class HeldBuilds:
    """Queries of a build's worker; each method is one transaction. ``worker`` names the process that asks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self, worker: str, *, max_running: int, lease_seconds: float = LEASE_SECONDS, only: int | None = None
    ) -> Build | None:
        """Take the build that waits longest, or None when none waits or enough are running in the whole store.

        Parameters
        ----------
        max_running
            How many builds may run at once, counting those of all processes whose lease has not run out.
        only
            Take no other build than this one.
        """
        waiting = select(BuildRow.id).where(BuildRow.state == "queued").order_by(BuildRow.id).limit(1)
        if only is not None:
            waiting = waiting.where(BuildRow.id == only)
        with self._database.reading() as connection:
            # Most of the time nothing waits, and then no other writer should have to.
            if connection.execute(waiting).first() is None:
                return None
        with self._database.writing() as connection:
            now = self._database.now()
            running = connection.execute(
                select(func.count())
                .select_from(BuildRow)
                .where(BuildRow.state.in_(RUNNING_STATES), BuildRow.lease_until > now)
            ).scalar_one()
            build_id = connection.execute(waiting).scalar_one_or_none()
            if running >= max_running or build_id is None:
                return None
            row = connection.execute(select_held().where(BuildRow.id == build_id)).one()
            self._change(
                connection,
                build_id,
                **state_change(row, "locking", now),
                started=row.started or now,
                worker=worker,
                heartbeat_at=now,
                lease_until=now + timedelta(seconds=lease_seconds),
            )
            return read_build(connection, build_id)

    def heartbeat(self, build_id: int, worker: str, *, lease_seconds: float = LEASE_SECONDS) -> bool:
        """Prolong the lease; False when the build is not the worker's (any more). No client is told of it."""
        now = self._database.now()
        with self._database.writing() as connection:
            done = connection.execute(
                update(BuildRow)
                .where(BuildRow.id == build_id, BuildRow.worker == worker, BuildRow.state.in_(RUNNING_STATES))
                .values(heartbeat_at=now, lease_until=now + timedelta(seconds=lease_seconds))
            )
            return done.rowcount == 1

    def set_state(self, build_id: int, worker: str, state: BuildState) -> None:
        """Go on to a running state; an earlier one than the present is passed over.

        Raises
        ------
        LeaseLostError
        """
        with self._database.writing() as connection:
            held = self._held(connection, build_id, worker)
            if is_later(state, held.state):
                self._change(connection, build_id, **state_change(held, state, self._database.now()))

    def set_progress(self, build_id: int, worker: str, state: BuildState, progress: BuildProgress) -> None:
        """Report how far the build is. Neither the state nor the fraction ever goes back.

        Raises
        ------
        LeaseLostError
        """
        with self._database.writing() as connection:
            held = self._held(connection, build_id, worker)
            values = progress.model_dump()
            values["fraction"] = min(1.0, max(progress.fraction, held.progress.get("fraction", 0.0)))
            change = state_change(held, state, self._database.now()) if is_later(state, held.state) else {}
            self._change(connection, build_id, progress=values, **change)

    def set_lock(self, build_id: int, worker: str, lock_hash: str, specification: str | None = None) -> None:
        """Say which lock the build uses; `Locks.put` comes first.

        ``specification`` is what the version will say that it was made for, where that is known better by now.

        Raises
        ------
        LeaseLostError
        NotFoundError
            When the lock is not kept.
        """
        with self._database.writing() as connection:
            self._held(connection, build_id, worker)
            if specification is not None:
                asked = connection.execute(select(BuildRow.request).where(BuildRow.id == build_id)).scalar_one()
                self._change(connection, build_id, request={**asked, "specification": specification})
            lock_id = connection.execute(select(LockRow.id).where(LockRow.hash == lock_hash)).scalar_one_or_none()
            if lock_id is None:
                raise NotFoundError(f"The catalog has no lock {lock_hash[:80]!a}.", build=build_id)
            self._change(connection, build_id, lock_id=lock_id)

    def set_machine(self, build_id: int, worker: str, machine: Machine) -> None:
        """Say on which kind of machine the build goes on.

        Raises
        ------
        LeaseLostError
        """
        with self._database.writing() as connection:
            self._held(connection, build_id, worker)
            self._change(connection, build_id, machine=machine.model_dump(mode="json"))

    def add_warning(self, build_id: int, worker: str, code: str, message: str, **details: Any) -> None:
        """Add something that a person should know though the build goes on.

        Raises
        ------
        LeaseLostError
        """
        with self._database.writing() as connection:
            held = self._held(connection, build_id, worker)
            self._warn(connection, held, ErrorReport(code=code, message=message, details=details))

    def publish_version(
        self, build_id: int, worker: str, *, prefix_hash: str, platform: str, size: int, files: int
    ) -> Version:
        """Make the version: the one transaction that marks its prefix as ready and gives the number.

        The build goes on to ``registering``. The new version becomes active (``version.active``) unless the active
        version changed since the build was queued.

        Parameters
        ----------
        prefix_hash, platform, size, files
            The prefix on disk: its content hash, conda platform, bytes and number of files.

        Raises
        ------
        LeaseLostError
        BuildCancelledError
            When somebody asked for the build's end before: then no version is made.
        ConflictError
            When the build has made its version, has no lock yet, or is of a kind that makes none.
        """
        with self._database.writing() as connection:
            held = self._held(connection, build_id, worker)
            version = publish_version(
                connection, self._database, held, prefix_hash=prefix_hash, platform=platform, size=size, files=files
            )
            fresh = self._held(connection, build_id, worker)
            self._change(connection, build_id, **state_change(fresh, "registering", self._database.now()))
            return version

    def finish(self, build_id: int, worker: str) -> Build:
        """End the build as ``ready``.

        Raises
        ------
        LeaseLostError
        """
        with self._database.writing() as connection:
            held = self._held(connection, build_id, worker)
            progress = {**held.progress, "fraction": 1.0}
            self._end(connection, build_id, "ready", progress=progress)
            return read_build(connection, build_id)

    def fail(self, build_id: int, worker: str, error: EnvStoreError) -> Build:
        """End the build as ``failed``; one whose version exists ends ``ready``, the error is a warning then.

        Raises
        ------
        LeaseLostError
        """
        with self._database.writing() as connection:
            held = self._held(connection, build_id, worker)
            report = ErrorReport.model_validate(error.to_dict())
            if held.version_id is not None:
                self._warn(connection, held, report)
                self._end(connection, build_id, "ready")
            else:
                self._end(connection, build_id, "failed", error=report.model_dump())
            return read_build(connection, build_id)

    def finish_cancelled(self, build_id: int, worker: str) -> Build:
        """End the build as ``cancelled``.

        Raises
        ------
        LeaseLostError
        ConflictError
            When its version exists already: then it cannot be as if it had not been.
        """
        with self._database.writing() as connection:
            held = self._held(connection, build_id, worker)
            if held.version_id is not None:
                raise ConflictError(f"Build {build_id} made its version before it was cancelled.", build=build_id)
            self._end(connection, build_id, "cancelled")
            return read_build(connection, build_id)

    def requeue(self, build_id: int, worker: str) -> Build:
        """Give the build back because the process stops as it should; that does not count as an attempt.

        One that somebody wants cancelled ends so; one whose version exists ends ``ready`` with a warning.

        Raises
        ------
        LeaseLostError
        """
        with self._database.writing() as connection:
            self._give_back(connection, self._held(connection, build_id, worker), dead_attempt=None)
            return read_build(connection, build_id)

    def _give_back(self, connection: Connection, held: Row[Any], *, dead_attempt: int | None) -> None:
        """Take the build from its worker; with ``dead_attempt`` the worker is dead, and the second such is the last."""
        if held.version_id is not None:
            self._warn(connection, held, KERNEL_NOT_REGISTERED)
            self._end(connection, held.id, "ready")
        elif held.cancel_requested:
            self._end(connection, held.id, "cancelled")
        elif dead_attempt is not None and dead_attempt >= 2:
            error = ErrorReport(
                code="interrupted",
                message="The process that ran the build ended before the build did, twice. Its log may say why; "
                "retry it when the reason is gone.",
            )
            self._end(connection, held.id, "failed", error=error.model_dump())
        else:
            self._change(
                connection,
                held.id,
                **state_change(held, "queued", self._database.now()),
                attempt=held.attempt if dead_attempt is None else dead_attempt + 1,
                progress=BuildProgress().model_dump(),
                worker=None,
                heartbeat_at=None,
                lease_until=None,
            )

    def _held(self, connection: Connection, build_id: int, worker: str) -> Row[Any]:
        held = connection.execute(
            select_held().where(BuildRow.id == build_id, BuildRow.worker == worker, BuildRow.state.in_(RUNNING_STATES))
        ).one_or_none()
        if held is None:
            raise LeaseLostError(
                f"Build {build_id} is not this process's any more: another one has taken it over, or it has ended.",
                build=build_id,
            )
        return held

    def _warn(self, connection: Connection, held: Row[Any], report: ErrorReport) -> None:
        warnings = [*held.warnings, report.model_dump()]
        self._change(connection, held.id, warnings=warnings)
        if held.version_id is not None:
            connection.execute(update(VersionRow).where(VersionRow.id == held.version_id).values(warnings=warnings))

    def _end(self, connection: Connection, build_id: int, state: BuildState, **values: Any) -> None:
        now = self._database.now()
        row = connection.execute(select_held().where(BuildRow.id == build_id)).one()
        self._change(
            connection,
            build_id,
            **state_change(row, state, now),
            finished=now,
            worker=None,
            heartbeat_at=None,
            lease_until=None,
            **values,
        )

    def _change(self, connection: Connection, build_id: int, **values: Any) -> None:
        sequence = self._database.next_change(connection)
        connection.execute(update(BuildRow).where(BuildRow.id == build_id).values(sequence=sequence, **values))
        if "state" in values:
            # What a list shows of the environment depends on the state of its build.
            environment = select(BuildRow.environment_id).where(BuildRow.id == build_id).scalar_subquery()
            connection.execute(update(EnvironmentRow).where(EnvironmentRow.id == environment).values(sequence=sequence))
