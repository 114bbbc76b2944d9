from rapport.customers.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContactCreated(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ...) -> None: ...

class ContactUpdated(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ...) -> None: ...

class ContactDeleted(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ...) -> None: ...

class ContactUndeleted(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ...) -> None: ...

class ContactFieldCreated(_message.Message):
    __slots__ = ("contact_field", "changed_paths", "previous")
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_field: _resources_pb2.ContactField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactField
    def __init__(self, contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ...) -> None: ...

class ContactFieldUpdated(_message.Message):
    __slots__ = ("contact_field", "changed_paths", "previous")
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_field: _resources_pb2.ContactField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactField
    def __init__(self, contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ...) -> None: ...

class ContactFieldDeleted(_message.Message):
    __slots__ = ("contact_field", "changed_paths", "previous")
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_field: _resources_pb2.ContactField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactField
    def __init__(self, contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ...) -> None: ...

class ContactFieldUndeleted(_message.Message):
    __slots__ = ("contact_field", "changed_paths", "previous")
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_field: _resources_pb2.ContactField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactField
    def __init__(self, contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ...) -> None: ...

class ContactImportCreated(_message.Message):
    __slots__ = ("contact_import", "changed_paths", "previous")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactImport
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ...) -> None: ...

class ContactImportUpdated(_message.Message):
    __slots__ = ("contact_import", "changed_paths", "previous")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactImport
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ...) -> None: ...

class ContactImportDeleted(_message.Message):
    __slots__ = ("contact_import", "changed_paths", "previous")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactImport
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ...) -> None: ...

class ContactImportUndeleted(_message.Message):
    __slots__ = ("contact_import", "changed_paths", "previous")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactImport
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ...) -> None: ...

class ContactExportCreated(_message.Message):
    __slots__ = ("contact_export", "changed_paths", "previous")
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_export: _resources_pb2.ContactExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactExport
    def __init__(self, contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ...) -> None: ...

class ContactExportUpdated(_message.Message):
    __slots__ = ("contact_export", "changed_paths", "previous")
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_export: _resources_pb2.ContactExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactExport
    def __init__(self, contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ...) -> None: ...

class ContactExportDeleted(_message.Message):
    __slots__ = ("contact_export", "changed_paths", "previous")
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_export: _resources_pb2.ContactExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactExport
    def __init__(self, contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ...) -> None: ...

class ContactExportUndeleted(_message.Message):
    __slots__ = ("contact_export", "changed_paths", "previous")
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_export: _resources_pb2.ContactExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactExport
    def __init__(self, contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ...) -> None: ...

class ContactHookCreated(_message.Message):
    __slots__ = ("contact_hook", "changed_paths", "previous")
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_hook: _resources_pb2.ContactHook
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactHook
    def __init__(self, contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ...) -> None: ...

class ContactHookUpdated(_message.Message):
    __slots__ = ("contact_hook", "changed_paths", "previous")
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_hook: _resources_pb2.ContactHook
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactHook
    def __init__(self, contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ...) -> None: ...

class ContactHookDeleted(_message.Message):
    __slots__ = ("contact_hook", "changed_paths", "previous")
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_hook: _resources_pb2.ContactHook
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactHook
    def __init__(self, contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ...) -> None: ...

class ContactHookUndeleted(_message.Message):
    __slots__ = ("contact_hook", "changed_paths", "previous")
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    contact_hook: _resources_pb2.ContactHook
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactHook
    def __init__(self, contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ...) -> None: ...

class CompanyCreated(_message.Message):
    __slots__ = ("company", "changed_paths", "previous")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Company
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ...) -> None: ...

class CompanyUpdated(_message.Message):
    __slots__ = ("company", "changed_paths", "previous")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Company
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ...) -> None: ...

class CompanyDeleted(_message.Message):
    __slots__ = ("company", "changed_paths", "previous")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Company
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ...) -> None: ...

class CompanyUndeleted(_message.Message):
    __slots__ = ("company", "changed_paths", "previous")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Company
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ...) -> None: ...

class CompanyFieldCreated(_message.Message):
    __slots__ = ("company_field", "changed_paths", "previous")
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    company_field: _resources_pb2.CompanyField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyField
    def __init__(self, company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ...) -> None: ...

class CompanyFieldUpdated(_message.Message):
    __slots__ = ("company_field", "changed_paths", "previous")
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    company_field: _resources_pb2.CompanyField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyField
    def __init__(self, company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ...) -> None: ...

class CompanyFieldDeleted(_message.Message):
    __slots__ = ("company_field", "changed_paths", "previous")
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    company_field: _resources_pb2.CompanyField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyField
    def __init__(self, company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ...) -> None: ...

class CompanyFieldUndeleted(_message.Message):
    __slots__ = ("company_field", "changed_paths", "previous")
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    company_field: _resources_pb2.CompanyField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyField
    def __init__(self, company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ...) -> None: ...

class RelationCreated(_message.Message):
    __slots__ = ("relation", "changed_paths", "previous")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    relation: _resources_pb2.Relation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Relation
    def __init__(self, relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ...) -> None: ...

class RelationUpdated(_message.Message):
    __slots__ = ("relation", "changed_paths", "previous")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    relation: _resources_pb2.Relation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Relation
    def __init__(self, relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ...) -> None: ...

class RelationDeleted(_message.Message):
    __slots__ = ("relation", "changed_paths", "previous")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    relation: _resources_pb2.Relation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Relation
    def __init__(self, relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ...) -> None: ...

class RelationUndeleted(_message.Message):
    __slots__ = ("relation", "changed_paths", "previous")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    relation: _resources_pb2.Relation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Relation
    def __init__(self, relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ...) -> None: ...

class InteractionCreated(_message.Message):
    __slots__ = ("interaction", "changed_paths", "previous")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    interaction: _resources_pb2.Interaction
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Interaction
    def __init__(self, interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ...) -> None: ...

class InteractionUpdated(_message.Message):
    __slots__ = ("interaction", "changed_paths", "previous")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    interaction: _resources_pb2.Interaction
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Interaction
    def __init__(self, interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ...) -> None: ...

class InteractionDeleted(_message.Message):
    __slots__ = ("interaction", "changed_paths", "previous")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    interaction: _resources_pb2.Interaction
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Interaction
    def __init__(self, interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ...) -> None: ...

class InteractionUndeleted(_message.Message):
    __slots__ = ("interaction", "changed_paths", "previous")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    interaction: _resources_pb2.Interaction
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Interaction
    def __init__(self, interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ...) -> None: ...

class TagCreated(_message.Message):
    __slots__ = ("tag", "changed_paths", "previous")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    tag: _resources_pb2.Tag
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Tag
    def __init__(self, tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ...) -> None: ...

class TagUpdated(_message.Message):
    __slots__ = ("tag", "changed_paths", "previous")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    tag: _resources_pb2.Tag
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Tag
    def __init__(self, tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ...) -> None: ...

class TagDeleted(_message.Message):
    __slots__ = ("tag", "changed_paths", "previous")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    tag: _resources_pb2.Tag
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Tag
    def __init__(self, tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ...) -> None: ...

class TagUndeleted(_message.Message):
    __slots__ = ("tag", "changed_paths", "previous")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    tag: _resources_pb2.Tag
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Tag
    def __init__(self, tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ...) -> None: ...

class ConsentCreated(_message.Message):
    __slots__ = ("consent", "changed_paths", "previous")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    consent: _resources_pb2.Consent
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Consent
    def __init__(self, consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ...) -> None: ...

class ConsentUpdated(_message.Message):
    __slots__ = ("consent", "changed_paths", "previous")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    consent: _resources_pb2.Consent
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Consent
    def __init__(self, consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ...) -> None: ...

class ConsentDeleted(_message.Message):
    __slots__ = ("consent", "changed_paths", "previous")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    consent: _resources_pb2.Consent
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Consent
    def __init__(self, consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ...) -> None: ...

class ConsentUndeleted(_message.Message):
    __slots__ = ("consent", "changed_paths", "previous")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    consent: _resources_pb2.Consent
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Consent
    def __init__(self, consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ...) -> None: ...

class SegmentCreated(_message.Message):
    __slots__ = ("segment", "changed_paths", "previous")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    segment: _resources_pb2.Segment
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Segment
    def __init__(self, segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ...) -> None: ...

class SegmentUpdated(_message.Message):
    __slots__ = ("segment", "changed_paths", "previous")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    segment: _resources_pb2.Segment
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Segment
    def __init__(self, segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ...) -> None: ...

class SegmentDeleted(_message.Message):
    __slots__ = ("segment", "changed_paths", "previous")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    segment: _resources_pb2.Segment
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Segment
    def __init__(self, segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ...) -> None: ...

class SegmentUndeleted(_message.Message):
    __slots__ = ("segment", "changed_paths", "previous")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    segment: _resources_pb2.Segment
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Segment
    def __init__(self, segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ...) -> None: ...

class SavedViewCreated(_message.Message):
    __slots__ = ("saved_view", "changed_paths", "previous")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    saved_view: _resources_pb2.SavedView
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SavedView
    def __init__(self, saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ...) -> None: ...

class SavedViewUpdated(_message.Message):
    __slots__ = ("saved_view", "changed_paths", "previous")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    saved_view: _resources_pb2.SavedView
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SavedView
    def __init__(self, saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ...) -> None: ...

class SavedViewDeleted(_message.Message):
    __slots__ = ("saved_view", "changed_paths", "previous")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    saved_view: _resources_pb2.SavedView
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SavedView
    def __init__(self, saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ...) -> None: ...

class SavedViewUndeleted(_message.Message):
    __slots__ = ("saved_view", "changed_paths", "previous")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    saved_view: _resources_pb2.SavedView
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SavedView
    def __init__(self, saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ...) -> None: ...

class DuplicateSearchCreated(_message.Message):
    __slots__ = ("duplicate_search", "changed_paths", "previous")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.DuplicateSearch
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ...) -> None: ...

class DuplicateSearchUpdated(_message.Message):
    __slots__ = ("duplicate_search", "changed_paths", "previous")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.DuplicateSearch
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ...) -> None: ...

class DuplicateSearchDeleted(_message.Message):
    __slots__ = ("duplicate_search", "changed_paths", "previous")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.DuplicateSearch
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ...) -> None: ...

class DuplicateSearchUndeleted(_message.Message):
    __slots__ = ("duplicate_search", "changed_paths", "previous")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.DuplicateSearch
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ...) -> None: ...
