"""Chapters and currencies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "chapters",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("book_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.ForeignKeyConstraint(["tenant_id", "book_id"], ["books.tenant_id", "books.id"], name="chapters_book"),
        sa.CheckConstraint("tenant_id <> ''", name="chapters_tenant_present"),
    )
    op.create_table(
        "currencies",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("exponent", sa.BigInteger, nullable=False),
    )
