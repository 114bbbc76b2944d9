"""Groups of users."""

import sqlalchemy as sa
from alembic import op

from mesh.store.tables import NoBytes

revision = "0020"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables and add the column."""
    op.create_table(
        "groups",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=True),
        sa.Column("role_ids", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="groups_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("groups_by_create_time", "groups", ["tenant_id", "create_time", "id"])
    op.create_index("groups_by_update_time", "groups", ["tenant_id", "update_time", "id"])
    op.create_index("groups_by_display_name", "groups", ["tenant_id", "display_name", "id"])
    op.create_table(
        "group_members",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("group_id", TEXT, nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="group_members_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "group_id", "user_id"),
    )
    op.create_index(
        "group_members_by_create_time", "group_members", ["tenant_id", "group_id", "create_time", "user_id"]
    )
    op.add_column("users", sa.Column("group_ids", sa.LargeBinary(), server_default=NoBytes(), nullable=False))
