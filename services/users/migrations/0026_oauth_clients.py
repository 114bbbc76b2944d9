"""OAuth clients, what people allow them, and the keys of ID tokens."""

import sqlalchemy as sa
from alembic import op

from mesh.store.tables import NoBytes

revision = "0026"
down_revision = "0025"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns and create the tables."""
    for name in ("client_id", "parent_id"):
        op.add_column("sessions", sa.Column(name, TEXT, server_default="", nullable=False))
    op.add_column("sessions", sa.Column("scopes", sa.LargeBinary(), server_default=NoBytes(), nullable=False))
    op.create_index("sessions_by_parent", "sessions", ["tenant_id", "parent_id", "id"])
    op.create_table(
        "oauth_clients",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        *(
            sa.Column(each, sa.LargeBinary(), nullable=False)
            for each in ("redirect_uris", "post_logout_redirect_uris", "scopes", "grant_types")
        ),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        sa.Column("skips_consent", sa.Boolean(), nullable=True),
        sa.Column("client_id", TEXT, server_default="", nullable=False),
        sa.Column("hint", TEXT, server_default="", nullable=False),
        sa.Column("rotate_time", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("tenant_id <> ''", name="oauth_clients_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time", "display_name"):
        op.create_index(f"oauth_clients_by_{column}", "oauth_clients", ["tenant_id", column, "id"])
    op.create_table(
        "oauth_client_secrets",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("expire_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="oauth_client_secrets_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "client_id", "digest"),
    )
    op.create_table(
        "oauth_consents",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("client_id", TEXT, nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("update_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="oauth_consents_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", "client_id"),
    )
    op.create_table(
        "used_codes",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", TEXT, nullable=False),
        sa.Column("expire_us", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="used_codes_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "digest"),
    )
    op.create_index("used_codes_by_end", "used_codes", ["tenant_id", "expire_us"])
    op.create_table(
        "id_token_keys",
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("kid", TEXT, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slot"),
    )
