"""The first tables of users."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "audit_chains",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="audit_chains_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "name"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("action", TEXT, server_default="", nullable=False),
        sa.Column("method", TEXT, server_default="", nullable=False),
        sa.Column("principal_id", TEXT, server_default="", nullable=False),
        sa.Column("actor_id", TEXT, server_default="", nullable=False),
        sa.Column("resource", TEXT, server_default="", nullable=False),
        sa.Column("changed_paths", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="audit_entries_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("audit_entries_by_create_time", "audit_entries", ["tenant_id", "create_time", "id"], unique=False)
    op.create_index("audit_entries_by_position", "audit_entries", ["tenant_id", "position", "id"], unique=False)
    op.create_index("audit_entries_by_principal", "audit_entries", ["tenant_id", "principal_id", "id"], unique=False)
    op.create_index("audit_entries_by_resource", "audit_entries", ["tenant_id", "resource", "id"], unique=False)
    op.create_index("audit_entries_by_update_time", "audit_entries", ["tenant_id", "update_time", "id"], unique=False)
    op.create_index("audit_entries_position", "audit_entries", ["tenant_id", "position"], unique=True)
    op.create_table(
        "signing_keys",
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("kid", TEXT, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slot"),
    )
    op.create_table(
        "tenants",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("slug", TEXT, nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("currency_code", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "users",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("email", TEXT, server_default="", nullable=False),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("role", sa.SmallInteger(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="users_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("users_by_create_time", "users", ["tenant_id", "create_time", "id"], unique=False)
    op.create_index("users_by_email", "users", ["tenant_id", "email", "id"], unique=False)
    op.create_index("users_by_update_time", "users", ["tenant_id", "update_time", "id"], unique=False)
    op.create_index("users_email", "users", ["tenant_id", "email"], unique=True)
