"""The keys that tokens are signed with, and their overlap.

A key is published before it signs, for longer than any verifier takes to hear of it, and verifies until the last token
that the one before it signed has expired. Tokens leave the mesh and are checked on the machine's clock, so keys live on
that clock too, however far the mesh's own was moved ahead. A key gets a successor at the first log-in after a month;
an operator can have one at once (`mesh secrets rotate --signing`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import bindparam, delete, select

from mesh.store.errors import StoreError
from mesh.store.statement import Statement, insert_ignore
from services.users.tables import signing_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.clock import Clock
    from mesh.runtime.ids import Ids
    from mesh.runtime.vault import Vault
    from mesh.store.store import Store

TOKEN_SECONDS = 900
PUBLISHED_SECONDS = 20
"""How long a key is published before it signs: processes reread keys every 2 s, the edge and verifiers every 5 s."""
_MONTH_US = 30 * 24 * 3600 * 1_000_000
_SKEW_US = 60 * 1_000_000
REREAD_SECONDS = 2.0
_TIMEOUT = 10.0
_SEALED = signing_keys.c.sealed_private

_KEYS = Statement(
    select(
        signing_keys.c.slot,
        signing_keys.c.kid,
        signing_keys.c.public,
        signing_keys.c.sealed_private,
        signing_keys.c.create_time,
    ).order_by(signing_keys.c.slot),
    name="list signing keys",
)
_ADD = insert_ignore(signing_keys, ["slot"], name="add signing key")
_DROP = Statement(delete(signing_keys).where(signing_keys.c.slot == bindparam("old_slot")), name="drop signing key")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key. `create_us`: when it was published, on the machine's clock."""

    slot: int
    kid: str
    public: Ed25519PublicKey
    private: Ed25519PrivateKey
    create_us: int

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes of the public half."""
        return self.public.public_bytes_raw()


class SigningKeys:
    """The keys as this process knows them, read again every two seconds. Thread-safe."""

    def __init__(self, store: Store, vault: Vault, ids: Ids, wall: Clock) -> None:
        self._store = store
        self._vault = vault
        self._ids = ids
        self._wall = wall
        self._known: tuple[SigningKey, ...] = ()
        self._reread = 0.0
        if not self._read():
            self.add()

    def current(self) -> SigningKey:
        """The key to sign with; one that has signed for a month gets its successor. To be asked outside of a write."""
        keys = self._fresh()
        if keys[-1].create_us + _MONTH_US <= self._wall.now_us():
            self.add()
        return self._signing(self._known)

    def published(self) -> Sequence[SigningKey]:
        """The keys that tokens may be signed with now, or soon, or until lately."""
        keys, now = self._fresh(), self._wall.now_us()
        ended = (_signs_from(after) + TOKEN_SECONDS * 1_000_000 + _SKEW_US < now for after in keys[1:])
        return [key for key, gone in zip(keys, [*ended, False], strict=True) if not gone]

    def add(self) -> str:
        """Publish the next key, and forget those that verify nothing any more; its id, or that of a faster process's.

        Raises:
            StoreError: the database refuses.
        """
        kept = {key.slot for key in self.published()} if self._known else set()
        slot = self._known[-1].slot + 1 if self._known else 1
        row = self._made(slot)
        with self._store.transaction(tenant=None, timeout=_TIMEOUT) as transaction:
            transaction.write(_ADD, **row)
            for old in self._known:
                if old.slot not in kept:
                    transaction.write(_DROP, old_slot=old.slot)
        return self._read()[-1].kid

    def revoke_others(self) -> int:
        """Have the newest key verify alone: who was signed in with another must sign in again. How many there were."""
        keys = self._read()
        with self._store.transaction(tenant=None, timeout=_TIMEOUT) as transaction:
            for old in keys[:-1]:
                transaction.write(_DROP, old_slot=old.slot)
        self._read()
        return len(keys) - 1

    def _signing(self, keys: Sequence[SigningKey]) -> SigningKey:
        now = self._wall.now_us()
        return next((key for key in reversed(keys) if _signs_from(key) <= now), keys[0])

    def _fresh(self) -> tuple[SigningKey, ...]:
        now = time.monotonic()
        if now >= self._reread:
            self._reread = now + REREAD_SECONDS
            try:
                return self._read()
            except StoreError:
                # Keys that were good two seconds ago are better than none while the database is away.
                return self._known
        return self._known

    def _read(self) -> tuple[SigningKey, ...]:
        rows = self._store.read(_KEYS, tenant=None, timeout=_TIMEOUT)
        held = {key.slot: key for key in self._known}
        self._known = tuple(held.get(row[0]) or self._opened(*row) for row in rows)
        return self._known

    def _opened(self, slot: int, kid: str, public: bytes, sealed: bytes, create_us: int) -> SigningKey:
        private = self._vault.open(_SEALED, bytes(sealed), row=str(slot))
        return SigningKey(
            slot=slot,
            kid=kid,
            public=Ed25519PublicKey.from_public_bytes(bytes(public)),
            private=Ed25519PrivateKey.from_private_bytes(private),
            create_us=create_us,
        )

    def _made(self, slot: int) -> dict[str, Any]:
        private = Ed25519PrivateKey.generate()
        raw, plain = serialization.Encoding.Raw, serialization.NoEncryption()
        opened = private.private_bytes(raw, serialization.PrivateFormat.Raw, plain)
        return {
            "slot": slot,
            "kid": self._ids.new("key"),
            "public": private.public_key().public_bytes_raw(),
            "sealed_private": self._vault.seal(_SEALED, opened, row=str(slot)),
            "create_time": self._wall.now_us(),
        }


def _signs_from(key: SigningKey) -> int:
    return key.create_us + PUBLISHED_SECONDS * 1_000_000
