"""Why a reversion has left a contact as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    """Note it with the row."""
    op.add_column("contact_import_rows", sa.Column("kept_cause", sa.BigInteger(), server_default="0", nullable=False))
