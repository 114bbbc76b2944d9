"""Verifiers that are weak in one way each, as verifiers have been, and the forged tokens that get past them.

A case that no weakness lets in may be refused for another reason than the one it is named after.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from unittest import mock

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519

from mesh.contract import base64url, compact_jws
from mesh.runtime import tokens
from mesh.runtime.tokens import KeyRing
from tests.edge.forged_tokens import CASES, SECRETS, UNSIGNED
from tests.edge.forging import ORDER, Forge, mac

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

jwt_decode = jwt.decode


class Anything(str):
    """Equal to whatever it is compared with."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False


def decoding(**options: bool) -> Any:
    """The library's check without some of its parts."""

    def decode(token: str, key: Any, algorithms: Any, **given: Any) -> Any:
        return jwt_decode(token, key, algorithms, **{**given, "options": {**given["options"], **options}})

    return mock.patch.object(tokens.jwt, "decode", decode)


def unsigned() -> Any:
    return mock.patch.object(tokens.jwt, "decode", return_value={})


def by_header(check: Callable[[dict[str, Any], bytes, bytes], bool]) -> Any:
    """A check of the signature that asks the header how it is to be done: (header, signed, signature)."""

    def decode(token: str, *_: Any, **__: Any) -> Any:
        signed, _, signature = token.rpartition(".")
        header = json.loads(base64url.decode(signed.partition(".")[0]))
        if not check(header, signed.encode(), base64url.decode(signature)):
            raise jwt.InvalidSignatureError

    return mock.patch.object(tokens.jwt, "decode", decode)


def with_jwk(header: dict[str, Any], signed: bytes, signature: bytes) -> bool:
    return "jwk" in header and verifies(base64url.decode(header["jwk"]["x"]), signed, signature)


def verifies(key: bytes, signed: bytes, signature: bytes) -> bool:
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def with_public_key(forge: Forge) -> Callable[[dict[str, Any], bytes, bytes], bool]:
    def check(header: dict[str, Any], signed: bytes, signature: bytes) -> bool:
        names = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
        found = (
            mac(names[header["alg"]], secret(forge))(signed) for secret in SECRETS.values() if header["alg"] in names
        )
        return signature in found

    return check


def with_unbounded_s(forge: Forge) -> Callable[[dict[str, Any], bytes, bytes], bool]:
    def check(header: dict[str, Any], signed: bytes, signature: bytes) -> bool:
        reduced = int.from_bytes(signature[32:], "little") % ORDER
        return verifies(forge.raw, signed, signature[:32] + reduced.to_bytes(32, "little"))

    return check


def careless(token: str) -> tuple[Any, Any]:
    """As the usual decoders read a token."""
    try:
        header, payload = (json.loads(jwt.utils.base64url_decode(part)) for part in token.split(".")[:2])
    except RecursionError:
        raise ValueError from None
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise TypeError
    return header, payload


def named(*words: str) -> set[str]:
    return {name for name in CASES if name.startswith(words)}


def any_key(forge: Forge) -> Any:
    return mock.patch.object(KeyRing, "find", return_value=forge.public)


def any_header() -> Any:
    return mock.patch.multiple(tokens, _HEADER=Anything(), ALGORITHM=Anything("EdDSA"), TOKEN_TYPE=Anything())


FLAWS: dict[str, tuple[Callable[[Forge], Sequence[Any]], set[str]]] = {
    "no signature is asked for": (
        lambda f: [unsigned(), any_header(), any_key(f)],
        set(UNSIGNED) - {"alg missing", "alg none of any key"}
        | named("another's key under", "zero", "ones", "bit 0 of the sig", "R ", "ES256 with"),
    ),
    "the public key is a secret": (lambda f: [by_header(with_public_key(f)), any_header()], named("HS")),
    "the key comes with the token": (lambda f: [by_header(with_jwk), any_header()], {"another's key in jwk"}),
    "S has no bound": (
        lambda f: [by_header(with_unbounded_s(f))],
        named("S moved by", "S with its") & {"S moved by the order", "S moved by seven orders"},
    ),
    "any kid will do": (
        lambda f: [any_key(f)],
        {"the good key under another good name", "kid unknown", "kid of SQL", "kid of a path"},
    ),
    "headers are not looked at": (
        lambda _: [any_header()],
        {"jku", "x5u", "our own key in jwk", "compressed", "typ JWT", "typ of a refresh token"},
    ),
    "a careless reader": (
        lambda _: [mock.patch.object(compact_jws, "read", careless)],
        {
            "exp twice, past and future",
            "sub twice",
            "aud twice",
            "tenant twice",
            "kid twice",
        },
    ),
    "no clock": (lambda _: [decoding(verify_exp=False)], {"exp a second ago", "exp an hour ago"}),
    "no beginning": (lambda _: [decoding(verify_nbf=False, verify_iat=False)], {"nbf in an hour", "iat in an hour"}),
    "any audience": (
        lambda _: [decoding(verify_aud=False), mock.patch.object(tokens, "AUDIENCE", Anything("rapport"))],
        {"aud another", "aud a list of others", "aud empty", "aud in capitals"},
    ),
    "an audience among others": (
        lambda _: [mock.patch.object(tokens, "AUDIENCE", Anything("rapport"))],
        {"aud a list with ours"},
    ),
    "any issuer": (lambda _: [decoding(verify_iss=False)], {"iss another", "iss longer", "iss in capitals"}),
    "a life without end": (
        lambda _: [mock.patch.object(tokens, "_LONGEST", 2**80)],
        {"exp in a hundred years", "exp in two days"},
    ),
    "any text": (
        lambda _: [mock.patch.object(tokens, "_text", lambda v, m="": str(v))],
        {"sub with a zero byte", "tenant empty", "act an object", "via true"},
    ),
    "any number": (
        lambda _: [mock.patch.object(tokens, "_whole", int)],
        {"epoch a text", "epoch negative", "acr true"},
    ),
}
