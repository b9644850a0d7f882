"""Updates that are planned, and versions that wait to be activated."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PLANNED = sa.text("next_update IS NOT NULL")


def upgrade() -> None:
    """Add the columns; nothing was planned before, and nothing is known to wait."""
    op.add_column("environment", sa.Column("schedule", sa.String(length=16), nullable=True))
    op.add_column("environment", sa.Column("next_update", sa.DateTime(timezone=True), nullable=True))
    op.add_column("environment", sa.Column("offered", sa.Integer(), nullable=True))
    op.create_index(
        "ix_environment_next_update",
        "environment",
        ["next_update"],
        unique=False,
        sqlite_where=PLANNED,
        postgresql_where=PLANNED,
    )
