"""Exports, and who described an import."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.add_column("contact_imports", sa.Column("creator_id", TEXT, server_default="", nullable=False))
    op.create_index("contact_imports_by_creator", "contact_imports", ["tenant_id", "creator_id", "id"])
    op.create_table(
        "contact_exports",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("file_name", TEXT, server_default="", nullable=False),
        sa.Column("filter", TEXT, server_default="", nullable=False),
        sa.Column("order_by", TEXT, server_default="", nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("byte_order_mark", sa.Boolean(), nullable=False),
        sa.Column("job", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expire_time", sa.BigInteger(), nullable=True),
        sa.Column("creator_id", TEXT, server_default="", nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="contact_exports_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time"):
        op.create_index(f"contact_exports_by_{column}", "contact_exports", ["tenant_id", column, "id"])
    op.create_index("contact_exports_by_creator", "contact_exports", ["tenant_id", "creator_id", "id"])
