"""What a consumer has handled, what waits for its turn, and what failed too often."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "inbox",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("waiting", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "inbox_seen",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("time_us", sa.BigInteger, nullable=False),
    )
    op.create_index("inbox_seen_age", "inbox_seen", ["time_us"])
    op.create_table(
        "inbox_waiting",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("sequence", sa.BigInteger, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("source", "tenant", "aggregate", "type")),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("actor", "trace", "timer")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("since_us", "attempts", "retry_us")),
    )
    op.create_index("inbox_waiting_retry", "inbox_waiting", ["retry_us"])
    op.create_table(
        "parked_events",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("parked_us", sa.BigInteger, nullable=False),
    )
    op.create_index("parked_events_key", "parked_events", ["key"])
