"""The capabilities that work once and were used."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "used_capabilities",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("expires_us", sa.BigInteger, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="used_capabilities_tenant_present"),
    )
    op.create_index("used_capabilities_expiry", "used_capabilities", ["expires_us"])
