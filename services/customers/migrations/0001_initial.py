"""The first tables of customers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "contacts",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("update_time", sa.BigInteger(), nullable=False),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", TEXT, server_default="", nullable=False),
        sa.Column("given_name", TEXT, server_default="", nullable=False),
        sa.Column("family_name", TEXT, server_default="", nullable=False),
        sa.Column("display_name", TEXT, server_default="", nullable=False),
        sa.Column("job_title", TEXT, server_default="", nullable=False),
        sa.Column("birth_date", TEXT, server_default="", nullable=False),
        sa.Column("external_id", TEXT, server_default="", nullable=False),
        sa.Column("primary_email", TEXT, server_default="", nullable=False),
        sa.Column("emails", sa.LargeBinary(), nullable=False),
        sa.Column("phones", sa.LargeBinary(), nullable=False),
        sa.Column("addresses", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="contacts_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index("contacts_by_create_time", "contacts", ["tenant_id", "create_time", "id"], unique=False)
    op.create_index("contacts_by_display_name", "contacts", ["tenant_id", "display_name", "id"], unique=False)
    op.create_index("contacts_by_family_name", "contacts", ["tenant_id", "family_name", "id"], unique=False)
    op.create_index("contacts_by_owner", "contacts", ["tenant_id", "owner_id", "id"], unique=False)
    op.create_index("contacts_by_primary_email", "contacts", ["tenant_id", "primary_email", "id"], unique=False)
    op.create_index("contacts_by_update_time", "contacts", ["tenant_id", "update_time", "id"], unique=False)
    op.create_index(
        "contacts_external_id",
        "contacts",
        ["tenant_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id != ''"),
        postgresql_where=sa.text("external_id != ''"),
    )
