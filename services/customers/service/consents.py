"""ConsentService: what contacts have agreed to, kept as it came, and what follows from it on the contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import consent_service_pb2, resources_pb2
from sqlalchemy import bindparam, select

from mesh.resource.mapping import read_columns
from mesh.resource.resource import Resource
from mesh.resource.writing import Facts, change, unknown
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT
from services.customers.domain.consents import counting, decide_consent, granted
from services.customers.service.contacts import facts_at
from services.customers.tables import consents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.runtime.call import Call, View, Write

_OF_CONTACT = Statement(
    select(*read_columns(consents, resources_pb2.Consent))
    .where(consents.c.tenant_id == TENANT, consents.c.contact_id == bindparam("contact", type_=TEXT))
    .order_by(consents.c.id),
    name="consents of contact",
)


class ConsentMethods:
    """The methods of ConsentService that are no standard ones."""

    def __init__(self, contacts: Resource[resources_pb2.Contact]) -> None:
        self._contacts = contacts
        self.consents = Resource(
            resources_pb2.Consent, consents, decide=decide_consent, gather=_gather, settle=self._settle
        )

    def check_consent(
        self, call: Call, request: consent_service_pb2.CheckConsentRequest
    ) -> consent_service_pb2.CheckConsentResponse:
        """What counts for a channel and a purpose."""
        if request.id not in self._contacts.readable(call, [request.id]):
            raise unknown(self._contacts, request.id)
        found = counting(self._history(call.read, request.id)).get((request.channel, request.purpose))
        reply = consent_service_pb2.CheckConsentResponse()
        if found is not None:
            reply.decision = found.decision
            reply.consent.CopyFrom(found)
        return reply

    def _history(self, read: Callable[..., Sequence[Sequence[Any]]], contact: str) -> list[resources_pb2.Consent]:
        return [self.consents.build(resources_pb2.Consent, row) for row in read(_OF_CONTACT, contact=contact)]

    def _settle(self, write: Write, before: resources_pb2.Consent | None, after: resources_pb2.Consent) -> None:
        """Let the contact say what its consents come to; those of one contact take effect one after the other."""
        del before
        rows = write.read(self._contacts.locked, id=after.contact_id)
        history = [each for each in self._history(write.read, after.contact_id) if each.id != after.id]
        allowed = granted([*history, after])

        def note(contact: resources_pb2.Contact) -> None:
            del contact.granted_consents[:]
            contact.granted_consents.extend(allowed)

        for row in rows:
            change(write, self._contacts, row, note, Facts({}, facts_at(write.now_us)))


def _gather(view: View, sent: Sequence[resources_pb2.Consent]) -> int:
    """What time it is."""
    del sent
    return view.environment.clock.now_us()
