"""IdentityProviderService: the facts of its rules, the secrets, and which providers people may sign in through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2
from sqlalchemy import bindparam, delete, or_, select

from mesh.contract.failure import Failure
from mesh.resource.mapping import read_columns
from mesh.resource.writing import Facts, change, locked
from mesh.store.statement import TENANT, Statement, any_of, upsert
from services.users.domain.identity_providers import MOST_PROVIDERS, ProviderFacts
from services.users.oauth_tables import identity_provider_secrets, identity_providers, upstream_links
from services.users.service.rights import declared, grants_of, held
from services.users.tables import tenants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rapport.users.v1 import identity_provider_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, View, Write

_SEALED = identity_provider_secrets.c.sealed_secret
_c = identity_providers.c
_OF_PROVIDER = (
    identity_provider_secrets.c.tenant_id == TENANT,
    identity_provider_secrets.c.provider_id == bindparam("provider"),
)
_KEEP = upsert(
    identity_provider_secrets, key=["provider_id"], set=["sealed_secret"], name="keep secret of identity provider"
)
_DROP = Statement(delete(identity_provider_secrets).where(*_OF_PROVIDER), name="drop secret of identity provider")
_SECRET = Statement(select(_SEALED).where(*_OF_PROVIDER), name="get secret of identity provider")
_UNLINK = Statement(
    delete(upstream_links).where(
        upstream_links.c.tenant_id == TENANT, upstream_links.c.identity_provider_id == bindparam("provider")
    ),
    name="forget links of identity provider",
)
_LINKED = Statement(
    select(upstream_links.c.user_id).where(
        upstream_links.c.tenant_id == TENANT,
        upstream_links.c.identity_provider_id == bindparam("provider"),
        upstream_links.c.subject == bindparam("subject"),
        upstream_links.c.delete_time.is_(None),
    ),
    name="find linked user",
)
OPEN = (_c.delete_time.is_(None), or_(_c.enabled, _c.enabled.is_(None)))
"""Which providers people may sign in through."""
_WORKING = (
    _c.tenant_id == TENANT,
    *OPEN,
    select(tenants.c.id).where(tenants.c.id == TENANT, tenants.c.active).exists(),
)
_FIND = Statement(
    select(*read_columns(identity_providers, resources_pb2.IdentityProvider)).where(
        *_WORKING, _c.id == bindparam("provider")
    ),
    name="find identity provider",
)
_SHOWN = Statement(
    select(_c.id, _c.display_name).where(*_WORKING).order_by(_c.display_name, _c.id).limit(MOST_PROVIDERS),
    name="list identity providers to sign in through",
)
_ROLES = Statement(
    select(_c.role_ids).where(_c.tenant_id == TENANT, any_of(_c.id, "ids")), name="get roles of identity providers"
)


def gather_provider(view: View, sent: Sequence[resources_pb2.IdentityProvider]) -> ProviderFacts:
    """Which servers may be called, which of the roles named there are, and what the caller may."""
    ids = [provider.id for provider in sent if provider.id]
    # A change may give roles to more people that it does not name.
    rows = view.read(_ROLES, ids=ids) if ids else []
    kept = [resources_pb2.IdentityProvider.FromString(bytes(row[0])) for row in rows]
    return ProviderFacts(
        public_url=view.environment.public_url,
        allows=view.environment.outbound.allows,
        roles=grants_of(view.read, [role for provider in (*sent, *kept) for role in provider.role_ids]),
        held=held(view),
        declared=declared(),
    )


def forget_provider(write: Write, provider_id: str) -> None:
    """Remove what stands beside a provider that vanishes: its secret, and whom it knew."""
    write.write(_DROP, provider=provider_id)
    write.write(_UNLINK, provider=provider_id)


class Providers:
    """The providers of all tenants, for who has not signed in yet."""

    def __init__(self, provider: Resource[resources_pb2.IdentityProvider]) -> None:
        self.resource = provider

    def find(self, call: Call, tenant: str, provider_id: str) -> resources_pb2.IdentityProvider:
        """A provider that people of a tenant may sign in through.

        Raises:
            Failure: UPSTREAM_UNKNOWN.
        """
        rows = call.read(_FIND, tenant=tenant, provider=provider_id) if tenant else []
        if not rows:
            raise Failure("UPSTREAM_UNKNOWN")
        found: resources_pb2.IdentityProvider = self.resource.build(resources_pb2.IdentityProvider, rows[0])
        return found

    @staticmethod
    def linked(call: Call, tenant: str, provider_id: str, subject: str) -> str:
        """The user whom a provider means by a subject; nobody, where it is not linked."""
        rows = call.read(_LINKED, tenant=tenant, provider=provider_id, subject=subject)
        return str(rows[0][0]) if rows else ""

    @staticmethod
    def shown(call: Call, tenant: str) -> list[tuple[str, str]]:
        """Ids and names of the providers that people of a tenant may sign in through."""
        return [(str(row[0]), str(row[1])) for row in call.read(_SHOWN, tenant=tenant)] if tenant else []

    @staticmethod
    def secret(call: Call, tenant: str, provider_id: str) -> str:
        """What a provider knows the tenant by; empty: nothing."""
        rows = call.read(_SECRET, tenant=tenant, provider=provider_id)
        if not rows:
            return ""
        return call.environment.vault.open(_SEALED, bytes(rows[0][0]), row=provider_id, tenant=tenant).decode()


class IdentityProviderMethods:
    """The methods of IdentityProviderService that are more than the standard ones."""

    def __init__(self, provider: Resource[resources_pb2.IdentityProvider]) -> None:
        self._provider = provider

    def set_identity_provider_secret(
        self, call: Call, request: identity_provider_service_pb2.SetIdentityProviderSecretRequest
    ) -> resources_pb2.IdentityProvider:
        """The provider with another secret, or without one."""
        facts = Facts({}, gather_provider(call, []))
        with call.commit() as commit:

            def note(provider: resources_pb2.IdentityProvider) -> None:
                if provider.HasField("delete_time"):
                    raise Failure("NOT_FOUND", metadata={"resource": f"identity-providers/{request.id}"})
                provider.ClearField("secret_time")
                if request.client_secret:
                    provider.secret_time.FromMicroseconds(commit.now_us)

            row = locked(commit, self._provider, request.id)
            after, changed = change(commit, self._provider, row, note, facts, given=request.etag)
            if request.client_secret:
                secret = request.client_secret.encode()
                sealed = commit.environment.vault.seal(_SEALED, secret, row=request.id, tenant=commit.tenant)
                commit.write(_KEEP, provider_id=request.id, sealed_secret=sealed)
            else:
                commit.write(_DROP, provider=request.id)
            commit.audit(f"identity-providers/{request.id}", changed)
            return commit.reply(after)
