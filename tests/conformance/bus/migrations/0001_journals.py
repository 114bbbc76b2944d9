"""What the events did."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "journals",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("entries", sa.Text, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="journals_tenant_present"),
    )
