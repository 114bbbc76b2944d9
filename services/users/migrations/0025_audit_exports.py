"""Audit entries as files."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "audit_exports",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("file_name", TEXT, server_default="", nullable=False),
        sa.Column("filter", TEXT, server_default="", nullable=False),
        sa.Column("format", sa.SmallInteger(), nullable=False),
        sa.Column("job", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expire_time", sa.BigInteger(), nullable=True),
        sa.Column("creator_id", TEXT, server_default="", nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="audit_exports_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time"):
        op.create_index(f"audit_exports_by_{column}", "audit_exports", ["tenant_id", column, "id"])
    op.create_index("audit_exports_by_creator", "audit_exports", ["tenant_id", "creator_id", "id"])
