"""Hooks that contacts come in by, and what was answered to their webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "contact_hooks",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="contact_hooks_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time", "display_name"):
        op.create_index(f"contact_hooks_by_{column}", "contact_hooks", ["tenant_id", column, "id"])
    op.create_table(
        "contact_hook_receipts",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("hook_id", TEXT, nullable=False),
        sa.Column("webhook_id", TEXT, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="contact_hook_receipts_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "hook_id", "webhook_id"),
    )
    op.create_index("contact_hook_receipts_by_age", "contact_hook_receipts", ["tenant_id", "hook_id", "create_time"])
