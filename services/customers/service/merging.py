"""MergeService: several records of one person become one, and several again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import merge_service_pb2, resources_pb2

from mesh.contract.failure import invalid
from mesh.resource.merging import Asked, Merging
from mesh.resource.undoing import Undoing
from services.customers.domain.merging import combine_contacts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from mesh.resource.merges import Merges
    from mesh.resource.moves import Moves
    from mesh.resource.resource import Resource
    from mesh.resource.undoing import Kept
    from mesh.runtime.call import Call
    from services.customers.service.consents import ConsentMethods


class MergeMethods:
    """The methods of MergeService that are no standard ones."""

    def __init__(
        self,
        contacts: Resource[resources_pb2.Contact],
        contact_merges: Merges[resources_pb2.ContactMerge],
        consents: ConsentMethods,
        moves: Moves,
    ) -> None:
        self._contacts = Merging(contacts, contact_merges, moves, combine_contacts, consents)
        self._contacts_again = Undoing(self._contacts)

    def merge_contacts(
        self, call: Call, request: merge_service_pb2.MergeContactsRequest
    ) -> merge_service_pb2.MergeContactsResponse:
        """The contact that stays, as it is afterwards or would be, and the merge."""
        asked = _asked(request)
        if request.validate_only:
            return merge_service_pb2.MergeContactsResponse(contact=self._contacts.preview(call, asked))
        return self._contacts.merge(
            call,
            asked,
            lambda contact, merge: merge_service_pb2.MergeContactsResponse(contact=contact, contact_merge=merge),
        )

    def undo_contact_merge(
        self, call: Call, request: merge_service_pb2.UndoContactMergeRequest
    ) -> merge_service_pb2.UndoContactMergeResponse:
        """All of the contacts, and what was changed since."""

        def reply(
            contacts: Sequence[resources_pb2.Contact], kept: Sequence[Kept], merge: Any
        ) -> merge_service_pb2.UndoContactMergeResponse:
            told = [merge_service_pb2.KeptField(resource=name, path=path) for name, path in kept]
            return merge_service_pb2.UndoContactMergeResponse(contacts=contacts, kept=told, contact_merge=merge)

        return self._contacts_again.undo(call, request.id, reply)


def _asked(request: Any) -> Asked:
    choices: dict[str, str] = {}
    for number, choice in enumerate(request.choices):
        if choice.field in choices:
            raise invalid(f"choices[{number}].field", "stands twice")
        choices[choice.field] = choice.from_id
    return Asked(request.id, list(request.other_ids), choices, request.etag)
