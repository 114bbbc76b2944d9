"""ContactService: who may be the person that somebody is about to add, and where values of a contact come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import contact_service_pb2, resources_pb2
from sqlalchemy import bindparam, select

from mesh.resource.reading import seen
from mesh.store.statement import TENANT, Statement
from services.customers.domain.contacts import decide_contact
from services.customers.domain.duplicates import match
from services.customers.service.contacts import gather_contact, keys_of
from services.customers.tables import contacts

if TYPE_CHECKING:
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call

_MOST = 20
_BY_EXTERNAL_ID = Statement(
    select(contacts.c.id).where(
        contacts.c.tenant_id == TENANT,
        contacts.c.external_id == bindparam("key"),
        contacts.c.delete_time.is_(None),
    ),
    name="live contact by external id",
)


class ContactMethods:
    """The methods of ContactService that are no standard ones."""

    def __init__(self, resource: Resource[resources_pb2.Contact]) -> None:
        self._contacts = resource

    def check_duplicate_contacts(
        self, call: Call, request: contact_service_pb2.CheckDuplicateContactsRequest
    ) -> contact_service_pb2.CheckDuplicateContactsResponse:
        """Those who share a key, each with what is the same."""
        sent = resources_pb2.Contact(
            given_name=request.given_name,
            family_name=request.family_name,
            emails=request.emails,
            phones=request.phones,
            external_id=request.external_id,
        )
        if request.HasField("birth_date"):
            sent.birth_date.CopyFrom(request.birth_date)
        # Nobody is added yet: that somebody with the address was erased is no matter.
        decided = decide_contact(None, sent, gather_contact(call, []))
        reply = contact_service_pb2.CheckDuplicateContactsResponse()
        found = [(match(decided, contact), contact) for contact in self._alike(call, decided)]
        likely = sorted(((m, c) for m, c in found if m), key=lambda each: (-each[0].strength, -len(each[0].matched)))
        for matched, contact in likely[:_MOST]:
            reply.duplicates.add(contact=contact, strength=matched.strength, matched=matched.matched)
        return reply

    def get_contact_provenance(
        self, call: Call, request: contact_service_pb2.GetContactProvenanceRequest
    ) -> contact_service_pb2.GetContactProvenanceResponse:
        """Where its values come from."""
        contact = seen(call, self._contacts, request.id)
        found = self._contacts.provenance(call, contact)
        return contact_service_pb2.GetContactProvenanceResponse(fields=found.fields)

    def _alike(self, call: Call, sent: resources_pb2.Contact) -> list[resources_pb2.Contact]:
        """The contacts in the caller's sight that share a key."""
        resource = self._contacts
        assert resource.keys is not None
        held = resource.keys.holders(call.read, keys_of(sent))
        ids = {identity for each in held.values() for identity in each}
        if sent.external_id:
            ids |= {row[0] for row in call.read(_BY_EXTERNAL_ID, key=sent.external_id)}
        sight = resource.visible(call)
        rows = call.read(resource.several(sight), ids=sorted(ids), **sight.parameters) if ids else ()
        found = [resource.build(resources_pb2.Contact, row) for row in rows]
        resource.hide(call, found)
        return found
