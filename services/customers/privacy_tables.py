"""The tables of what persons may ask of a tenant, and the metadata of all tables of customers."""

from rapport.customers.v1 import resources_pb2
from sqlalchemy import Column, Index, LargeBinary, MetaData

from mesh.resource.table import TEXT, fragment, micros, number, resource_table, text
from mesh.store.tables import NoBytes, sealed, tenant_table

metadata = MetaData()

subject_exports = resource_table(
    resources_pb2.SubjectExport,
    metadata,
    text("contact_id"),
    fragment("job"),
    number("size"),
    micros("expire_time", nullable=True),
    text("creator_id"),
    fragment("parts"),
    Index("subject_exports_by_creator", "tenant_id", "creator_id", "id"),
    Index("subject_exports_by_contact", "tenant_id", "contact_id", "id"),
)
contact_erasures = resource_table(
    resources_pb2.ContactErasure,
    metadata,
    text("contact_id"),
    fragment("job"),
    fragment("counts"),
    text("receipt"),
    text("creator_id"),
    # No field of the resource: the keyed digests of who was erased, 32 bytes each, one behind the other.
    Column("digests", LargeBinary, nullable=False, server_default=NoBytes()),
    Index("contact_erasures_by_creator", "tenant_id", "creator_id", "id"),
    Index("contact_erasures_by_contact", "tenant_id", "contact_id", "id"),
)
# The keyed digests of addresses of those who were erased, so that nobody imports them again.
erased_addresses = tenant_table(
    "erased_addresses",
    metadata,
    Column("digest", TEXT, primary_key=True),  # in hex
    Column("erasure_id", TEXT, nullable=False),
)
# What the digests of a tenant's erased persons are made with: a key of its own, so that it outlives every master key.
erasure_keys = tenant_table(
    "erasure_keys",
    metadata,
    Column("name", TEXT, primary_key=True),
    sealed("sealed_key"),
)
