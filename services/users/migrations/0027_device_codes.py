"""Devices that wait for a user to sign in elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "device_codes",
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("user_code", TEXT, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("session_id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("expire_us", "asked_us", "interval_us")),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("device_codes_by_user_code", "device_codes", ["user_code"], unique=True)
    op.create_index("device_codes_by_end", "device_codes", ["expire_us"])
