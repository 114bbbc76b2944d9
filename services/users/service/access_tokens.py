"""Bearer tokens: what is said in them of a session or an API key, signed with the key that signs now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from rapport.users.v1 import session_service_pb2

from mesh.contract import base64url
from mesh.runtime.tokens import ALGORITHM, AUDIENCE, TOKEN_TYPE
from services.users.service.signing import TOKEN_SECONDS, SigningKeys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rapport.users.v1 import resources_pb2

    from mesh.runtime.environment import Environment
    from services.users.service.signing import SigningKey

_MICROSECONDS = 1_000_000


class AccessTokens:
    """Makes the bearer tokens of the mesh. They live on the machine's clock, as the edge checks them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._keys = SigningKeys(environment.store, environment.vault, environment.ids, environment.wall)

    def key(self) -> SigningKey:
        """The key to sign with; to be asked outside of a write."""
        return self._keys.current()

    def of_session(
        self, key: SigningKey, tenant: str, session: resources_pb2.Session, epoch: int, *, wanted: int = 1
    ) -> tuple[str, int]:
        """A token for a session, which it does not outlive, and when it ends, in seconds since 1970.

        With a lower level than `wanted`, it reaches nothing that a role grants.
        """
        left_us = session.expire_time.ToMicroseconds() - self._environment.clock.now_us()
        expires = self._now() + min(TOKEN_SECONDS, max(left_us // _MICROSECONDS, 1))
        proofs = [factor.verify_time.ToMicroseconds() for factor in session.factors]
        age_us = self._environment.clock.now_us() - max(proofs, default=0)
        proven = {
            "acr_wanted": wanted,
            "acr": session.assurance_level,
            "auth_time": self._now() - age_us // _MICROSECONDS,
        }
        return self._mint(key, tenant, session.user_id, epoch, expires, sid=session.id, **proven), expires

    def of_key(self, tenant: str, key_id: str, user_id: str, seconds: int, scope: str = "") -> str:
        """A token for an API key. `scope` narrows what the key may do to these permissions, separated by blanks."""
        narrowed = {"scope": scope} if scope else {}
        return self._mint(self.key(), tenant, key_id, 0, self._now() + seconds, act=user_id, **narrowed)

    def of_client(
        self, key: SigningKey, tenant: str, session: resources_pb2.Session, scope: str, *, wanted: int
    ) -> tuple[str, int]:
        """A token for a client that works for a user by this session, with which it ends, and how long it lives.

        It reaches what its scope names, as far as the user may do that (RFC 9068).
        """
        left_us = session.expire_time.ToMicroseconds() - self._environment.clock.now_us()
        seconds = min(TOKEN_SECONDS, max(left_us // _MICROSECONDS, 1))
        worked = {"client_id": session.client_id, "act": session.client_id, "via": session.id, "scope": scope}
        sure = {"acr": session.assurance_level, "acr_wanted": wanted}
        expires = self._now() + seconds
        return self._mint(key, tenant, session.user_id, 0, expires, **worked, **sure), seconds

    def in_place(self, tenant: str, user_id: str, actor_id: str, via: str, seconds: int) -> str:
        """A token for work in a user's place; `via` is the impersonation, with which it ends."""
        return self._mint(self.key(), tenant, user_id, 0, self._now() + seconds, act=actor_id, via=via)

    def published(self) -> list[session_service_pb2.JsonWebKey]:
        """The public keys, for whoever checks tokens."""
        return [
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

    def public_keys(self) -> Mapping[str, Any]:
        """The public keys by id, for this process's own checks."""
        return {key.kid: key.public for key in self._keys.published()}

    def _now(self) -> int:
        return self._environment.wall.now_us() // _MICROSECONDS

    def _mint(self, key: SigningKey, tenant: str, principal: str, epoch: int, expires: int, **more: str | int) -> str:
        claims = {
            "iss": self._environment.issuer,
            "aud": AUDIENCE,
            "sub": principal,
            "tenant": tenant,
            "epoch": epoch,
            "iat": self._now(),
            "exp": expires,
            "jti": self._environment.ids.new("tok"),
            **more,
        }
        return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.kid, "typ": TOKEN_TYPE})
