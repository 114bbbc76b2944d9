"""Links to set another password with."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "password_resets",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="password_resets_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "user_id"),
    )
