"""Passkeys."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0027"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "passkeys",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("user_id", TEXT, server_default="", nullable=False),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("user_verified", sa.Boolean(), nullable=False),
        sa.Column("backed_up", sa.Boolean(), nullable=False),
        sa.Column("last_use_time", sa.BigInteger(), nullable=True),
        sa.Column("transports", sa.LargeBinary(), nullable=False),
        sa.Column("model", TEXT, server_default="", nullable=False),
        sa.Column("credential_id", TEXT, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="passkeys_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time", "display_name"):
        op.create_index(f"passkeys_by_{column}", "passkeys", ["tenant_id", column, "id"])
    op.create_index("passkeys_by_user", "passkeys", ["tenant_id", "user_id", "create_time", "id"])
    op.create_index("passkeys_credential", "passkeys", ["tenant_id", "credential_id"], unique=True)
