"""A browser with a device that keeps passkeys, as WebAuthn (level 3) and FIDO have them, and from that, not from us.

It takes options and answers in the JSON that browsers write. What a real one refuses raises LookupError.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Mapping

    Json = Mapping[str, Any]

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40
_ES256 = -7
_MODEL = bytes(range(16))


@dataclass
class Credential:
    """One passkey, and how often it has signed."""

    id: bytes
    key: ec.EllipticCurvePrivateKey
    domain: str
    handle: str
    count: int = 0


@dataclass
class Authenticator:
    """The device, in front of a page of this origin.

    verifies: whether it asks for a PIN. counts: whether it counts how often it signs. framed: whether the page stands
    in another one's. next_id: the id of the next passkey, for a device that lies.
    """

    origin: str
    verifies: bool = True
    counts: bool = True
    framed: bool = False
    next_id: bytes = b""
    credentials: list[Credential] = field(default_factory=list)

    def create(self, options: Json) -> dict[str, Any]:
        """A new passkey, as `navigator.credentials.create` answers."""
        domain = self._domain(options["rp"]["id"])
        if {each.id for each in self.credentials} & {_decode(each["id"]) for each in options["excludeCredentials"]}:
            raise LookupError("InvalidStateError: there is one already")
        if not any(each == {"type": "public-key", "alg": _ES256} for each in options["pubKeyCredParams"]):
            raise LookupError("NotSupportedError")
        made = Credential(
            self.next_id or os.urandom(32), ec.generate_private_key(ec.SECP256R1()), domain, options["user"]["id"]
        )
        self.credentials.append(made)
        numbers = made.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = _MODEL + struct.pack(">H", len(made.id)) + made.id + cbor2.dumps({1: 2, 3: _ES256, -1: 1, **point})
        told = self._told(made, _ATTESTED) + attested
        response = {
            "clientDataJSON": _encode(self._client_data("webauthn.create", options)),
            "attestationObject": _encode(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})),
            "authenticatorData": _encode(told),
            "transports": ["internal", "hybrid"],
            "publicKeyAlgorithm": _ES256,
        }
        return self._answer(made, response)

    def get(self, options: Json) -> dict[str, Any]:
        """A proof by a passkey, as `navigator.credentials.get` answers: the one made last of those that will do."""
        domain = self._domain(options["rpId"])
        allowed = {_decode(each["id"]) for each in options["allowCredentials"]}
        fit = [each for each in self.credentials if each.domain == domain and (not allowed or each.id in allowed)]
        if not fit:
            raise LookupError("NotAllowedError: the device has none of them")
        used = fit[-1]
        used.count += self.counts
        told, client_data = self._told(used), self._client_data("webauthn.get", options)
        signature = used.key.sign(told + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": _encode(client_data),
            "authenticatorData": _encode(told),
            "signature": _encode(signature),
            "userHandle": used.handle,
        }
        return self._answer(used, response)

    def copied(self) -> Authenticator:
        """The same keys in other hands, as they are now."""
        twin = copy.copy(self)
        twin.credentials = [copy.copy(each) for each in self.credentials]
        return twin

    def _domain(self, asked: str) -> str:
        """The domain that is asked for, where the page may ask for it."""
        host = urlsplit(self.origin).hostname or ""
        if host != asked and not host.endswith(f".{asked}"):
            raise LookupError("SecurityError: not the page's domain")
        return asked

    def _told(self, credential: Credential, more: int = 0) -> bytes:
        flags = _PRESENT | more | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(credential.domain.encode()).digest() + struct.pack(">BI", flags, credential.count)

    def _client_data(self, kind: str, options: Json) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.framed}
        return json.dumps(told).encode()

    @staticmethod
    def _answer(credential: Credential, response: Json) -> dict[str, Any]:
        name = _encode(credential.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": dict(response),
        }


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
