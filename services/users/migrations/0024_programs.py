"""Users who are programs, and work in another user's place."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column and create the table."""
    op.add_column("users", sa.Column("kind", sa.SmallInteger(), server_default="1", nullable=False))
    op.create_table(
        "impersonations",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("user_id", TEXT, server_default="", nullable=False),
        sa.Column("impersonator_id", TEXT, server_default="", nullable=False),
        sa.Column("reason", TEXT, server_default="", nullable=False),
        sa.Column("expire_time", sa.BigInteger(), nullable=False),
        sa.Column("end_time", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("tenant_id <> ''", name="impersonations_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for name, column in (
        ("create_time", "create_time"),
        ("update_time", "update_time"),
        ("user", "user_id"),
        ("impersonator", "impersonator_id"),
    ):
        op.create_index(f"impersonations_by_{name}", "impersonations", ["tenant_id", column, "id"])
