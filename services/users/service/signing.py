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
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import bindparam, delete, select

from mesh.store.errors import StoreError
from mesh.store.statement import Statement, insert_ignore
from services.users.tables import signing_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Table

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


@dataclass(frozen=True, slots=True)
class KeyKind:
    """What keys of one purpose have in common.

    ahead_seconds: how long one is published before it signs. generate, dump, load: a private key, its bytes, and back;
    public: the bytes of its public half.
    """

    table: Table
    ahead_seconds: int
    generate: Callable[[], Any]
    dump: Callable[[Any], bytes]
    load: Callable[[bytes], Any]
    public: Callable[[Any], bytes]


def _raw(private: Ed25519PrivateKey) -> bytes:
    raw, plain = serialization.Encoding.Raw, serialization.NoEncryption()
    return private.private_bytes(raw, serialization.PrivateFormat.Raw, plain)


BEARER = KeyKind(
    table=signing_keys,
    ahead_seconds=PUBLISHED_SECONDS,
    generate=Ed25519PrivateKey.generate,
    dump=_raw,
    load=Ed25519PrivateKey.from_private_bytes,
    public=lambda private: bytes(private.public_key().public_bytes_raw()),
)
"""The keys of bearer tokens."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key. `create_us`: when it was published, on the machine's clock, `ahead_us` before it signs."""

    slot: int
    kid: str
    public: Any
    private: Any
    create_us: int
    ahead_us: int

    @property
    def public_bytes(self) -> bytes:
        """The 32 bytes of the public half of a bearer token's key."""
        return bytes(self.public.public_bytes_raw())


class SigningKeys:
    """The keys of a kind as this process knows them, read again every two seconds. Thread-safe.

    `lazy`: the first one is made when it is to sign.
    """

    def __init__(
        self, store: Store, vault: Vault, ids: Ids, wall: Clock, kind: KeyKind = BEARER, *, lazy: bool = False
    ) -> None:
        self._kind = kind
        columns = kind.table.c
        self._sealed = columns.sealed_private
        self._keys = Statement(
            select(columns.slot, columns.kid, columns.sealed_private, columns.create_time).order_by(columns.slot),
            name="list signing keys",
        )
        self._add = insert_ignore(kind.table, ["slot"], name="add signing key")
        self._drop = Statement(delete(kind.table).where(columns.slot == bindparam("old_slot")), name="drop signing key")
        self._store = store
        self._vault = vault
        self._ids = ids
        self._wall = wall
        self._known: tuple[SigningKey, ...] = ()
        self._reread = 0.0
        if not self._read() and not lazy:
            self.add()

    def current(self) -> SigningKey:
        """The key to sign with; one that has signed for a month gets its successor. To be asked outside of a write."""
        keys = self._fresh()
        if not keys or keys[-1].create_us + _MONTH_US <= self._wall.now_us():
            self.add()
        return self._signing(self._known)

    def published(self) -> Sequence[SigningKey]:
        """The keys that tokens may be signed with now, or soon, or until lately."""
        keys, now = self._fresh(), self._wall.now_us()
        if not keys:
            return []
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
            transaction.write(self._add, **row)
            for old in self._known:
                if old.slot not in kept:
                    transaction.write(self._drop, old_slot=old.slot)
        return self._read()[-1].kid

    def revoke_others(self) -> int:
        """Have the newest key verify alone: who was signed in with another must sign in again. How many there were."""
        keys = self._read()
        with self._store.transaction(tenant=None, timeout=_TIMEOUT) as transaction:
            for old in keys[:-1]:
                transaction.write(self._drop, old_slot=old.slot)
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
        rows = self._store.read(self._keys, tenant=None, timeout=_TIMEOUT)
        held = {key.slot: key for key in self._known}
        self._known = tuple(held.get(row[0]) or self._opened(*row) for row in rows)
        return self._known

    def _opened(self, slot: int, kid: str, sealed: bytes, create_us: int) -> SigningKey:
        private = self._kind.load(self._vault.open(self._sealed, bytes(sealed), row=str(slot)))
        ahead_us = self._kind.ahead_seconds * 1_000_000
        return SigningKey(slot, kid, private.public_key(), private, create_us, ahead_us)

    def _made(self, slot: int) -> dict[str, Any]:
        private = self._kind.generate()
        return {
            "slot": slot,
            "kid": self._ids.new("key"),
            "public": self._kind.public(private),
            "sealed_private": self._vault.seal(self._sealed, self._kind.dump(private), row=str(slot)),
            "create_time": self._wall.now_us(),
        }


def _signs_from(key: SigningKey) -> int:
    return key.create_us + key.ahead_us
