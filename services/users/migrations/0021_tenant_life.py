"""The state of tenants, and when they end."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("tenants", sa.Column("state", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("tenants", sa.Column("delete_time", sa.BigInteger(), nullable=True))
    op.add_column("tenants", sa.Column("purge_time", sa.BigInteger(), nullable=True))
