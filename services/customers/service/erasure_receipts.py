"""VerifyContactErasure: whether a receipt holds, and what is there of the person whom it is about."""

from __future__ import annotations

import json
import time
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from rapport.customers.v1 import privacy_service_pb2
from rapport.mesh.v1 import subject_pb2
from rapport.users.v1 import receipt_service_pb2

from mesh.contract import base64url, compact_jws
from mesh.contract.failure import Failure, invalid
from mesh.contract.traces import Tracer
from mesh.resource.subject_calls import ask, others
from mesh.runtime.vault import SealError
from mesh.store.mesh_tables import jobs
from services.customers.domain.erasures import Receipt, receipt_of
from services.customers.service import erased_addresses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mesh.resource.subject_finding import Finding
    from mesh.runtime.call import Call

_OWN = "customers"
_KEYS = "/rapport.users.v1.ReceiptService/GetReceiptKeys"
_MOST = 100
# What is left of the deadline when the answer is written; of a short one the half of it.
_RESERVE_SECONDS = 8.0


@dataclass(slots=True)
class _Place:
    """Where a search goes on: in which service, behind what there, and whether anything was found up to there."""

    service: str
    cursor: str = ""
    found: bool = False


class ErasureReceipts:
    """Checks receipts. finding: of what this service holds."""

    def __init__(self, finding: Callable[[], Finding]) -> None:
        self._finding = finding

    def verify_contact_erasure(
        self, call: Call, request: privacy_service_pb2.VerifyContactErasureRequest
    ) -> privacy_service_pb2.VerifyContactErasureResponse:
        """What was found in all services, as far as time allows: at least one batch, so that going on ends."""
        receipt = receipt_of(_signed(call, request.receipt), call.identity.tenant)
        key = _key(call, receipt)
        reply = privacy_service_pb2.VerifyContactErasureResponse()
        ends = time.monotonic() + max(call.remaining() - _RESERVE_SECONDS, call.remaining() / 2)
        services = [_OWN, *others(_OWN)]
        place = _opened(call, receipt, request.cursor, services) if request.cursor else _Place(_OWN)
        while place.service:
            self._go_on(call, place, key, receipt.digests, reply)
            if not place.cursor:
                services = services[services.index(place.service) + 1 :]
                place.service = services[0] if services else ""
            if time.monotonic() >= ends:
                break
        if place.service:
            reply.unfinished_services.extend(services[services.index(place.service) :])
            reply.next_cursor = _sealed(call, receipt, place)
        reply.erased = not place.found and not place.service
        return reply

    def _go_on(self, call: Call, place: _Place, key: bytes, digests: Sequence[bytes], reply: Any) -> None:
        """Look at the next batch."""
        names, rows, place.cursor = self._batch(call, place.service, key, digests, place.cursor)
        reply.row_count += rows
        place.found = place.found or bool(names)
        told = sum(each.service == place.service for each in reply.remnants)
        for name in names[: _MOST - told]:
            kind, _, identity = name.partition("/")
            reply.remnants.add(service=place.service, kind=kind, id=identity)

    def _batch(
        self, call: Call, service: str, key: bytes, digests: Sequence[bytes], cursor: str
    ) -> tuple[Sequence[str], int, str]:
        if service == _OWN:
            return self._finding().batch(call, Tracer(key, digests), cursor)
        wanted = subject_pb2.SubjectDigests(digest_key=key, digests=digests)
        tenant = call.identity.tenant
        batch = ask(call.environment.caller, service, "FindSubject", tenant, digests=wanted, cursor=cursor)
        return batch.names, batch.row_count, batch.next_cursor


def _sealed(call: Call, receipt: Receipt, place: _Place) -> str:
    """A place, for nobody to read: keys of rows stand in it. It is of this receipt and tenant alone."""
    plain = json.dumps(astuple(place)).encode()
    row = f"verify/{receipt.erasure_id}"
    return base64url.encode(call.environment.vault.seal(jobs.c.cursor, plain, row=row, tenant=call.identity.tenant))


def _opened(call: Call, receipt: Receipt, cursor: str, services: Sequence[str]) -> _Place:
    """The place that was sealed.

    Raises:
        Failure: INVALID_ARGUMENT.
    """
    row = f"verify/{receipt.erasure_id}"
    try:
        sealed = base64url.decode(cursor)
        plain = call.environment.vault.open(jobs.c.cursor, sealed, row=row, tenant=call.identity.tenant)
    except (ValueError, SealError):
        raise invalid("cursor", "is none of this receipt") from None
    place = _Place(*json.loads(plain))
    if place.service not in services:
        raise invalid("cursor", "is of a service that is no more")
    return place


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
