"""What a database says when it fails, in words for people. No file is ever deleted or replaced because of one."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError

from jupyter_envstore.errors import DiskFullError, EnvStoreError, StoreError, StoreReadOnlyError


def explain(error: DBAPIError | sqlite3.Error, catalog: str) -> EnvStoreError | None:
    """Return the error to raise instead, or None for one that is a mistake of this program.

    Parameters
    ----------
    error
        What the driver or SQLAlchemy raised.
    catalog
        How the catalog is named to people: its path, or its URL without password.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
        return None
    said = str(cause)
    text = said.lower()
    if "readonly" in text or "read-only" in text or "permission denied" in text:
        return StoreReadOnlyError(
            f"The catalog {catalog} cannot be written: {said}. Make its folder and files writable for you, "
            "or choose another store.",
            catalog=catalog,
        )
    if "disk is full" in text:
        return DiskFullError(
            f"There is no room left for the catalog {catalog}. Nothing was changed; free some space and try again.",
            catalog=catalog,
        )
    if "not a database" in text or "malformed" in text or "file is encrypted" in text:
        return StoreError(
            f"The catalog {catalog} is damaged or not a catalog: {said}. It was left as it is. Put a copy of it back "
            "from a backup, or move it away (keep it) and begin with an empty store.",
            catalog=catalog,
        )
    if "locked" in text or "busy" in text:
        return StoreError(
            f"The catalog {catalog} was busy for too long: another process holds it. Try again; if it stays so, "
            "look for a program that hangs.",
            catalog=catalog,
        )
    if isinstance(cause, (sqlite3.OperationalError, sqlite3.DatabaseError)) and (
        "unable to open" in text or "i/o error" in text
    ):
        return StoreError(
            f"The catalog {catalog} cannot be read: {said}. Look whether the disk is well and the folder is yours.",
            catalog=catalog,
        )
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return StoreError(f"The catalog {catalog} does not answer: {said}", catalog=catalog)
    return None
