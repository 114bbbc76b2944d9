"""What a service knows of the resources of others that its own refer to."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "reference_rows",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        *(sa.Column(name, TEXT, primary_key=True) for name in ("type", "id")),
        *(sa.Column(name, TEXT, nullable=False) for name in ("title", "owner_id", "team_id")),
        sa.Column("state", sa.BigInteger, nullable=False),
        sa.Column("merged_into", TEXT, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="reference_rows_tenant_present"),
    )
    op.create_index("reference_rows_by_team", "reference_rows", ["tenant_id", "type", "team_id", "id"])
