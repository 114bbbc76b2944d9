"""Typed Python of rapport.customers.v1.ChangesService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import changes_service_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ChangesServiceMethods(Protocol):
    """What the service implements of ChangesService beyond its standard methods."""

    def read_contact_changes(self, call: Call, request: changes_service_pb2.ReadContactChangesRequest) -> Iterator[changes_service_pb2.ContactChange]: ...

    def read_contact_field_changes(self, call: Call, request: changes_service_pb2.ReadContactFieldChangesRequest) -> Iterator[changes_service_pb2.ContactFieldChange]: ...

    def read_contact_import_changes(self, call: Call, request: changes_service_pb2.ReadContactImportChangesRequest) -> Iterator[changes_service_pb2.ContactImportChange]: ...

    def read_contact_export_changes(self, call: Call, request: changes_service_pb2.ReadContactExportChangesRequest) -> Iterator[changes_service_pb2.ContactExportChange]: ...

    def read_contact_hook_changes(self, call: Call, request: changes_service_pb2.ReadContactHookChangesRequest) -> Iterator[changes_service_pb2.ContactHookChange]: ...

    def read_company_changes(self, call: Call, request: changes_service_pb2.ReadCompanyChangesRequest) -> Iterator[changes_service_pb2.CompanyChange]: ...

    def read_company_field_changes(self, call: Call, request: changes_service_pb2.ReadCompanyFieldChangesRequest) -> Iterator[changes_service_pb2.CompanyFieldChange]: ...

    def read_relation_changes(self, call: Call, request: changes_service_pb2.ReadRelationChangesRequest) -> Iterator[changes_service_pb2.RelationChange]: ...

    def read_interaction_changes(self, call: Call, request: changes_service_pb2.ReadInteractionChangesRequest) -> Iterator[changes_service_pb2.InteractionChange]: ...

    def read_tag_changes(self, call: Call, request: changes_service_pb2.ReadTagChangesRequest) -> Iterator[changes_service_pb2.TagChange]: ...

    def read_consent_changes(self, call: Call, request: changes_service_pb2.ReadConsentChangesRequest) -> Iterator[changes_service_pb2.ConsentChange]: ...

    def read_segment_changes(self, call: Call, request: changes_service_pb2.ReadSegmentChangesRequest) -> Iterator[changes_service_pb2.SegmentChange]: ...

    def read_saved_view_changes(self, call: Call, request: changes_service_pb2.ReadSavedViewChangesRequest) -> Iterator[changes_service_pb2.SavedViewChange]: ...

    def read_duplicate_search_changes(self, call: Call, request: changes_service_pb2.ReadDuplicateSearchChangesRequest) -> Iterator[changes_service_pb2.DuplicateSearchChange]: ...

    def read_contact_merge_changes(self, call: Call, request: changes_service_pb2.ReadContactMergeChangesRequest) -> Iterator[changes_service_pb2.ContactMergeChange]: ...

    def read_company_merge_changes(self, call: Call, request: changes_service_pb2.ReadCompanyMergeChangesRequest) -> Iterator[changes_service_pb2.CompanyMergeChange]: ...

    def read_subject_export_changes(self, call: Call, request: changes_service_pb2.ReadSubjectExportChangesRequest) -> Iterator[changes_service_pb2.SubjectExportChange]: ...

    def read_contact_erasure_changes(self, call: Call, request: changes_service_pb2.ReadContactErasureChangesRequest) -> Iterator[changes_service_pb2.ContactErasureChange]: ...


class ChangesServiceClient:
    """Calls ChangesService."""

    AREA = "rapport.customers.v1.ChangesService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def read_contact_changes(self, request: changes_service_pb2.ReadContactChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ContactChange]:
        """ReadContactChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadContactChanges", request, changes_service_pb2.ContactChange, timeout)

    def read_contact_field_changes(self, request: changes_service_pb2.ReadContactFieldChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ContactFieldChange]:
        """ReadContactFieldChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadContactFieldChanges", request, changes_service_pb2.ContactFieldChange, timeout)

    def read_contact_import_changes(self, request: changes_service_pb2.ReadContactImportChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ContactImportChange]:
        """ReadContactImportChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadContactImportChanges", request, changes_service_pb2.ContactImportChange, timeout)

    def read_contact_export_changes(self, request: changes_service_pb2.ReadContactExportChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ContactExportChange]:
        """ReadContactExportChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadContactExportChanges", request, changes_service_pb2.ContactExportChange, timeout)

    def read_contact_hook_changes(self, request: changes_service_pb2.ReadContactHookChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ContactHookChange]:
        """ReadContactHookChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadContactHookChanges", request, changes_service_pb2.ContactHookChange, timeout)

    def read_company_changes(self, request: changes_service_pb2.ReadCompanyChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.CompanyChange]:
        """ReadCompanyChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadCompanyChanges", request, changes_service_pb2.CompanyChange, timeout)

    def read_company_field_changes(self, request: changes_service_pb2.ReadCompanyFieldChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.CompanyFieldChange]:
        """ReadCompanyFieldChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadCompanyFieldChanges", request, changes_service_pb2.CompanyFieldChange, timeout)

    def read_relation_changes(self, request: changes_service_pb2.ReadRelationChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.RelationChange]:
        """ReadRelationChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadRelationChanges", request, changes_service_pb2.RelationChange, timeout)

    def read_interaction_changes(self, request: changes_service_pb2.ReadInteractionChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.InteractionChange]:
        """ReadInteractionChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadInteractionChanges", request, changes_service_pb2.InteractionChange, timeout)

    def read_tag_changes(self, request: changes_service_pb2.ReadTagChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.TagChange]:
        """ReadTagChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadTagChanges", request, changes_service_pb2.TagChange, timeout)

    def read_consent_changes(self, request: changes_service_pb2.ReadConsentChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ConsentChange]:
        """ReadConsentChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadConsentChanges", request, changes_service_pb2.ConsentChange, timeout)

    def read_segment_changes(self, request: changes_service_pb2.ReadSegmentChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.SegmentChange]:
        """ReadSegmentChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadSegmentChanges", request, changes_service_pb2.SegmentChange, timeout)

    def read_saved_view_changes(self, request: changes_service_pb2.ReadSavedViewChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.SavedViewChange]:
        """ReadSavedViewChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadSavedViewChanges", request, changes_service_pb2.SavedViewChange, timeout)

    def read_duplicate_search_changes(self, request: changes_service_pb2.ReadDuplicateSearchChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.DuplicateSearchChange]:
        """ReadDuplicateSearchChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadDuplicateSearchChanges", request, changes_service_pb2.DuplicateSearchChange, timeout)

    def read_contact_merge_changes(self, request: changes_service_pb2.ReadContactMergeChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ContactMergeChange]:
        """ReadContactMergeChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadContactMergeChanges", request, changes_service_pb2.ContactMergeChange, timeout)

    def read_company_merge_changes(self, request: changes_service_pb2.ReadCompanyMergeChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.CompanyMergeChange]:
        """ReadCompanyMergeChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadCompanyMergeChanges", request, changes_service_pb2.CompanyMergeChange, timeout)

    def read_subject_export_changes(self, request: changes_service_pb2.ReadSubjectExportChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.SubjectExportChange]:
        """ReadSubjectExportChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadSubjectExportChanges", request, changes_service_pb2.SubjectExportChange, timeout)

    def read_contact_erasure_changes(self, request: changes_service_pb2.ReadContactErasureChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ContactErasureChange]:
        """ReadContactErasureChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.customers.v1.ChangesService/ReadContactErasureChanges", request, changes_service_pb2.ContactErasureChange, timeout)
