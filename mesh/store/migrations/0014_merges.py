"""Where the ids of merged resources lead, and what a move of references left in their place."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add both."""
    op.create_table(
        "merged_ids",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("into_id", "via_id", "merge_id")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("sequence", "time_us")),
        sa.CheckConstraint("tenant_id <> ''", name="merged_ids_tenant_present"),
    )
    for name in ("into", "via"):
        op.create_index(f"merged_ids_by_{name}", "merged_ids", ["tenant_id", f"{name}_id"])
    op.add_column("reference_journal", sa.Column("after", TEXT, nullable=True))
