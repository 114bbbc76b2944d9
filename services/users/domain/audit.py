"""The audit chain of a tenant: every entry's digest covers the digest before it.

No entry can be changed, taken out or put in without breaking all that follow.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rapport.users.v1 import resources_pb2

FIRST = bytes(32)
_SEALED = ("id", "create_time", "action", "method", "principal_id", "actor_id", "resource", "changed_paths", "position")


def digest(before: bytes, entry: resources_pb2.AuditEntry) -> bytes:
    """SHA-256 over the digest before and the entry's sealed fields, each with its length in front."""
    hashed = hashlib.sha256(before)
    for name in _SEALED:
        value = getattr(entry, name)
        if name == "create_time":
            data = str(value.ToMicroseconds()).encode()
        elif name == "changed_paths":
            data = "\n".join(value).encode()
        else:
            data = str(value).encode()
        hashed.update(len(data).to_bytes(8, "big") + data)
    return hashed.digest()


def broken_at(entries: Iterable[resources_pb2.AuditEntry], before: bytes = FIRST, expected: int = 1) -> int | None:
    """The first position at which a chain does not hold; None for a sound one.

    before: the digest of the entry before the first one given, which stands at `expected`.
    """
    for entry in entries:
        if entry.position != expected or digest(before, entry) != entry.digest:
            return expected
        before, expected = entry.digest, expected + 1
    return None
