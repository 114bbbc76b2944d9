"""Books."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("isbn", sa.Text, nullable=False),
        sa.Column("pages", sa.BigInteger, nullable=False),
        sa.Column("lent", sa.Boolean),
        sa.Column("weight", sa.Float),
        sa.Column("cover", sa.LargeBinary),
        sa.CheckConstraint("pages > 0", name="books_pages_positive"),
        sa.CheckConstraint("tenant_id <> ''", name="books_tenant_present"),
    )
    op.create_index("books_isbn", "books", ["tenant_id", "isbn"], unique=True)
