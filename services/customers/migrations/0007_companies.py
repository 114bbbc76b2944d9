"""Companies with their fields, relations, interactions with the timelines they are told on, and tags."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_ENDS = ("from_contact_id", "from_company_id", "to_contact_id", "to_company_id")


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, TEXT, server_default="", nullable=False) for name in names]


def _bytes(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _whole(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _absent(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def _resource(name: str, *columns: sa.Column[Any], **indexes: str) -> None:
    """A table of resources; `indexes`: by their names, the columns that lists are ordered by."""
    op.create_table(
        name,
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *_whole("sequence", "create_time", "update_time"),
        _absent("delete_time"),
        *columns,
        sa.CheckConstraint("tenant_id <> ''", name=f"{name}_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for index, column in {"create_time": "create_time", "update_time": "update_time", **indexes}.items():
        op.create_index(f"{name}_by_{index}", name, ["tenant_id", column, "id"])


def _single(index: str, table: str, columns: list[str], where: str) -> None:
    among = sa.text(where)
    op.create_index(index, table, ["tenant_id", *columns], unique=True, sqlite_where=among, postgresql_where=among)


def upgrade() -> None:
    """Create them."""
    _resource(
        "companies",
        *_texts("owner_id", "display_name", "legal_name", "primary_domain", "parent_id", "external_id", "description"),
        *_bytes("domains", "phones", "e164_phones", "addresses", "tag_ids", "custom"),
        _absent("last_interaction_time"),
        owner="owner_id",
        display_name="display_name",
        primary_domain="primary_domain",
        parent="parent_id",
    )
    _single("companies_external_id", "companies", ["external_id"], "external_id != ''")
    _fields()
    op.create_table(
        "company_turns",
        sa.Column("tenant_id", sa.Text(), primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        *_whole("taken"),
        sa.CheckConstraint("tenant_id <> ''", name="company_turns_tenant_present"),
    )
    _resource(
        "relations",
        *_texts(*_ENDS),
        _number("kind"),
        *_texts("label", "inverse_label", "title", "start_date", "end_date"),
        start_date="start_date",
        **{end.removesuffix("_id"): end for end in _ENDS},
    )
    _single("relations_once", "relations", [*_ENDS, "kind", "label", "start_date"], "delete_time IS NULL")
    _resource(
        "interactions",
        *_texts("author_id"),
        _number("kind"),
        *_whole("occur_time"),
        _absent("duration"),
        *_texts("subject", "body"),
        *_bytes("contact_ids", "company_ids"),
        author="author_id",
        occur_time="occur_time",
    )
    _timelines()
    _resource("tags", *_texts("display_name", "color", "folded_name", "merged_into_id"), folded_name="folded_name")
    _single("tags_folded_name", "tags", ["folded_name"], "delete_time IS NULL")


def _fields() -> None:
    _resource(
        "company_fields",
        *_texts("key", "display_name"),
        sa.Column("type", sa.SmallInteger(), nullable=False),
        *_bytes("choices"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("required", "filterable", "unique", "personal")),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        key="key",
    )
    op.create_index("company_fields_key", "company_fields", ["tenant_id", "key"], unique=True)


def _timelines() -> None:
    op.create_table(
        "timeline_entries",
        sa.Column("tenant_id", sa.Text(), primary_key=True),
        sa.Column("subject_id", TEXT, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        *_whole("time", "kind"),
        *(sa.Column(name, TEXT, nullable=False) for name in ("title", "resource", "actor_id", "changed_paths")),
        sa.CheckConstraint("tenant_id <> ''", name="timeline_entries_tenant_present"),
    )
    op.create_index("timeline_entries_by_time", "timeline_entries", ["tenant_id", "subject_id", "time", "id"])
    op.create_index("timeline_entries_by_id", "timeline_entries", ["tenant_id", "id"])
