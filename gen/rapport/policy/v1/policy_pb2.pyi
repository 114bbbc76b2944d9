import datetime

from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.rpc import code_pb2 as _code_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DoorErrors(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOOR_ERRORS_UNSPECIFIED: _ClassVar[DoorErrors]
    DOOR_ERRORS_SCIM: _ClassVar[DoorErrors]

class RateClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RATE_CLASS_UNSPECIFIED: _ClassVar[RateClass]
    RATE_CLASS_READ: _ClassVar[RateClass]
    RATE_CLASS_WRITE: _ClassVar[RateClass]
    RATE_CLASS_COSTLY: _ClassVar[RateClass]
    RATE_CLASS_CREDENTIAL: _ClassVar[RateClass]

class Sensitivity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SENSITIVITY_UNSPECIFIED: _ClassVar[Sensitivity]
    SENSITIVITY_PII: _ClassVar[Sensitivity]
    SENSITIVITY_SECRET: _ClassVar[Sensitivity]

class OnDelete(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ON_DELETE_UNSPECIFIED: _ClassVar[OnDelete]
    ON_DELETE_CLEAR: _ClassVar[OnDelete]
    ON_DELETE_KEEP: _ClassVar[OnDelete]

class Erasure(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERASURE_UNSPECIFIED: _ClassVar[Erasure]
    ERASURE_DELETE: _ClassVar[Erasure]
    ERASURE_ANONYMISE: _ClassVar[Erasure]
    ERASURE_KEEP: _ClassVar[Erasure]
DOOR_ERRORS_UNSPECIFIED: DoorErrors
DOOR_ERRORS_SCIM: DoorErrors
RATE_CLASS_UNSPECIFIED: RateClass
RATE_CLASS_READ: RateClass
RATE_CLASS_WRITE: RateClass
RATE_CLASS_COSTLY: RateClass
RATE_CLASS_CREDENTIAL: RateClass
SENSITIVITY_UNSPECIFIED: Sensitivity
SENSITIVITY_PII: Sensitivity
SENSITIVITY_SECRET: Sensitivity
ON_DELETE_UNSPECIFIED: OnDelete
ON_DELETE_CLEAR: OnDelete
ON_DELETE_KEEP: OnDelete
ERASURE_UNSPECIFIED: Erasure
ERASURE_DELETE: Erasure
ERASURE_ANONYMISE: Erasure
ERASURE_KEEP: Erasure
POLICY_FIELD_NUMBER: _ClassVar[int]
policy: _descriptor.FieldDescriptor
FIELD_FIELD_NUMBER: _ClassVar[int]
field: _descriptor.FieldDescriptor
RESOURCE_FIELD_NUMBER: _ClassVar[int]
resource: _descriptor.FieldDescriptor
REASON_FIELD_NUMBER: _ClassVar[int]
reason: _descriptor.FieldDescriptor

class MethodPolicy(_message.Message):
    __slots__ = ("permission", "self", "service", "capability", "publishable_key", "anonymous", "deadline", "rate", "audit", "fails_with", "fresh", "http_door", "largest_body", "mints", "in_person", "door_errors", "assurance")
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    SELF_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    CAPABILITY_FIELD_NUMBER: _ClassVar[int]
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    ANONYMOUS_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    AUDIT_FIELD_NUMBER: _ClassVar[int]
    FAILS_WITH_FIELD_NUMBER: _ClassVar[int]
    FRESH_FIELD_NUMBER: _ClassVar[int]
    HTTP_DOOR_FIELD_NUMBER: _ClassVar[int]
    LARGEST_BODY_FIELD_NUMBER: _ClassVar[int]
    MINTS_FIELD_NUMBER: _ClassVar[int]
    IN_PERSON_FIELD_NUMBER: _ClassVar[int]
    DOOR_ERRORS_FIELD_NUMBER: _ClassVar[int]
    ASSURANCE_FIELD_NUMBER: _ClassVar[int]
    permission: str
    self: Self
    service: ServicePeers
    capability: str
    publishable_key: PublishableKey
    anonymous: Anonymous
    deadline: _duration_pb2.Duration
    rate: RateClass
    audit: str
    fails_with: _containers.RepeatedScalarFieldContainer[str]
    fresh: bool
    http_door: bool
    largest_body: int
    mints: str
    in_person: bool
    door_errors: DoorErrors
    assurance: Assurance
    def __init__(self_, permission: _Optional[str] = ..., self: _Optional[_Union[Self, _Mapping]] = ..., service: _Optional[_Union[ServicePeers, _Mapping]] = ..., capability: _Optional[str] = ..., publishable_key: _Optional[_Union[PublishableKey, _Mapping]] = ..., anonymous: _Optional[_Union[Anonymous, _Mapping]] = ..., deadline: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., rate: _Optional[_Union[RateClass, str]] = ..., audit: _Optional[str] = ..., fails_with: _Optional[_Iterable[str]] = ..., fresh: _Optional[bool] = ..., http_door: _Optional[bool] = ..., largest_body: _Optional[int] = ..., mints: _Optional[str] = ..., in_person: _Optional[bool] = ..., door_errors: _Optional[_Union[DoorErrors, str]] = ..., assurance: _Optional[_Union[Assurance, _Mapping]] = ...) -> None: ...

class Assurance(_message.Message):
    __slots__ = ("level", "within")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    WITHIN_FIELD_NUMBER: _ClassVar[int]
    level: int
    within: _duration_pb2.Duration
    def __init__(self, level: _Optional[int] = ..., within: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class Self(_message.Message):
    __slots__ = ("scope",)
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    scope: str
    def __init__(self, scope: _Optional[str] = ...) -> None: ...

class ServicePeers(_message.Message):
    __slots__ = ("peers",)
    PEERS_FIELD_NUMBER: _ClassVar[int]
    peers: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, peers: _Optional[_Iterable[str]] = ...) -> None: ...

class PublishableKey(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Anonymous(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FieldPolicy(_message.Message):
    __slots__ = ("sensitivity", "on_delete", "title_of")
    SENSITIVITY_FIELD_NUMBER: _ClassVar[int]
    ON_DELETE_FIELD_NUMBER: _ClassVar[int]
    TITLE_OF_FIELD_NUMBER: _ClassVar[int]
    sensitivity: Sensitivity
    on_delete: OnDelete
    title_of: str
    def __init__(self, sensitivity: _Optional[_Union[Sensitivity, str]] = ..., on_delete: _Optional[_Union[OnDelete, str]] = ..., title_of: _Optional[str] = ...) -> None: ...

class ResourcePolicy(_message.Message):
    __slots__ = ("type", "prefix", "collection", "owner_field", "soft_delete", "retention", "silent", "title_field", "custom_fields", "parent_field", "sharing_field", "self_field", "mergeable", "subject", "provenance")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_FIELD_NUMBER: _ClassVar[int]
    SOFT_DELETE_FIELD_NUMBER: _ClassVar[int]
    RETENTION_FIELD_NUMBER: _ClassVar[int]
    SILENT_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_FIELDS_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_FIELD_NUMBER: _ClassVar[int]
    SHARING_FIELD_FIELD_NUMBER: _ClassVar[int]
    SELF_FIELD_FIELD_NUMBER: _ClassVar[int]
    MERGEABLE_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    type: str
    prefix: str
    collection: str
    owner_field: str
    soft_delete: bool
    retention: _duration_pb2.Duration
    silent: bool
    title_field: str
    custom_fields: bool
    parent_field: str
    sharing_field: str
    self_field: str
    mergeable: bool
    subject: SubjectPolicy
    provenance: bool
    def __init__(self, type: _Optional[str] = ..., prefix: _Optional[str] = ..., collection: _Optional[str] = ..., owner_field: _Optional[str] = ..., soft_delete: _Optional[bool] = ..., retention: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., silent: _Optional[bool] = ..., title_field: _Optional[str] = ..., custom_fields: _Optional[bool] = ..., parent_field: _Optional[str] = ..., sharing_field: _Optional[str] = ..., self_field: _Optional[str] = ..., mergeable: _Optional[bool] = ..., subject: _Optional[_Union[SubjectPolicy, _Mapping]] = ..., provenance: _Optional[bool] = ...) -> None: ...

class SubjectPolicy(_message.Message):
    __slots__ = ("id_fields", "email_fields", "name_fields", "erasure")
    ID_FIELDS_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELDS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELDS_FIELD_NUMBER: _ClassVar[int]
    ERASURE_FIELD_NUMBER: _ClassVar[int]
    id_fields: _containers.RepeatedScalarFieldContainer[str]
    email_fields: _containers.RepeatedScalarFieldContainer[str]
    name_fields: _containers.RepeatedScalarFieldContainer[str]
    erasure: Erasure
    def __init__(self, id_fields: _Optional[_Iterable[str]] = ..., email_fields: _Optional[_Iterable[str]] = ..., name_fields: _Optional[_Iterable[str]] = ..., erasure: _Optional[_Union[Erasure, str]] = ...) -> None: ...

class ReasonPolicy(_message.Message):
    __slots__ = ("code", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: _code_pb2.Code
    message: str
    def __init__(self, code: _Optional[_Union[_code_pb2.Code, str]] = ..., message: _Optional[str] = ...) -> None: ...
