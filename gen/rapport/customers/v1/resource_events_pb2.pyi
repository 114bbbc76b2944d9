from rapport.customers.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContactCreated(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous", "inherited")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    inherited: bool
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactUpdated(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous", "inherited")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    inherited: bool
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactDeleted(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous", "inherited")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    inherited: bool
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactUndeleted(_message.Message):
    __slots__ = ("contact", "changed_paths", "previous", "inherited")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact: _resources_pb2.Contact
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Contact
    inherited: bool
    def __init__(self, contact: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Contact, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactFieldCreated(_message.Message):
    __slots__ = ("contact_field", "changed_paths", "previous", "inherited")
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_field: _resources_pb2.ContactField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactField
    inherited: bool
    def __init__(self, contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactFieldUpdated(_message.Message):
    __slots__ = ("contact_field", "changed_paths", "previous", "inherited")
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_field: _resources_pb2.ContactField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactField
    inherited: bool
    def __init__(self, contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactFieldDeleted(_message.Message):
    __slots__ = ("contact_field", "changed_paths", "previous", "inherited")
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_field: _resources_pb2.ContactField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactField
    inherited: bool
    def __init__(self, contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactFieldUndeleted(_message.Message):
    __slots__ = ("contact_field", "changed_paths", "previous", "inherited")
    CONTACT_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_field: _resources_pb2.ContactField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactField
    inherited: bool
    def __init__(self, contact_field: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactField, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactImportCreated(_message.Message):
    __slots__ = ("contact_import", "changed_paths", "previous", "inherited")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactImport
    inherited: bool
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactImportUpdated(_message.Message):
    __slots__ = ("contact_import", "changed_paths", "previous", "inherited")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactImport
    inherited: bool
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactImportDeleted(_message.Message):
    __slots__ = ("contact_import", "changed_paths", "previous", "inherited")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactImport
    inherited: bool
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactImportUndeleted(_message.Message):
    __slots__ = ("contact_import", "changed_paths", "previous", "inherited")
    CONTACT_IMPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_import: _resources_pb2.ContactImport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactImport
    inherited: bool
    def __init__(self, contact_import: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactImport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactExportCreated(_message.Message):
    __slots__ = ("contact_export", "changed_paths", "previous", "inherited")
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_export: _resources_pb2.ContactExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactExport
    inherited: bool
    def __init__(self, contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactExportUpdated(_message.Message):
    __slots__ = ("contact_export", "changed_paths", "previous", "inherited")
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_export: _resources_pb2.ContactExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactExport
    inherited: bool
    def __init__(self, contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactExportDeleted(_message.Message):
    __slots__ = ("contact_export", "changed_paths", "previous", "inherited")
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_export: _resources_pb2.ContactExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactExport
    inherited: bool
    def __init__(self, contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactExportUndeleted(_message.Message):
    __slots__ = ("contact_export", "changed_paths", "previous", "inherited")
    CONTACT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_export: _resources_pb2.ContactExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactExport
    inherited: bool
    def __init__(self, contact_export: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactHookCreated(_message.Message):
    __slots__ = ("contact_hook", "changed_paths", "previous", "inherited")
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_hook: _resources_pb2.ContactHook
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactHook
    inherited: bool
    def __init__(self, contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactHookUpdated(_message.Message):
    __slots__ = ("contact_hook", "changed_paths", "previous", "inherited")
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_hook: _resources_pb2.ContactHook
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactHook
    inherited: bool
    def __init__(self, contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactHookDeleted(_message.Message):
    __slots__ = ("contact_hook", "changed_paths", "previous", "inherited")
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_hook: _resources_pb2.ContactHook
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactHook
    inherited: bool
    def __init__(self, contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactHookUndeleted(_message.Message):
    __slots__ = ("contact_hook", "changed_paths", "previous", "inherited")
    CONTACT_HOOK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_hook: _resources_pb2.ContactHook
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactHook
    inherited: bool
    def __init__(self, contact_hook: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactHook, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyCreated(_message.Message):
    __slots__ = ("company", "changed_paths", "previous", "inherited")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Company
    inherited: bool
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyUpdated(_message.Message):
    __slots__ = ("company", "changed_paths", "previous", "inherited")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Company
    inherited: bool
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyDeleted(_message.Message):
    __slots__ = ("company", "changed_paths", "previous", "inherited")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Company
    inherited: bool
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyUndeleted(_message.Message):
    __slots__ = ("company", "changed_paths", "previous", "inherited")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company: _resources_pb2.Company
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Company
    inherited: bool
    def __init__(self, company: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Company, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyFieldCreated(_message.Message):
    __slots__ = ("company_field", "changed_paths", "previous", "inherited")
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company_field: _resources_pb2.CompanyField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyField
    inherited: bool
    def __init__(self, company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyFieldUpdated(_message.Message):
    __slots__ = ("company_field", "changed_paths", "previous", "inherited")
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company_field: _resources_pb2.CompanyField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyField
    inherited: bool
    def __init__(self, company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyFieldDeleted(_message.Message):
    __slots__ = ("company_field", "changed_paths", "previous", "inherited")
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company_field: _resources_pb2.CompanyField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyField
    inherited: bool
    def __init__(self, company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyFieldUndeleted(_message.Message):
    __slots__ = ("company_field", "changed_paths", "previous", "inherited")
    COMPANY_FIELD_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company_field: _resources_pb2.CompanyField
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyField
    inherited: bool
    def __init__(self, company_field: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyField, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class RelationCreated(_message.Message):
    __slots__ = ("relation", "changed_paths", "previous", "inherited")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    relation: _resources_pb2.Relation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Relation
    inherited: bool
    def __init__(self, relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class RelationUpdated(_message.Message):
    __slots__ = ("relation", "changed_paths", "previous", "inherited")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    relation: _resources_pb2.Relation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Relation
    inherited: bool
    def __init__(self, relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class RelationDeleted(_message.Message):
    __slots__ = ("relation", "changed_paths", "previous", "inherited")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    relation: _resources_pb2.Relation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Relation
    inherited: bool
    def __init__(self, relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class RelationUndeleted(_message.Message):
    __slots__ = ("relation", "changed_paths", "previous", "inherited")
    RELATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    relation: _resources_pb2.Relation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Relation
    inherited: bool
    def __init__(self, relation: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Relation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class InteractionCreated(_message.Message):
    __slots__ = ("interaction", "changed_paths", "previous", "inherited")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    interaction: _resources_pb2.Interaction
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Interaction
    inherited: bool
    def __init__(self, interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class InteractionUpdated(_message.Message):
    __slots__ = ("interaction", "changed_paths", "previous", "inherited")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    interaction: _resources_pb2.Interaction
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Interaction
    inherited: bool
    def __init__(self, interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class InteractionDeleted(_message.Message):
    __slots__ = ("interaction", "changed_paths", "previous", "inherited")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    interaction: _resources_pb2.Interaction
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Interaction
    inherited: bool
    def __init__(self, interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class InteractionUndeleted(_message.Message):
    __slots__ = ("interaction", "changed_paths", "previous", "inherited")
    INTERACTION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    interaction: _resources_pb2.Interaction
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Interaction
    inherited: bool
    def __init__(self, interaction: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Interaction, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class TagCreated(_message.Message):
    __slots__ = ("tag", "changed_paths", "previous", "inherited")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    tag: _resources_pb2.Tag
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Tag
    inherited: bool
    def __init__(self, tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class TagUpdated(_message.Message):
    __slots__ = ("tag", "changed_paths", "previous", "inherited")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    tag: _resources_pb2.Tag
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Tag
    inherited: bool
    def __init__(self, tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class TagDeleted(_message.Message):
    __slots__ = ("tag", "changed_paths", "previous", "inherited")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    tag: _resources_pb2.Tag
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Tag
    inherited: bool
    def __init__(self, tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class TagUndeleted(_message.Message):
    __slots__ = ("tag", "changed_paths", "previous", "inherited")
    TAG_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    tag: _resources_pb2.Tag
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Tag
    inherited: bool
    def __init__(self, tag: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Tag, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ConsentCreated(_message.Message):
    __slots__ = ("consent", "changed_paths", "previous", "inherited")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    consent: _resources_pb2.Consent
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Consent
    inherited: bool
    def __init__(self, consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ConsentUpdated(_message.Message):
    __slots__ = ("consent", "changed_paths", "previous", "inherited")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    consent: _resources_pb2.Consent
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Consent
    inherited: bool
    def __init__(self, consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ConsentDeleted(_message.Message):
    __slots__ = ("consent", "changed_paths", "previous", "inherited")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    consent: _resources_pb2.Consent
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Consent
    inherited: bool
    def __init__(self, consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ConsentUndeleted(_message.Message):
    __slots__ = ("consent", "changed_paths", "previous", "inherited")
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    consent: _resources_pb2.Consent
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Consent
    inherited: bool
    def __init__(self, consent: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Consent, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SegmentCreated(_message.Message):
    __slots__ = ("segment", "changed_paths", "previous", "inherited")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    segment: _resources_pb2.Segment
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Segment
    inherited: bool
    def __init__(self, segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SegmentUpdated(_message.Message):
    __slots__ = ("segment", "changed_paths", "previous", "inherited")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    segment: _resources_pb2.Segment
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Segment
    inherited: bool
    def __init__(self, segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SegmentDeleted(_message.Message):
    __slots__ = ("segment", "changed_paths", "previous", "inherited")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    segment: _resources_pb2.Segment
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Segment
    inherited: bool
    def __init__(self, segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SegmentUndeleted(_message.Message):
    __slots__ = ("segment", "changed_paths", "previous", "inherited")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    segment: _resources_pb2.Segment
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Segment
    inherited: bool
    def __init__(self, segment: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Segment, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SavedViewCreated(_message.Message):
    __slots__ = ("saved_view", "changed_paths", "previous", "inherited")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    saved_view: _resources_pb2.SavedView
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SavedView
    inherited: bool
    def __init__(self, saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SavedViewUpdated(_message.Message):
    __slots__ = ("saved_view", "changed_paths", "previous", "inherited")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    saved_view: _resources_pb2.SavedView
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SavedView
    inherited: bool
    def __init__(self, saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SavedViewDeleted(_message.Message):
    __slots__ = ("saved_view", "changed_paths", "previous", "inherited")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    saved_view: _resources_pb2.SavedView
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SavedView
    inherited: bool
    def __init__(self, saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SavedViewUndeleted(_message.Message):
    __slots__ = ("saved_view", "changed_paths", "previous", "inherited")
    SAVED_VIEW_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    saved_view: _resources_pb2.SavedView
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SavedView
    inherited: bool
    def __init__(self, saved_view: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SavedView, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class DuplicateSearchCreated(_message.Message):
    __slots__ = ("duplicate_search", "changed_paths", "previous", "inherited")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.DuplicateSearch
    inherited: bool
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class DuplicateSearchUpdated(_message.Message):
    __slots__ = ("duplicate_search", "changed_paths", "previous", "inherited")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.DuplicateSearch
    inherited: bool
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class DuplicateSearchDeleted(_message.Message):
    __slots__ = ("duplicate_search", "changed_paths", "previous", "inherited")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.DuplicateSearch
    inherited: bool
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class DuplicateSearchUndeleted(_message.Message):
    __slots__ = ("duplicate_search", "changed_paths", "previous", "inherited")
    DUPLICATE_SEARCH_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    duplicate_search: _resources_pb2.DuplicateSearch
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.DuplicateSearch
    inherited: bool
    def __init__(self, duplicate_search: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.DuplicateSearch, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactMergeCreated(_message.Message):
    __slots__ = ("contact_merge", "changed_paths", "previous", "inherited")
    CONTACT_MERGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_merge: _resources_pb2.ContactMerge
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactMerge
    inherited: bool
    def __init__(self, contact_merge: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactMergeUpdated(_message.Message):
    __slots__ = ("contact_merge", "changed_paths", "previous", "inherited")
    CONTACT_MERGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_merge: _resources_pb2.ContactMerge
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactMerge
    inherited: bool
    def __init__(self, contact_merge: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactMergeDeleted(_message.Message):
    __slots__ = ("contact_merge", "changed_paths", "previous", "inherited")
    CONTACT_MERGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_merge: _resources_pb2.ContactMerge
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactMerge
    inherited: bool
    def __init__(self, contact_merge: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactMergeUndeleted(_message.Message):
    __slots__ = ("contact_merge", "changed_paths", "previous", "inherited")
    CONTACT_MERGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_merge: _resources_pb2.ContactMerge
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactMerge
    inherited: bool
    def __init__(self, contact_merge: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactMerge, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyMergeCreated(_message.Message):
    __slots__ = ("company_merge", "changed_paths", "previous", "inherited")
    COMPANY_MERGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company_merge: _resources_pb2.CompanyMerge
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyMerge
    inherited: bool
    def __init__(self, company_merge: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyMergeUpdated(_message.Message):
    __slots__ = ("company_merge", "changed_paths", "previous", "inherited")
    COMPANY_MERGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company_merge: _resources_pb2.CompanyMerge
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyMerge
    inherited: bool
    def __init__(self, company_merge: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyMergeDeleted(_message.Message):
    __slots__ = ("company_merge", "changed_paths", "previous", "inherited")
    COMPANY_MERGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company_merge: _resources_pb2.CompanyMerge
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyMerge
    inherited: bool
    def __init__(self, company_merge: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CompanyMergeUndeleted(_message.Message):
    __slots__ = ("company_merge", "changed_paths", "previous", "inherited")
    COMPANY_MERGE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    company_merge: _resources_pb2.CompanyMerge
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CompanyMerge
    inherited: bool
    def __init__(self, company_merge: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CompanyMerge, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SubjectExportCreated(_message.Message):
    __slots__ = ("subject_export", "changed_paths", "previous", "inherited")
    SUBJECT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    subject_export: _resources_pb2.SubjectExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SubjectExport
    inherited: bool
    def __init__(self, subject_export: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SubjectExportUpdated(_message.Message):
    __slots__ = ("subject_export", "changed_paths", "previous", "inherited")
    SUBJECT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    subject_export: _resources_pb2.SubjectExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SubjectExport
    inherited: bool
    def __init__(self, subject_export: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SubjectExportDeleted(_message.Message):
    __slots__ = ("subject_export", "changed_paths", "previous", "inherited")
    SUBJECT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    subject_export: _resources_pb2.SubjectExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SubjectExport
    inherited: bool
    def __init__(self, subject_export: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SubjectExportUndeleted(_message.Message):
    __slots__ = ("subject_export", "changed_paths", "previous", "inherited")
    SUBJECT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    subject_export: _resources_pb2.SubjectExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.SubjectExport
    inherited: bool
    def __init__(self, subject_export: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.SubjectExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactErasureCreated(_message.Message):
    __slots__ = ("contact_erasure", "changed_paths", "previous", "inherited")
    CONTACT_ERASURE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_erasure: _resources_pb2.ContactErasure
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactErasure
    inherited: bool
    def __init__(self, contact_erasure: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactErasureUpdated(_message.Message):
    __slots__ = ("contact_erasure", "changed_paths", "previous", "inherited")
    CONTACT_ERASURE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_erasure: _resources_pb2.ContactErasure
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactErasure
    inherited: bool
    def __init__(self, contact_erasure: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactErasureDeleted(_message.Message):
    __slots__ = ("contact_erasure", "changed_paths", "previous", "inherited")
    CONTACT_ERASURE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_erasure: _resources_pb2.ContactErasure
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactErasure
    inherited: bool
    def __init__(self, contact_erasure: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ContactErasureUndeleted(_message.Message):
    __slots__ = ("contact_erasure", "changed_paths", "previous", "inherited")
    CONTACT_ERASURE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    contact_erasure: _resources_pb2.ContactErasure
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ContactErasure
    inherited: bool
    def __init__(self, contact_erasure: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ContactErasure, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...
