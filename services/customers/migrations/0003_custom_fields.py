"""Fields that tenants add to their contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.add_column("contacts", sa.Column("custom", sa.LargeBinary(), server_default="", nullable=False))
    op.create_table(
        "contact_fields",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("key", TEXT, server_default="", nullable=False),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        sa.Column("choices", sa.LargeBinary(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("filterable", sa.Boolean(), nullable=False),
        sa.Column("unique", sa.Boolean(), nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="contact_fields_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("contact_fields_by_create_time", "contact_fields", ["tenant_id", "create_time", "id"])
    op.create_index("contact_fields_by_update_time", "contact_fields", ["tenant_id", "update_time", "id"])
    op.create_index("contact_fields_key", "contact_fields", ["tenant_id", "key"], unique=True)
    op.create_index("contact_fields_by_key", "contact_fields", ["tenant_id", "key", "id"])
