"""What contacts are recognised, tagged and last met by."""

import sqlalchemy as sa
from alembic import op

from mesh.store.tables import NoBytes

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add it; a contact gets its own with its next change."""
    for name in ("e164_phones", "tag_ids"):
        op.add_column("contacts", sa.Column(name, sa.LargeBinary(), server_default=NoBytes(), nullable=False))
    op.add_column("contacts", sa.Column("last_interaction_time", sa.BigInteger(), nullable=True))
