"""When the database was restored: what clients hold of the time before is not gone on with."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "restores",
        sa.Column("time_us", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
    )
