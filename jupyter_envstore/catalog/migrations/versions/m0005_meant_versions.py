"""Versions that kernels pinned under a name still mean, although another environment has the name."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; whose name was taken before is not known any more."""
    op.create_table(
        "meant_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("namespace_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("environment_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_meant_version_environment_id_environment")
        ),
        sa.ForeignKeyConstraint(
            ["namespace_id"], ["namespace.id"], name=op.f("fk_meant_version_namespace_id_namespace")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meant_version")),
        sa.UniqueConstraint(
            "namespace_id", "key", "number", "environment_id", name=op.f("uq_meant_version_namespace_id")
        ),
    )
    op.create_index("ix_meant_version_environment_id", "meant_version", ["environment_id"], unique=False)
