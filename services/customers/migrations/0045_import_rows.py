"""Rows of imports are found by their contacts."""

from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Index them."""
    op.create_index("contact_import_rows_by_contact", "contact_import_rows", ["tenant_id", "contact_id", "id"])
