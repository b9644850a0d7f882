"""What the catalog remembers of prefixes; the files themselves are the task of `jupyter_envstore.prefixes`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from jupyter_envstore.catalog.database import Database, inserted_id
from jupyter_envstore.catalog.locks import part_of
from jupyter_envstore.catalog.models import EnvironmentRow, LockRow, PrefixRow, VersionRow
from jupyter_envstore.errors import InvalidInputError, NotFoundError
from jupyter_envstore.schemas import Prefix
from jupyter_envstore.schemas.versions import PrefixState

_HASH = re.compile(r"[0-9a-f]{64}")
_SAMPLE = 50
_ENOUGH = 10_000_000
"""Bytes: of less than a Python, the prefixes' own records would be a good part."""

PREFIX_COLUMNS = (
    PrefixRow.hash,
    PrefixRow.platform,
    PrefixRow.state,
    PrefixRow.size,
    PrefixRow.files,
    PrefixRow.kernels,
    PrefixRow.activation,
    PrefixRow.created,
    PrefixRow.last_used,
)
"""The columns that `prefix_of` reads."""


class Prefixes:
    """Queries about prefixes; each method is one transaction. A prefix is named by its hash (64 hex digits)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_ready(self, prefix_hash: str, platform: str, *, size: int, files: int) -> Prefix:
        """Remember that the prefix is complete on disk, whether it was known or not; counts as use.

        Raises
        ------
        InvalidInputError
            When the hash is none.
        """
        with self._database.writing() as connection:
            put_ready(connection, self._database, prefix_hash, platform, size=size, files=files)
            touch_environments(connection, self._database, prefix_hash)
            return self._read(connection, prefix_hash)

    def get(self, prefix_hash: str) -> Prefix:
        """Return a prefix.

        Raises
        ------
        NotFoundError
        """
        with self._database.reading() as connection:
            return self._read(connection, prefix_hash)

    def list(self, *, state: PrefixState | None = None) -> list[Prefix]:
        """Return all prefixes, the one used longest ago first; with ``state`` only those."""
        query = select(*PREFIX_COLUMNS).order_by(PrefixRow.last_used, PrefixRow.id)
        if state is not None:
            query = query.where(PrefixRow.state == state)
        with self._database.reading() as connection:
            return [prefix_of(row, self._database) for row in connection.execute(query)]

    def growth(self) -> float | None:
        """Return how much larger the newest prefixes are than what was downloaded for them; None for too few bytes."""
        query = (
            select(LockRow.platforms, PrefixRow.platform, PrefixRow.size)
            .join(VersionRow, VersionRow.prefix_id == PrefixRow.id)
            .join(LockRow, LockRow.id == VersionRow.lock_id)
            .where(PrefixRow.size > 0)
            .order_by(PrefixRow.id.desc())
            .limit(_SAMPLE)
        )
        with self._database.reading() as connection:
            rows = [(part_of(row[0], row[1])[1], row[2]) for row in connection.execute(query)]
        downloaded = sum(size for size, _ in rows)
        return sum(on_disk for size, on_disk in rows if size) / downloaded if downloaded >= _ENOUGH else None

    def set_state(self, prefix_hash: str, state: PrefixState) -> None:
        """Remember whether the files are there.

        Raises
        ------
        NotFoundError
        """
        with self._database.writing() as connection:
            self._update(connection, prefix_hash, state=state)
            touch_environments(connection, self._database, prefix_hash)

    def set_activation(self, prefix_hash: str, activation: dict[str, Any], kernels: Sequence[str]) -> None:
        """Keep what activating it changes, and the kernels it offers.

        Raises
        ------
        NotFoundError
        """
        with self._database.writing() as connection:
            self._update(connection, prefix_hash, activation=activation, kernels=list(kernels))
            touch_environments(connection, self._database, prefix_hash)

    def touch(self, prefix_hashes: Iterable[str]) -> None:
        """Remember that the prefixes were used just now; unknown ones are passed over, and no client is told."""
        hashes = list(prefix_hashes)
        if not hashes:
            return
        with self._database.writing() as connection:
            connection.execute(
                update(PrefixRow).where(PrefixRow.hash.in_(hashes)).values(last_used=self._database.now())
            )

    def _read(self, connection: Connection, prefix_hash: str) -> Prefix:
        row = connection.execute(select(*PREFIX_COLUMNS).where(PrefixRow.hash == prefix_hash)).one_or_none()
        if row is None:
            raise _missing(prefix_hash)
        return prefix_of(row, self._database)

    def _update(self, connection: Connection, prefix_hash: str, **values: Any) -> None:
        done = connection.execute(update(PrefixRow).where(PrefixRow.hash == prefix_hash).values(**values))
        if done.rowcount == 0:
            raise _missing(prefix_hash)


def put_ready(
    connection: Connection, database: Database, prefix_hash: str, platform: str, *, size: int, files: int
) -> int:
    """Insert or update the prefix as ready, within a transaction, and return its row id."""
    if not _HASH.fullmatch(prefix_hash):
        raise InvalidInputError("A prefix is named by 64 hexadecimal digits.", prefix_hash=ascii(prefix_hash[:80]))
    now = database.now()
    row_id = connection.execute(select(PrefixRow.id).where(PrefixRow.hash == prefix_hash)).scalar_one_or_none()
    if row_id is None:
        return inserted_id(
            connection.execute(
                insert(PrefixRow).values(
                    hash=prefix_hash,
                    platform=platform,
                    state="ready",
                    size=size,
                    files=files,
                    kernels=[],
                    created=now,
                    last_used=now,
                )
            )
        )
    connection.execute(
        update(PrefixRow).where(PrefixRow.id == row_id).values(state="ready", size=size, files=files, last_used=now)
    )
    return row_id


def touch_environments(connection: Connection, database: Database, prefix_hash: str) -> None:
    """Count a change of the environments whose active version has the prefix, since their state may be another."""
    using = (
        select(VersionRow.id).join(PrefixRow, PrefixRow.id == VersionRow.prefix_id).where(PrefixRow.hash == prefix_hash)
    )
    connection.execute(
        update(EnvironmentRow)
        .where(EnvironmentRow.active_version_id.in_(using))
        .values(sequence=database.next_change(connection))
    )


def prefix_of(row: Sequence[Any], database: Database) -> Prefix:
    """Return what travels, from a row of `PREFIX_COLUMNS`."""
    values = dict(zip([column.key for column in PREFIX_COLUMNS], row, strict=True))
    path = str(database.prefix_path(values["hash"])) if database.prefix_path else None
    return Prefix(path=path, **values)


def _missing(prefix_hash: str) -> NotFoundError:
    return NotFoundError(f"The catalog knows no prefix {prefix_hash[:80]!a}.", prefix_hash=ascii(prefix_hash[:80]))
