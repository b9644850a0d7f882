"""Which version a kernel means that is pinned under a name, also when that name went to another environment.

A pin means one lock. Whoever takes a name takes it for what follows: the numbers that another environment had under
that name go on meaning its versions.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from jupyter_envstore.catalog import names
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.models import EnvironmentRow, MeantVersionRow, NamespaceRow, VersionRow
from jupyter_envstore.catalog.version_rows import select_versions, version_of
from jupyter_envstore.errors import VersionNotFoundError
from jupyter_envstore.schemas import Version


class MeantVersions:
    """Queries about pinned names; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, namespace: str, name: str, number: int, lock: str = "") -> Version:
        """Return the version that a kernel means which is pinned to a number under a name.

        Parameters
        ----------
        lock
            How the version's lock hash begins, for a kernel whose name says that.

        Raises
        ------
        EnvironmentNotFoundError
        VersionNotFoundError
            Also when the one that is meant is of an environment that was removed.
        """
        with self._database.reading() as connection:
            owners = _owners(connection, namespace, name, number)
            shown = names.find_shown(connection, namespace, name)
            now = [shown.id] if shown is not None else []
            for environment_id in [*now, *owners] if lock else owners[:1] or now:
                version = self._find(connection, environment_id, number)
                if version is not None and version.lock.startswith(lock):
                    return version
            names.get(connection, namespace, name)
        raise VersionNotFoundError(
            f"What was pinned as {namespace}/{name}@{number} is not there any more.",
            namespace=namespace,
            name=name,
            version=number,
        )

    def active(self, namespace: str, name: str) -> tuple[str, str]:
        """Return namespace and name of the environment whose active version a kernel of that name starts.

        Raises
        ------
        EnvironmentNotFoundError
        """
        with self._database.reading() as connection:
            key = names.find_shown(connection, namespace, name) or names.get(connection, namespace, name)
            return key.namespace, key.name

    def _find(self, connection: Connection, environment_id: int | None, number: int) -> Version | None:
        query = select_versions().where(
            EnvironmentRow.id == environment_id,
            EnvironmentRow.deleted.is_(None),
            VersionRow.number == number,
            VersionRow.deleted.is_(None),
        )
        row = connection.execute(query).one_or_none()
        return version_of(row, self._database) if row is not None else None

    def is_plain(self, version: Version) -> bool:
        """Tell whether name and number alone mean this version; else its kernel's name says the lock, too."""
        with self._database.reading() as connection:
            owners = _owners(connection, version.namespace, version.name, version.number)
            return not owners or owners[0] == names.get(connection, version.namespace, version.name).id


def keep_numbers(
    connection: Connection, environment_id: int, namespace: str, name: str, until: datetime | None = None
) -> None:
    """Let the numbers of an environment's versions go on meaning them, under a name that it loses to another.

    Parameters
    ----------
    until
        When it was renamed: versions of later were never pinned under that name. None when it was not.
    """
    key = name.lower()
    row = connection.execute(select(NamespaceRow.id).where(NamespaceRow.key == namespace.lower())).scalar_one()
    kept = (
        select(MeantVersionRow.number)
        .where(MeantVersionRow.namespace_id == row, MeantVersionRow.key == key)
        .where(MeantVersionRow.environment_id == environment_id)
    )
    query = select(VersionRow.number).where(VersionRow.environment_id == environment_id, VersionRow.number.not_in(kept))
    if until is not None:
        query = query.where(VersionRow.created <= until)
    numbers = connection.execute(query.order_by(VersionRow.number)).scalars().all()
    if numbers:
        connection.execute(
            insert(MeantVersionRow),
            [
                {"namespace_id": row, "key": key, "number": number, "environment_id": environment_id}
                for number in numbers
            ],
        )


def _owners(connection: Connection, namespace: str, name: str, number: int) -> list[int | None]:
    query = (
        select(MeantVersionRow.environment_id)
        .join(NamespaceRow, NamespaceRow.id == MeantVersionRow.namespace_id)
        .where(NamespaceRow.key == namespace.lower(), MeantVersionRow.key == name.lower())
        .where(MeantVersionRow.number == number)
        .order_by(MeantVersionRow.id)
    )
    return list(connection.execute(query).scalars())
