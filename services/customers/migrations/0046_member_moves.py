"""Which merge has brought what is said by hand of a member."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Note the move of it; of what merges have brought before, nothing tells."""
    op.add_column("segment_members", sa.Column("move_id", TEXT, nullable=True))
    brought = sa.text("move_id IS NOT NULL")
    op.create_index(
        "segment_members_by_move",
        "segment_members",
        ["tenant_id", "move_id", "segment_id", "contact_id"],
        sqlite_where=brought,
        postgresql_where=brought,
    )
