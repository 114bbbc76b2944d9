"""VerifyContactErasure: whether a receipt holds, and what is there of the person whom it is about."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rapport.customers.v1 import privacy_service_pb2
from rapport.mesh.v1 import subject_pb2
from rapport.users.v1 import receipt_service_pb2

from mesh.contract import base64url, compact_jws
from mesh.contract.failure import Failure
from mesh.contract.traces import Tracer
from mesh.resource.subject_calls import ask, others
from mesh.runtime.vault import SealError
from services.customers.domain.erasures import Receipt, receipt_of
from services.customers.service import erased_addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mesh.resource.subject_finding import Finding
    from mesh.runtime.call import Call

_OWN = "customers"
_KEYS = "/rapport.users.v1.ReceiptService/GetReceiptKeys"
_MOST = 100
# What is left of the deadline when the answer is written.
_RESERVE_SECONDS = 8.0


class ErasureReceipts:
    """Checks receipts. finding: of what this service holds."""

    def __init__(self, finding: Callable[[], Finding]) -> None:
        self._finding = finding

    def verify_contact_erasure(
        self, call: Call, request: privacy_service_pb2.VerifyContactErasureRequest
    ) -> privacy_service_pb2.VerifyContactErasureResponse:
        """What was found in all services."""
        receipt = receipt_of(_signed(call, request.receipt), call.identity.tenant)
        key = _key(call, receipt)
        reply = privacy_service_pb2.VerifyContactErasureResponse()
        ends = time.monotonic() + call.remaining() - _RESERVE_SECONDS
        for service in (_OWN, *others(_OWN)):
            if not self._search(call, service, key, receipt.digests, reply, ends):
                reply.unfinished_services.append(service)
        reply.erased = not reply.remnants and not reply.unfinished_services
        return reply

    def _search(self, call: Call, service: str, key: bytes, digests: Sequence[bytes], reply: Any, ends: float) -> bool:
        """Look through one service; whether that came to its end."""
        cursor, found = "", 0
        while time.monotonic() < ends:
            names, rows, cursor = self._batch(call, service, key, digests, cursor)
            reply.row_count += rows
            for name in names[: _MOST - found]:
                kind, _, identity = name.partition("/")
                reply.remnants.add(service=service, kind=kind, id=identity)
            found += len(names)
            if not cursor:
                return True
        return False

    def _batch(
        self, call: Call, service: str, key: bytes, digests: Sequence[bytes], cursor: str
    ) -> tuple[Sequence[str], int, str]:
        if service == _OWN:
            return self._finding().batch(call, Tracer(key, digests), cursor)
        wanted = subject_pb2.SubjectDigests(digest_key=key, digests=digests)
        tenant = call.identity.tenant
        batch = ask(call.environment.caller, service, "FindSubject", tenant, digests=wanted, cursor=cursor)
        return batch.names, batch.row_count, batch.next_cursor


def _signed(call: Call, receipt: str) -> Mapping[str, Any]:
    """The claims of a receipt that was signed here.

    Raises:
        Failure: RECEIPT_INVALID.
    """
    request = receipt_service_pb2.GetReceiptKeysRequest()
    reply = call.environment.caller.unary(_KEYS, request, receipt_service_pb2.GetReceiptKeysResponse, None)
    known = {key.kid: key.x for key in reply.keys}
    try:
        header, claims = compact_jws.read(receipt)
        signed, _, signature = receipt.rpartition(".")
        public = Ed25519PublicKey.from_public_bytes(base64url.decode(known[str(header.get("kid"))]))
        public.verify(base64url.decode(signature), signed.encode())
    except (ValueError, KeyError, InvalidSignature, json.JSONDecodeError):
        raise Failure("RECEIPT_INVALID", fields={"receipt": "was not signed here"}) from None
    return claims


def _key(call: Call, receipt: Receipt) -> bytes:
    """The key of its digests: as the receipt has it, else as the tenant has it.

    Raises:
        Failure: RECEIPT_INVALID, where neither opens.
    """
    environment, tenant = call.environment, call.identity.tenant
    try:
        return erased_addresses.opened(environment, tenant, receipt.sealed_key)
    except SealError:
        found = erased_addresses.key_of(environment, tenant, call.read)
        if not found:
            raise Failure("RECEIPT_INVALID", fields={"receipt": "was sealed under a key that is gone"}) from None
        return found
