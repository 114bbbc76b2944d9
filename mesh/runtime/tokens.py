"""Bearer tokens: signed JWTs (RFC 7519) with EdDSA, verified here and before that at the edge.

A verified token is kept until it expires, so that a call costs a look-up instead of a signature check.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt

from mesh.contract.failure import Failure
from mesh.runtime.identity import Identity, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.runtime.clock import Clock

ALGORITHM = "EdDSA"
AUDIENCE = "rapport"
TOKEN_TYPE = "at+jwt"  # noqa: S105  # RFC 9068, no secret
_KEPT = 10_000
_MAX_LENGTH = 4096
_REFRESH_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class _Verified:
    identity: Identity
    expires_us: int


class KeyRing:
    """The public keys by id, fetched when an unknown one is named, at most every two seconds."""

    def __init__(self, fetch: Callable[[], Mapping[str, Any]]) -> None:
        self._fetch = fetch
        self._keys: Mapping[str, Any] = {}
        self._lock = threading.Lock()
        self._next = 0.0

    def find(self, key_id: str) -> Any | None:
        """The key, or None where no such key is in use.

        Raises:
            Failure: UNAVAILABLE, where the keys cannot be fetched and none of them are known.
        """
        key = self._keys.get(key_id)
        if key is None:
            with self._lock:
                if key_id not in self._keys and time.monotonic() >= self._next:
                    self._next = time.monotonic() + _REFRESH_PAUSE
                    self._keys = dict(self._fetch())
                elif not self._keys:
                    # Without any key nobody's token is known to be bad.
                    raise Failure("UNAVAILABLE")
                key = self._keys.get(key_id)
        return key


class TokenVerifier:
    """Turns bearer tokens into identities."""

    def __init__(self, keys: KeyRing, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock
        self._kept: OrderedDict[str, _Verified] = OrderedDict()

    def verify(self, token: str) -> Identity:
        """The identity that a token proves.

        Raises:
            Failure: UNAUTHENTICATED, for every token that is not valid now.
        """
        known = self._kept.get(token)
        if known is not None:
            if known.expires_us > self._clock.now_us():
                return known.identity
            self._kept.pop(token, None)
            raise Failure("UNAUTHENTICATED")
        verified = self._check(token)
        self._kept[token] = verified
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return verified.identity

    def _check(self, token: str) -> _Verified:
        if len(token) > _MAX_LENGTH:
            raise Failure("UNAUTHENTICATED")
        try:
            header = jwt.get_unverified_header(token)
            key = self._keys.find(str(header.get("kid", "")))
            if key is None or header.get("alg") != ALGORITHM or header.get("typ") != TOKEN_TYPE:
                raise Failure("UNAUTHENTICATED")
            claims = jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
            identity = Identity(
                tenant=_text(claims["tenant"]),
                principal=_text(claims["sub"]),
                kind=Kind.USER,
                actor=str(claims.get("act", "")),
                epoch=int(claims["epoch"]),
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            raise Failure("UNAUTHENTICATED") from None
        return _Verified(identity, int(claims["exp"]) * 1_000_000)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError
    return value
