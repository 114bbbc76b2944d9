"""Bearer tokens: signed JWTs (RFC 7519) with EdDSA, verified here and before that at the edge.

A verified token is kept until it expires, so that a call costs a look-up instead of a signature check.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt

from mesh.contract import compact_jws
from mesh.contract.failure import Failure
from mesh.runtime.client import CallFailed
from mesh.runtime.identity import Identity, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.runtime.clock import Clock

ALGORITHM = "EdDSA"
AUDIENCE = "rapport"
TOKEN_TYPE = "at+jwt"  # noqa: S105  # RFC 9068, no secret
_HEADER = {"alg", "kid", "typ"}
_LONGEST = 24 * 3600
"""Seconds that a token may live: none of ours lives as long, whoever got hold of a key."""
_KEPT = 10_000
_MAX_LENGTH = 4096
_UNKNOWN_PAUSE = 2.0
_REFRESH = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Verified:
    identity: Identity
    expires_us: int


class KeyRing:
    """The public keys by id: fetched every five seconds, and at once where an unknown one is named.

    The latter happens at most every two seconds: tokens that name invented keys cost a look-up and hold back nothing,
    as a key is published for much longer before it signs than the former takes.
    """

    def __init__(self, fetch: Callable[[], Mapping[str, Any]]) -> None:
        self._fetch = fetch
        self._keys: Mapping[str, Any] = {}
        self._lock = threading.Lock()
        self._stale = 0.0
        self._unknown = 0.0
        self._unsure = False
        self.generation = 0
        """Grows when a key is no longer in use: whatever was verified before may be signed with it."""

    def find(self, key_id: str) -> Any | None:
        """The key, or None where no such key is in use.

        Raises:
            Failure: UNAVAILABLE, where it is not known and those in use could not be fetched.
        """
        self.refresh()
        key = self._keys.get(key_id)
        if key is None:
            with self._lock:
                if key_id not in self._keys and time.monotonic() >= self._unknown:
                    self._unknown, self._unsure = time.monotonic() + _UNKNOWN_PAUSE, True
                    self._take(self._fetch())
                elif self._unsure or not self._keys:
                    # Whose key could not be asked for may have signed with a new one.
                    raise Failure("UNAVAILABLE")
                key = self._keys.get(key_id)
        return key

    def refresh(self) -> None:
        """Have the keys fetched on a thread of its own where they are old; nobody waits for it."""
        now = time.monotonic()
        if now < self._stale or not self._keys:
            return
        # Two callers at once may both get here: the second fetch is then one too many, and harmless.
        self._stale = now + _REFRESH
        threading.Thread(target=self._renew, name="keys", daemon=True).start()

    def _renew(self) -> None:
        try:
            self._take(self._fetch())
        except (Failure, CallFailed):
            log.warning("the keys could not be fetched; those known before stay")

    def _take(self, found: Mapping[str, Any]) -> None:
        gone = self._keys.keys() - found.keys()
        self._keys, self._unsure = dict(found), False
        self._stale = time.monotonic() + _REFRESH
        if gone:
            self.generation += 1


class TokenVerifier:
    """Turns bearer tokens into identities.

    clock: the machine's. The edge checks expiry on real time and cannot be told another one; a service that judged by a
    mesh clock that was moved ahead would refuse what the edge let in.
    """

    def __init__(self, keys: KeyRing, issuer: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._clock = clock
        self._kept: OrderedDict[str, _Verified] = OrderedDict()
        self._generation = keys.generation

    def verify(self, token: str) -> Identity:
        """The identity that a token proves.

        Raises:
            Failure: UNAUTHENTICATED, for every token that is not valid now.
        """
        self._keys.refresh()
        if self._generation != self._keys.generation:
            self._generation = self._keys.generation
            self._kept.clear()
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
            header, claims = compact_jws.read(token)
            # No other member: what a header may name, as keys or where they are, is for signers that are not known.
            if header.keys() != _HEADER or header["alg"] != ALGORITHM or header["typ"] != TOKEN_TYPE:
                raise Failure("UNAUTHENTICATED")
            key = self._keys.find(_text(header["kid"]))
            if key is None:
                raise Failure("UNAUTHENTICATED")
            jwt.decode(
                token,
                key,
                [ALGORITHM],
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
                audience=AUDIENCE,
                issuer=self._issuer,
            )
            if claims["aud"] != AUDIENCE or _whole(claims["exp"]) - _whole(claims["iat"]) > _LONGEST:
                raise Failure("UNAUTHENTICATED")
            return _Verified(_identity(claims), claims["exp"] * 1_000_000)
        except (jwt.PyJWTError, KeyError, TypeError, ValueError):
            raise Failure("UNAUTHENTICATED") from None


def _identity(claims: Mapping[str, Any]) -> Identity:
    """Who a token's claims say it is of.

    Raises:
        KeyError, TypeError, ValueError: they are not what tokens say.
    """
    tenant, principal = _text(claims["tenant"]), _text(claims["sub"])
    if principal == tenant:  # the directory has an entry for it, and it is nobody's
        raise ValueError
    return Identity(
        tenant=tenant,
        principal=principal,
        kind=Kind.USER,
        actor=_text(claims.get("act"), ""),
        epoch=_whole(claims["epoch"]),
        only=frozenset(_text(claims.get("scope"), "").split()),
        session=_text(claims.get("sid"), ""),
        level=_whole(claims.get("acr", 0)),
        wanted=_whole(claims.get("acr_wanted", 0)),
        proof_us=_whole(claims.get("auth_time", 0)) * 1_000_000,
        via=_text(claims.get("via"), ""),
        client=_text(claims.get("client_id"), ""),
    )


def _text(value: object, missing: str | None = None) -> str:
    """A claim that is an id, or several; `missing` is what stands for none."""
    if value is None and missing is not None:
        return missing
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
        raise TypeError
    return value


def _whole(value: object) -> int:
    """A claim that is a count or a moment. Neither True nor 1.0 is one."""
    if type(value) is not int or value < 0:
        raise TypeError
    return value
