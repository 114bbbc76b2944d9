"""SessionService: log-in, and the keys that tokens are verified with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from rapport.users.v1 import resources_pb2, session_service_pb2
from sqlalchemy import bindparam, select

from mesh.contract import base64url
from mesh.contract.failure import Failure
from mesh.resource.mapping import read_columns
from mesh.runtime.tokens import ALGORITHM, AUDIENCE, TOKEN_TYPE
from mesh.store.statement import TENANT, Statement
from services.users.service.passwords import password_matches
from services.users.service.signing import TOKEN_SECONDS, SigningKey, SigningKeys
from services.users.tables import tenants, users

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment

_TENANT = Statement(
    select(tenants.c.id).where(tenants.c.slug == bindparam("slug"), tenants.c.active), name="find tenant"
)
_USER = Statement(
    select(users.c.password_hash, users.c.epoch, *read_columns(users, resources_pb2.User)).where(
        users.c.tenant_id == TENANT,
        users.c.email == bindparam("email"),
        users.c.state == resources_pb2.User.STATE_ACTIVE,
        users.c.delete_time.is_(None),
    ),
    name="find user by address",
)


class SessionMethods:
    """The methods of SessionService."""

    def __init__(self, environment: Environment, user: Resource[resources_pb2.User]) -> None:
        self._environment = environment
        self._user = user
        self._keys = SigningKeys(environment.store, environment.vault, environment.ids, environment.wall)

    def log_in(self, call: Call, request: session_service_pb2.LogInRequest) -> session_service_pb2.LogInResponse:
        """A token for an address and a password; every failure looks and takes the same."""
        found = call.read(_TENANT, slug=request.tenant)
        tenant = found[0][0] if found else ""
        rows = call.read(_USER, tenant=tenant, email=request.email.strip().lower()) if tenant else []
        if not password_matches(request.password, rows[0][0] if rows else None):
            raise Failure("CREDENTIALS_INVALID")
        user = self._user.build(resources_pb2.User, rows[0][2:])
        key = self._keys.current()
        with call.commit(tenant) as commit:
            expires = self._environment.wall.now_us() // 1_000_000 + TOKEN_SECONDS
            reply = session_service_pb2.LogInResponse(
                access_token=self._mint(key, tenant, user.id, rows[0][1], expires), user=user
            )
            reply.expire_time.FromSeconds(expires)
            commit.audit(f"users/{user.id}", principal=user.id)
            return commit.reply(reply)

    def get_jwks(self, call: Call, request: session_service_pb2.GetJwksRequest) -> session_service_pb2.GetJwksResponse:
        """The public keys."""
        del call, request
        return session_service_pb2.GetJwksResponse(
            keys=[
                session_service_pb2.JsonWebKey(
                    kty="OKP",
                    crv="Ed25519",
                    kid=key.kid,
                    use="sig",
                    alg=ALGORITHM,
                    x=base64url.encode(key.public_bytes),
                )
                for key in self._keys.published()
            ]
        )

    def public_keys(self) -> Mapping[str, Any]:
        """The public keys by id, for this process's own checks."""
        return {key.kid: key.public for key in self._keys.published()}

    def token_of_key(self, tenant: str, key_id: str, user_id: str, seconds: int, scope: str = "") -> str:
        """A token for an API key. `scope` narrows what the key may do to these permissions, separated by blanks."""
        expires = self._environment.wall.now_us() // 1_000_000 + seconds
        narrowed = {"scope": scope} if scope else {}
        return self._mint(self._keys.current(), tenant, key_id, 0, expires, act=user_id, **narrowed)

    def token_in_place(self, tenant: str, user_id: str, actor_id: str, via: str, seconds: int) -> str:
        """A token for work in a user's place; `via` is the impersonation, with which it ends."""
        expires = self._environment.wall.now_us() // 1_000_000 + seconds
        return self._mint(self._keys.current(), tenant, user_id, 0, expires, act=actor_id, via=via)

    def _mint(self, key: SigningKey, tenant: str, principal: str, epoch: int, expires: int, **more: str) -> str:
        claims = {
            "iss": self._environment.issuer,
            "aud": AUDIENCE,
            "sub": principal,
            "tenant": tenant,
            "epoch": epoch,
            "iat": self._environment.wall.now_us() // 1_000_000,
            "exp": expires,
            "jti": self._environment.ids.new("tok"),
            **more,
        }
        return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.kid, "typ": TOKEN_TYPE})
