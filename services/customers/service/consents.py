"""ConsentService: what contacts have agreed to, kept as it came, and what follows from it on the contact."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import consent_service_pb2, resources_pb2
from sqlalchemy import bindparam, select

from mesh.resource.mapping import read_columns
from mesh.resource.merging import Beside
from mesh.resource.resource import Resource
from mesh.resource.writing import NO_FACTS, Facts, add, change, create, unknown
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT
from services.customers.domain.consents import counting, decide_consent, granted, restricting
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


class ConsentMethods(Beside[resources_pb2.Contact]):
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
        contact = self._contacts.led(call.read, [request.id]).get(request.id, request.id)
        if contact not in self._contacts.readable(call, [contact]):
            raise unknown(self._contacts, request.id)
        found = counting(self._history(call.read, contact)).get((request.channel, request.purpose))
        reply = consent_service_pb2.CheckConsentResponse()
        if found is not None:
            reply.decision = found.decision
            reply.consent.CopyFrom(found)
        return reply

    def _history(self, read: Callable[..., Sequence[Sequence[Any]]], contact: str) -> list[resources_pb2.Consent]:
        return [self.consents.build(resources_pb2.Consent, row) for row in read(_OF_CONTACT, contact=contact)]

    def _settle(self, write: Write, before: resources_pb2.Consent | None, after: resources_pb2.Consent) -> None:
        """Let the contact say what its consents come to; those of one contact take effect one after the other."""
        came_from = before.contact_id if before is not None else ""
        for contact in dict.fromkeys(filter(None, (after.contact_id, came_from))):
            if contact not in write.known.get(self, ()):
                self._note(write, contact, after)

    def _note(self, write: Write, contact_id: str, after: resources_pb2.Consent) -> None:
        rows = write.read(self._contacts.locked, id=contact_id)
        history = [each for each in self._history(write.read, contact_id) if each.id != after.id]
        allowed = granted([*history, after] if after.contact_id == contact_id else history)
        self._allow(write, rows, allowed)

    def _allow(self, write: Write, rows: Sequence[Sequence[Any]], allowed: Sequence[str]) -> None:

        def note(contact: resources_pb2.Contact) -> None:
            del contact.granted_consents[:]
            contact.granted_consents.extend(allowed)

        for row in rows:
            change(write, self._contacts, row, note, Facts({}, facts_at(write.now_us)))

    # ---- merging

    def plan(
        self,
        read: Callable[..., Sequence[Sequence[Any]]],
        survivor: resources_pb2.Contact,
        others: Sequence[resources_pb2.Contact],
        after: resources_pb2.Contact,
    ) -> list[resources_pb2.Consent]:
        """The refusals that are to be noted, for them to hold after the newest consents of all of them."""
        histories = [self._history(read, each.id) for each in (survivor, *others)]
        refusals = restricting(histories)
        refused = {(each.channel, each.purpose) for each in refusals}
        del after.granted_consents[:]
        after.granted_consents.extend(granted(itertools.chain(*histories), but=refused))
        return refusals

    def settle(self, write: Write, plan: Sequence[resources_pb2.Consent], survivor: str) -> list[str]:
        """Note the refusals, in the words of this merge."""
        made = []
        for refusal in plan:
            refusal.contact_id = survivor
            refusal.source = "merge: one of the contacts had refused"
            refusal.decide_time.FromMicroseconds(write.now_us)
            made.append(create(write, self.consents, refusal, Facts({}, write.now_us)))
        if made:
            add(write, self.consents, made, NO_FACTS)
        self.refresh(write, [survivor])
        return [each.id for each in made]

    def hold(self, write: Write, ids: Sequence[str]) -> None:
        """Consents of these contacts move; what that comes to is noted once, at the end."""
        write.known[self] = frozenset(ids)

    def unmake(self, write: Write, made: Sequence[str]) -> None:
        """Remove the refusals that a merge has noted."""
        for identity in made:
            for row in write.read(self.consents.locked, id=identity):
                consent = self.consents.build(resources_pb2.Consent, row)
                self.consents.remove(write, consent, consent, row[0] + 1)

    def refresh(self, write: Write, ids: Sequence[str]) -> Sequence[tuple[str, str]]:
        """Let contacts say what their consents come to."""
        for contact in ids:
            rows = write.read(self._contacts.locked, id=contact)
            self._allow(write, rows, granted(self._history(write.read, contact)))
        return ()


def _gather(view: View, sent: Sequence[resources_pb2.Consent]) -> int:
    """What time it is."""
    del sent
    return view.environment.clock.now_us()
