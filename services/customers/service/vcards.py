"""VcardService: contacts out to address books, and in from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import protovalidate
from google.api import httpbody_pb2
from rapport.customers.v1 import resources_pb2, vcard_service_pb2

from mesh.contract.failure import Failure
from mesh.resource.writing import gather, unknown
from mesh.runtime.validation import validate
from services.customers.domain.vcards import read_cards, write_card
from services.customers.service.import_rows import ReadRow, RowPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.custom import CustomFields
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call


class _Refused(Exception):
    """Nothing is written, as every card is refused; `reply` says why."""

    def __init__(self, reply: vcard_service_pb2.ImportVcardsResponse) -> None:
        super().__init__()
        self.reply = reply


def _told(plan: RowPlan) -> vcard_service_pb2.ImportVcardsResponse:
    reply = vcard_service_pb2.ImportVcardsResponse()
    for told in plan.verdicts:
        reply.outcomes.add(
            number=told.number,
            verdict=told.verdict,
            reason=told.reason,
            message=told.message,
            contact_id=told.contact_id,
        )
    return reply


class VcardMethods:
    """The methods of VcardService."""

    def __init__(self, contacts: Resource[resources_pb2.Contact], fields: CustomFields) -> None:
        self._contacts, self._fields = contacts, fields
        self._validator = protovalidate.Validator()

    def export_vcards(self, call: Call, request: vcard_service_pb2.ExportVcardsRequest) -> httpbody_pb2.HttpBody:
        """The cards of all of the contacts, or a failure that names the first unknown one."""
        resource, sight = self._contacts, self._contacts.visible(call)
        asked = list(dict.fromkeys(request.ids))
        rows = {row[1]: row for row in call.read(resource.several(sight), ids=asked, **sight.parameters)}
        for identity in asked:
            if identity not in rows:
                raise unknown(resource, identity)
        cards = [write_card(resource.build(resources_pb2.Contact, rows[each]), request.version) for each in asked]
        return httpbody_pb2.HttpBody(content_type="text/vcard; charset=utf-8", data="".join(cards).encode())

    def import_vcards(
        self, call: Call, request: vcard_service_pb2.ImportVcardsRequest
    ) -> vcard_service_pb2.ImportVcardsResponse:
        """What became of each card."""
        try:
            return self._import(call, request)
        except _Refused as refused:
            return refused.reply

    def _import(
        self, call: Call, request: vcard_service_pb2.ImportVcardsRequest
    ) -> vcard_service_pb2.ImportVcardsResponse:
        rows = self._checked(read_cards(request.content))
        facts = gather(call, self._contacts, [row.contact for row in rows if row.contact is not None])
        nothing = resources_pb2.ContactImport()
        with call.commit() as commit:
            custom, new_id = self._fields.rows(commit), commit.environment.ids.new
            plan = RowPlan(self._contacts, nothing, (), custom, new_id, commit.now_us)
            plan.make(call, commit.read, rows, facts)
            made = plan.write_contacts(commit)
            if not made:
                raise _Refused(_told(plan))
            for contact in made:
                commit.audit(f"contacts/{contact.id}")
            return commit.reply(_told(plan))

    def _checked(self, contacts: Sequence[resources_pb2.Contact]) -> list[ReadRow]:
        """Numbered, with what the contract finds wrong with each."""
        found = []
        for number, contact in enumerate(contacts, 1):
            failure = None
            try:
                validate(self._validator, contact)
            except Failure as wrong:
                failure = wrong
            found.append(ReadRow(number, contact, failure))
        return found
