"""Audit entries with the request, where it came from, and what became of the fields."""

import sqlalchemy as sa
from alembic import op

from mesh.store.tables import NoBytes

revision = "0035"
down_revision = "0027"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns and the indexes."""
    for name in ("request_id", "address", "user_agent", "origin_salt"):
        op.add_column("audit_entries", sa.Column(name, TEXT, server_default="", nullable=False))
    for name in ("changes", "origin_digest"):
        op.add_column("audit_entries", sa.Column(name, sa.LargeBinary(), server_default=NoBytes(), nullable=False))
    op.create_index("audit_entries_by_request", "audit_entries", ["tenant_id", "request_id", "id"])
    op.create_index("audit_entries_by_address", "audit_entries", ["tenant_id", "address", "id"])
