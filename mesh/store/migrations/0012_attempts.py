"""Effects outside of the database that are to be made, or may have been."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "attempts",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tenant", "kind", "actor", "trace")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("state", "tries", "create_us", "due_us")),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("lease_us", sa.BigInteger, nullable=False),
    )
    op.create_index("attempts_by_state", "attempts", ["state", "tenant", "create_us"])
