"""Searches for duplicates, their pairs, and what is said of pairs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


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
    for column in ("create_time", "update_time"):
        op.create_index(f"{name}_by_{column}", name, ["tenant_id", column, "id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, server_default="", nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _plain(name: str, keys: tuple[str, ...], *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Text(), primary_key=True),
        *(sa.Column(key, TEXT, primary_key=True) for key in keys),
        *columns,
        sa.CheckConstraint("tenant_id <> ''", name=f"{name}_tenant_present"),
    )


def upgrade() -> None:
    """Create them."""
    _resource(
        "duplicate_searches",
        *map(_text, ("display_name", "filter")),
        sa.Column("identifying_fields", sa.LargeBinary(), nullable=False),
        _number("min_score"),
        sa.Column("job", sa.LargeBinary(), nullable=False),
        *map(_number, ("contact_count", "compared_count", "pair_count")),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        _text("creator_id"),
    )
    op.create_index("duplicate_searches_by_creator", "duplicate_searches", ["tenant_id", "creator_id", "id"])
    _resource(
        "duplicate_pairs",
        *map(_text, ("search_id", "contact_id", "other_contact_id")),
        *map(_number, ("score", "state")),
        sa.Column("evidence", sa.LargeBinary(), nullable=False),
    )
    for index, column in (("score", "score"), ("contact", "contact_id"), ("other_contact", "other_contact_id")):
        op.create_index(f"duplicate_pairs_by_{index}", "duplicate_pairs", ["tenant_id", column, "id"])
    once = ["tenant_id", "search_id", "contact_id", "other_contact_id"]
    op.create_index("duplicate_pairs_once", "duplicate_pairs", once, unique=True)
    _plain(
        "duplicate_dismissals",
        ("contact_id", "other_contact_id"),
        sa.Column("principal_id", TEXT, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
    )
    op.create_index("duplicate_dismissals_by_other_contact", "duplicate_dismissals", ["tenant_id", "other_contact_id"])
    _plain("duplicate_models", ("search_id",), sa.Column("model", sa.LargeBinary(), nullable=False))
    _plain("duplicate_keys", ("search_id", "key", "rank", "contact_id"))
    op.create_index("duplicate_keys_by_contact", "duplicate_keys", ["tenant_id", "contact_id"])
