"""Keys by which resources are recognised."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create it."""
    op.create_table(
        "identity_keys",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        *(sa.Column(name, TEXT, primary_key=True) for name in ("resource", "kind", "value", "id")),
        sa.Column("single", sa.Boolean, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="identity_keys_tenant_present"),
    )
    single = sa.text("single")
    op.create_index(
        "identity_keys_single",
        "identity_keys",
        ["tenant_id", "resource", "kind", "value"],
        unique=True,
        sqlite_where=single,
        postgresql_where=single,
    )
