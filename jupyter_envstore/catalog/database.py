"""Transactions on the catalog: the one place that begins and ends them.

Every query module gets its connection here. A transaction belongs to a thread; one that is open is joined by what
is called within it. Nothing slow (network, files, waiting for a process) may happen inside one.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, select, update
from sqlalchemy.exc import DBAPIError

from jupyter_envstore.catalog.engine import BUSY_SECONDS, WRITES
from jupyter_envstore.catalog.faults import explain
from jupyter_envstore.catalog.models import CounterRow

CHANGE_COUNTER = "change"


def inserted_id(result: CursorResult[Any]) -> int:
    """Return the id that a new row was given."""
    key = result.inserted_primary_key
    assert key is not None, "the statement inserted one row"
    return int(key[0])


def utc_now() -> datetime:
    """Return this moment."""
    return datetime.now(timezone.utc)


class Database:
    """An engine with this program's rules for using it.

    Parameters
    ----------
    engine
        Where the catalog is.
    name
        How it is named in messages.
    path
        The SQLite file, or None for another database.
    clock
        What gives the time; tests set it.
    prefix_path
        Gives the folder of a prefix by its hash, or None when the folder is not known here.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        name: str,
        path: Path | None,
        clock: Callable[[], datetime] = utc_now,
        prefix_path: Callable[[str], Path] | None = None,
    ) -> None:
        self.engine = engine
        self.name = name
        self.path = path
        self.now = clock
        self.prefix_path = prefix_path
        self._thread = threading.local()
        self._watch: sqlite3.Connection | None = None
        self._watch_lock = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which all reads see the catalog of one moment."""
        current: Connection | None = getattr(self._thread, "connection", None)
        if current is not None:
            yield current
            return
        with self._faults(), self.engine.connect() as connection, connection.begin():
            yield from self._as_current(connection, writes=False)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept, or none when an exception leaves the block.

        Within another write the changes become part of it (and are taken back alone if only this block fails).
        Other writers wait until the outermost block ends.
        """
        current: Connection | None = getattr(self._thread, "connection", None)
        if current is not None:
            if not self._thread.writes:
                raise RuntimeError("a write within a read: begin the outer transaction as a write")
            with current.begin_nested():
                yield current
            return
        with self._faults(), self.engine.connect() as raw:
            connection = raw.execution_options(**{WRITES: True})
            with connection.begin():
                yield from self._as_current(connection, writes=True)

    def is_writing(self) -> bool:
        """Tell whether this thread is within a transaction that writes."""
        return getattr(self._thread, "connection", None) is not None and bool(self._thread.writes)

    def next_change(self, connection: Connection) -> int:
        """Count one more visible change and return its number, larger than all before."""
        connection.execute(
            update(CounterRow).where(CounterRow.name == CHANGE_COUNTER).values(value=CounterRow.value + 1)
        )
        return self.last_change(connection)

    def last_change(self, connection: Connection) -> int:
        """Return the number of the newest visible change."""
        return connection.execute(select(CounterRow.value).where(CounterRow.name == CHANGE_COUNTER)).scalar_one()

    def data_version(self) -> int:
        """Return a number that differs from the last one when anyone committed anything since; costs microseconds."""
        if self.path is None:
            with self.reading() as connection:
                return self.last_change(connection)
        with self._watch_lock, self._faults():
            if self._watch is None:
                # A connection of its own, never closed: SQLite counts only what *other* connections committed.
                self._watch = sqlite3.connect(self.path, timeout=BUSY_SECONDS, check_same_thread=False)
            return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Close all connections that are not in use."""
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        self.engine.dispose()

    def _as_current(self, connection: Connection, *, writes: bool) -> Iterator[Connection]:
        self._thread.connection, self._thread.writes = connection, writes
        try:
            yield connection
        finally:
            self._thread.connection = None

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            known = explain(error, self.name)
            if known is None:
                raise
            raise known from error
