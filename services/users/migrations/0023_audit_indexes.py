"""Audit entries by who stood behind the principal, and by what was done."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Create the indexes."""
    op.create_index("audit_entries_by_actor", "audit_entries", ["tenant_id", "actor_id", "id"])
    op.create_index("audit_entries_by_action", "audit_entries", ["tenant_id", "action", "id"])
