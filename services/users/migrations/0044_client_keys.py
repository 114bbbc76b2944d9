"""Keys that OAuth clients prove with who they are."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column; clients that there are have secrets."""
    op.add_column("oauth_clients", sa.Column("jwks", TEXT, server_default="", nullable=False))
