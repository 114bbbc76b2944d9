"""Imports and the verdicts on their rows."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, TEXT, server_default="", nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in names]


def _resource(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        *columns,
        sa.CheckConstraint("tenant_id <> ''", name=f"{name}_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    op.create_index(f"{name}_by_create_time", name, ["tenant_id", "create_time", "id"], unique=False)
    op.create_index(f"{name}_by_update_time", name, ["tenant_id", "update_time", "id"], unique=False)


def upgrade() -> None:
    """Create them."""
    _resource(
        "contact_imports",
        *_texts("file_name"),
        sa.Column("columns", sa.LargeBinary(), nullable=False),
        *_numbers("match_key", "on_match", "encoding", "delimiter"),
        sa.Column("job", sa.LargeBinary(), nullable=False),
        *_numbers("created_count", "updated_count", "skipped_count", "failed_count"),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
    )
    _resource(
        "contact_import_rows",
        *_texts("import_id"),
        *_numbers("number", "verdict"),
        *_texts("reason", "column", "message", "contact_id"),
    )
    op.create_index(
        "contact_import_rows_by_import", "contact_import_rows", ["tenant_id", "import_id", "id"], unique=False
    )
