"""Engines: how this program talks to the database. Knows SQLite's settings and no table.

SQLite runs in WAL mode, where readers and one writer do not wait for each other. On a network file system it keeps
a rollback journal instead, because WAL needs memory that processes of several machines cannot share.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import make_url

BUSY_SECONDS = 30
"""How long a writer waits for another one before it gives up."""
WRITES = "envstore_writes"
"""Execution option of a connection whose transaction will write."""


def sqlite_engine(path: Path) -> Engine:
    """Return an engine on the SQLite file at ``path``; nothing is opened yet."""
    # The path goes in as it is, not through a URL: it may hold any character.
    engine = create_engine(
        "sqlite+pysqlite://",
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=24,
        creator=lambda: _connect(path),
    )
    event.listen(engine, "begin", _begin)
    return engine


def url_engine(url: str) -> Engine:
    """Return an engine for another database, such as PostgreSQL."""
    return create_engine(url, pool_pre_ping=True)


def shown_url(url: str) -> str:
    """Return the URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
    # Without this the driver begins transactions by itself, and only when a statement writes: then a transaction
    # that read first could find that another process wrote in between, and fail at once instead of waiting.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    # A WAL that is not synced at each commit stays consistent at a power cut; a rollback journal would not.
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if journal == 'wal' else 'FULL'}")
    return connection


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
