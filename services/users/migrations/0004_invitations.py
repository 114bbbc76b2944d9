"""Invitations."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "invitations",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("email", TEXT, server_default="", nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("role_ids", sa.LargeBinary(), nullable=False),
        sa.Column("team_id", TEXT, server_default="", nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("expire_time", sa.BigInteger(), nullable=False),
        sa.Column("inviter_id", TEXT, server_default="", nullable=False),
        sa.Column("user_id", TEXT, server_default="", nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="invitations_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time", "email", "state", "expire_time"):
        op.create_index(f"invitations_by_{column}", "invitations", ["tenant_id", column, "id"])
    pending = sa.text("state = 1")
    op.create_index(
        "invitations_pending",
        "invitations",
        ["tenant_id", "email"],
        unique=True,
        sqlite_where=pending,
        postgresql_where=pending,
    )
