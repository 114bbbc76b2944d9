"""The tables of users; those of OAuth clients stand in `oauth_tables`."""

from rapport.users.v1 import resources_pb2
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, SmallInteger, Table, Text

from mesh.resource.table import TEXT, fragment, micros, number, resource_table, text
from mesh.store.tables import NoBytes, global_table, sealed, tenant_table
from services.users.oauth_tables import metadata

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
    Column("version", BigInteger, nullable=False, server_default="1"),
    Column("update_time", BigInteger, nullable=False, server_default="0"),
    Column("locale", Text, nullable=False, server_default="en"),
    Column("region_code", Text, nullable=False, server_default=""),
    Column("week_start", SmallInteger, nullable=False, server_default="1"),
    Column("fiscal_year_start", SmallInteger, nullable=False, server_default="1"),
    # `active` says the same to those who only ask whether its users may work.
    Column("state", SmallInteger, nullable=False, server_default="1"),
    micros("delete_time", nullable=True),
    micros("purge_time", nullable=True),
    because="a tenant is found by its slug before anybody has signed in",
)

users = resource_table(
    resources_pb2.User,
    metadata,
    text("email"),
    text("display_name"),
    Column("role", SmallInteger, nullable=False),
    text("team_id"),
    text("manager_id"),
    Column("role_ids", LargeBinary, nullable=False, server_default=NoBytes()),
    Column("state", SmallInteger, nullable=False, server_default="1"),
    text("pending_email"),
    micros("pending_email_expire_time", nullable=True),
    Column("group_ids", LargeBinary, nullable=False, server_default=NoBytes()),
    Column("kind", SmallInteger, nullable=False, server_default="1"),
    text("external_id"),
    text("user_name"),
    text("given_name"),
    text("family_name"),
    # No fields of the resource: a hash is nobody's to read, and the epoch only matters to tokens.
    Column("password_hash", Text, nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Index("users_email", "tenant_id", "email", unique=True),
    Index("users_by_email", "tenant_id", "email", "id"),
    Index("users_by_display_name", "tenant_id", "display_name", "id"),
    Index("users_by_team", "tenant_id", "team_id", "id"),
    Index("users_by_manager", "tenant_id", "manager_id", "id"),
)

sessions = resource_table(
    resources_pb2.Session,
    metadata,
    text("user_id"),
    fragment("factors"),
    number("assurance_level"),
    text("client_id"),
    Column("scopes", LargeBinary, nullable=False, server_default=NoBytes()),
    text("user_agent"),
    text("address"),
    micros("last_seen_time"),
    micros("expire_time"),
    Column("end_reason", SmallInteger, nullable=False, server_default="0"),
    # No fields: the refresh token before the present one, by its end, and when it was used; the user's epoch that the
    # session is of; and when it ended on the machine's clock, which its bearer tokens live by.
    *(Column(name, BigInteger, nullable=False, server_default="0") for name in ("former_us", "rotate_us", "epoch")),
    Column("ended_us", BigInteger, nullable=False, server_default="0"),
    # Of a client's session that ends with the user's own: that of the browser in which the user signed in.
    text("parent_id"),
    Index("sessions_by_parent", "tenant_id", "parent_id", "id"),
    Index("sessions_by_user", "tenant_id", "user_id", "create_time", "id"),
    Index("sessions_by_end", "tenant_id", "user_id", "ended_us"),
    # What was ended after the backup must not come back to life: everybody logs in again.
    restored=False,
)

password_resets = tenant_table(
    "password_resets",
    metadata,
    Column("user_id", TEXT, primary_key=True),
    # When the link to set another password with ends, which tells it from those before.
    Column("until_us", BigInteger, nullable=False),
    # Links of before a backup do not come back with it.
    restored=False,
)

totp_secrets = tenant_table(
    "totp_secrets",
    metadata,
    Column("user_id", TEXT, primary_key=True),
    sealed("sealed_secret"),
    # When a first code came; 0: none has, and the secret does not count.
    Column("confirm_us", BigInteger, nullable=False),
    # Of the last code that was accepted, so that none works twice.
    Column("last_step", BigInteger, nullable=False),
)

recovery_code_digests = tenant_table(
    "recovery_code_digests",
    metadata,
    Column("user_id", TEXT, primary_key=True),
    Column("digest", TEXT, primary_key=True),
)

passkeys = resource_table(
    resources_pb2.Passkey,
    metadata,
    text("user_id"),
    text("display_name"),
    Column("user_verified", Boolean, nullable=False),
    Column("backed_up", Boolean, nullable=False),
    micros("last_use_time", nullable=True),
    fragment("transports"),
    text("model"),
    # No fields: by what its device finds it, by what it is checked, and how often it had signed when it was used last.
    Column("credential_id", TEXT, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Index("passkeys_by_user", "tenant_id", "user_id", "create_time", "id"),
    Index("passkeys_by_display_name", "tenant_id", "display_name", "id"),
    # A removed one stays for a while, and nobody else registers it meanwhile.
    Index("passkeys_credential", "tenant_id", "credential_id", unique=True),
)

guesses = global_table(
    "guesses",
    metadata,
    # A keyed digest of an account or of an address, so that the table tells nobody's name.
    Column("key", TEXT, primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_us", BigInteger, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    Index("guesses_by_age", "last_us"),
    because="who guesses has not signed in, and may name a tenant that there is not",
)

custom_roles = resource_table(
    resources_pb2.CustomRole,
    metadata,
    text("display_name"),
    fragment("grants"),
    Index("custom_roles_by_display_name", "tenant_id", "display_name", "id"),
)

groups = resource_table(
    resources_pb2.Group,
    metadata,
    text("display_name"),
    Column("role", SmallInteger, nullable=True),
    fragment("role_ids"),
    text("external_id"),
    Index("groups_by_display_name", "tenant_id", "display_name", "id"),
)


def _provisioned(table: Table, column: str) -> None:
    """A key of a directory, which is free again once what it named is deleted: the directory may have it anew."""
    live = (table.c[column] != "") & table.c.delete_time.is_(None)
    Index(
        f"{table.name}_{column}",
        table.c.tenant_id,
        table.c[column],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    Index(f"{table.name}_by_{column}", table.c.tenant_id, table.c[column], table.c.id)


_provisioned(users, "external_id")
_provisioned(users, "user_name")
_provisioned(groups, "external_id")

# Beside `users.group_ids`, which tells what a user may do: who is in a group, in the order they came.
group_members = tenant_table(
    "group_members",
    metadata,
    Column("group_id", TEXT, primary_key=True),
    Column("user_id", TEXT, primary_key=True),
    micros("create_time"),
    Index("group_members_by_create_time", "tenant_id", "group_id", "create_time", "user_id"),
)

teams = resource_table(
    resources_pb2.Team,
    metadata,
    text("display_name"),
    text("parent_id"),
    text("manager_id"),
    Index("teams_by_display_name", "tenant_id", "display_name", "id"),
    Index("teams_by_parent", "tenant_id", "parent_id", "id"),
)

invitations = resource_table(
    resources_pb2.Invitation,
    metadata,
    text("email"),
    Column("role", SmallInteger, nullable=False),
    fragment("role_ids"),
    text("team_id"),
    Column("state", SmallInteger, nullable=False),
    micros("expire_time"),
    text("inviter_id"),
    text("user_id"),
    Index("invitations_by_email", "tenant_id", "email", "id"),
    Index("invitations_by_state", "tenant_id", "state", "id"),
    Index("invitations_by_expire_time", "tenant_id", "expire_time", "id"),
)
# An address has one pending invitation, and as many closed ones as there have been.
Index(
    "invitations_pending",
    invitations.c.tenant_id,
    invitations.c.email,
    unique=True,
    sqlite_where=invitations.c.state == resources_pb2.Invitation.STATE_PENDING,
    postgresql_where=invitations.c.state == resources_pb2.Invitation.STATE_PENDING,
)

api_keys = resource_table(
    resources_pb2.ApiKey,
    metadata,
    text("display_name"),
    fragment("grants"),
    micros("expire_time", nullable=True),
    text("user_id"),
    text("hint"),
    micros("last_use_time", nullable=True),
    micros("rotate_time", nullable=True),
    Index("api_keys_by_display_name", "tenant_id", "display_name", "id"),
    Index("api_keys_by_user", "tenant_id", "user_id", "id"),
)

# Two for a while after a rotation; what opens a key is kept as its digest alone.
api_key_secrets = tenant_table(
    "api_key_secrets",
    metadata,
    Column("digest", TEXT, primary_key=True),
    Column("key_id", TEXT, nullable=False),
    # When it ends before its key does, after a rotation; 0: with its key.
    Column("expire_us", BigInteger, nullable=False),
    Index("api_key_secrets_by_key", "tenant_id", "key_id"),
)

impersonations = resource_table(
    resources_pb2.Impersonation,
    metadata,
    text("user_id"),
    text("impersonator_id"),
    text("reason"),
    micros("expire_time"),
    micros("end_time", nullable=True),
    Index("impersonations_by_user", "tenant_id", "user_id", "id"),
    Index("impersonations_by_impersonator", "tenant_id", "impersonator_id", "id"),
)

publishable_keys = resource_table(
    resources_pb2.PublishableKey,
    metadata,
    text("display_name"),
    fragment("origins"),
    text("owner_id"),
    text("key"),
    Index("publishable_keys_by_display_name", "tenant_id", "display_name", "id"),
    Index("publishable_keys_by_owner", "tenant_id", "owner_id", "id"),
    Index("publishable_keys_by_key", "tenant_id", "key", "id"),
)

security_policies = tenant_table(
    "security_policies",
    metadata,
    # One row for a tenant that has changed anything.
    Column("name", TEXT, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),
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
    text("request_id"),
    text("address"),
    text("user_agent"),
    # As entries that were sealed before have none.
    *(Column(name, LargeBinary, nullable=False, server_default=NoBytes()) for name in ("changes", "origin_digest")),
    text("origin_salt"),
    # Two entries at one place would be a fork of the chain.
    Index("audit_entries_position", "tenant_id", "position", unique=True),
    Index("audit_entries_by_position", "tenant_id", "position", "id"),
    Index("audit_entries_by_resource", "tenant_id", "resource", "id"),
    Index("audit_entries_by_principal", "tenant_id", "principal_id", "id"),
    Index("audit_entries_by_actor", "tenant_id", "actor_id", "id"),
    Index("audit_entries_by_action", "tenant_id", "action", "id"),
    Index("audit_entries_by_request", "tenant_id", "request_id", "id"),
    Index("audit_entries_by_address", "tenant_id", "address", "id"),
)

audit_exports = resource_table(
    resources_pb2.AuditExport,
    metadata,
    text("file_name"),
    text("filter"),
    Column("format", SmallInteger, nullable=False),
    fragment("job"),
    number("size"),
    micros("expire_time", nullable=True),
    text("creator_id"),
    fragment("parts"),
    Index("audit_exports_by_creator", "tenant_id", "creator_id", "id"),
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
    sealed("sealed_private", formerly="users signing key"),
    micros("create_time"),
    because="tokens of all tenants are signed with the same keys",
    # A session that was ended after the backup must not come back to life: everybody signs in again.
    restored=False,
)
