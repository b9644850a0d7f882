"""The tables. Rows of these classes never leave the catalog: its queries answer schemas.

A change here needs a migration beside it (``migrations/versions``); a test holds the two against each other. The
conditions of partial indexes are given for SQLite; `opening` takes them over for PostgreSQL, whose dialect would be
imported by naming it here (30 ms at every start of the command line).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from jupyter_envstore.catalog.columns import CompressedJson, UtcTime

NAME = String(64)
STATE = String(16)
HASH = String(64)


class Base(DeclarativeBase):
    """What all tables share: constraints have names, so that a migration can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


class CounterRow(Base):
    """Numbers that only grow. ``change`` counts every visible change of the catalog."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)


class NamespaceRow(Base):
    """A namespace exists with its first environment. ``key`` is the name in lower case."""

    __tablename__ = "namespace"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(NAME)
    key: Mapped[str] = mapped_column(NAME, unique=True)
    created: Mapped[datetime]


class LockRow(Base):
    """One lockfile, whoever uses it.

    ``platforms`` is a sorted list of ``{"platform", "packages", "size"}``; `LockPackageRow.part` is a position in it.
    """

    __tablename__ = "lock"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(HASH, unique=True)
    platforms: Mapped[list[Any]]
    document: Mapped[Any] = mapped_column(CompressedJson)
    created: Mapped[datetime]


class PlatformCheckRow(Base):
    """What solving a lock's specification for a platform came to that the lock does not cover; see `PlatformReport`."""

    __tablename__ = "platform_check"

    lock_id: Mapped[int] = mapped_column(ForeignKey("lock.id", ondelete="CASCADE"), primary_key=True)
    platform: Mapped[str] = mapped_column(String(32), primary_key=True)
    checked: Mapped[datetime]
    report: Mapped[Any] = mapped_column(CompressedJson)


class PackageRow(Base):
    """One package file as a lock describes it.

    ``digest`` covers every column: two descriptions of one file that differ (a stranger's lock may lie about the
    license) are two rows, and neither can change what another lock says.
    """

    __tablename__ = "package"
    __table_args__ = (Index("ix_package_name_version", "name", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    manager: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(Text)
    build: Mapped[str] = mapped_column(Text)
    subdir: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(Text)
    url: Mapped[str] = mapped_column(Text)
    md5: Mapped[str | None] = mapped_column(String(32))
    sha256: Mapped[str | None] = mapped_column(HASH)
    size: Mapped[int | None] = mapped_column(BigInteger)
    license: Mapped[str | None] = mapped_column(Text)
    depends: Mapped[list[Any]]


class LockPackageRow(Base):
    """Which packages a lock names, for which of its platforms."""

    __tablename__ = "lock_package"
    __table_args__ = (
        Index("ix_lock_package_package_id_lock_id", "package_id", "lock_id"),
        {"sqlite_with_rowid": False},
    )

    lock_id: Mapped[int] = mapped_column(ForeignKey("lock.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True)


class PrefixRow(Base):
    """A prefix on disk, or one that was there and can be made again."""

    __tablename__ = "prefix"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(HASH, unique=True)
    platform: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(STATE)
    size: Mapped[int] = mapped_column(BigInteger)
    files: Mapped[int]
    kernels: Mapped[list[Any]]
    activation: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created: Mapped[datetime]
    last_used: Mapped[datetime]


class EnvironmentRow(Base):
    """An environment. ``key`` is the name in lower case, unique among what is not deleted.

    ``schedule`` is empty where nothing is planned; ``next_update`` is when the next planned update is due. ``offered``
    is the number of the version that waits to be activated.
    """

    __tablename__ = "environment"
    __table_args__ = (
        Index(
            "uq_environment_namespace_id_key",
            "namespace_id",
            "key",
            unique=True,
            sqlite_where=text("deleted IS NULL"),
        ),
        # Every environment by name, the deleted too: the unique index covers only the others.
        Index("ix_environment_namespace_id_key", "namespace_id", "key", "deleted"),
        Index(
            "ix_environment_updated_id",
            "updated",
            "id",
            sqlite_where=text("deleted IS NULL"),
        ),
        Index(
            "ix_environment_namespace_id_updated_id",
            "namespace_id",
            "updated",
            "id",
            sqlite_where=text("deleted IS NULL"),
        ),
        Index("ix_environment_active_version_id", "active_version_id"),
        Index("ix_environment_sequence", "sequence"),
        Index(
            "ix_environment_next_update",
            "next_update",
            sqlite_where=text("next_update IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    namespace_id: Mapped[int] = mapped_column(ForeignKey("namespace.id"))
    name: Mapped[str] = mapped_column(NAME)
    key: Mapped[str] = mapped_column(NAME)
    description: Mapped[str] = mapped_column(Text)
    active_version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id", use_alter=True))
    last_number: Mapped[int]
    sequence: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[datetime]
    updated: Mapped[datetime]
    deleted: Mapped[datetime | None]
    schedule: Mapped[str | None] = mapped_column(STATE)
    next_update: Mapped[datetime | None]
    offered: Mapped[int | None]


class AliasRow(Base):
    """A name that an environment had before: it leads there until another one takes it, or nobody uses it any more.

    ``key`` is the name in lower case. ``last_used`` lags behind what kernels say, see `kernels.stamps`.
    """

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("namespace_id", "key"), Index("ix_alias_environment_id", "environment_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    namespace_id: Mapped[int] = mapped_column(ForeignKey("namespace.id"))
    name: Mapped[str] = mapped_column(NAME)
    key: Mapped[str] = mapped_column(NAME)
    environment_id: Mapped[int] = mapped_column(ForeignKey("environment.id"))
    created: Mapped[datetime]
    last_used: Mapped[datetime]


class MeantVersionRow(Base):
    """A number that kernels pinned under a name mean of an environment, although another one has taken the name.

    Of several for one number the first counts. ``environment_id`` is empty when that environment was forgotten.
    """

    __tablename__ = "meant_version"
    __table_args__ = (
        UniqueConstraint("namespace_id", "key", "number", "environment_id"),
        Index("ix_meant_version_environment_id", "environment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    namespace_id: Mapped[int] = mapped_column(ForeignKey("namespace.id"))
    key: Mapped[str] = mapped_column(NAME)
    number: Mapped[int]
    environment_id: Mapped[int | None] = mapped_column(ForeignKey("environment.id"))


class VersionRow(Base):
    """A version; one with ``deleted`` set is a tombstone that keeps its number taken."""

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("environment_id", "number"),
        Index("ix_version_lock_id", "lock_id"),
        Index("ix_version_prefix_id", "prefix_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    environment_id: Mapped[int] = mapped_column(ForeignKey("environment.id"))
    number: Mapped[int]
    specification: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    lock_id: Mapped[int] = mapped_column(ForeignKey("lock.id"))
    prefix_id: Mapped[int] = mapped_column(ForeignKey("prefix.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    pinned: Mapped[bool]
    warnings: Mapped[list[Any]]
    created: Mapped[datetime]
    deleted: Mapped[datetime | None]


class BuildRow(Base):
    """A build. It goes on as long as ``finished`` is empty: the partial index rests on that.

    Ids are never used again, because logs are named by them. ``base_version_id`` is the version that was active
    when the build was queued. ``worker``, ``heartbeat_at`` and ``lease_until`` are set while a process works on it.
    """

    __tablename__ = "build"
    __table_args__ = (
        Index("ix_build_environment_id_id", "environment_id", "id"),
        Index("ix_build_state_id", "state", "id"),
        Index("ix_build_version_id", "version_id"),
        Index("ix_build_sequence", "sequence"),
        Index(
            "ix_build_unfinished",
            # Without the id, which SQLite's indexes hold anyway: being narrower it is preferred to the one above.
            "environment_id",
            sqlite_where=text("finished IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    environment_id: Mapped[int] = mapped_column(ForeignKey("environment.id"))
    kind: Mapped[str] = mapped_column(STATE)
    state: Mapped[str] = mapped_column(STATE)
    state_since: Mapped[datetime]
    request: Mapped[Any] = mapped_column(CompressedJson)
    progress: Mapped[dict[str, Any]]
    message: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(Text)
    lock_id: Mapped[int | None] = mapped_column(ForeignKey("lock.id"))
    base_version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id"))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    warnings: Mapped[list[Any]]
    seconds: Mapped[dict[str, Any]]
    attempt: Mapped[int]
    cancel_requested: Mapped[bool]
    retried_as: Mapped[int | None] = mapped_column(ForeignKey("build.id"))
    sequence: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[datetime]
    started: Mapped[datetime | None]
    finished: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(Text)
    heartbeat_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    machine: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class ArtifactRow(Base):
    """A file made from a version to be shared; ``path`` is relative to the store's folder of artifacts."""

    __tablename__ = "artifact"
    __table_args__ = (Index("ix_artifact_version_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    format: Mapped[str] = mapped_column(String(32))
    platform: Mapped[str | None] = mapped_column(String(32))
    path: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(HASH)
    created: Mapped[datetime]


class GrantRow(Base):
    """Who has which role on what: ``scope`` is ``*``, a namespace, or ``namespace/name``, in lower case."""

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("subject", "scope"), Index("ix_grant_scope", "scope"))

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(STATE)
    scope: Mapped[str] = mapped_column(String(160))
    created: Mapped[datetime]


class EventRow(Base):
    """Who did what to what, when."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject_id", "subject", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    created: Mapped[datetime]
    who: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(160))
    details: Mapped[dict[str, Any]]
