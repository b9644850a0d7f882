"""The catalog as the rest of the program knows it: one object a concept, all on one database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from jupyter_envstore.catalog.aliases import Aliases
from jupyter_envstore.catalog.builds import Builds
from jupyter_envstore.catalog.collection import Holdings
from jupyter_envstore.catalog.database import Database, utc_now
from jupyter_envstore.catalog.environments import Environments
from jupyter_envstore.catalog.events import Events
from jupyter_envstore.catalog.finding import Findings
from jupyter_envstore.catalog.locks import Locks
from jupyter_envstore.catalog.meant_versions import MeantVersions
from jupyter_envstore.catalog.models import BuildRow, EnvironmentRow, NamespaceRow
from jupyter_envstore.catalog.opening import open_database
from jupyter_envstore.catalog.platform_checks import PlatformChecks
from jupyter_envstore.catalog.prefixes import Prefixes
from jupyter_envstore.catalog.purging import Purges
from jupyter_envstore.catalog.schedules import Schedules
from jupyter_envstore.catalog.versions import Versions


@dataclass(frozen=True)
class Changes:
    """What is different since a change number: read it again.

    Attributes
    ----------
    sequence
        The number to ask with next time.
    builds
        Ids, in the order of their last change.
    environments
        Namespace and name, in the order of their last change; deleted ones too. One is here whenever what a list
        shows of it may differ: its versions, its active prefix, the state of its build.
    """

    sequence: int
    builds: tuple[int, ...]
    environments: tuple[tuple[str, str], ...]


class Catalog:
    """What the store remembers. Safe to use from several threads, beside other processes.

    Each method of `environments`, `aliases`, `versions`, `locks`, `builds`, `prefixes` and `events` is one transaction,
    unless called within `transaction`. All raise `StoreError` in words when the database fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.environments = Environments(database)
        self.aliases = Aliases(database)
        self.versions = Versions(database)
        self.meant_versions = MeantVersions(database)
        self.locks = Locks(database)
        self.platform_checks = PlatformChecks(database)
        self.builds = Builds(database)
        self.prefixes = Prefixes(database)
        self.events = Events(database)
        self.holdings = Holdings(database)
        self.purges = Purges(database)
        self.findings = Findings(database)
        self.schedules = Schedules(database)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make all calls of this thread within the block one transaction that writes: kept together or not at all.

        Others who write wait until its end, so nothing slow belongs in it, and no ``await``.
        """
        with self._database.writing():
            yield

    def data_version(self) -> int:
        """Return a number that differs from the last one when anything was committed meanwhile, by whomever.

        Costs microseconds: meant to be asked several times a second.
        """
        return self._database.data_version()

    def sequence(self) -> int:
        """Return the number of the newest change, to begin with `changes_since`."""
        with self._database.reading() as connection:
            return self._database.last_change(connection)

    def changes_since(self, sequence: int) -> Changes:
        """Return what changed after the change of that number: three small statements."""
        with self._database.reading() as connection:
            last = self._database.last_change(connection)
            if last <= sequence:
                return Changes(last, (), ())
            builds = connection.execute(
                select(BuildRow.id).where(BuildRow.sequence > sequence).order_by(BuildRow.sequence, BuildRow.id)
            ).scalars()
            environments = connection.execute(
                select(NamespaceRow.name, EnvironmentRow.name)
                .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
                .where(EnvironmentRow.sequence > sequence)
                .order_by(EnvironmentRow.sequence, EnvironmentRow.id)
            )
            return Changes(last, tuple(builds), tuple((row[0], row[1]) for row in environments))

    def close(self) -> None:
        """Close the database connections that are not in use."""
        self._database.close()


def open_catalog(
    place: Path | str,
    *,
    clock: Callable[[], datetime] = utc_now,
    prefix_path: Callable[[str], Path] | None = None,
) -> Catalog:
    """Open the catalog at a path or a database URL, made or brought up to date when necessary.

    Parameters
    ----------
    place
        Path of the SQLite file (its folder is made), or a URL such as ``postgresql+psycopg://…``.
    clock
        What gives the time; tests set it.
    prefix_path
        Gives a prefix's folder by its hash; by default, for a path, the folders beside the catalog.

    Raises
    ------
    StoreReadOnlyError
        When the file or its folder cannot be written.
    CatalogTooNewError
        When a newer program made it.
    StoreError
        When it is damaged, or no catalog. It is left as it is.
    """
    return Catalog(open_database(place, clock=clock, prefix_path=prefix_path))
