from buf.validate import validate_pb2 as _validate_pb2
from rapport.mesh.v1 import changes_pb2 as _changes_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.customers.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReadContactChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ContactChange(_message.Message):
    __slots__ = ("kind", "contact", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    contact: _resources_pb2.Contact
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadContactFieldChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ContactFieldChange(_message.Message):
    __slots__ = ("kind", "contact_field", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    contact_field: _resources_pb2.ContactField
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadContactImportChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ContactImportChange(_message.Message):
    __slots__ = ("kind", "contact_import", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    contact_import: _resources_pb2.ContactImport
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadContactExportChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ContactExportChange(_message.Message):
    __slots__ = ("kind", "contact_export", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    contact_export: _resources_pb2.ContactExport
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadContactHookChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ContactHookChange(_message.Message):
    __slots__ = ("kind", "contact_hook", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    contact_hook: _resources_pb2.ContactHook
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadCompanyChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class CompanyChange(_message.Message):
    __slots__ = ("kind", "company", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    company: _resources_pb2.Company
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadCompanyFieldChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class CompanyFieldChange(_message.Message):
    __slots__ = ("kind", "company_field", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    company_field: _resources_pb2.CompanyField
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadRelationChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class RelationChange(_message.Message):
    __slots__ = ("kind", "relation", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    relation: _resources_pb2.Relation
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadInteractionChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class InteractionChange(_message.Message):
    __slots__ = ("kind", "interaction", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    interaction: _resources_pb2.Interaction
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadTagChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class TagChange(_message.Message):
    __slots__ = ("kind", "tag", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TAG_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    tag: _resources_pb2.Tag
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadConsentChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ConsentChange(_message.Message):
    __slots__ = ("kind", "consent", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    consent: _resources_pb2.Consent
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadSegmentChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SegmentChange(_message.Message):
    __slots__ = ("kind", "segment", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    segment: _resources_pb2.Segment
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadSavedViewChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SavedViewChange(_message.Message):
    __slots__ = ("kind", "saved_view", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    saved_view: _resources_pb2.SavedView
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadDuplicateSearchChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class DuplicateSearchChange(_message.Message):
    __slots__ = ("kind", "duplicate_search", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    duplicate_search: _resources_pb2.DuplicateSearch
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadContactMergeChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ContactMergeChange(_message.Message):
    __slots__ = ("kind", "contact_merge", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_MERGE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    contact_merge: _resources_pb2.ContactMerge
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., contact_merge: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadCompanyMergeChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class CompanyMergeChange(_message.Message):
    __slots__ = ("kind", "company_merge", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    COMPANY_MERGE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    company_merge: _resources_pb2.CompanyMerge
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., company_merge: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadSubjectExportChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SubjectExportChange(_message.Message):
    __slots__ = ("kind", "subject_export", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    subject_export: _resources_pb2.SubjectExport
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., subject_export: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadContactErasureChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ContactErasureChange(_message.Message):
    __slots__ = ("kind", "contact_erasure", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CONTACT_ERASURE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    contact_erasure: _resources_pb2.ContactErasure
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., contact_erasure: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...
