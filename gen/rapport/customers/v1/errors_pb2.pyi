from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERROR_REASON_UNSPECIFIED: _ClassVar[ErrorReason]
    ERROR_REASON_CONTACT_UNIDENTIFIED: _ClassVar[ErrorReason]
    ERROR_REASON_EMAIL_REPEATED: _ClassVar[ErrorReason]
    ERROR_REASON_BIRTH_DATE_INVALID: _ClassVar[ErrorReason]
    ERROR_REASON_JOB_STARTED: _ClassVar[ErrorReason]
    ERROR_REASON_FILE_UNREADABLE: _ClassVar[ErrorReason]
    ERROR_REASON_FILE_TOO_LARGE: _ClassVar[ErrorReason]
    ERROR_REASON_EXPORT_UNAVAILABLE: _ClassVar[ErrorReason]
    ERROR_REASON_COMPANY_UNNAMED: _ClassVar[ErrorReason]
    ERROR_REASON_DOMAIN_INVALID: _ClassVar[ErrorReason]
    ERROR_REASON_DOMAIN_REPEATED: _ClassVar[ErrorReason]
    ERROR_REASON_COMPANY_CYCLE: _ClassVar[ErrorReason]
    ERROR_REASON_COMPANY_TOO_DEEP: _ClassVar[ErrorReason]
    ERROR_REASON_RELATION_MISFIT: _ClassVar[ErrorReason]
    ERROR_REASON_RELATION_UNLABELLED: _ClassVar[ErrorReason]
    ERROR_REASON_PERIOD_INVALID: _ClassVar[ErrorReason]
    ERROR_REASON_INTERACTION_ALONE: _ClassVar[ErrorReason]
    ERROR_REASON_TAG_UNNAMED: _ClassVar[ErrorReason]
    ERROR_REASON_TAG_MERGED: _ClassVar[ErrorReason]
    ERROR_REASON_CONSENT_UNFOUNDED: _ClassVar[ErrorReason]
    ERROR_REASON_VIEW_UNNAMED: _ClassVar[ErrorReason]
    ERROR_REASON_SEGMENT_UNNAMED: _ClassVar[ErrorReason]
    ERROR_REASON_SEGMENT_MISFIT: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_MANY_SEGMENTS: _ClassVar[ErrorReason]
    ERROR_REASON_FILTERED_BY: _ClassVar[ErrorReason]
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_CONTACT_UNIDENTIFIED: ErrorReason
ERROR_REASON_EMAIL_REPEATED: ErrorReason
ERROR_REASON_BIRTH_DATE_INVALID: ErrorReason
ERROR_REASON_JOB_STARTED: ErrorReason
ERROR_REASON_FILE_UNREADABLE: ErrorReason
ERROR_REASON_FILE_TOO_LARGE: ErrorReason
ERROR_REASON_EXPORT_UNAVAILABLE: ErrorReason
ERROR_REASON_COMPANY_UNNAMED: ErrorReason
ERROR_REASON_DOMAIN_INVALID: ErrorReason
ERROR_REASON_DOMAIN_REPEATED: ErrorReason
ERROR_REASON_COMPANY_CYCLE: ErrorReason
ERROR_REASON_COMPANY_TOO_DEEP: ErrorReason
ERROR_REASON_RELATION_MISFIT: ErrorReason
ERROR_REASON_RELATION_UNLABELLED: ErrorReason
ERROR_REASON_PERIOD_INVALID: ErrorReason
ERROR_REASON_INTERACTION_ALONE: ErrorReason
ERROR_REASON_TAG_UNNAMED: ErrorReason
ERROR_REASON_TAG_MERGED: ErrorReason
ERROR_REASON_CONSENT_UNFOUNDED: ErrorReason
ERROR_REASON_VIEW_UNNAMED: ErrorReason
ERROR_REASON_SEGMENT_UNNAMED: ErrorReason
ERROR_REASON_SEGMENT_MISFIT: ErrorReason
ERROR_REASON_TOO_MANY_SEGMENTS: ErrorReason
ERROR_REASON_FILTERED_BY: ErrorReason
