"""What collecting asks of the catalog: who has which prefix, and what may be forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Row, Select, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.models import (
    BuildRow,
    EnvironmentRow,
    LockPackageRow,
    LockRow,
    NamespaceRow,
    PackageRow,
    PrefixRow,
    VersionRow,
)
from jupyter_envstore.schemas import BuildRequest, Package
from jupyter_envstore.schemas.versions import PrefixState

T = TypeVar("T")

_BATCH = 500


@dataclass(frozen=True)
class HeldVersion:
    """A version, as far as its files are concerned.

    Attributes
    ----------
    offered
        Whether it is the version that waits to be activated.
    removed
        Whether its environment was removed, which can be undone for some time.
    deleted
        Whether it is a tombstone: nothing of it is needed any more.
    """

    namespace: str
    name: str
    number: int
    active: bool
    pinned: bool
    offered: bool
    removed: bool
    deleted: bool
    prefix_hash: str

    @property
    def reference(self) -> str:
        """``namespace/name@number``."""
        return f"{self.namespace}/{self.name}@{self.number}"


@dataclass(frozen=True)
class HeldPrefix:
    """What the catalog says of a prefix."""

    hash: str
    state: PrefixState
    last_used: datetime


class Holdings:
    """Queries about what prefixes are there for; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def prefixes(self) -> list[HeldPrefix]:
        """Return all prefixes that the catalog knows."""
        with self._database.reading() as connection:
            rows = connection.execute(select(PrefixRow.hash, PrefixRow.state, PrefixRow.last_used)).all()
        return [HeldPrefix(row[0], cast(PrefixState, row[1]), row[2]) for row in rows]

    def versions(self, prefix_hashes: Iterable[str]) -> list[HeldVersion]:
        """Return every version of each environment that has one with one of these prefixes, the newest first."""
        found: list[HeldVersion] = []
        with self._database.reading() as connection:
            environments: set[int] = set()
            for batch in _batches(prefix_hashes):
                having = (
                    select(VersionRow.environment_id)
                    .join(PrefixRow, PrefixRow.id == VersionRow.prefix_id)
                    .where(PrefixRow.hash.in_(batch))
                )
                environments |= set(connection.execute(having).scalars())
            for batch_of_ids in _batches(sorted(environments)):
                query = _select_held().where(VersionRow.environment_id.in_(batch_of_ids))
                found += [_held(row) for row in connection.execute(query)]
        return found

    def expected_locks(self) -> list[str]:
        """Return the hashes of the locks whose prefixes builds are making, or are about to use."""
        with self._database.reading() as connection:
            return _expected_locks(connection)

    def expected_versions(self) -> list[str]:
        """Return the hashes of the prefixes of versions whose files builds were asked to make or mend."""
        unfinished = select(BuildRow.environment_id, BuildRow.request).where(
            BuildRow.finished.is_(None), BuildRow.kind.in_(("rebuild", "repair"))
        )
        found: list[str] = []
        with self._database.reading() as connection:
            for environment_id, stored in connection.execute(unfinished).all():
                number = BuildRequest.model_validate(stored).parent
                query = (
                    select(PrefixRow.hash)
                    .join(VersionRow, VersionRow.prefix_id == PrefixRow.id)
                    .where(VersionRow.environment_id == environment_id, VersionRow.number == number)
                )
                found += connection.execute(query).scalars().all()
        return found

    def free(self, prefix_hash: str, known_locks: Collection[str]) -> bool:
        """Remember that the prefix is not there any more, unless somebody has come to need it; say which.

        The caller holds the prefix's lock and removes the files after this: a reader who finds ``ready`` finds them.

        Parameters
        ----------
        known_locks
            The locks of builds that the caller knew when it decided. With another one the answer is False: it may lead
            to this prefix.
        """
        with self._database.writing() as connection:
            if set(_expected_locks(connection)) - set(known_locks):
                return False
            query = _select_held().where(
                PrefixRow.hash == prefix_hash,
                VersionRow.deleted.is_(None),
                or_(
                    VersionRow.pinned,
                    EnvironmentRow.deleted.is_(None)
                    & or_(
                        EnvironmentRow.active_version_id == VersionRow.id, EnvironmentRow.offered == VersionRow.number
                    ),
                ),
            )
            if connection.execute(query.limit(1)).first() is not None:
                return False
            _set_state(connection, self._database, prefix_hash, "freed")
            return True

    def set_state(self, prefix_hash: str, state: PrefixState) -> None:
        """Correct what is said of a prefix by what is on disk; one that the catalog does not know is passed over."""
        with self._database.writing() as connection:
            _set_state(connection, self._database, prefix_hash, state)

    def tell(self, prefix_hashes: Iterable[str]) -> None:
        """Count a change of the environments that have these prefixes, so that whoever shows them looks again."""
        with self._database.writing() as connection:
            for prefix_hash in prefix_hashes:
                _touch(connection, self._database, prefix_hash)

    def packages(self, names: Iterable[str], platform: str) -> list[Package]:
        """Return the packages of these names in the locks of all versions that can still be had, each once."""
        return self._living_packages(PackageRow.name, names, platform)

    def wheels(self, digests: Iterable[str], platform: str) -> list[Package]:
        """Return the files of these sha256 digests that pip installs, as `packages` does."""
        found = self._living_packages(PackageRow.sha256, digests, platform)
        return [package for package in found if package.manager == "pip"]

    def _living_packages(
        self, column: InstrumentedAttribute[Any], values: Iterable[str], platform: str
    ) -> list[Package]:
        found: list[Package] = []
        living = (
            select(VersionRow.id)
            .where(VersionRow.lock_id == LockPackageRow.lock_id, VersionRow.deleted.is_(None))
            .exists()
        )
        wanted = select(LockPackageRow.lock_id).where(LockPackageRow.package_id == PackageRow.id, living).exists()
        fields = ("manager", "name", "version", "build", "subdir", "channel", "url", "md5", "sha256", "size")
        columns = [getattr(PackageRow, field) for field in fields]
        with self._database.reading() as connection:
            for batch in _batches(values):
                for row in connection.execute(select(*columns).where(column.in_(batch), wanted)):
                    found.append(Package(platform=platform, **dict(zip(fields, row, strict=True))))
        return found

    def builds(self, before: datetime) -> tuple[set[int], set[int]]:
        """Return the ids of all builds, and of those that ended before that moment."""
        with self._database.reading() as connection:
            rows = connection.execute(select(BuildRow.id, BuildRow.finished)).all()
        return {row[0] for row in rows}, {row[0] for row in rows if row[1] is not None and row[1] < before}


def _expected_locks(connection: Connection) -> list[str]:
    query = select(LockRow.hash).join(BuildRow, BuildRow.lock_id == LockRow.id).where(BuildRow.finished.is_(None))
    return list(connection.execute(query.distinct()).scalars())


def _set_state(connection: Connection, database: Database, prefix_hash: str, state: PrefixState) -> None:
    done = connection.execute(
        update(PrefixRow).where(PrefixRow.hash == prefix_hash, PrefixRow.state != state).values(state=state)
    )
    if done.rowcount:
        _touch(connection, database, prefix_hash)


def _touch(connection: Connection, database: Database, prefix_hash: str) -> None:
    # Not only where it is active: lists of versions say which of them are on disk.
    having = (
        select(VersionRow.environment_id)
        .join(PrefixRow, PrefixRow.id == VersionRow.prefix_id)
        .where(PrefixRow.hash == prefix_hash)
    )
    connection.execute(
        update(EnvironmentRow).where(EnvironmentRow.id.in_(having)).values(sequence=database.next_change(connection))
    )


def _select_held() -> Select[Any]:  # of more columns than mypy can count
    query: Any = (
        select(
            NamespaceRow.name,
            EnvironmentRow.name,
            VersionRow.number,
            EnvironmentRow.active_version_id,
            VersionRow.pinned,
            EnvironmentRow.offered,
            EnvironmentRow.deleted,
            VersionRow.deleted,
            PrefixRow.hash,
            VersionRow.id,
        )
        .join(EnvironmentRow, EnvironmentRow.id == VersionRow.environment_id)
        .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
        .join(PrefixRow, PrefixRow.id == VersionRow.prefix_id)
        .order_by(VersionRow.environment_id, VersionRow.number.desc())
    )
    return query  # type: ignore[no-any-return]


def _held(row: Row[Any]) -> HeldVersion:
    namespace, name, number, active, pinned, offered, removed, deleted, prefix_hash, version_id = tuple(row)
    return HeldVersion(
        namespace=namespace,
        name=name,
        number=number,
        active=active == version_id and removed is None,
        pinned=pinned,
        offered=offered == number and removed is None,
        removed=removed is not None,
        deleted=deleted is not None,
        prefix_hash=prefix_hash,
    )


def _batches(values: Iterable[T]) -> Iterable[list[T]]:
    listed = list(dict.fromkeys(values))
    return [listed[start : start + _BATCH] for start in range(0, len(listed), _BATCH)]
