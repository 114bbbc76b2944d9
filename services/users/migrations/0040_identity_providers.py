"""Identity providers, their secrets, and which users they know."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0038"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_SWITCHES = ("enabled", "links_by_email", "vouches_for_emails", "vouches_for_mfa", "creates_users")


def _resource(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        *columns,
        sa.CheckConstraint("tenant_id <> ''", name=f"{name}_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time"):
        op.create_index(f"{name}_by_{column}", name, ["tenant_id", column, "id"])


def upgrade() -> None:
    """Create the tables."""
    _resource(
        "identity_providers",
        *(sa.Column(each, TEXT, server_default="", nullable=False) for each in ("display_name", "issuer", "client_id")),
        *(sa.Column(each, sa.LargeBinary(), nullable=False) for each in ("scopes", "domains")),
        *(sa.Column(each, sa.Boolean(), nullable=True) for each in _SWITCHES),
        sa.Column("role", sa.SmallInteger(), nullable=True),
        sa.Column("role_ids", sa.LargeBinary(), nullable=False),
        sa.Column("redirect_uri", TEXT, server_default="", nullable=False),
        sa.Column("secret_time", sa.BigInteger(), nullable=True),
    )
    op.create_index("identity_providers_by_display_name", "identity_providers", ["tenant_id", "display_name", "id"])
    op.create_table(
        "identity_provider_secrets",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("provider_id", TEXT, nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="identity_provider_secrets_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "provider_id"),
    )
    _resource(
        "upstream_links",
        *(sa.Column(each, TEXT, server_default="", nullable=False) for each in ("user_id", "identity_provider_id")),
        sa.Column("last_use_time", sa.BigInteger(), nullable=True),
        sa.Column("subject", TEXT, nullable=False),
    )
    op.create_index("upstream_links_by_user", "upstream_links", ["tenant_id", "user_id", "create_time", "id"])
    live = sa.text("delete_time IS NULL")
    op.create_index(
        "upstream_links_subject",
        "upstream_links",
        ["tenant_id", "identity_provider_id", "subject"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
