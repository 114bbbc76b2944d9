"""Contacts that are addressed together."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0015"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create segments, who is in them, and when that is looked at again."""
    op.create_table(
        "segments",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        sa.Column("delete_time", sa.BigInteger(), nullable=True),
        *(
            sa.Column(each, TEXT, server_default="", nullable=False)
            for each in ("owner_id", "display_name", "description", "filter")
        ),
        *(
            sa.Column(each, sa.BigInteger(), server_default="0", nullable=False)
            for each in ("type", "sharing", "state", "generation")
        ),
        sa.Column("build_time", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("tenant_id <> ''", name="segments_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for index, column in (
        ("create_time", "create_time"),
        ("update_time", "update_time"),
        ("owner", "owner_id"),
        ("display_name", "display_name"),
        ("type", "type"),
    ):
        op.create_index(f"segments_by_{index}", "segments", ["tenant_id", column, "id"])
    _pairs("segment_members", "member", "flag", "since_us")
    _pairs("segment_dues", "due_us")
    op.create_index("segment_dues_by_time", "segment_dues", ["tenant_id", "due_us", "segment_id", "contact_id"])
    op.create_table(
        "segment_counters",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="segment_counters_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "name"),
    )


def _pairs(name: str, *numbers: str) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("segment_id", TEXT, nullable=False),
        sa.Column("contact_id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in numbers),
        sa.CheckConstraint("tenant_id <> ''", name=f"{name}_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "segment_id", "contact_id"),
    )
    op.create_index(f"{name}_by_contact", name, ["tenant_id", "contact_id", "segment_id"])
