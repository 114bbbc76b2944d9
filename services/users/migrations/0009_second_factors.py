"""One-time codes and recovery codes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "totp_secrets",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("confirm_us", sa.BigInteger(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="totp_secrets_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "user_id"),
    )
    op.create_table(
        "recovery_code_digests",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="recovery_code_digests_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "digest"),
    )
