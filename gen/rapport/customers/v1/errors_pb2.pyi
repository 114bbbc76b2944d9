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
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_CONTACT_UNIDENTIFIED: ErrorReason
ERROR_REASON_EMAIL_REPEATED: ErrorReason
ERROR_REASON_BIRTH_DATE_INVALID: ErrorReason
ERROR_REASON_JOB_STARTED: ErrorReason
ERROR_REASON_FILE_UNREADABLE: ErrorReason
ERROR_REASON_FILE_TOO_LARGE: ErrorReason
ERROR_REASON_EXPORT_UNAVAILABLE: ErrorReason
