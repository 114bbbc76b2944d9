"""Teams, where users stand in them, and what a tenant settles on besides its zone and currency."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table and add the columns."""
    op.create_table(
        "teams",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("parent_id", TEXT, server_default="", nullable=False),
        sa.Column("manager_id", TEXT, server_default="", nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="teams_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("teams_by_create_time", "teams", ["tenant_id", "create_time", "id"])
    op.create_index("teams_by_update_time", "teams", ["tenant_id", "update_time", "id"])
    op.create_index("teams_by_display_name", "teams", ["tenant_id", "display_name", "id"])
    op.create_index("teams_by_parent", "teams", ["tenant_id", "parent_id", "id"])
    op.add_column("users", sa.Column("delete_time", sa.BigInteger(), nullable=True))
    op.add_column("users", sa.Column("team_id", TEXT, server_default="", nullable=False))
    op.add_column("users", sa.Column("manager_id", TEXT, server_default="", nullable=False))
    op.add_column("users", sa.Column("state", sa.SmallInteger(), server_default="1", nullable=False))
    op.create_index("users_by_display_name", "users", ["tenant_id", "display_name", "id"])
    op.create_index("users_by_team", "users", ["tenant_id", "team_id", "id"])
    op.create_index("users_by_manager", "users", ["tenant_id", "manager_id", "id"])
    op.add_column("tenants", sa.Column("version", sa.BigInteger(), server_default="1", nullable=False))
    op.add_column("tenants", sa.Column("update_time", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("tenants", sa.Column("locale", sa.Text(), server_default="en", nullable=False))
    op.add_column("tenants", sa.Column("region_code", sa.Text(), server_default="", nullable=False))
    op.add_column("tenants", sa.Column("week_start", sa.SmallInteger(), server_default="1", nullable=False))
    op.add_column("tenants", sa.Column("fiscal_year_start", sa.SmallInteger(), server_default="1", nullable=False))
