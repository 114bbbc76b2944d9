"""MergeService: several records of one person or company become one, and several again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import merge_service_pb2, resources_pb2

from mesh.contract.failure import invalid
from mesh.resource.merging import Asked, Merging
from mesh.resource.undoing import Undoing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from mesh.resource.undoing import Kept
    from mesh.runtime.call import Call


class MergeMethods:
    """The methods of MergeService that are no standard ones, over the merging of contacts and of companies."""

    def __init__(self, contacts: Merging[resources_pb2.Contact], companies: Merging[resources_pb2.Company]) -> None:
        self._contacts, self._companies = contacts, companies
        self._contacts_again, self._companies_again = Undoing(contacts), Undoing(companies)

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
            return merge_service_pb2.UndoContactMergeResponse(contacts=contacts, kept=_told(kept), contact_merge=merge)

        return self._contacts_again.undo(call, request.id, reply)

    def merge_companies(
        self, call: Call, request: merge_service_pb2.MergeCompaniesRequest
    ) -> merge_service_pb2.MergeCompaniesResponse:
        """The company that stays, as it is afterwards or would be, and the merge."""
        asked = _asked(request)
        if request.validate_only:
            return merge_service_pb2.MergeCompaniesResponse(company=self._companies.preview(call, asked))
        return self._companies.merge(
            call,
            asked,
            lambda company, merge: merge_service_pb2.MergeCompaniesResponse(company=company, company_merge=merge),
        )

    def undo_company_merge(
        self, call: Call, request: merge_service_pb2.UndoCompanyMergeRequest
    ) -> merge_service_pb2.UndoCompanyMergeResponse:
        """All of the companies, and what was changed since."""

        def reply(
            companies: Sequence[resources_pb2.Company], kept: Sequence[Kept], merge: Any
        ) -> merge_service_pb2.UndoCompanyMergeResponse:
            return merge_service_pb2.UndoCompanyMergeResponse(
                companies=companies, kept=_told(kept), company_merge=merge
            )

        return self._companies_again.undo(call, request.id, reply)


def _told(kept: Sequence[Kept]) -> list[merge_service_pb2.KeptField]:
    return [merge_service_pb2.KeptField(resource=name, path=path) for name, path in kept]


def _asked(request: Any) -> Asked:
    choices: dict[str, str] = {}
    for number, choice in enumerate(request.choices):
        if choice.field in choices:
            raise invalid(f"choices[{number}].field", "stands twice")
        choices[choice.field] = choice.from_id
    return Asked(request.id, list(request.other_ids), choices, request.etag)
