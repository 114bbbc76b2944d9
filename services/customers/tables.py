"""The tables of customers."""

from rapport.customers.v1 import resources_pb2
from sqlalchemy import Index, MetaData

from mesh.resource.table import fragment, resource_table, text

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
    # What boards and lists are filtered and ordered by; the id at the end makes each order total.
    Index("contacts_by_owner", "tenant_id", "owner_id", "id"),
    Index("contacts_by_family_name", "tenant_id", "family_name", "id"),
    Index("contacts_by_display_name", "tenant_id", "display_name", "id"),
    Index("contacts_by_primary_email", "tenant_id", "primary_email", "id"),
)
# An import run twice must not make every person twice; a deleted contact keeps its key so that it can come back.
Index(
    "contacts_external_id",
    contacts.c.tenant_id,
    contacts.c.external_id,
    unique=True,
    sqlite_where=contacts.c.external_id != "",
    postgresql_where=contacts.c.external_id != "",
)
