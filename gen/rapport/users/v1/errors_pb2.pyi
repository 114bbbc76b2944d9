from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERROR_REASON_UNSPECIFIED: _ClassVar[ErrorReason]
    ERROR_REASON_CREDENTIALS_INVALID: _ClassVar[ErrorReason]
    ERROR_REASON_SLUG_TAKEN: _ClassVar[ErrorReason]
    ERROR_REASON_TIME_ZONE_UNKNOWN: _ClassVar[ErrorReason]
    ERROR_REASON_PASSWORD_GUESSABLE: _ClassVar[ErrorReason]
    ERROR_REASON_MANAGER_CYCLE: _ClassVar[ErrorReason]
    ERROR_REASON_TEAM_CYCLE: _ClassVar[ErrorReason]
    ERROR_REASON_TEAM_TOO_DEEP: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_MANY_TEAMS: _ClassVar[ErrorReason]
    ERROR_REASON_TEAM_NOT_EMPTY: _ClassVar[ErrorReason]
    ERROR_REASON_PERMISSION_UNKNOWN: _ClassVar[ErrorReason]
    ERROR_REASON_PERMISSION_REPEATED: _ClassVar[ErrorReason]
    ERROR_REASON_GRANT_EXCEEDS_OWN: _ClassVar[ErrorReason]
    ERROR_REASON_LAST_OWNER: _ClassVar[ErrorReason]
    ERROR_REASON_INVITATION_CLOSED: _ClassVar[ErrorReason]
    ERROR_REASON_PASSWORD_WRONG: _ClassVar[ErrorReason]
    ERROR_REASON_EMAIL_NOT_PENDING: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_MANY_MEMBERS: _ClassVar[ErrorReason]
    ERROR_REASON_TOO_MANY_GROUPS: _ClassVar[ErrorReason]
    ERROR_REASON_SELF_DEMOTION: _ClassVar[ErrorReason]
    ERROR_REASON_TENANT_STATE: _ClassVar[ErrorReason]
    ERROR_REASON_EMAIL_DOMAIN_REFUSED: _ClassVar[ErrorReason]
    ERROR_REASON_IMPERSONATION_REFUSED: _ClassVar[ErrorReason]
    ERROR_REASON_EXPORT_UNAVAILABLE: _ClassVar[ErrorReason]
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_CREDENTIALS_INVALID: ErrorReason
ERROR_REASON_SLUG_TAKEN: ErrorReason
ERROR_REASON_TIME_ZONE_UNKNOWN: ErrorReason
ERROR_REASON_PASSWORD_GUESSABLE: ErrorReason
ERROR_REASON_MANAGER_CYCLE: ErrorReason
ERROR_REASON_TEAM_CYCLE: ErrorReason
ERROR_REASON_TEAM_TOO_DEEP: ErrorReason
ERROR_REASON_TOO_MANY_TEAMS: ErrorReason
ERROR_REASON_TEAM_NOT_EMPTY: ErrorReason
ERROR_REASON_PERMISSION_UNKNOWN: ErrorReason
ERROR_REASON_PERMISSION_REPEATED: ErrorReason
ERROR_REASON_GRANT_EXCEEDS_OWN: ErrorReason
ERROR_REASON_LAST_OWNER: ErrorReason
ERROR_REASON_INVITATION_CLOSED: ErrorReason
ERROR_REASON_PASSWORD_WRONG: ErrorReason
ERROR_REASON_EMAIL_NOT_PENDING: ErrorReason
ERROR_REASON_TOO_MANY_MEMBERS: ErrorReason
ERROR_REASON_TOO_MANY_GROUPS: ErrorReason
ERROR_REASON_SELF_DEMOTION: ErrorReason
ERROR_REASON_TENANT_STATE: ErrorReason
ERROR_REASON_EMAIL_DOMAIN_REFUSED: ErrorReason
ERROR_REASON_IMPERSONATION_REFUSED: ErrorReason
ERROR_REASON_EXPORT_UNAVAILABLE: ErrorReason
