"""The tables of customers."""

from rapport.customers.v1 import resources_pb2
from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, MetaData

from mesh.resource.custom import definition_table
from mesh.resource.table import TEXT, fragment, micros, number, resource_table, text
from mesh.store.tables import sealed, tenant_table

metadata = MetaData()

contacts = resource_table(
    resources_pb2.Contact,
    metadata,
    text("owner_id"),
    text("given_name"),
    text("family_name"),
    text("display_name"),
    text("job_title"),
    text("birth_date"),
    text("external_id"),
    text("primary_email"),
    fragment("emails"),
    fragment("phones"),
    fragment("addresses"),
    fragment("custom"),
    # What boards and lists are filtered and ordered by; the id at the end makes each order total.
    Index("contacts_by_owner", "tenant_id", "owner_id", "id"),
    Index("contacts_by_family_name", "tenant_id", "family_name", "id"),
    Index("contacts_by_display_name", "tenant_id", "display_name", "id"),
    Index("contacts_by_primary_email", "tenant_id", "primary_email", "id"),
)
contact_fields = definition_table(resources_pb2.ContactField, metadata)
# An import run twice must not make every person twice; a deleted contact keeps its key so that it can come back.
Index(
    "contacts_external_id",
    contacts.c.tenant_id,
    contacts.c.external_id,
    unique=True,
    sqlite_where=contacts.c.external_id != "",
    postgresql_where=contacts.c.external_id != "",
)

contact_imports = resource_table(
    resources_pb2.ContactImport,
    metadata,
    text("file_name"),
    fragment("columns"),
    number("match_key"),
    number("on_match"),
    number("encoding"),
    number("delimiter"),
    fragment("job"),
    number("created_count"),
    number("updated_count"),
    number("skipped_count"),
    number("failed_count"),
    fragment("parts"),
    text("creator_id"),
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
    Index("contact_import_rows_by_import", "tenant_id", "import_id", "id"),
)

contact_exports = resource_table(
    resources_pb2.ContactExport,
    metadata,
    text("file_name"),
    text("filter"),
    text("order_by"),
    fragment("fields"),
    Column("byte_order_mark", Boolean, nullable=False),
    fragment("job"),
    number("size"),
    micros("expire_time", nullable=True),
    text("creator_id"),
    fragment("parts"),
    Index("contact_exports_by_creator", "tenant_id", "creator_id", "id"),
)

contact_hooks = resource_table(
    resources_pb2.ContactHook,
    metadata,
    text("display_name"),
    sealed("secret"),
    Index("contact_hooks_by_display_name", "tenant_id", "display_name", "id"),
)
# What webhooks were answered with, so that one that comes again has no further effect.
contact_hook_receipts = tenant_table(
    "contact_hook_receipts",
    metadata,
    Column("hook_id", TEXT, primary_key=True),
    Column("webhook_id", TEXT, primary_key=True),
    Column("answer", LargeBinary, nullable=False),
    Column("create_time", BigInteger, nullable=False),
    Index("contact_hook_receipts_by_age", "tenant_id", "hook_id", "create_time"),
)
