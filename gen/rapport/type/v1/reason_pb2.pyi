from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class CommonReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COMMON_REASON_UNSPECIFIED: _ClassVar[CommonReason]
    COMMON_REASON_INVALID_ARGUMENT: _ClassVar[CommonReason]
    COMMON_REASON_UNAUTHENTICATED: _ClassVar[CommonReason]
    COMMON_REASON_PERMISSION_DENIED: _ClassVar[CommonReason]
    COMMON_REASON_NOT_FOUND: _ClassVar[CommonReason]
    COMMON_REASON_ALREADY_EXISTS: _ClassVar[CommonReason]
    COMMON_REASON_ETAG_MISMATCH: _ClassVar[CommonReason]
    COMMON_REASON_PAGE_TOKEN_INVALID: _ClassVar[CommonReason]
    COMMON_REASON_REQUEST_ID_REUSED: _ClassVar[CommonReason]
    COMMON_REASON_DEADLINE_EXCEEDED: _ClassVar[CommonReason]
    COMMON_REASON_OVERLOADED: _ClassVar[CommonReason]
    COMMON_REASON_RATE_LIMITED: _ClassVar[CommonReason]
    COMMON_REASON_UNAVAILABLE: _ClassVar[CommonReason]
    COMMON_REASON_CONFLICT: _ClassVar[CommonReason]
    COMMON_REASON_UNKNOWN_METHOD: _ClassVar[CommonReason]
    COMMON_REASON_INTERNAL: _ClassVar[CommonReason]
    COMMON_REASON_DRAINING: _ClassVar[CommonReason]
    COMMON_REASON_CAPABILITY_INVALID: _ClassVar[CommonReason]
    COMMON_REASON_CAPABILITY_USED: _ClassVar[CommonReason]
    COMMON_REASON_ASSURANCE_NEEDED: _ClassVar[CommonReason]
    COMMON_REASON_TENANT_SUSPENDED: _ClassVar[CommonReason]
    COMMON_REASON_IN_PERSON_ONLY: _ClassVar[CommonReason]
    COMMON_REASON_MERGED: _ClassVar[CommonReason]
COMMON_REASON_UNSPECIFIED: CommonReason
COMMON_REASON_INVALID_ARGUMENT: CommonReason
COMMON_REASON_UNAUTHENTICATED: CommonReason
COMMON_REASON_PERMISSION_DENIED: CommonReason
COMMON_REASON_NOT_FOUND: CommonReason
COMMON_REASON_ALREADY_EXISTS: CommonReason
COMMON_REASON_ETAG_MISMATCH: CommonReason
COMMON_REASON_PAGE_TOKEN_INVALID: CommonReason
COMMON_REASON_REQUEST_ID_REUSED: CommonReason
COMMON_REASON_DEADLINE_EXCEEDED: CommonReason
COMMON_REASON_OVERLOADED: CommonReason
COMMON_REASON_RATE_LIMITED: CommonReason
COMMON_REASON_UNAVAILABLE: CommonReason
COMMON_REASON_CONFLICT: CommonReason
COMMON_REASON_UNKNOWN_METHOD: CommonReason
COMMON_REASON_INTERNAL: CommonReason
COMMON_REASON_DRAINING: CommonReason
COMMON_REASON_CAPABILITY_INVALID: CommonReason
COMMON_REASON_CAPABILITY_USED: CommonReason
COMMON_REASON_ASSURANCE_NEEDED: CommonReason
COMMON_REASON_TENANT_SUSPENDED: CommonReason
COMMON_REASON_IN_PERSON_ONLY: CommonReason
COMMON_REASON_MERGED: CommonReason
