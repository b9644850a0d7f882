"""Open a catalog: its file, its journal, and who may make or change its form.

Processes that open a new store at once take turns by a file lock. A file that is no catalog is left as it is.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from jupyter_envstore.catalog.database import Database, utc_now
from jupyter_envstore.catalog.engine import shown_url, sqlite_engine, url_engine
from jupyter_envstore.catalog.faults import explain
from jupyter_envstore.catalog.network import is_network_folder
from jupyter_envstore.catalog.tables import bring_up_to_date, table_state
from jupyter_envstore.errors import StoreError, StoreReadOnlyError
from jupyter_envstore.layout import StoreLayout

LOCK_SECONDS = 120
"""How long one process waits for another that makes or migrates the catalog."""


def open_database(
    place: Path | str,
    *,
    clock: Callable[[], datetime] = utc_now,
    prefix_path: Callable[[str], Path] | None = None,
) -> Database:
    """Open the catalog at a path or a URL.

    Parameters
    ----------
    place
        Path of the SQLite file (its folder is made), or a URL such as ``postgresql+psycopg://…``.
    clock
        What gives the time.
    prefix_path
        Gives a prefix's folder by its hash; for a path the folders beside the catalog.

    Raises
    ------
    StoreReadOnlyError
        When the file or its folder cannot be written.
    CatalogTooNewError
        When a newer program made it.
    StoreError
        When it is damaged, or no catalog. It is left as it is.
    """
    if isinstance(place, str) and "://" in place:
        database = Database(url_engine(place), name=shown_url(place), path=None, clock=clock, prefix_path=prefix_path)
        bring_up_to_date(database)
        return database
    path = Path(place).absolute()
    network = is_network_folder(path.parent)
    journal = "delete" if network else "wal"
    _check_writable(path)
    found = _journal_of(path)
    if found is None:
        with _alone(path, network):
            _make_file(path)
    database = Database(
        sqlite_engine(path),
        name=str(path),
        path=path,
        clock=clock,
        prefix_path=prefix_path or StoreLayout(path.parent).prefix,
    )
    try:
        # First whether it is a catalog at all: what is not is not touched.
        if table_state(database) != "current" or found != journal:
            database.close()
            with _alone(path, network):
                _set_journal(path, journal)
                bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


# ---------------------------------------------------------------- the file


def _check_writable(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise StoreReadOnlyError(
            f"The folder {path.parent} cannot be made: {error.strerror}. Choose another store.", catalog=str(path)
        ) from error
    except OSError as error:
        if error.errno == errno.EROFS:
            raise StoreReadOnlyError(
                f"The folder {path.parent} lies on a file system that cannot be written. Choose another store.",
                catalog=str(path),
            ) from error
        raise StoreError(
            f"The folder {path.parent} cannot be made: {error.strerror}. Choose another store.", catalog=str(path)
        ) from error
    if path.is_dir():
        raise StoreError(f"{path} should be the catalog's file and is a folder.", catalog=str(path))
    unwritable = [place for place in (path.parent, path) if place.exists() and not _may_write(place)]
    if unwritable:
        raise StoreReadOnlyError(
            f"{unwritable[0]} cannot be written, so the store cannot be used. Make it writable for you, "
            "or choose another store.",
            catalog=str(path),
        )


def _may_write(place: Path) -> bool:
    # As whoever this process acts for, where the system can tell that from who started it.
    return os.access(place, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _journal_of(path: Path) -> str | None:
    """Return ``wal`` or ``delete`` from the file's header, without opening it as a database; None for an empty file.

    Raises
    ------
    StoreError
        When it is no database. SQLite would take some short files for empty ones and write over them.
    """
    try:
        with path.open("rb") as file:
            header = file.read(20)
    except FileNotFoundError:
        return None
    if header and not header.startswith(b"SQLite format 3\0"):
        raise StoreError(
            f"The catalog {path} is damaged or not a catalog. It was left as it is. Put a copy of it back from a "
            "backup, or move it away (keep it) and begin with an empty store.",
            catalog=str(path),
        )
    # Offset 18 of an SQLite file: the version that writing needs, 2 for WAL.
    return ("wal" if header[18:19] == b"\x02" else "delete") if header else None


def _make_file(path: Path) -> None:
    try:
        # Only its owner reads it: it holds what people built. SQLite gives the journal's files the same mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreReadOnlyError(
            f"The catalog {path} cannot be made: {error.strerror}. Mend the folder, or choose another store.",
            catalog=str(path),
        ) from error


def _set_journal(path: Path, journal: str) -> None:
    try:
        connection = sqlite3.connect(path, timeout=1)
        try:
            connection.execute(f"PRAGMA journal_mode = {journal}")
        except sqlite3.OperationalError as error:
            # A process that has the catalog open keeps the mode that it found; the next one to come changes it.
            if "locked" not in str(error):
                raise
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise explain(error, str(path)) or error from error


@contextmanager
def _alone(path: Path, network: bool) -> Iterator[None]:
    """Hold the lock under which a catalog is made or changed in form."""
    # Imported here: it takes 50 ms and a catalog that is up to date needs no lock.
    from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

    kind: type[BaseFileLock] = SoftFileLock if network else FileLock
    lock = kind(f"{path}.lock", timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise StoreError(
            f"Another process has been changing the catalog {path} for over {LOCK_SECONDS} seconds. Wait for it; "
            f"when no such process is left, remove {path}.lock.",
            catalog=str(path),
        ) from None
    except PermissionError as error:
        raise StoreReadOnlyError(
            f"{path}.lock cannot be written: {error.strerror}. Make it writable for you, or choose another store.",
            catalog=str(path),
        ) from error
    try:
        yield
    finally:
        lock.release()
