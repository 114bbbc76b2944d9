"""What tenants ask of those who sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "security_policies",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="security_policies_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "name"),
    )
