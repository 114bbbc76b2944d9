"""Replies that are repeated say again what their write published."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add it."""
    op.add_column("idempotency_keys", sa.Column("told", sa.Text, nullable=False, server_default=""))
