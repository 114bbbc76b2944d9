"""Long work that waits for its next chunk."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tenant", "kind", "principal", "trace")),
        sa.Column("cursor", sa.LargeBinary, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("create_us", "due_us", "failures")),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("lease_us", sa.BigInteger, nullable=False),
    )
    op.create_index("jobs_by_tenant", "jobs", ["tenant", "create_us"])
