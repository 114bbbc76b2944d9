"""Moves of references, and what they changed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create both."""
    op.create_table(
        "reference_moves",
        sa.Column("id", TEXT, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("tenant", "type", "from_id", "to_id")),
        sa.Column("reason", sa.BigInteger, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("actor", "trace")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("state", "place")),
        sa.Column("after_id", TEXT, nullable=False),
        sa.Column("due_us", sa.BigInteger, nullable=False),
    )
    op.create_index("reference_moves_due", "reference_moves", ["state", "due_us"])
    op.create_table(
        "reference_journal",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        *(sa.Column(name, TEXT, primary_key=True) for name in ("move", "resource", "id", "field")),
        sa.Column("before", TEXT, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="reference_journal_tenant_present"),
    )
