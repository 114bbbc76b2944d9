"""Capabilities: signed tokens in URLs that let their holder do one thing for one subject of one tenant.

This module alone makes and checks them. It never decides what their holder may do: the kind names one, and contracts
name the kind. A token is one version byte, flags, the expiry, a nonce where it works once, tenant and subject, and a
keyed digest over all of it; the key differs by service and kind, so that no token passes for one of another kind.

They live on the clock of the mesh, unlike bearer tokens: a link ends with what it is for, and so it does when that
clock is moved ahead. A subject that lets a link be sent again tells the links apart by their expiry.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.contract import base64url
from mesh.contract.failure import Failure
from mesh.runtime.purging import CAPABILITIES
from mesh.store.mesh_tables import used_capabilities
from mesh.store.statement import insert_ignore

if TYPE_CHECKING:
    from mesh.runtime.call import Write
    from mesh.runtime.ids import Ids
    from mesh.runtime.secrets import Secrets

_VERSION = 1
_ONCE = 1
_DIGEST = 16
_HEAD = struct.Struct(">BBQBB")  # version, flags, expiry in microseconds, lengths of nonce and tenant
_USE = insert_ignore(used_capabilities, ["digest"], name="use capability")


@dataclass(frozen=True, slots=True)
class Capability:
    """What a token lets its holder do. `expires_us` 0: it ends with its subject; `digest` names this one token."""

    kind: str
    tenant: str
    subject: str
    expires_us: int
    single_use: bool
    digest: bytes


class Capabilities:
    """Mints and checks the capabilities of one service."""

    def __init__(self, service: str, secrets: Secrets, ids: Ids) -> None:
        self._service = service
        self._secrets = secrets
        self._ids = ids

    def mint(self, kind: str, tenant: str, subject: str, *, expires_us: int, single_use: bool) -> str:
        """A URL-safe token. `expires_us` is in microseconds since 1970, 0: never, which a single use must not be.

        The same arguments give the same token, except for a single use.
        """
        if single_use and not expires_us:
            msg = f"a {kind} that works once must expire: its use is remembered until then"
            raise ValueError(msg)
        nonce = self._ids.new("cap").encode() if single_use else b""
        head = _HEAD.pack(_VERSION, _ONCE if single_use else 0, expires_us, len(nonce), len(tenant.encode()))
        payload = head + nonce + tenant.encode() + subject.encode()
        return base64url.encode(payload + self._signatures(kind, payload)[0])

    def check(self, kind: str, token: str, now_us: int) -> Capability:
        """What a token of this kind lets its holder do now.

        Raises:
            Failure: CAPABILITY_INVALID, whether it is forged, expired, or of another kind.
        """
        try:
            sealed = base64url.decode(token)
        except ValueError:
            sealed = b""
        payload, signature = sealed[:-_DIGEST], sealed[-_DIGEST:]
        signed = any(hmac.compare_digest(signature, each) for each in self._signatures(kind, payload))
        if len(payload) < _HEAD.size or not signed or payload[0] != _VERSION:
            raise Failure("CAPABILITY_INVALID")
        _, flags, expires_us, nonce, tenant = _HEAD.unpack_from(payload)
        if expires_us and expires_us <= now_us:
            raise Failure("CAPABILITY_INVALID")
        begin = _HEAD.size + nonce
        return Capability(
            kind=kind,
            tenant=payload[begin : begin + tenant].decode(),
            subject=payload[begin + tenant :].decode(),
            expires_us=expires_us,
            single_use=bool(flags & _ONCE),
            digest=hashlib.sha256(payload).digest(),
        )

    def _signatures(self, kind: str, payload: bytes) -> list[bytes]:
        """By every key that is accepted; the first is the one to sign with."""
        keys = self._secrets.keys(f"capability {self._service} {kind}")
        return [hmac.digest(key, payload, "sha256")[:_DIGEST] for key in keys]


def use(write: Write, capability: Capability) -> None:
    """Note in a write that its capability has been used; the two are committed together.

    Raises:
        Failure: CAPABILITY_USED, where another write was faster.
    """
    if not write.write(_USE, digest=capability.digest, expires_us=capability.expires_us):
        raise Failure("CAPABILITY_USED")
    write.environment.sweeps.arm(write, CAPABILITIES, capability.expires_us)
