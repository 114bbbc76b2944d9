"""The messages."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "messages",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        *(sa.Column(each, TEXT, server_default="", nullable=False) for each in ("template", "email", "display_name")),
        *(sa.Column(each, TEXT, server_default="", nullable=False) for each in ("locale", "reason", "link_id")),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        *(
            sa.Column(each, sa.BigInteger(), server_default="0", nullable=False)
            for each in ("template_version", "reply_code", "tries")
        ),
        sa.Column("send_time", sa.BigInteger(), nullable=True),
        sa.Column("expire_time", sa.BigInteger(), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="messages_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for column in ("create_time", "update_time", "email", "state", "template"):
        op.create_index(f"messages_by_{column}", "messages", ["tenant_id", column, "id"])
