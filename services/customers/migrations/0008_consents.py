"""What contacts have agreed to."""

import sqlalchemy as sa
from alembic import op

from mesh.store.tables import NoBytes

revision = "0008"
down_revision = "0007"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create it."""
    op.add_column("contacts", sa.Column("granted_consents", sa.LargeBinary(), server_default=NoBytes(), nullable=False))
    op.create_table(
        "consents",
        sa.Column("tenant_id", sa.Text(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(each, sa.BigInteger(), nullable=False) for each in ("sequence", "create_time", "update_time")),
        *(
            sa.Column(each, TEXT, server_default="", nullable=False)
            for each in ("contact_id", "purpose", "source", "proof")
        ),
        *(
            sa.Column(each, sa.BigInteger(), server_default="0", nullable=False)
            for each in ("channel", "decision", "legal_basis")
        ),
        sa.Column("decide_time", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("tenant_id <> ''", name="consents_tenant_present"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    for index, column in (
        ("create_time", "create_time"),
        ("update_time", "update_time"),
        ("contact", "contact_id"),
        ("decide_time", "decide_time"),
    ):
        op.create_index(f"consents_by_{index}", "consents", ["tenant_id", column, "id"])
