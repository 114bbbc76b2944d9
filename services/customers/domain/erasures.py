"""The rules of erasures: what a receipt says, and what of it is believed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mesh.contract import base64url
from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rapport.customers.v1 import resources_pb2

DIGEST_BYTES = 32
KIND = "erasure-receipt"
"""What kind of receipt it is, in its claim `knd`."""


def joined(digests: Iterable[bytes]) -> bytes:
    """Digests, one behind the other."""
    return b"".join(sorted(digests))


def parted(data: bytes) -> list[bytes]:
    """The digests of joined()."""
    return [data[at : at + DIGEST_BYTES] for at in range(0, len(data), DIGEST_BYTES)]


def claims_of(
    record: resources_pb2.ContactErasure, tenant: str, digests: Iterable[bytes], sealed: bytes, now_us: int
) -> dict[str, Any]:
    """What a receipt says. `sealed` is the key of the digests, which the vault alone opens."""
    counts: dict[str, dict[str, int]] = {}
    for each in record.counts:
        counts.setdefault(each.service, {})[each.kind] = each.count
    subject = hashlib.sha256(f"{record.id}\n{record.contact_id}".encode()).hexdigest()
    return {
        "knd": KIND,
        "jti": record.id,
        "iat": now_us // 1_000_000,
        "tenant": tenant,
        "by": record.creator_id,
        "sub": subject,
        "counts": counts,
        "digests": [base64url.encode(each) for each in digests],
        "key": base64url.encode(sealed),
    }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt is checked by."""

    erasure_id: str
    digests: tuple[bytes, ...]
    sealed_key: bytes


def receipt_of(claims: Mapping[str, Any], tenant: str) -> Receipt:
    """The receipt of signed claims.

    Raises:
        Failure: RECEIPT_INVALID, where it is another tenant's, or of another kind.
    """
    wrong = Failure("RECEIPT_INVALID", fields={"receipt": "is no receipt of an erasure of this tenant"})
    if claims.get("knd") != KIND or claims.get("tenant") != tenant:
        raise wrong
    try:
        found = tuple(base64url.decode(each) for each in claims["digests"])
        return Receipt(str(claims["jti"]), found, base64url.decode(claims["key"]))
    except (KeyError, TypeError, ValueError):
        raise wrong from None
