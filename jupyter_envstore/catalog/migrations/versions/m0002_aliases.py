"""Names that environments had before they were renamed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; nothing was ever renamed before."""
    op.create_table(
        "alias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("namespace_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("environment_id", sa.Integer(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("last_used", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["environment_id"], ["environment.id"], name=op.f("fk_alias_environment_id_environment")
        ),
        sa.ForeignKeyConstraint(["namespace_id"], ["namespace.id"], name=op.f("fk_alias_namespace_id_namespace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias")),
        sa.UniqueConstraint("namespace_id", "key", name=op.f("uq_alias_namespace_id")),
    )
    op.create_index("ix_alias_environment_id", "alias", ["environment_id"], unique=False)
