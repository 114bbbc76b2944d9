"""Persons who were erased, what their erasures have come to, and where values come from."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0014"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "erased_subjects",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="erased_subjects_tenant_present"),
    )
    op.create_table(
        "erased_counts",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("erasure_id", TEXT, primary_key=True),
        sa.Column("kind", TEXT, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="erased_counts_tenant_present"),
    )
    op.create_table(
        "field_sources",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="field_sources_tenant_present"),
    )
