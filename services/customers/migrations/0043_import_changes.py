"""Imports that are validated, matched by more, and reverted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from mesh.store.tables import NoBytes

revision = "0043"
down_revision = "0041"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _plain(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Text(), primary_key=True),
        *columns,
        sa.CheckConstraint("tenant_id <> ''", name=f"{name}_tenant_present"),
    )
    op.create_index(f"{name}_by_contact", name, ["tenant_id", "contact_id"])


def upgrade() -> None:
    """Create what they keep."""
    op.add_column("contact_imports", sa.Column("match_field", TEXT, server_default="", nullable=False))
    op.add_column("contact_imports", sa.Column("headerless", sa.Boolean(), server_default=sa.false(), nullable=False))
    for name in ("date_order", "work", "removed_count", "restored_count", "kept_count"):
        op.add_column("contact_imports", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("contact_import_rows", sa.Column("reversal", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column(
        "contact_import_rows", sa.Column("kept_paths", sa.LargeBinary(), server_default=NoBytes(), nullable=False)
    )
    _plain(
        "contact_import_changes",
        sa.Column("import_id", TEXT, primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True),
        *(sa.Column(each, TEXT, nullable=False) for each in ("row_id", "contact_id")),
        sa.Column("made", sa.Boolean(), nullable=False),
        *(sa.Column(each, sa.LargeBinary(), nullable=False) for each in ("before", "after")),
    )
    _plain(
        "contact_import_drafts",
        *(sa.Column(each, TEXT, primary_key=True) for each in ("import_id", "contact_id")),
        sa.Column("made", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
    )
    _plain(
        "contact_import_marks",
        *(sa.Column(each, TEXT, primary_key=True) for each in ("import_id", "mark", "contact_id")),
    )
