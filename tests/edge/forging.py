"""How tokens are forged: spelled by hand, byte for byte, by whoever holds the mesh's key and by whoever does not."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from mesh.contract import base64url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Sign = Callable[[bytes], bytes]

ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the group that Ed25519 signs in (RFC 8032, section 5.1)."""
FIELD = 2**255 - 19


def packed(value: object) -> bytes:
    """As JSON, in the fewest bytes."""
    return json.dumps(value, separators=(",", ":")).encode()


def mac(name: str, key: bytes) -> Sign:
    """HMAC with a key that everybody knows."""
    return lambda data: hmac.digest(key, data, name)


def nothing(data: bytes) -> bytes:
    """No signature at all."""
    del data
    return b""


@dataclass(frozen=True)
class Forge:
    """What a forger knows: good claims, the names and the public half of the keys.

    private: the mesh's own key, for tokens that are wrong in another way than their signature. other_kid: the name of a
    second key that verifies. now: in seconds since 1970.
    """

    private: ed25519.Ed25519PrivateKey
    kid: str
    other_kid: str
    claims: Mapping[str, Any]
    now: int
    stranger: ed25519.Ed25519PrivateKey = field(default_factory=ed25519.Ed25519PrivateKey.generate)

    @cached_property
    def header(self) -> dict[str, Any]:
        return {"alg": "EdDSA", "kid": self.kid, "typ": "at+jwt"}

    @property
    def public(self) -> ed25519.Ed25519PublicKey:
        return self.private.public_key()

    @property
    def raw(self) -> bytes:
        return self.public.public_bytes_raw()

    def encoded(self, encoding: serialization.Encoding) -> bytes:
        """The mesh's public key in the files that people keep it in."""
        return self.public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)

    @property
    def jwk(self) -> dict[str, str]:
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(self.raw), "kid": self.kid, "use": "sig"}

    @property
    def strangers_jwk(self) -> dict[str, str]:
        return self.jwk | {"x": base64url.encode(self.stranger.public_key().public_bytes_raw())}

    # ---- putting together

    def spelled(self, header: bytes, payload: bytes, sign: Sign | None = None) -> str:
        """A token of these bytes, signed with the mesh's key unless by `sign`."""
        signed = f"{base64url.encode(header)}.{base64url.encode(payload)}"
        return f"{signed}.{base64url.encode((sign or self.private.sign)(signed.encode()))}"

    def good(self) -> str:
        """A token that is one."""
        return self.claiming()

    def claiming(self, *without: str, **changed: object) -> str:
        """Signed by the mesh's key over other claims."""
        claims = {name: value for name, value in {**self.claims, **changed}.items() if name not in without}
        return self.spelled(packed(self.header), packed(claims))

    def saying(self, payload: str | bytes) -> str:
        """Signed by the mesh's key over any payload; `@` stands for the good claims without their braces."""
        text = payload.replace("@", packed(dict(self.claims)).decode()[1:-1]) if isinstance(payload, str) else payload
        return self.spelled(packed(self.header), text.encode() if isinstance(text, str) else text)

    def headed(self, *without: str, sign: Sign | None = None, **changed: object) -> str:
        """Good claims under another header; signed by the mesh's key unless by `sign`."""
        header = {name: value for name, value in {**self.header, **changed}.items() if name not in without}
        return self.spelled(packed(header), packed(dict(self.claims)), sign)

    def heading(self, header: str | bytes) -> str:
        """Good claims under any header; `@` stands for the good one without its braces."""
        text = header.replace("@", packed(self.header).decode()[1:-1]) if isinstance(header, str) else header
        return self.spelled(text.encode() if isinstance(text, str) else text, packed(dict(self.claims)))

    def signed(self, signature: bytes | Callable[[bytes], bytes]) -> str:
        """A good token with another signature; given a function, made of the good one's 64 bytes."""
        body, _, good = self.good().rpartition(".")
        other = signature(base64url.decode(good)) if callable(signature) else signature
        return f"{body}.{base64url.encode(other)}"

    def parts(self, change: Callable[[list[str]], list[str]]) -> str:
        """A good token whose parts were changed after it was signed."""
        return ".".join(change(self.good().split(".")))

    # ---- other algorithms, with keys of the forger's own

    def by_rsa(self, alg: str) -> str:
        key = rsa.generate_private_key(65537, 2048)
        pads: Any = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if alg[0] == "P" else padding.PKCS1v15()
        return self.headed(alg=alg, sign=lambda data: key.sign(data, pads, hashes.SHA256()))

    def by_curve(self, alg: str) -> str:
        key = ec.generate_private_key(ec.SECP256R1())
        return self.headed(alg=alg, sign=lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())))


def moved(signature: bytes, times: int) -> bytes:
    """A signature with the group's order added to its second half: to lax verifiers the same (RFC 8032, 8.4)."""
    number = int.from_bytes(signature[32:], "little") + times * ORDER
    return signature[:32] + number.to_bytes(32, "little")


def flipped(data: bytes, bit: int) -> bytes:
    """The same with one bit turned over."""
    number = int.from_bytes(data, "big") ^ (1 << (bit % (8 * len(data))))
    return number.to_bytes(len(data), "big")


def respelled(text: str) -> str:
    """Another spelling of the same bytes: the bits behind the last byte are set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1]


def thumbprint(data: bytes) -> str:
    return base64url.encode(hashlib.sha256(data).digest())
