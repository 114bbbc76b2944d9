"""Addresses that users are to have once they are confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("users", sa.Column("pending_email", TEXT, server_default="", nullable=False))
    op.add_column("users", sa.Column("pending_email_expire_time", sa.BigInteger(), nullable=True))
