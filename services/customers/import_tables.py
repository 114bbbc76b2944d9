"""The tables of imports: what is to be done, what became of each row, and how contacts were before."""

from rapport.customers.v1 import resources_pb2
from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, false

from mesh.resource.table import TEXT, fragment, number, resource_table, text
from mesh.store.tables import tenant_table
from services.customers.privacy_tables import metadata

contact_imports = resource_table(
    resources_pb2.ContactImport,
    metadata,
    text("file_name"),
    fragment("columns"),
    *map(number, ("match_key", "on_match", "encoding", "delimiter")),
    fragment("job"),
    *map(number, ("created_count", "updated_count", "skipped_count", "failed_count")),
    fragment("parts"),
    text("creator_id"),
    text("match_field"),
    number("date_order"),
    Column("headerless", Boolean, nullable=False, server_default=false()),
    *map(number, ("work", "removed_count", "restored_count", "kept_count")),
    # Whoever may not write all contacts sees their own imports alone.
    Index("contact_imports_by_creator", "tenant_id", "creator_id", "id"),
)
contact_import_rows = resource_table(
    resources_pb2.ContactImportRow,
    metadata,
    text("import_id"),
    number("number"),
    number("verdict"),
    text("reason"),
    text("column"),
    text("message"),
    text("contact_id"),
    number("reversal"),
    fragment("kept_paths"),
    number("kept_cause"),
    Index("contact_import_rows_by_import", "tenant_id", "import_id", "id"),
    # Rows are kept for long, and whoever is erased is sought in all of them.
    Index("contact_import_rows_by_contact", "tenant_id", "contact_id", "id"),
)
# How contacts were before an import and how its rows left them, until it can be reverted no more.
contact_import_changes = tenant_table(
    "contact_import_changes",
    metadata,
    Column("import_id", TEXT, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    *(Column(name, TEXT, nullable=False) for name in ("row_id", "contact_id")),
    Column("made", Boolean, nullable=False),
    *(
        Column(name, LargeBinary, nullable=False, info={"message": resources_pb2.Contact})
        for name in ("before", "after")
    ),
    Index("contact_import_changes_by_contact", "tenant_id", "contact_id"),
    subject=("contact_id",),
)
# What a running validation has made of contacts, and by what the rows that follow find them.
contact_import_drafts = tenant_table(
    "contact_import_drafts",
    metadata,
    *(Column(name, TEXT, primary_key=True) for name in ("import_id", "contact_id")),
    Column("made", Boolean, nullable=False),
    Column("contact", LargeBinary, nullable=False, info={"message": resources_pb2.Contact}),
    Index("contact_import_drafts_by_contact", "tenant_id", "contact_id"),
    subject=("contact_id",),
)
contact_import_marks = tenant_table(
    "contact_import_marks",
    metadata,
    *(Column(name, TEXT, primary_key=True) for name in ("import_id", "mark", "contact_id")),
    Index("contact_import_marks_by_contact", "tenant_id", "contact_id"),
    subject=("contact_id",),
)
