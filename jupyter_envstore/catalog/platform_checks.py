"""Platforms that a lock does not cover and that were tried: what came of it, the last time."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.models import LockRow, PlatformCheckRow
from jupyter_envstore.errors import NotFoundError
from jupyter_envstore.schemas import PlatformReport


class PlatformChecks:
    """Queries about platforms; each method is one transaction. A lock is named by its hash."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, lock_hash: str, reports: Iterable[PlatformReport]) -> None:
        """Remember what was found for platforms of a lock, instead of what was found before.

        Raises
        ------
        NotFoundError
            When the lock is not kept.
        """
        with self._database.writing() as connection:
            lock_id = connection.execute(select(LockRow.id).where(LockRow.hash == lock_hash)).scalar_one_or_none()
            if lock_id is None:
                raise NotFoundError(f"The catalog has no lock {lock_hash[:80]!a}.", lock=ascii(lock_hash[:80]))
            now = self._database.now()
            rows = [
                {
                    "lock_id": lock_id,
                    "platform": report.platform,
                    "checked": report.checked or now,
                    "report": report.model_dump(mode="json", exclude={"checked", "own"}),
                }
                for report in reports
            ]
            if not rows:
                return
            connection.execute(
                delete(PlatformCheckRow).where(
                    PlatformCheckRow.lock_id == lock_id,
                    PlatformCheckRow.platform.in_([row["platform"] for row in rows]),
                )
            )
            connection.execute(insert(PlatformCheckRow), rows)

    def of(self, lock_hash: str) -> dict[str, PlatformReport]:
        """Return what is known of platforms that a lock does not cover, by platform."""
        query = (
            select(PlatformCheckRow.platform, PlatformCheckRow.checked, PlatformCheckRow.report)
            .join(LockRow, LockRow.id == PlatformCheckRow.lock_id)
            .where(LockRow.hash == lock_hash)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row[0]: PlatformReport.model_validate({**row[2], "checked": row[1]}) for row in rows}
