"""Locks: each document once, however many versions use it, and its packages where queries find them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select

from jupyter_envstore.catalog.database import Database, inserted_id
from jupyter_envstore.catalog.models import LockPackageRow, LockRow, PackageRow
from jupyter_envstore.errors import NotFoundError
from jupyter_envstore.schemas import Package

if TYPE_CHECKING:
    from jupyter_envstore.policy import Admitted

_BATCH = 500


class Locks:
    """Queries about locks; each method is one transaction. A lock is named by its hash (64 hex digits)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, lock_hash: str, document: dict[str, Any], admitted: Admitted) -> str:
        """Keep a lock and return its hash; one that is there already stays as it is.

        Parameters
        ----------
        lock_hash
            The document's hash, as `jupyter_envstore.lock.document.lock_hash` computes it.
        document
            The conda-lock v1 document.
        admitted
            Its packages for all platforms, as they passed the gate.
        """
        with self._database.writing() as connection:
            if self._find(connection, lock_hash) is not None:
                return lock_hash
            parts: dict[str, dict[str, Package]] = {}
            for package in admitted.packages:
                parts.setdefault(package.platform, {})[package.url] = package
            platforms = sorted(parts)
            ids = _keep_packages(connection, [package for part in parts.values() for package in part.values()])
            lock_id = _insert_lock(connection, lock_hash, document, platforms, parts, self._database)
            rows = [
                {"lock_id": lock_id, "part": number, "package_id": ids[_digest(package)]}
                for number, platform in enumerate(platforms)
                for package in parts[platform].values()
            ]
            if rows:
                rows.sort(key=lambda row: (row["part"], row["package_id"]))
                connection.execute(insert(LockPackageRow), rows)
            return lock_hash

    def exists(self, lock_hash: str) -> bool:
        """Tell whether the lock is kept."""
        with self._database.reading() as connection:
            return self._find(connection, lock_hash) is not None

    def document(self, lock_hash: str) -> dict[str, Any]:
        """Return the conda-lock v1 document, its keys in the order they were given.

        Raises
        ------
        NotFoundError
        """
        with self._database.reading() as connection:
            found = connection.execute(select(LockRow.document).where(LockRow.hash == lock_hash)).one_or_none()
        if found is None:
            raise _missing(lock_hash)
        document: dict[str, Any] = found[0]
        return document

    def packages(self, lock_hash: str, platform: str | None = None) -> list[Package]:
        """Return the packages by platform and name; with ``platform`` only that part (empty when not covered).

        Raises
        ------
        NotFoundError
        """
        with self._database.reading() as connection:
            found = connection.execute(
                select(LockRow.id, LockRow.platforms).where(LockRow.hash == lock_hash)
            ).one_or_none()
            if found is None:
                raise _missing(lock_hash)
            platforms = [part["platform"] for part in found[1]]
            query = (
                select(LockPackageRow.part, *_PACKAGE_COLUMNS)
                .join(PackageRow, PackageRow.id == LockPackageRow.package_id)
                .where(LockPackageRow.lock_id == found[0])
            )
            if platform is not None:
                if platform not in platforms:
                    return []
                query = query.where(LockPackageRow.part == platforms.index(platform))
            rows = connection.execute(query.order_by(LockPackageRow.part, PackageRow.name, PackageRow.id)).all()
        fields = [column.key for column in _PACKAGE_COLUMNS]
        return [
            Package.model_validate({"platform": platforms[row[0]], **dict(zip(fields, row[1:], strict=True))})
            for row in rows
        ]

    def sizes(self, packages: Sequence[Package]) -> dict[str, int]:
        """Return how large files are, by their sha256, as far as any lock that is kept says so."""
        wanted = {package.sha256: package for package in packages if package.sha256}
        found: dict[str, int] = {}
        with self._database.reading() as connection:
            listed = list(wanted.values())
            for start in range(0, len(listed), _BATCH):
                batch = listed[start : start + _BATCH]
                query = select(PackageRow.sha256, PackageRow.size).where(
                    PackageRow.name.in_({package.name for package in batch}),
                    PackageRow.version.in_({package.version for package in batch}),
                    PackageRow.size.is_not(None),
                )
                for digest, size in connection.execute(query):
                    if digest in wanted and size is not None:
                        found[digest] = size
        return found

    def _find(self, connection: Connection, lock_hash: str) -> int | None:
        return connection.execute(select(LockRow.id).where(LockRow.hash == lock_hash)).scalar_one_or_none()


_PACKAGE_COLUMNS = (
    PackageRow.manager,
    PackageRow.name,
    PackageRow.version,
    PackageRow.build,
    PackageRow.subdir,
    PackageRow.channel,
    PackageRow.url,
    PackageRow.md5,
    PackageRow.sha256,
    PackageRow.size,
    PackageRow.license,
    PackageRow.depends,
)


def part_of(platforms: list[dict[str, Any]] | None, platform: str | None) -> tuple[int, int]:
    """Return number of packages and bytes to download of a platform's part, from a lock row's ``platforms``."""
    for part in platforms or ():
        if part["platform"] == platform:
            return int(part["packages"]), int(part["size"])
    return 0, 0


def _insert_lock(
    connection: Connection,
    lock_hash: str,
    document: dict[str, Any],
    platforms: list[str],
    parts: dict[str, dict[str, Package]],
    database: Database,
) -> int:
    summary = [
        {
            "platform": platform,
            "packages": len(parts[platform]),
            "size": sum(package.size or 0 for package in parts[platform].values()),
        }
        for platform in platforms
    ]
    return inserted_id(
        connection.execute(
            insert(LockRow).values(hash=lock_hash, platforms=summary, document=document, created=database.now())
        )
    )


def _keep_packages(connection: Connection, packages: Sequence[Package]) -> dict[bytes, int]:
    """Insert the packages that are new and return the id of each by its digest: few statements, however many."""
    wanted = {_digest(package): package for package in packages}
    known = _ids(connection, list(wanted))
    new = [
        {"digest": digest, **package.model_dump(exclude={"platform"})}
        for digest, package in wanted.items()
        if digest not in known
    ]
    if new:
        connection.execute(insert(PackageRow), new)
        known |= _ids(connection, [row["digest"] for row in new])
    return known


def _ids(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    found: dict[bytes, int] = {}
    for start in range(0, len(digests), _BATCH):
        query = select(PackageRow.digest, PackageRow.id).where(PackageRow.digest.in_(digests[start : start + _BATCH]))
        found.update((row[0], row[1]) for row in connection.execute(query))
    return found


def _digest(package: Package) -> bytes:
    described = package.model_dump(exclude={"platform"})
    return hashlib.sha256(json.dumps(described, sort_keys=True).encode()).digest()


def _missing(lock_hash: str) -> NotFoundError:
    return NotFoundError(f"The catalog has no lock {lock_hash[:80]!a}.", lock=ascii(lock_hash[:80]))
