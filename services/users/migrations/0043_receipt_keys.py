"""The keys that receipts are signed with."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0040"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "receipt_keys",
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("kid", TEXT, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slot"),
    )
