"""Erasures of persons: the job that goes from service to service, this one last, and the receipt that it ends with.

What of the person the job has to know until its end stands in its cursor, sealed: when the contact is gone, it is gone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from rapport.customers.v1 import privacy_service_pb2, resources_pb2
from rapport.mesh.v1 import subject_pb2
from rapport.users.v1 import receipt_service_pb2
from sqlalchemy import LargeBinary, bindparam, select, update

from mesh.contract.failure import Failure
from mesh.contract.traces import digests
from mesh.resource import erased
from mesh.resource.jobs import JobKind, create_job
from mesh.resource.resource import Resource
from mesh.resource.subject_calls import ask, others
from mesh.resource.writing import unknown
from mesh.store.mesh_tables import jobs
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT
from services.customers.domain.erasures import claims_of, joined, parted
from services.customers.privacy_tables import contact_erasures
from services.customers.service import erased_addresses
from services.customers.service.persons import subject_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.resource.jobs import Chunk, ChunkCommit
    from mesh.resource.subject_erasing import Erasing
    from mesh.runtime.call import Call
    from services.customers.service.persons import Read

_OWN = "customers"
_WAIT_SECONDS = 10.0
"""How long an erasure lets imports and exports that are at work be, before it looks again."""
_SIGN = "/rapport.users.v1.ReceiptService/SignReceipt"
_c = contact_erasures.c
_EARLIER = Statement(
    select(_c.digests).where(_c.tenant_id == TENANT, _c.contact_id == bindparam("contact", type_=TEXT)),
    name="digests of erased contact",
)
_KEEP_DIGESTS = Statement(
    update(contact_erasures)
    .where(_c.tenant_id == TENANT, _c.id == bindparam("erasure", type_=TEXT))
    .values(digests=bindparam("found", type_=LargeBinary)),
    name="keep digests of erased",
)
_DIGESTS = Statement(
    select(_c.digests).where(_c.tenant_id == TENANT, _c.id == bindparam("erasure", type_=TEXT)),
    name="digests of erasure",
)


@dataclass(slots=True)
class _Place:
    """Where an erasure goes on: with which of the services, and who it is about."""

    service: int = 0
    subject: dict[str, Any] = field(default_factory=dict)


class Erasures:
    """CreateContactErasure, and the job. erasing: of what this service holds."""

    def __init__(self, contacts: Resource[Any], erasing: Callable[[], Erasing]) -> None:
        self._contacts, self._erasing = contacts, erasing
        self.erasures = Resource(resources_pb2.ContactErasure, contact_erasures)
        self.job = JobKind(
            name="contact-erasure",
            method="/rapport.customers.v1.PrivacyService/CreateContactErasure",
            resource=self.erasures,
            step=self._step,
        )

    def create_contact_erasure(
        self, call: Call, request: privacy_service_pb2.CreateContactErasureRequest
    ) -> resources_pb2.ContactErasure:
        """The erasure, waiting for its turn."""
        contact = request.contact_erasure.contact_id
        self._check(call, contact)
        asked = resources_pb2.ContactErasure(contact_id=contact)
        with call.commit() as commit:
            erased_addresses.make_key(commit)
            return commit.reply(create_job(commit, self.job, asked, total=len(others(_OWN)) + 1, digests=b""))

    def _check(self, call: Call, contact: str) -> None:
        """Refuse what is no contact of the caller's, nor one whose erasure has ended early."""
        into = self._contacts.led(call.read, [contact]).get(contact, "")
        if into and self._contacts.readable(call, [into]):
            raise _merged(contact, into)
        if self._contacts.readable(call, [contact]):
            return
        if not erased.among(call.read, [contact]) or call.read(self._contacts.by_id, id=contact):
            raise unknown(self._contacts, contact)

    def _check_whole(self, read: Read, contact: str) -> None:
        into = self._contacts.led(read, [contact]).get(contact, "")
        if into:
            raise _merged(contact, into)

    def _step(self, chunk: Chunk) -> None:
        if not chunk.cursor:
            self._begin(chunk)
            return
        place, services = self._opened(chunk), [*others(_OWN), _OWN]
        subject = json_format.ParseDict(place.subject, subject_pb2.Subject())
        if place.service >= len(services):
            self._end(chunk)
        elif services[place.service] == _OWN:
            self._erase_own(chunk, place, subject)
        else:
            self._erase_other(chunk, place, subject, services[place.service])

    def _begin(self, chunk: Chunk) -> None:
        """From here on the person is erased: what comes late finds nobody, and nobody imports them again."""
        call, contact = chunk.call, chunk.record.contact_id
        self._check(call, contact)
        key = erased_addresses.key_of(call.environment, chunk.tenant, call.read)
        with chunk.commit() as write:
            # Merges and what undoes them lock it, too: who belongs to it now does so until the end.
            write.read(self._contacts.locked, id=contact)
            self._check_whole(write.read, contact)
            subject = subject_of(write.read, self._contacts, contact)
            found = {*digests(key, subject.ids, subject.emails, subject.phones)}
            for (earlier,) in write.read(_EARLIER, contact=contact):
                found |= set(parted(bytes(earlier)))
            erased.note(write, subject.ids)
            erased_addresses.note(write, key, chunk.id, subject.emails)
            write.write(_KEEP_DIGESTS, erasure=chunk.id, found=joined(found))
            write.go_on(self._sealed(chunk, _Place(0, json_format.MessageToDict(subject))))

    def _erase_other(self, chunk: Chunk, place: _Place, subject: subject_pb2.Subject, service: str) -> None:
        caller = chunk.call.environment.caller
        reply = ask(caller, service, "EraseSubject", chunk.tenant, subject=subject, erasure_id=chunk.id)
        with chunk.commit() as write:
            counts = [(each.kind, each.count) for each in reply.counts]
            self._go_on(chunk, write, place, service, counts, done=reply.done)

    def _erase_own(self, chunk: Chunk, place: _Place, subject: subject_pb2.Subject) -> None:
        erasing = self._erasing()
        try:
            batch = erasing.find(chunk.call, subject, chunk.id)
        except Failure as failure:
            if failure.reason != "CONFLICT":
                raise
            with chunk.commit() as write:
                write.go_on(chunk.cursor, wait_seconds=_WAIT_SECONDS)
            return
        with chunk.commit() as write:
            if batch:
                erasing.erase(write, batch, chunk.id)
            self._go_on(chunk, write, place, _OWN, erasing.counts(write, chunk.id), done=not batch)

    def _go_on(
        self,
        chunk: Chunk,
        write: ChunkCommit,
        place: _Place,
        service: str,
        counts: list[tuple[str, int]],
        *,
        done: bool,
    ) -> None:
        others_counts = [each for each in write.record.counts if each.service != service]
        own = [resources_pb2.ErasedCount(service=service, kind=kind, count=count) for kind, count in counts]
        write.record.ClearField("counts")
        write.record.counts.extend([*others_counts, *own])
        if done:
            place.service += 1
            write.record.job.done = place.service
        write.go_on(self._sealed(chunk, place))

    def _end(self, chunk: Chunk) -> None:
        """Have the receipt signed, and keep it."""
        call = chunk.call
        ((found,),) = call.read(_DIGESTS, erasure=chunk.id)
        now, sealed = call.environment.clock.now_us(), erased_addresses.sealed_key(call.read)
        claims = claims_of(chunk.record, chunk.tenant, parted(bytes(found)), sealed, now)
        request = receipt_service_pb2.SignReceiptRequest(claims=json.dumps(claims))
        signed = call.environment.caller.unary(
            _SIGN, request, receipt_service_pb2.SignReceiptResponse, None, tenant=chunk.tenant
        )
        with chunk.commit() as write:
            write.record.receipt = signed.receipt
            write.end()
            write.go_on(b"")

    def _sealed(self, chunk: Chunk, place: _Place) -> bytes:
        plain = json.dumps([place.service, place.subject]).encode()
        return chunk.call.environment.vault.seal(jobs.c.cursor, plain, row=chunk.id, tenant=chunk.tenant)

    @staticmethod
    def _opened(chunk: Chunk) -> _Place:
        vault = chunk.call.environment.vault
        return _Place(*json.loads(vault.open(jobs.c.cursor, chunk.cursor, row=chunk.id, tenant=chunk.tenant)))


def _merged(contact: str, into: str) -> Failure:
    return Failure("MERGED", metadata={"resource": f"contacts/{contact}", "merged_into": into})
