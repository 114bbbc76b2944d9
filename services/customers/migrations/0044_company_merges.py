"""Merges of companies."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "company_merges",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        *(sa.Column(each, TEXT, server_default="", nullable=False) for each in ("survivor_id", "merger_id")),
        *(sa.Column(each, sa.LargeBinary(), nullable=False) for each in ("merged_ids", "changed_paths")),
        sa.Column("expire_time", sa.BigInteger(), nullable=False),
        sa.Column("undo_time", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="company_merges_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for index, column in (
        ("create_time", "create_time"),
        ("update_time", "update_time"),
        ("survivor", "survivor_id"),
        ("merger", "merger_id"),
    ):
        op.create_index(f"company_merges_by_{index}", "company_merges", ["tenant_id", column, "id"])
