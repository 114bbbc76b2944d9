"""ID tokens: who signed in to a client, when and how, signed with RSA, which every OpenID library knows.

Their keys are none of those that bearer tokens are signed with, so that no ID token passes for one anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from services.users.domain.claims import about, half_hash, methods_of
from services.users.oauth_tables import id_token_keys
from services.users.service.signing import TOKEN_SECONDS, KeyKind, SigningKeys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rapport.users.v1 import resources_pb2

    from mesh.runtime.environment import Environment
    from services.users.service.signing import SigningKey

ALGORITHM = "RS256"
KEYS_MAX_AGE = 900
"""How long clients may keep the list of keys, in seconds; a key stands in it for much longer before it signs."""
_AHEAD_SECONDS = 3600
_BITS, _EXPONENT = 2048, 65537


def _dump(private: rsa.RSAPrivateKey) -> bytes:
    kind = serialization.PrivateFormat.PKCS8
    return private.private_bytes(serialization.Encoding.DER, kind, serialization.NoEncryption())


def _public(private: rsa.RSAPrivateKey) -> bytes:
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.DER, kind)


KEYS = KeyKind(
    table=id_token_keys,
    ahead_seconds=_AHEAD_SECONDS,
    generate=lambda: rsa.generate_private_key(_EXPONENT, _BITS),
    dump=_dump,
    load=lambda sealed: serialization.load_der_private_key(sealed, None),
    public=_public,
)
"""The keys of ID tokens. The first one signs at once, since nobody can have kept a list without it."""


class IdTokens:
    """Makes ID tokens, and knows those it made."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._keys = SigningKeys(
            environment.store, environment.vault, environment.ids, environment.wall, KEYS, lazy=True
        )

    def prepare(self) -> None:
        """Have a key before there is anybody to sign for."""
        self._keys.current()

    def key(self) -> SigningKey:
        """The key to sign with; to be asked outside of a write."""
        return self._keys.current()

    def mint(
        self,
        key: SigningKey,
        client_id: str,
        user: resources_pb2.User,
        session: resources_pb2.Session,
        *,
        nonce: str,
        browser: str,
        access_token: str,
    ) -> str:
        """An ID token for a client's session; `browser`: the session in the user's browser, empty for none."""
        clock, now = self._environment.clock, self._environment.wall.now_us() // 1_000_000
        proofs = [factor.verify_time.ToMicroseconds() for factor in session.factors]
        claims: dict[str, Any] = {
            "iss": self._environment.public_url,
            "sub": user.id,
            "aud": client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "auth_time": now - max(clock.now_us() - max(proofs, default=0), 0) // 1_000_000,
            "acr": str(session.assurance_level),
            "amr": methods_of(session.factors, session.assurance_level),
            "at_hash": half_hash(access_token),
            **({"nonce": nonce} if nonce else {}),
            **({"sid": browser} if browser else {}),
            **about(user, session.scopes),
        }
        return jwt.encode(claims, key.private, algorithm=ALGORITHM, headers={"kid": key.kid})

    def published(self) -> list[dict[str, Any]]:
        """The public keys (RFC 7517)."""
        return [
            {**RSAAlgorithm.to_jwk(key.public, as_dict=True), "kid": key.kid, "use": "sig", "alg": ALGORITHM}
            for key in self._keys.published()
        ]

    def read_hint(self, token: str) -> Mapping[str, Any]:
        """The claims of an ID token that was made here, also when it has ended; none of any other one."""
        known = {key.kid: key.public for key in self._keys.published()}
        try:
            public = known.get(str(jwt.get_unverified_header(token).get("kid", "")))
            if public is None:
                return {}
            claims: dict[str, Any] = jwt.decode(
                token,
                public,
                algorithms=[ALGORITHM],
                issuer=self._environment.public_url,
                options={"verify_exp": False, "verify_aud": False},
            )
        except jwt.PyJWTError:
            return {}
        return claims
