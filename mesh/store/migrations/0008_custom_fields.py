"""Values of the fields that tenants define, as filters and orders find them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    for name, kind in (("custom_texts", TEXT), ("custom_numbers", sa.Float(53))):
        op.create_table(
            name,
            sa.Column("tenant_id", sa.Text, primary_key=True),
            sa.Column("slot", TEXT, primary_key=True),
            sa.Column("id", TEXT, primary_key=True),
            sa.Column("value", kind, nullable=False),
            sa.Column("single", sa.Boolean, nullable=False),
            sa.CheckConstraint("tenant_id <> ''", name=f"{name}_tenant_present"),
        )
        op.create_index(f"{name}_by_value", name, ["tenant_id", "slot", "value", "id"])
        single = sa.text("single")
        op.create_index(
            f"{name}_single",
            name,
            ["tenant_id", "slot", "value"],
            unique=True,
            sqlite_where=single,
            postgresql_where=single,
        )
    op.create_table(
        "custom_versions",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("resource", sa.Text, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="custom_versions_tenant_present"),
    )
