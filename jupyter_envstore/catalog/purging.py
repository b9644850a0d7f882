"""Forgetting for good: environments that were removed long ago, and the locks that nobody has any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.events import record
from jupyter_envstore.catalog.models import (
    AliasRow,
    ArtifactRow,
    BuildRow,
    EnvironmentRow,
    LockPackageRow,
    LockRow,
    MeantVersionRow,
    NamespaceRow,
    PackageRow,
    PrefixRow,
    VersionRow,
)


class Purges:
    """Removal of rows that nothing leads to any more; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def expired(self, before: datetime) -> list[tuple[int, str]]:
        """Return row ids and names (``namespace/name``) of the environments that were removed before that moment."""
        query = (
            select(EnvironmentRow.id, NamespaceRow.name, EnvironmentRow.name)
            .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
            .where(EnvironmentRow.deleted < before)
            .order_by(EnvironmentRow.id)
        )
        with self._database.reading() as connection:
            return [(row[0], f"{row[1]}/{row[2]}") for row in connection.execute(query)]

    def purge(self, environment_id: int, before: datetime, by: str = "") -> list[str] | None:
        """Forget an environment that was removed before that moment, with all its versions, builds and artifacts.

        Returns
        -------
        The paths of its artifacts' files, relative to the folder of artifacts; None when somebody brought it back, or
        one of its builds still runs.
        """
        with self._database.writing() as connection:
            query = (
                select(NamespaceRow.name, EnvironmentRow.name)
                .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
                .where(EnvironmentRow.id == environment_id, EnvironmentRow.deleted < before)
            )
            row = connection.execute(query).one_or_none()
            running = select(BuildRow.id).where(BuildRow.environment_id == environment_id, BuildRow.finished.is_(None))
            if row is None or connection.execute(running.limit(1)).first() is not None:
                return None
            paths = _purge(connection, environment_id)
            record(connection, self._database, by, "environment.purge", f"{row[0]}/{row[1]}")
            return paths

    def purge_unused(self) -> int:
        """Forget locks that no version and no build has, and prefixes that are not there; return how many locks.

        A failed build keeps its lock, so that it can be tried again. While any build goes on nothing is forgotten: it
        may just have found the very lock that nobody else has.
        """
        with self._database.writing() as connection:
            if connection.execute(select(BuildRow.id).where(BuildRow.finished.is_(None)).limit(1)).first() is not None:
                return 0
            used = select(VersionRow.lock_id).where(VersionRow.lock_id == LockRow.id).exists()
            built = select(BuildRow.lock_id).where(BuildRow.lock_id == LockRow.id).exists()
            unused = list(connection.execute(select(LockRow.id).where(~used, ~built)).scalars())
            for lock_id in unused:
                packages = select(LockPackageRow.package_id).where(LockPackageRow.lock_id == lock_id)
                ids = list(connection.execute(packages).scalars())
                connection.execute(delete(LockPackageRow).where(LockPackageRow.lock_id == lock_id))
                connection.execute(delete(LockRow).where(LockRow.id == lock_id))
                named = select(LockPackageRow.lock_id).where(LockPackageRow.package_id == PackageRow.id).exists()
                for start in range(0, len(ids), 500):
                    connection.execute(delete(PackageRow).where(PackageRow.id.in_(ids[start : start + 500]), ~named))
            had = select(VersionRow.id).where(VersionRow.prefix_id == PrefixRow.id).exists()
            connection.execute(delete(PrefixRow).where(PrefixRow.state == "freed", ~had))
            return len(unused)


def _purge(connection: Connection, environment_id: int) -> list[str]:
    of_it = VersionRow.environment_id == environment_id
    versions = select(VersionRow.id).where(of_it).scalar_subquery()
    paths = list(connection.execute(select(ArtifactRow.path).where(ArtifactRow.version_id.in_(versions))).scalars())
    connection.execute(delete(ArtifactRow).where(ArtifactRow.version_id.in_(versions)))
    # What points within the environment is let go of first, so that no row ever points nowhere.
    connection.execute(update(EnvironmentRow).where(EnvironmentRow.id == environment_id).values(active_version_id=None))
    connection.execute(
        update(BuildRow)
        .where(BuildRow.environment_id == environment_id)
        .values(retried_as=None, version_id=None, base_version_id=None)
    )
    connection.execute(delete(BuildRow).where(BuildRow.environment_id == environment_id))
    connection.execute(update(VersionRow).where(of_it).values(parent_id=None))
    connection.execute(delete(VersionRow).where(of_it))
    connection.execute(delete(AliasRow).where(AliasRow.environment_id == environment_id))
    connection.execute(
        update(MeantVersionRow).where(MeantVersionRow.environment_id == environment_id).values(environment_id=None)
    )
    connection.execute(delete(EnvironmentRow).where(EnvironmentRow.id == environment_id))
    return paths
