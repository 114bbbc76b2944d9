"""The tables of users."""

from rapport.users.v1 import resources_pb2
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Text

from mesh.resource.table import TEXT, fragment, micros, resource_table, text
from mesh.store.tables import global_table, tenant_table

metadata = MetaData()

tenants = global_table(
    "tenants",
    metadata,
    Column("id", TEXT, primary_key=True),
    Column("slug", TEXT, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("currency_code", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    micros("create_time"),
    because="a tenant is found by its slug before anybody has signed in",
)

users = resource_table(
    resources_pb2.User,
    metadata,
    text("email"),
    text("display_name"),
    Column("role", SmallInteger, nullable=False),
    # No fields of the resource: a hash is nobody's to read, and the epoch only matters to tokens.
    Column("password_hash", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Index("users_email", "tenant_id", "email", unique=True),
    Index("users_by_email", "tenant_id", "email", "id"),
)

audit_entries = resource_table(
    resources_pb2.AuditEntry,
    metadata,
    text("action"),
    text("method"),
    text("principal_id"),
    text("actor_id"),
    text("resource"),
    fragment("changed_paths"),
    Column("position", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    # Two entries at one place would be a fork of the chain.
    Index("audit_entries_position", "tenant_id", "position", unique=True),
    Index("audit_entries_by_position", "tenant_id", "position", "id"),
    Index("audit_entries_by_resource", "tenant_id", "resource", "id"),
    Index("audit_entries_by_principal", "tenant_id", "principal_id", "id"),
)

audit_chains = tenant_table(
    "audit_chains",
    metadata,
    # One row a tenant: the end of its chain, locked while an entry is added.
    Column("name", TEXT, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
)

signing_keys = global_table(
    "signing_keys",
    metadata,
    Column("slot", Integer, primary_key=True),
    Column("kid", TEXT, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("sealed_private", LargeBinary, nullable=False),
    micros("create_time"),
    because="tokens of all tenants are signed with the same keys",
)
