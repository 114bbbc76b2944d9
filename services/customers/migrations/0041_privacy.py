"""Exports of what is held of persons, erasures, and the digests of who was erased."""

import sqlalchemy as sa
from alembic import op

from mesh.store.tables import NoBytes

revision = "0041"
down_revision = "0018"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "subject_exports",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("contact_id", TEXT, server_default="", nullable=False),
        sa.Column("job", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expire_time", sa.BigInteger(), nullable=True),
        sa.Column("creator_id", TEXT, server_default="", nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="subject_exports_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time", "creator_id", "contact_id"):
        op.create_index(
            f"subject_exports_by_{column.removesuffix('_id')}", "subject_exports", ["tenant_id", column, "id"]
        )
    op.create_table(
        "contact_erasures",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("contact_id", TEXT, server_default="", nullable=False),
        sa.Column("job", sa.LargeBinary(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", TEXT, server_default="", nullable=False),
        sa.Column("creator_id", TEXT, server_default="", nullable=False),
        sa.Column("digests", sa.LargeBinary(), server_default=NoBytes(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="contact_erasures_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time", "creator_id", "contact_id"):
        op.create_index(
            f"contact_erasures_by_{column.removesuffix('_id')}", "contact_erasures", ["tenant_id", column, "id"]
        )
    op.create_table(
        "erased_addresses",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.Column("erasure_id", TEXT, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="erased_addresses_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "digest"),
    )
    op.create_table(
        "erasure_keys",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="erasure_keys_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "name"),
    )
