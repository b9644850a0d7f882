"""The first form of the catalog."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
NOT_DELETED = sa.text("deleted IS NULL")
UNFINISHED = sa.text("finished IS NULL")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_subject_id", "event", ["subject", "id"], unique=False)
    op.create_table(
        "grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=160), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("subject", "scope", name=op.f("uq_grant_subject")),
    )
    op.create_index("ix_grant_scope", "grant", ["scope"], unique=False)
    op.create_table(
        "lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("platforms", sa.JSON(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock")),
        sa.UniqueConstraint("hash", name=op.f("uq_lock_hash")),
    )
    op.create_table(
        "namespace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_namespace")),
        sa.UniqueConstraint("key", name=op.f("uq_namespace_key")),
    )
    op.create_table(
        "package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("manager", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("build", sa.Text(), nullable=False),
        sa.Column("subdir", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("md5", sa.String(length=32), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("license", sa.Text(), nullable=True),
        sa.Column("depends", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_package")),
        sa.UniqueConstraint("digest", name=op.f("uq_package_digest")),
    )
    op.create_index("ix_package_name_version", "package", ["name", "version"], unique=False)
    op.create_table(
        "prefix",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("kernels", sa.JSON(), nullable=False),
        sa.Column("activation", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created", TIME, nullable=False),
        sa.Column("last_used", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prefix")),
        sa.UniqueConstraint("hash", name=op.f("uq_prefix_hash")),
    )
    op.create_table(
        "environment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("namespace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("active_version_id", sa.Integer(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.Column("deleted", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["active_version_id"], ["version.id"], name=op.f("fk_environment_active_version_id_version"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["namespace_id"], ["namespace.id"], name=op.f("fk_environment_namespace_id_namespace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_environment")),
    )
    op.create_index("ix_environment_active_version_id", "environment", ["active_version_id"], unique=False)
    op.create_index("ix_environment_namespace_id_key", "environment", ["namespace_id", "key", "deleted"], unique=False)
    op.create_index(
        "ix_environment_namespace_id_updated_id",
        "environment",
        ["namespace_id", "updated", "id"],
        unique=False,
        sqlite_where=NOT_DELETED,
        postgresql_where=NOT_DELETED,
    )
    op.create_index("ix_environment_sequence", "environment", ["sequence"], unique=False)
    op.create_index(
        "ix_environment_updated_id",
        "environment",
        ["updated", "id"],
        unique=False,
        sqlite_where=NOT_DELETED,
        postgresql_where=NOT_DELETED,
    )
    op.create_index(
        "uq_environment_namespace_id_key",
        "environment",
        ["namespace_id", "key"],
        unique=True,
        sqlite_where=NOT_DELETED,
        postgresql_where=NOT_DELETED,
    )
    op.create_table(
        "lock_package",
        sa.Column("lock_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("package_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lock_id"], ["lock.id"], name=op.f("fk_lock_package_lock_id_lock"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["package_id"], ["package.id"], name=op.f("fk_lock_package_package_id_package")),
        sa.PrimaryKeyConstraint("lock_id", "part", "package_id", name=op.f("pk_lock_package")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lock_package_package_id_lock_id", "lock_package", ["package_id", "lock_id"], unique=False)
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("environment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("specification", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("lock_id", sa.Integer(), nullable=False),
        sa.Column("prefix_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("deleted", TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_version_environment_id_environment")
        ),
        sa.ForeignKeyConstraint(["lock_id"], ["lock.id"], name=op.f("fk_version_lock_id_lock")),
        sa.ForeignKeyConstraint(["parent_id"], ["version.id"], name=op.f("fk_version_parent_id_version")),
        sa.ForeignKeyConstraint(["prefix_id"], ["prefix.id"], name=op.f("fk_version_prefix_id_prefix")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_version")),
        sa.UniqueConstraint("environment_id", "number", name=op.f("uq_version_environment_id")),
    )
    op.create_index("ix_version_lock_id", "version", ["lock_id"], unique=False)
    op.create_index("ix_version_prefix_id", "version", ["prefix_id"], unique=False)
    op.create_table(
        "artifact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=32), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_artifact_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifact")),
    )
    op.create_index("ix_artifact_version_id", "artifact", ["version_id"], unique=False)
    op.create_table(
        "build",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("environment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_since", TIME, nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("lock_id", sa.Integer(), nullable=True),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("error", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.JSON(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("retried_as", sa.Integer(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("started", TIME, nullable=True),
        sa.Column("finished", TIME, nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("heartbeat_at", TIME, nullable=True),
        sa.Column("lease_until", TIME, nullable=True),
        sa.ForeignKeyConstraint(["base_version_id"], ["version.id"], name=op.f("fk_build_base_version_id_version")),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_build_environment_id_environment")
        ),
        sa.ForeignKeyConstraint(["lock_id"], ["lock.id"], name=op.f("fk_build_lock_id_lock")),
        sa.ForeignKeyConstraint(["retried_as"], ["build.id"], name=op.f("fk_build_retried_as_build")),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name=op.f("fk_build_version_id_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_build")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_build_environment_id_id", "build", ["environment_id", "id"], unique=False)
    op.create_index("ix_build_sequence", "build", ["sequence"], unique=False)
    op.create_index("ix_build_state_id", "build", ["state", "id"], unique=False)
    op.create_index(
        "ix_build_unfinished",
        "build",
        ["environment_id"],
        unique=False,
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )
    op.create_index("ix_build_version_id", "build", ["version_id"], unique=False)
    if op.get_context().dialect.supports_alter:
        # The two tables refer to each other; where tables cannot be altered the reference was made with the table.
        op.create_foreign_key(
            op.f("fk_environment_active_version_id_version"), "environment", "version", ["active_version_id"], ["id"]
        )
    op.execute("INSERT INTO counter (name, value) VALUES ('change', 0)")
