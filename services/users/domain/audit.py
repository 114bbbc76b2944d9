"""The audit chain of a tenant: every entry's digest covers the digest before it.

No entry can be changed, taken out or put in without breaking all that follow.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rapport.users.v1 import resources_pb2

FIRST = bytes(32)
_SEALED = ("id", "create_time", "action", "method", "principal_id", "actor_id", "resource", "changed_paths", "position")
_SEALED_LATER = ("request_id", "changes", "origin_digest")
"""Fields that entries of earlier releases lack. Their digests go without, and so does none that has an origin."""


def digest(before: bytes, entry: resources_pb2.AuditEntry) -> bytes:
    """SHA-256 over the digest before and the entry's sealed fields, each with its length in front."""
    names = _SEALED + _SEALED_LATER if entry.origin_digest else _SEALED
    return _hashed(before, (_bytes(entry, name) for name in names))


def origin_digest(entry: resources_pb2.AuditEntry) -> bytes:
    """SHA-256 over where an entry's call came from, behind a salt: erased, it can be neither told nor tried out."""
    return _hashed(entry.origin_salt.encode(), (entry.address.encode(), entry.user_agent.encode()))


def broken_at(entries: Iterable[resources_pb2.AuditEntry], before: bytes = FIRST, expected: int = 1) -> int | None:
    """The first position at which a chain does not hold; None for a sound one.

    before: the digest of the entry before the first one given, which stands at `expected`.
    """
    for entry in entries:
        if entry.position != expected or digest(before, entry) != entry.digest or not _origin_holds(entry):
            return expected
        before, expected = entry.digest, expected + 1
    return None


def _origin_holds(entry: resources_pb2.AuditEntry) -> bool:
    """Whether an entry came from where it says, or says nothing of it any more."""
    if entry.origin_salt:
        return origin_digest(entry) == entry.origin_digest
    kept = entry.address or entry.user_agent
    return not kept and (bool(entry.origin_digest) or not (entry.request_id or entry.changes))


def _bytes(entry: resources_pb2.AuditEntry, name: str) -> bytes:
    value = getattr(entry, name)
    if name == "create_time":
        return str(value.ToMicroseconds()).encode()
    if name == "changed_paths":
        return "\n".join(value).encode()
    if name == "changes":
        told = [[change.path, change.before, change.after] for change in value]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return bytes(value) if isinstance(value, bytes) else str(value).encode()


def _hashed(first: bytes, parts: Iterable[bytes]) -> bytes:
    hashed = hashlib.sha256(first)
    for data in parts:
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.digest()
