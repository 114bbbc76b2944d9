"""OauthClientService, as far as it is about secrets, and who a client is that comes to an endpoint of OAuth."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from rapport.users.v1 import oauth_client_service_pb2, resources_pb2
from sqlalchemy import BigInteger, bindparam, delete, insert, select, update

from mesh.contract.etags import etag
from mesh.contract.failure import Failure, below
from mesh.resource.writing import Facts, change, decide, locked
from mesh.resource.writing import delete as delete_row
from mesh.runtime.call import Write
from mesh.runtime.capabilities import Capability, use
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.client_keys import METHOD, Unproven, check_assertion
from services.users.domain.keys import decide_overlap, hint_of
from services.users.domain.oauth_clients import PUBLIC, OauthClientFacts, read_client_id
from services.users.oauth_tables import oauth_client_secrets
from services.users.service.rights import declared, held
from services.users.tables import tenants

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View
    from mesh.runtime.environment import Environment
    from services.users.domain.oauth import ClientProof
    from services.users.service.exchange import Exchange
    from services.users.service.id_tokens import IdTokens

_SECOND_US = 1_000_000
_ENDPOINTS = ("token", "introspect", "revoke", "device-authorization")
"""What an assertion may name as what it is for, beside the issuer (RFC 7523, section 3)."""
_c = oauth_client_secrets.c
_OF_CLIENT = (_c.tenant_id == TENANT, _c.client_id == bindparam("client"))
_ADD = Statement(insert(oauth_client_secrets), name="add client secret")
_END_FORMER = Statement(delete(oauth_client_secrets).where(*_OF_CLIENT, _c.expire_us != 0), name="end secrets")
_END_ALL = Statement(delete(oauth_client_secrets).where(*_OF_CLIENT), name="end all secrets")
_LET_END = Statement(
    update(oauth_client_secrets).where(*_OF_CLIENT).values(expire_us=bindparam("until", type_=BigInteger)),
    name="let secrets end",
)
_KNOWN = Statement(select(_c.expire_us).where(*_OF_CLIENT, any_of(_c.digest, "digests")), name="find client secret")
_WORKS = Statement(
    select(tenants.c.slug, tenants.c.display_name).where(tenants.c.id == bindparam("id"), tenants.c.active),
    name="find tenant of client",
)


def gather_client(view: View, sent: Sequence[resources_pb2.OauthClient]) -> OauthClientFacts:
    """Which tenant the client is of, which permissions it may ask for, and which the caller has."""
    del sent
    return OauthClientFacts(view.identity.tenant, declared(), held(view))


class Clients:
    """The clients that come to the endpoints of OAuth."""

    def __init__(self, client: Resource[resources_pb2.OauthClient], exchange: Exchange) -> None:
        self.resource = client
        self._exchange = exchange

    def find(self, call: Call, client_id: str) -> resources_pb2.OauthClient | None:
        """The client of a tenant that works, if there is one."""
        tenant, identity = read_client_id(client_id)
        if not tenant or not call.read(_WORKS, id=tenant):
            return None
        rows = call.read(self.resource.by_id, tenant=tenant, id=identity)
        client = self.resource.build(resources_pb2.OauthClient, rows[0]) if rows else None
        return client if client is not None and not client.HasField("delete_time") else None

    def tenant_names(self, call: Call, client: resources_pb2.OauthClient) -> tuple[str, str]:
        """The slug and the name of a client's tenant; nothing where it does not work any more."""
        rows = call.read(_WORKS, id=tenant_of(client))
        return (str(rows[0][0]), str(rows[0][1])) if rows else ("", "")

    def authenticate(self, call: Call, proof: ClientProof) -> resources_pb2.OauthClient:
        """The client that proves who it is; a public one only says it, and has nothing to prove it by.

        Raises:
            OAuthError: invalid_client. Failure: RATE_LIMITED, where too many were none lately.
        """
        client = self.find(call, proof.client_id)
        if client is None or not self._proven(call, client, proof):
            self._exchange.refuse()
            raise proof.unknown()
        return client

    def _proven(self, call: Call, client: resources_pb2.OauthClient, proof: ClientProof) -> bool:
        if client.type == PUBLIC:
            return not proof.client_secret and not proof.assertion
        if client.jwks or proof.assertion:
            return bool(client.jwks and proof.assertion) and _asserted(call, client, proof.assertion)
        tenant = tenant_of(client)
        rows = call.read(
            _KNOWN, tenant=tenant, client=client.id, digests=_digests(call.environment, proof.client_secret)
        )
        return any(not row[0] or row[0] > call.environment.clock.now_us() for row in rows)


def _asserted(call: Call, client: resources_pb2.OauthClient, assertion: str) -> bool:
    """Whether an assertion is the client's, and comes for the first time; that is noted, but by what only reads.

    Such a call may be sent again by the edge when an instance fails, and has to be answered then as it would have been.
    """
    environment, tenant = call.environment, tenant_of(client)
    base, now_us = environment.public_url, environment.wall.now_us()
    audiences = {base, *(f"{base}/oauth/{name}" for name in _ENDPOINTS)}
    try:
        identity, ends = check_assertion(assertion, client.jwks, client.client_id, audiences, now_us // _SECOND_US)
    except Unproven:
        return False
    if call.contract.reads_only:
        return True
    digest = hashlib.sha256(f"{client.client_id}\n{identity}".encode()).digest()
    # It is told by the machine's clock when it ends, and forgotten by the mesh's.
    expires_us = environment.clock.now_us() + ends * _SECOND_US - now_us
    used = Capability(METHOD, tenant, client.id, expires_us, single_use=True, digest=digest)
    try:
        with environment.store.transaction(tenant=tenant, timeout=call.remaining()) as transaction:
            use(Write.of_service(environment, transaction, tenant, trace=call.trace), used)
    except Failure:
        return False
    return True


def tenant_of(client: resources_pb2.OauthClient) -> str:
    """The tenant of a client."""
    return read_client_id(client.client_id)[0]


def _digests(environment: Environment, secret: str) -> list[str]:
    """What is kept of a secret, by every master key. Nobody can foresee its 256 bits, so a fast hash does."""
    keys = environment.secrets.keys("oauth client digest")
    return [hmac.digest(key, secret.encode(), hashlib.sha256).hex() for key in keys]


class OauthClientMethods:
    """The methods of OauthClientService that are more than the standard ones."""

    def __init__(self, client: Resource[resources_pb2.OauthClient], id_tokens: IdTokens) -> None:
        self._client = client
        self._id_tokens = id_tokens

    def create_oauth_client(
        self, call: Call, request: oauth_client_service_pb2.CreateOauthClientRequest
    ) -> oauth_client_service_pb2.CreateOauthClientResponse:
        """A new client, with its secret if it can keep one."""
        self._id_tokens.prepare()
        sent, after = request.oauth_client, resources_pb2.OauthClient()
        after.CopyFrom(sent)
        for output in ("client_id", "hint", "rotate_time", "create_time", "update_time", "delete_time"):
            after.ClearField(output)
        after.id, after.etag = call.environment.ids.new(self._client.contract.prefix), etag(1)
        secret = call.environment.ids.new_secret() if after.type != PUBLIC else ""
        after.hint = hint_of(secret)
        with below("oauth_client"):
            after = decide(self._client, None, after, Facts({}, gather_client(call, [])))
        with call.commit() as commit:
            after.create_time.FromMicroseconds(commit.now_us)
            after.update_time.FromMicroseconds(commit.now_us)
            self._client.insert(commit, [after])
            if secret:
                _keep(commit, after.id, secret)
            commit.audit(f"oauth-clients/{after.id}")
            return commit.reply(oauth_client_service_pb2.CreateOauthClientResponse(oauth_client=after, secret=secret))

    def rotate_oauth_client(
        self, call: Call, request: oauth_client_service_pb2.RotateOauthClientRequest
    ) -> oauth_client_service_pb2.RotateOauthClientResponse:
        """The client with another secret; the one before works on for a while.

        Raises:
            Failure: CLIENT_IS_PUBLIC.
        """
        overlap_us = decide_overlap(request.overlap.seconds if request.HasField("overlap") else None)
        secret = call.environment.ids.new_secret()
        with call.commit() as commit:

            def renew(client: resources_pb2.OauthClient) -> None:
                if client.HasField("delete_time"):
                    raise Failure("NOT_FOUND", metadata={"resource": f"oauth-clients/{request.id}"})
                if client.type == PUBLIC:
                    raise Failure("CLIENT_IS_PUBLIC")
                client.rotate_time.FromMicroseconds(commit.now_us)
                client.hint = hint_of(secret)

            row, facts = locked(commit, self._client, request.id), Facts({}, gather_client(call, []))
            after, changed = change(commit, self._client, row, renew, facts, given=request.etag)
            commit.write(_END_FORMER, client=request.id)
            if overlap_us:
                commit.write(_LET_END, client=request.id, until=commit.now_us + overlap_us)
            else:
                commit.write(_END_ALL, client=request.id)
            _keep(commit, request.id, secret)
            commit.audit(f"oauth-clients/{request.id}", changed)
            return commit.reply(oauth_client_service_pb2.RotateOauthClientResponse(oauth_client=after, secret=secret))

    def delete_oauth_client(
        self, call: Call, request: oauth_client_service_pb2.DeleteOauthClientRequest
    ) -> resources_pb2.OauthClient:
        """The client marked as deleted, without a secret; deleting it again changes nothing."""
        with call.commit() as commit:
            after = delete_row(commit, self._client, request.id, request.etag)
            commit.write(_END_ALL, client=request.id)
            return commit.reply(after)


def _keep(commit: Commit, client: str, secret: str) -> None:
    commit.write(_ADD, client_id=client, digest=_digests(commit.environment, secret)[0], expire_us=0)
