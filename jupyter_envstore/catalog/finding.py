"""Find a package: which versions of which environments have it, by name, version and build, through indexes alone.

Names are compared by the database. Whether a version is in a range is judged here, once for each file of that name
that any lock has ever named: hundreds at most, however many environments there are.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, literal, select, union_all

from jupyter_envstore.catalog import paging
from jupyter_envstore.catalog.database import Database
from jupyter_envstore.catalog.models import (
    EnvironmentRow,
    LockPackageRow,
    LockRow,
    NamespaceRow,
    PackageRow,
    PrefixRow,
    VersionRow,
)
from jupyter_envstore.catalog.totals import Totals
from jupyter_envstore.errors import InvalidInputError, SpecificationError
from jupyter_envstore.schemas import Finding, Page

if TYPE_CHECKING:
    from jupyter_envstore.specification import MatchSpec

WIDESPREAD = 2_000
"""Of a package that so many locks have, versions are met soon by going through all of them in the page's order."""
COMMON_PACKAGE = 10_000
"""Of one that so many locks have, so soon that listing the locks beforehand would take longer."""
FEW_FILES = 50
"""With more files than these, a lock's packages are gone through instead of asking for each file."""
Files = list[int] | Select[Any]
"""Row ids of package files, or the query that answers them."""
_PAGE = Page[Finding]  # kept, because pydantic makes the class again each time nobody holds it


class Findings:
    """Where packages are; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._totals = Totals(database)

    def list(
        self,
        package: str,
        *,
        active_only: bool = False,
        limit: int = paging.DEFAULT_LIMIT,
        cursor: str | None = None,
    ) -> Page[Finding]:
        """Return the versions that have the package on any of their platforms, four statements however many.

        Active ones come first, and among each the ones made last. What was deleted is left out.

        Parameters
        ----------
        package
            A match spec of name, version, build and channel: ``numpy``, ``numpy >=2,<3``, ``conda-forge::numpy=2``.

        Raises
        ------
        SpecificationError
            When the match spec cannot be read.
        InvalidInputError
            When it has other conditions, or for a limit or cursor that makes no sense.
        """
        paging.check_limit(limit)
        wanted = read_wanted(package)
        after = paging.read_numbers(cursor, 2) if cursor else None
        number = self._totals.version()
        with self._database.reading() as connection:
            files = matching_files(connection, wanted)
            held = _Held(connection, files)
            total = self._totals.count(connection, number, (wanted.text, active_only), held.counted(active_only))
            rows = connection.execute(_details(held, held.page(active_only, after, limit + 1))).all()
        found: dict[int, tuple[bool, Finding]] = {}
        for row in rows:
            finding, own = _finding_of(row)
            known = found.get(row.id)
            if known is None or (own and not known[0]):
                found[row.id] = own, finding
        ordered = sorted(found.items(), key=lambda item: (item[1][1].active, item[0]), reverse=True)
        more = len(ordered) > limit
        ordered = ordered[:limit]
        last = paging.write_cursor(int(ordered[-1][1][1].active), ordered[-1][0]) if more else None
        return _PAGE(items=[finding for _, (_, finding) in ordered], next=last, total=total)


def read_wanted(package: str) -> MatchSpec:
    """Read what is looked for.

    Raises
    ------
    SpecificationError
    InvalidInputError
        When it says more than can be looked for.
    """
    from jupyter_envstore.specification import parse_match_spec  # only those who look for a package read its name

    wanted = parse_match_spec(package)
    if wanted.attributes:
        raise InvalidInputError(
            "A package is found by name, version, build and channel. Leave the other conditions in brackets out.",
            package=package[:200],
        )
    return wanted


def matching_files(connection: Connection, wanted: MatchSpec) -> Files:
    """Return the package files that are what is looked for: one statement, or part of another, by one index."""
    if wanted.version is None and wanted.build is None and wanted.channel is None:
        return select(PackageRow.id).where(PackageRow.name == wanted.name)
    from jupyter_envstore.specification.version_matching import satisfies

    rows = connection.execute(
        select(PackageRow.id, PackageRow.version, PackageRow.build, PackageRow.channel).where(
            PackageRow.name == wanted.name
        )
    )
    return [
        row.id
        for row in rows
        if satisfies(row.version, row.build, wanted.text) and _is_from(row.channel, wanted.channel)
    ]


def has_package(connection: Connection, package: str) -> ColumnElement[bool]:
    """Return the condition that an environment's active version has the package, in the form that is fast for it.

    One that few locks have leads to their environments. One that many have is looked for in one environment after the
    other: the first page is then full soon (1 to 3 ms among ten thousand, either way).

    Raises
    ------
    SpecificationError, InvalidInputError
    """
    held = _Held(connection, matching_files(connection, read_wanted(package)))
    if not held.in_order:
        return EnvironmentRow.active_version_id.in_(select(VersionRow.id).where(held.condition))
    return select(VersionRow.id).where(VersionRow.id == EnvironmentRow.active_version_id, held.condition).exists()


class _Held:
    """The versions whose lock names one of some package files."""

    def __init__(self, connection: Connection, files: Files) -> None:
        self._locks = select(LockPackageRow.lock_id).where(LockPackageRow.package_id.in_(_listed(files)))
        some = select(func.count()).select_from(self._locks.limit(COMMON_PACKAGE).subquery()).scalar_subquery()
        known = literal(len(files)) if isinstance(files, list) else _counted(files)
        locks, number = connection.execute(select(some, known)).one()
        self.in_order = locks >= WIDESPREAD
        packages: Any = LockPackageRow.package_id
        if number > FEW_FILES:
            packages = packages + 0  # keeps the index by package from being used, which would be asked for each file
        self.is_file = packages.in_(_listed(files))
        if locks >= COMMON_PACKAGE:
            in_this_lock = select(literal(1)).where(LockPackageRow.lock_id == VersionRow.lock_id, self.is_file)
            self.condition: ColumnElement[bool] = in_this_lock.exists()
        else:
            # A sum is in no index: the locks are then listed once, and each version is held against the list.
            lock: Any = VersionRow.lock_id + 0 if self.in_order else VersionRow.lock_id
            self.condition = lock.in_(self._locks)

    def counted(self, active_only: bool) -> Select[Any]:
        """Return the statement that counts them."""
        query = select(func.count()).select_from(VersionRow).join(EnvironmentRow, _owner(active_only))
        there = (EnvironmentRow.deleted.is_(None), VersionRow.deleted.is_(None))
        # All of them are looked at, so they are always found from the package on.
        return query.where(VersionRow.lock_id.in_(self._locks), *there)

    def page(self, active_only: bool, after: tuple[int, ...] | None, limit: int) -> Select[Any]:
        """Return the statement for their row ids: the active ones, then the others, each the newest first.

        Each of the two is cut off by itself: an order over both would need all of them.
        """
        parts = [self._part(active, after, limit) for active in ((True,) if active_only else (True, False))]
        merged = union_all(*(select(part.c.id, part.c.active) for part in parts)).subquery()
        return select(merged.c.id).order_by(merged.c.active.desc(), merged.c.id.desc()).limit(limit)

    def _part(self, active: bool, after: tuple[int, ...] | None, limit: int) -> Any:
        key = EnvironmentRow.active_version_id if active else VersionRow.id
        owner = _owner(active)
        if not active:
            owner = and_(owner, EnvironmentRow.active_version_id != VersionRow.id)
        query = (
            select(VersionRow.id, literal(int(active)).label("active"))
            .join(EnvironmentRow, owner)
            .where(self.condition, EnvironmentRow.deleted.is_(None), VersionRow.deleted.is_(None))
        )
        if after is not None and after[0] < int(active):
            query = query.where(VersionRow.id == 0)  # all of these were on earlier pages
        elif after is not None and after[0] == int(active):
            query = query.where(key < after[1])
        # Of few, all are sorted: walking every version in order to meet them would take longer.
        order = key if self.in_order else key + 0
        return query.order_by(order.desc()).limit(limit).subquery()


def _details(held: _Held, versions: Select[Any]) -> Select[Any]:
    """Return the statement for what is told of versions: a row for each platform whose part has one of the files."""
    query: Any = (
        select(
            VersionRow.id,
            NamespaceRow.name.label("namespace"),
            EnvironmentRow.name,
            VersionRow.number,
            (EnvironmentRow.active_version_id == VersionRow.id).label("active"),
            VersionRow.specification,
            LockRow.platforms,
            PrefixRow.platform,
            LockPackageRow.part,
            PackageRow.name.label("package"),
            PackageRow.version,
            PackageRow.build,
        )
        .join(EnvironmentRow, EnvironmentRow.id == VersionRow.environment_id)
        .join(NamespaceRow, NamespaceRow.id == EnvironmentRow.namespace_id)
        .join(LockRow, LockRow.id == VersionRow.lock_id)
        .join(PrefixRow, PrefixRow.id == VersionRow.prefix_id)
        .join(LockPackageRow, and_(LockPackageRow.lock_id == VersionRow.lock_id, held.is_file))
        .join(PackageRow, PackageRow.id == LockPackageRow.package_id)
        .where(VersionRow.id.in_(versions))
        .order_by(VersionRow.id.desc(), LockPackageRow.part)
    )
    return query  # type: ignore[no-any-return]


def _finding_of(row: Any) -> tuple[Finding, bool]:
    """Return what is told, and whether it is about the platform that the version was built on."""
    platform = row.platforms[row.part]["platform"]
    finding = Finding(
        namespace=row.namespace,
        name=row.name,
        version=row.number,
        active=bool(row.active),
        package=row.package,
        package_version=row.version,
        build=row.build,
        platform=platform,
        direct=row.package in _asked_for(row.specification, platform),
    )
    return finding, platform == row.platform


@functools.lru_cache(maxsize=2048)
def _asked_for(text: str, platform: str) -> frozenset[str]:
    """Return the names that a specification asks for on a platform; none when it cannot be read any more."""
    from jupyter_envstore.specification import Specification
    from jupyter_envstore.specification.pip_requests import requests_of
    from jupyter_envstore.specification.version_matching import name_of

    try:
        specification = Specification.parse(text)
        names = {spec.name for spec in specification.match_specs(platform)}
        return frozenset(names | {name_of(request) for request in requests_of(specification, platform)})
    except SpecificationError:
        return frozenset()


def _is_from(channel: str, wanted: str | None) -> bool:
    return wanted is None or channel == wanted.rstrip("/") or channel.endswith(f"/{wanted}")


def _owner(active: bool) -> ColumnElement[bool]:
    if active:
        return EnvironmentRow.active_version_id == VersionRow.id
    return EnvironmentRow.id == VersionRow.environment_id


def _counted(files: Select[Any]) -> Any:
    return select(func.count()).select_from(files.subquery()).scalar_subquery()


def _listed(files: Files) -> Any:
    if not isinstance(files, list):
        return files
    # Written into the statement: there is a limit to the number of values handed over beside it.
    return bindparam("files", files, expanding=True, literal_execute=True, unique=True)
