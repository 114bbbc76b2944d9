"""What directories know users and groups by, and the parts of users' names."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns, and keep the keys of a directory apart."""
    for name in ("external_id", "user_name", "given_name", "family_name"):
        op.add_column("users", sa.Column(name, TEXT, server_default="", nullable=False))
    op.add_column("groups", sa.Column("external_id", TEXT, server_default="", nullable=False))
    for table, column in (("users", "external_id"), ("users", "user_name"), ("groups", "external_id")):
        live = sa.text(f"{column} <> '' AND delete_time IS NULL")
        op.create_index(
            f"{table}_{column}",
            table,
            ["tenant_id", column],
            unique=True,
            sqlite_where=live,
            postgresql_where=live,
        )
        op.create_index(f"{table}_by_{column}", table, ["tenant_id", column, "id"])
