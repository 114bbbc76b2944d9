"""Clients that prove who they are with a key of their own: which keys they may have, and what they sign.

RFC 7517; RFC 7523, sections 2.2 and 3; OpenID Connect Core 1.0, section 9 (`private_key_jwt`).
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, TypeGuard

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jwt.types import Options

METHOD = "private_key_jwt"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ("EdDSA", "ES256", "RS256")
LEEWAY_SECONDS = 60
"""How far the clocks of client and mesh may be apart."""
LONGEST_SECONDS = 600
"""How far ahead an assertion may end: until then it is remembered that it was used."""
_MOST_KEYS, _LEAST_BITS, _LONGEST_ID, _LONGEST = 10, 2048, 200, 4_000
_PARTS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_KINDS = {("OKP", "Ed25519"): "EdDSA", ("EC", "P-256"): "ES256", ("RSA", None): "RS256"}
_PUBLIC = (Ed25519PublicKey, EllipticCurvePublicKey, RSAPublicKey)
# The rest is checked here, by the clock of the caller.
_ONLY_SIGNED: Options = {
    "verify_signature": True,
    **{f"verify_{name}": False for name in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")},  # type: ignore[typeddict-item]
}


class Unproven(Exception):
    """Keys that are none, or an assertion that proves nothing; the text says what is amiss, after a verb's subject."""


def plain_keys(text: str) -> str:
    """A JWKS with what matters of it alone.

    Raises:
        Unproven: it is none, or holds a key that cannot be used, or that nobody else should know.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Unproven("is no JSON") from None
    keys = found.get("keys") if isinstance(found, dict) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= _MOST_KEYS or not all(isinstance(key, dict) for key in keys):
        raise Unproven(f"is no JWK set of 1 to {_MOST_KEYS} keys")
    if any(_PRIVATE & key.keys() for key in keys):
        raise Unproven("holds a private key, which is for the client alone")
    kept = [{part: key[part] for part in _PARTS if part in key} for key in keys]
    names = [key.get("kid") for key in kept]
    if len(kept) > 1 and (not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names)):
        raise Unproven("needs a kid of its own for each key")
    for key in kept:
        _loaded(key)
    return json.dumps({"keys": kept}, separators=(",", ":"))


def _loaded(key: Mapping[str, Any]) -> tuple[str, Any]:
    """The one algorithm that a key signs by, and what checks that."""
    algorithm = _KINDS.get((str(key.get("kty")), key.get("crv") if key.get("kty") != "RSA" else None))
    if algorithm is None or key.get("alg", algorithm) != algorithm or key.get("use", "sig") != "sig":
        raise Unproven(f"holds a key that does not sign by one of {', '.join(ALGORITHMS)}")
    try:
        public = jwt.PyJWK({**key, "alg": algorithm}).key
    except (jwt.PyJWTError, ValueError, TypeError):
        raise Unproven("holds a key that cannot be read") from None
    if not isinstance(public, _PUBLIC) or (isinstance(public, RSAPublicKey) and public.key_size < _LEAST_BITS):
        raise Unproven(f"holds a key of less than {_LEAST_BITS} bits")
    return algorithm, public


def client_of(assertion: str) -> str:
    """The client that an assertion says it is of; nothing is proven by that."""
    try:
        claims = jwt.decode(assertion, options={"verify_signature": False}) if len(assertion) <= _LONGEST else {}
    except jwt.PyJWTError:
        return ""
    return str(claims.get("sub", ""))


def check_assertion(assertion: str, keys: str, client_id: str, audiences: Collection[str], now: int) -> tuple[str, int]:
    """What an assertion of a client is known by, so that it is used once, and when it ends; in seconds since 1970.

    Raises:
        Unproven: it is not the client's, not for this server, or not for now.
    """
    try:
        header = jwt.get_unverified_header(assertion)
        algorithm, public = _loaded(_named(header, json.loads(keys)["keys"]))
        if header.get("alg") != algorithm or "crit" in header:
            raise Unproven("is signed by another algorithm than its key is for")
        claims: dict[str, Any] = jwt.decode(assertion, public, algorithms=[algorithm], options=_ONLY_SIGNED)
    except jwt.PyJWTError:
        raise Unproven("is not signed by the client") from None
    audience, identity, ends = claims.get("aud"), claims.get("jti"), claims.get("exp")
    named = audience if isinstance(audience, list) else [audience]
    if claims.get("iss") != client_id or claims.get("sub") != client_id:
        raise Unproven("is another client's")
    if not any(isinstance(each, str) and each in audiences for each in named):
        raise Unproven("is for another server")
    if not isinstance(identity, str) or not 0 < len(identity) <= _LONGEST_ID:
        raise Unproven("has no jti")
    begins = [claims[name] for name in ("iat", "nbf") if name in claims]
    if not _is_number(ends) or not now - LEEWAY_SECONDS < ends <= now + LONGEST_SECONDS + LEEWAY_SECONDS:
        raise Unproven("has ended, or ends too late")
    if not all(_is_number(each) and each <= now + LEEWAY_SECONDS for each in begins):
        raise Unproven("has not begun")
    return identity, math.ceil(ends) + LEEWAY_SECONDS


def _named(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The key that signed, by its name; without one, the only one that there is."""
    fit = [key for key in keys if key.get("kid") == header.get("kid")] if "kid" in header else keys
    if len(fit) != 1:
        raise Unproven("names no key of the client")
    return fit[0]


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
