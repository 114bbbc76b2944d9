"""The order of the moves of one resource: the number of the last one at its owner, and of each where it is done."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add both."""
    op.create_table(
        "reference_turns",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="reference_turns_tenant_present"),
    )
    op.add_column("reference_moves", sa.Column("number", sa.BigInteger, nullable=False, server_default="0"))
