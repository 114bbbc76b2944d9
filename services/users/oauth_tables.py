"""The tables of OAuth clients, of what they are given and of identity providers, and the metadata of all of users."""

from rapport.users.v1 import resources_pb2
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, SmallInteger, Text

from mesh.resource.table import TEXT, fragment, micros, resource_table, text
from mesh.store.tables import global_table, sealed, tenant_table

# What is said of people here is said of the tenant's users, none of whom is erased as a contact.
metadata = MetaData(info={"people": "users"})

oauth_clients = resource_table(
    resources_pb2.OauthClient,
    metadata,
    text("display_name"),
    fragment("redirect_uris"),
    fragment("post_logout_redirect_uris"),
    fragment("scopes"),
    fragment("grant_types"),
    Column("type", SmallInteger, nullable=False),
    Column("skips_consent", Boolean, nullable=True),
    text("client_id"),
    text("hint"),
    micros("rotate_time", nullable=True),
    text("jwks"),
    Index("oauth_clients_by_display_name", "tenant_id", "display_name", "id"),
)

# Two for a while after a rotation; what opens a client is kept as its digest alone.
oauth_client_secrets = tenant_table(
    "oauth_client_secrets",
    metadata,
    Column("client_id", TEXT, primary_key=True),
    Column("digest", TEXT, primary_key=True),
    # When it ends, after a rotation; 0: with its client.
    Column("expire_us", BigInteger, nullable=False),
)

oauth_consents = tenant_table(
    "oauth_consents",
    metadata,
    Column("user_id", TEXT, primary_key=True),
    Column("client_id", TEXT, primary_key=True),
    # Separated by blanks.
    Column("scopes", Text, nullable=False),
    Column("update_us", BigInteger, nullable=False),
)

identity_providers = resource_table(
    resources_pb2.IdentityProvider,
    metadata,
    text("display_name"),
    text("issuer"),
    text("client_id"),
    fragment("scopes"),
    fragment("domains"),
    *(
        Column(name, Boolean, nullable=True)
        for name in ("enabled", "links_by_email", "vouches_for_emails", "vouches_for_mfa", "creates_users")
    ),
    Column("role", SmallInteger, nullable=True),
    fragment("role_ids"),
    text("redirect_uri"),
    micros("secret_time", nullable=True),
    Index("identity_providers_by_display_name", "tenant_id", "display_name", "id"),
)

identity_provider_secrets = tenant_table(
    "identity_provider_secrets",
    metadata,
    Column("provider_id", TEXT, primary_key=True),
    sealed("sealed_secret"),
)

upstream_links = resource_table(
    resources_pb2.UpstreamLink,
    metadata,
    text("user_id"),
    text("identity_provider_id"),
    micros("last_use_time", nullable=True),
    # No field: whom the provider means, as it says it.
    Column("subject", TEXT, nullable=False),
    Index("upstream_links_by_user", "tenant_id", "user_id", "create_time", "id"),
)
# An account there is one user's here; a removed link keeps it from nobody.
_LIVE = upstream_links.c.delete_time.is_(None)
Index(
    "upstream_links_subject",
    upstream_links.c.tenant_id,
    upstream_links.c.identity_provider_id,
    upstream_links.c.subject,
    unique=True,
    sqlite_where=_LIVE,
    postgresql_where=_LIVE,
)

# An authorization code stands nowhere until it is used; then its digest does, until it would have ended.
used_codes = tenant_table(
    "used_codes",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    # What was made of it, and ends when the code comes again.
    Column("session_id", TEXT, nullable=False),
    Column("expire_us", BigInteger, nullable=False),
    Index("used_codes_by_end", "tenant_id", "expire_us"),
    restored=False,
)

device_codes = global_table(
    "device_codes",
    metadata,
    # Keyed digests of the code that the device has, and of the one that its user types.
    Column("digest", TEXT, primary_key=True),
    Column("user_code", TEXT, nullable=False),
    Column("client_id", TEXT, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("state", SmallInteger, nullable=False),
    # That of the user who has allowed it, in the client's tenant.
    Column("session_id", TEXT, nullable=False),
    Column("expire_us", BigInteger, nullable=False),
    Column("asked_us", BigInteger, nullable=False),
    Column("interval_us", BigInteger, nullable=False),
    Index("device_codes_by_user_code", "user_code", unique=True),
    Index("device_codes_by_end", "expire_us"),
    because="who types a code has not signed in to any tenant",
    restored=False,
)

id_token_keys = global_table(
    "id_token_keys",
    metadata,
    Column("slot", Integer, primary_key=True),
    Column("kid", TEXT, nullable=False),
    Column("public", LargeBinary, nullable=False),
    sealed("sealed_private"),
    micros("create_time"),
    because="ID tokens of all tenants are signed with the same keys",
)

receipt_keys = global_table(
    "receipt_keys",
    metadata,
    Column("slot", Integer, primary_key=True),
    Column("kid", TEXT, nullable=False),
    Column("public", LargeBinary, nullable=False),
    sealed("sealed_private"),
    micros("create_time"),
    because="receipts of all tenants are signed with the same keys",
)
