"""Roles that tenants make for themselves."""

import sqlalchemy as sa
from alembic import op

from mesh.store.tables import NoBytes

revision = "0003"
down_revision = "0002"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table and add the column."""
    op.create_table(
        "custom_roles",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("grants", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="custom_roles_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("custom_roles_by_create_time", "custom_roles", ["tenant_id", "create_time", "id"])
    op.create_index("custom_roles_by_update_time", "custom_roles", ["tenant_id", "update_time", "id"])
    op.create_index("custom_roles_by_display_name", "custom_roles", ["tenant_id", "display_name", "id"])
    op.add_column("users", sa.Column("role_ids", sa.LargeBinary(), server_default=NoBytes(), nullable=False))
