"""Lists that people come back to."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "saved_views",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        *(
            sa.Column(each, TEXT, server_default="", nullable=False)
            for each in ("owner_id", "display_name", "filter", "order_by")
        ),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        *(sa.Column(each, sa.BigInteger(), server_default="0", nullable=False) for each in ("resource", "sharing")),
        sa.CheckConstraint("tenant_id <> ''", name="saved_views_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for index, column in (
        ("create_time", "create_time"),
        ("update_time", "update_time"),
        ("owner", "owner_id"),
        ("display_name", "display_name"),
    ):
        op.create_index(f"saved_views_by_{index}", "saved_views", ["tenant_id", column, "id"])
