"""SessionService: log-in, and the keys that tokens are verified with."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from rapport.users.v1 import resources_pb2, session_service_pb2
from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure
from mesh.resource.mapping import stored_columns
from mesh.runtime.tokens import ALGORITHM, AUDIENCE, TOKEN_TYPE
from mesh.store.statement import TENANT, Statement, insert_ignore
from services.users.service.passwords import password_matches
from services.users.tables import signing_keys, tenants, users

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment

TOKEN_SECONDS = 900
_SEAL = "users signing key"
_SETUP_SECONDS = 10.0

_TENANT = Statement(
    select(tenants.c.id).where(tenants.c.slug == bindparam("slug"), tenants.c.active), name="find tenant"
)
_USER = Statement(
    select(users.c.password_hash, users.c.epoch, *stored_columns(users, resources_pb2.User)).where(
        users.c.tenant_id == TENANT, users.c.email == bindparam("email")
    ),
    name="find user by address",
)
_KEYS = Statement(
    select(signing_keys.c.kid, signing_keys.c.public, signing_keys.c.sealed_private).order_by(
        signing_keys.c.slot.desc()
    ),
    name="list signing keys",
)
_ADD_KEY = insert_ignore(signing_keys, ["slot"], name="add signing key")


class SessionMethods:
    """The methods of SessionService. The first process to start makes the first key; all use the same."""

    def __init__(self, environment: Environment, user: Resource[resources_pb2.User]) -> None:
        self._environment = environment
        self._user = user
        self._keys = self._open_keys()

    def log_in(self, call: Call, request: session_service_pb2.LogInRequest) -> session_service_pb2.LogInResponse:
        """A token for an address and a password; every failure looks and takes the same."""
        found = call.read(_TENANT, slug=request.tenant)
        tenant = found[0][0] if found else ""
        rows = call.read(_USER, tenant=tenant, email=request.email.strip().lower()) if tenant else []
        if not password_matches(request.password, rows[0][0] if rows else None):
            raise Failure("CREDENTIALS_INVALID")
        user = self._user.build(resources_pb2.User, rows[0][2:])
        with call.commit(tenant) as commit:
            expires = commit.now_us // 1_000_000 + TOKEN_SECONDS
            reply = session_service_pb2.LogInResponse(
                access_token=self._mint(tenant, user.id, rows[0][1], expires), user=user
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
                    kty="OKP", crv="Ed25519", kid=kid, use="sig", alg=ALGORITHM, x=_base64(public)
                )
                for kid, public, _ in self._keys
            ]
        )

    def public_keys(self) -> Mapping[str, Any]:
        """The public keys by id, for this process's own checks."""
        return {kid: Ed25519PublicKey.from_public_bytes(public) for kid, public, _ in self._keys}

    def _mint(self, tenant: str, principal: str, epoch: int, expires: int) -> str:
        kid, _, private = self._keys[0]
        claims = {
            "iss": self._environment.issuer,
            "aud": AUDIENCE,
            "sub": principal,
            "tenant": tenant,
            "epoch": epoch,
            "iat": expires - TOKEN_SECONDS,
            "exp": expires,
            "jti": self._environment.ids.new("tok"),
        }
        return jwt.encode(claims, private, algorithm=ALGORITHM, headers={"kid": kid, "typ": TOKEN_TYPE})

    def _open_keys(self) -> list[tuple[str, bytes, Ed25519PrivateKey]]:
        store, secrets = self._environment.store, self._environment.secrets
        with store.transaction(tenant=None, timeout=_SETUP_SECONDS) as transaction:
            if not transaction.read(_KEYS):
                transaction.write(_ADD_KEY, **self._new_key())
            rows = transaction.read(_KEYS)
        return [
            (kid, bytes(public), Ed25519PrivateKey.from_private_bytes(secrets.open(_SEAL, bytes(sealed))))
            for kid, public, sealed in rows
        ]

    def _new_key(self) -> dict[str, Any]:
        private = Ed25519PrivateKey.generate()
        raw = serialization.Encoding.Raw
        sealed = self._environment.secrets.seal(
            _SEAL,
            private.private_bytes(raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()),
        )
        return {
            "slot": 1,
            "kid": self._environment.ids.new("key"),
            "public": private.public_key().public_bytes(raw, serialization.PublicFormat.Raw),
            "sealed_private": sealed,
            "create_time": self._environment.clock.now_us(),
        }


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
