"""Published events stay in the outbox for as long as Redis may lose them; how far snapshots of others have come."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create them."""
    op.add_column("outbox", sa.Column("published", sa.BigInteger, nullable=False, server_default="0"))
    op.drop_index("outbox_due", "outbox")
    op.create_index("outbox_due", "outbox", ["published", "due_us", "seq"])
    op.drop_index("outbox_timer", "outbox")
    waiting = sa.text("name IS NOT NULL AND published = 0")
    op.create_index(
        "outbox_timer",
        "outbox",
        ["tenant", "aggregate", "name"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "snapshots",
        sa.Column("type", sa.Text, primary_key=True),
        sa.Column("tenant", sa.Text, primary_key=True),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("complete_us", sa.BigInteger, nullable=False),
    )
