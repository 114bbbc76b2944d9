"""API keys with their secrets, and publishable keys."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "api_keys",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("grants", sa.LargeBinary(), nullable=False),
        sa.Column("expire_time", sa.BigInteger(), nullable=True),
        sa.Column("user_id", TEXT, server_default="", nullable=False),
        sa.Column("hint", TEXT, server_default="", nullable=False),
        sa.Column("last_use_time", sa.BigInteger(), nullable=True),
        sa.Column("rotate_time", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("tenant_id <> ''", name="api_keys_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("api_keys_by_create_time", "api_keys", ["tenant_id", "create_time", "id"])
    op.create_index("api_keys_by_update_time", "api_keys", ["tenant_id", "update_time", "id"])
    op.create_index("api_keys_by_display_name", "api_keys", ["tenant_id", "display_name", "id"])
    op.create_index("api_keys_by_user", "api_keys", ["tenant_id", "user_id", "id"])
    op.create_table(
        "api_key_secrets",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("key_id", TEXT, nullable=False),
        sa.Column("expire_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="api_key_secrets_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "digest"),
    )
    op.create_index("api_key_secrets_by_key", "api_key_secrets", ["tenant_id", "key_id"])
    op.create_table(
        "publishable_keys",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("origins", sa.LargeBinary(), nullable=False),
        sa.Column("owner_id", TEXT, server_default="", nullable=False),
        sa.Column("key", TEXT, server_default="", nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="publishable_keys_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("publishable_keys_by_create_time", "publishable_keys", ["tenant_id", "create_time", "id"])
    op.create_index("publishable_keys_by_update_time", "publishable_keys", ["tenant_id", "update_time", "id"])
    op.create_index("publishable_keys_by_display_name", "publishable_keys", ["tenant_id", "display_name", "id"])
    op.create_index("publishable_keys_by_owner", "publishable_keys", ["tenant_id", "owner_id", "id"])
    op.create_index("publishable_keys_by_key", "publishable_keys", ["tenant_id", "key", "id"])
