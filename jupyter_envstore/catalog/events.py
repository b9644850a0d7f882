"""The audit record: it is added to and read, never changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, select

from jupyter_envstore.catalog import paging
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.models import EventRow
from jupyter_envstore.schemas import AuditEvent, Page

_PAGE = Page[AuditEvent]  # kept, because pydantic makes the class again each time nobody holds it


class Events:
    """Queries about the audit record; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, who: str, what: str, subject: str, **details: Any) -> None:
        """Record that ``who`` did ``what`` to ``subject``; ``details`` are JSON values and hold no secret."""
        with self._database.writing() as connection:
            record(connection, self._database, who, what, subject, **details)

    def list(
        self, *, subject: str | None = None, limit: int = paging.DEFAULT_LIMIT, cursor: str | None = None
    ) -> Page[AuditEvent]:
        """Return what was done, the newest first; with ``subject`` only to that.

        Raises
        ------
        InvalidInputError
            For a limit or cursor that makes no sense.
        """
        paging.check_limit(limit)
        before = paging.read_id(cursor) if cursor else None
        where = [] if subject is None else [EventRow.subject == subject]
        query = select(
            EventRow.id, EventRow.created, EventRow.who, EventRow.what, EventRow.subject, EventRow.details
        ).where(*where)
        if before is not None:
            query = query.where(EventRow.id < before)
        with self._database.reading() as connection:
            total = connection.execute(select(func.count()).select_from(EventRow).where(*where)).scalar_one()
            rows = connection.execute(query.order_by(EventRow.id.desc()).limit(limit + 1)).all()
        items = [AuditEvent.model_validate(dict(row._mapping)) for row in rows[:limit]]
        following = paging.write_cursor(items[-1].id) if len(rows) > limit else None
        return _PAGE(items=items, next=following, total=total)


def record(connection: Connection, database: Database, who: str, what: str, subject: str, **details: Any) -> None:
    """Add to the record within a transaction, so that nothing is done unrecorded and nothing recorded undone."""
    connection.execute(
        insert(EventRow).values(created=database.now(), who=who, what=what, subject=subject, details=details)
    )
