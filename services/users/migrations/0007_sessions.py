"""Sessions with their refresh tokens, and wrong guesses of passwords."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "sessions",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("user_id", TEXT, server_default="", nullable=False),
        sa.Column("factors", sa.LargeBinary(), nullable=False),
        sa.Column("assurance_level", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("user_agent", TEXT, server_default="", nullable=False),
        sa.Column("address", TEXT, server_default="", nullable=False),
        sa.Column("last_seen_time", sa.BigInteger(), nullable=False),
        sa.Column("expire_time", sa.BigInteger(), nullable=False),
        sa.Column("end_reason", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("former_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rotate_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("epoch", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ended_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="sessions_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("sessions_by_create_time", "sessions", ["tenant_id", "create_time", "id"])
    op.create_index("sessions_by_update_time", "sessions", ["tenant_id", "update_time", "id"])
    op.create_index("sessions_by_user", "sessions", ["tenant_id", "user_id", "create_time", "id"])
    op.create_index("sessions_by_end", "sessions", ["tenant_id", "user_id", "ended_us"])
    op.create_table(
        "guesses",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("guesses_by_age", "guesses", ["last_us"])
