"""Machines that built, and platforms that were checked."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add column and table; nothing of it was recorded before."""
    op.add_column("build", sa.Column("machine", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "platform_check",
        sa.Column("lock_id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("checked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["lock_id"], ["lock.id"], name=op.f("fk_platform_check_lock_id_lock"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("lock_id", "platform", name=op.f("pk_platform_check")),
    )
