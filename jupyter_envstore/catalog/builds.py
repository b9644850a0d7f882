"""Builds as people see them: ask for one, read it, cancel it, ask again. What works on one is in `held_builds`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, union_all, update

from jupyter_envstore.catalog import names, paging
from jupyter_envstore.catalog.build_rows import build_missing, build_of, read_build, select_builds, stored_id
from jupyter_envstore.catalog.database import Database, inserted_id
from jupyter_envstore.catalog.models import BuildRow, EnvironmentRow, LockRow
from jupyter_envstore.catalog.recovery import RecoverableBuilds
from jupyter_envstore.catalog.totals import Totals
from jupyter_envstore.catalog.version_rows import find_version
from jupyter_envstore.errors import ConflictError, EnvironmentNotFoundError
from jupyter_envstore.schemas import Build, BuildKind, BuildProgress, BuildRequest, Machine, Page

_PAGE = Page[Build]  # kept, because pydantic makes the class again each time nobody holds it


class Builds(RecoverableBuilds):
    """All queries about builds; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._totals = Totals(database)

    def enqueue(self, namespace: str, name: str, kind: BuildKind, request: BuildRequest, author: str = "") -> Build:
        """Queue a build in an environment that exists, and remember which version is active now.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
            When the request names a parent that does not exist.
        """
        with self._database.writing() as connection:
            key = names.get(connection, namespace, name)
            if request.parent is not None:
                find_version(connection, key, request.parent)
            return self._insert(connection, key, kind, request, author)

    def get(self, build_id: int) -> Build:
        """Return a build.

        Raises
        ------
        BuildNotFoundError
        """
        with self._database.reading() as connection:
            return read_build(connection, stored_id(build_id))

    def request(self, build_id: int) -> BuildRequest:
        """Return what a build was asked to do.

        Raises
        ------
        BuildNotFoundError
        """
        with self._database.reading() as connection:
            row = connection.execute(select(BuildRow.request).where(BuildRow.id == stored_id(build_id))).one_or_none()
        if row is None:
            raise build_missing(build_id)
        return BuildRequest.model_validate(row[0])

    def machine_of(self, namespace: str, name: str, number: int) -> Machine | None:
        """Return the machine that made the files of a version first, or None when that was not recorded.

        Raises
        ------
        EnvironmentNotFoundError, VersionNotFoundError
        """
        with self._database.reading() as connection:
            version = find_version(connection, names.get(connection, namespace, name), number)
            query = select(BuildRow.machine).where(BuildRow.version_id == version).order_by(BuildRow.id).limit(1)
            told = connection.execute(query).scalar_one_or_none()
        return Machine.model_validate(told) if told else None

    def lock_of(self, build_id: int) -> str | None:
        """Return the hash of the lock that a build made or was given, or None before that.

        Raises
        ------
        BuildNotFoundError
        """
        query = select(LockRow.hash).select_from(BuildRow).outerjoin(LockRow, LockRow.id == BuildRow.lock_id)
        with self._database.reading() as connection:
            row = connection.execute(query.where(BuildRow.id == stored_id(build_id))).one_or_none()
        if row is None:
            raise build_missing(build_id)
        return row[0]

    def list(
        self,
        *,
        states: Sequence[str] = (),
        namespace: str | None = None,
        name: str | None = None,
        limit: int = paging.DEFAULT_LIMIT,
        cursor: str | None = None,
    ) -> Page[Build]:
        """Return builds, the newest first; two statements however many.

        Parameters
        ----------
        states
            Only those in one of these; empty: all.
        namespace, name
            Only those of this environment (both or neither), a deleted one too.

        Raises
        ------
        EnvironmentNotFoundError
        InvalidInputError
            For a limit or cursor that makes no sense.
        """
        paging.check_limit(limit)
        before = paging.read_id(cursor) if cursor else None
        where: Any = []
        version = self._totals.version()
        with self._database.reading() as connection:
            if namespace is not None and name is not None:
                key = names.get(connection, namespace, name, include_deleted=True)
                where.append(BuildRow.environment_id == key.id)
            counted = [*where, BuildRow.state.in_(states)] if states else where
            total = self._totals.count(
                connection,
                version,
                (namespace, name, tuple(states)),
                select(func.count()).select_from(BuildRow).where(*counted),
            )
            if before is not None:
                where.append(BuildRow.id < before)
            page = _newest(where, states, limit + 1)
            rows = connection.execute(select_builds().where(BuildRow.id.in_(page)).order_by(BuildRow.id.desc())).all()
        items = [build_of(row) for row in rows[:limit]]
        following = paging.write_cursor(items[-1].id) if len(rows) > limit else None
        return _PAGE(items=items, next=following, total=total)

    def request_cancel(self, build_id: int) -> Build:
        """Cancel a build that waits; ask the worker of one that runs to stop. Return it as it is then.

        One that has ended, or whose version exists already, goes on as it was: look at the answer.

        Raises
        ------
        BuildNotFoundError
        """
        with self._database.writing() as connection:
            build = read_build(connection, stored_id(build_id))
            if build.state == "queued":
                self._end(connection, build_id, "cancelled", cancel_requested=True)
            elif build.finished is None and build.version is None and not build.cancel_requested:
                self._change(connection, build_id, cancel_requested=True)
            return read_build(connection, build_id)

    def cancel_requested(self, build_ids: Iterable[int]) -> tuple[int, ...]:
        """Return those of the builds that somebody wants to end."""
        ids = list(build_ids)
        if not ids:
            return ()
        query = select(BuildRow.id).where(BuildRow.id.in_(ids), BuildRow.cancel_requested).order_by(BuildRow.id)
        with self._database.reading() as connection:
            return tuple(connection.execute(query).scalars())

    def retry(self, build_id: int, author: str = "") -> Build:
        """Queue the same request again and return the new build; the old one says ``retried_as``.

        Raises
        ------
        BuildNotFoundError
        ConflictError
            When the build has not failed and was not cancelled, or was retried already.
        EnvironmentNotFoundError
            When its environment was deleted meanwhile.
        """
        with self._database.writing() as connection:
            build = read_build(connection, stored_id(build_id))
            if build.state not in ("failed", "cancelled"):
                what = "is still going on" if build.finished is None else "succeeded"
                raise ConflictError(f"Build {build_id} {what}; only one that failed can be retried.", build=build_id)
            if build.retried_as is not None:
                raise ConflictError(
                    f"Build {build_id} was retried already, as build {build.retried_as}.",
                    build=build_id,
                    retried_as=build.retried_as,
                )
            environment_id, request = connection.execute(
                select(BuildRow.environment_id, BuildRow.request).where(BuildRow.id == build_id)
            ).one()
            key = names.find(connection, build.namespace, build.name)
            if key is None or key.id != environment_id:
                raise EnvironmentNotFoundError(
                    f"The environment {build.namespace}/{build.name} of build {build_id} was removed. "
                    "Undelete it first.",
                    namespace=build.namespace,
                    name=build.name,
                )
            new = self._insert(connection, key, build.kind, BuildRequest.model_validate(request), author)
            self._change(connection, build_id, retried_as=new.id)
            return new

    def _insert(
        self,
        connection: Connection,
        key: names.EnvironmentKey,
        kind: BuildKind,
        request: BuildRequest,
        author: str,
    ) -> Build:
        now = self._database.now()
        sequence = self._database.next_change(connection)
        build_id = inserted_id(
            connection.execute(
                insert(BuildRow).values(
                    environment_id=key.id,
                    kind=kind,
                    state="queued",
                    state_since=now,
                    request=request.model_dump(),
                    progress=BuildProgress().model_dump(),
                    message=request.message,
                    author=author,
                    base_version_id=key.active_version_id,
                    warnings=[],
                    seconds={},
                    attempt=1,
                    cancel_requested=False,
                    sequence=sequence,
                    created=now,
                )
            )
        )
        connection.execute(update(EnvironmentRow).where(EnvironmentRow.id == key.id).values(sequence=sequence))
        return read_build(connection, build_id)


def _newest(where: Sequence[Any], states: Sequence[str], limit: int) -> Select[Any]:
    """Return the ids of the newest builds that match.

    One limited query a state, each of which an index answers in order: with ``state IN (…)`` SQLite would read and
    sort every build there ever was in one of the states.
    """
    if not states:
        return select(BuildRow.id).where(*where).order_by(BuildRow.id.desc()).limit(limit)
    each = [
        select(
            select(BuildRow.id)
            .where(*where, BuildRow.state == state)
            .order_by(BuildRow.id.desc())
            .limit(limit)
            .subquery()
            .c.id
        )
        for state in dict.fromkeys(states)
    ]
    merged = union_all(*each).subquery()
    return select(merged.c.id).order_by(merged.c.id.desc()).limit(limit)
