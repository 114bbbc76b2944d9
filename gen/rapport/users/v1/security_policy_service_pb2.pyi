import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LoginMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LOGIN_METHOD_UNSPECIFIED: _ClassVar[LoginMethod]
    LOGIN_METHOD_PASSWORD: _ClassVar[LoginMethod]
    LOGIN_METHOD_PASSKEY: _ClassVar[LoginMethod]
    LOGIN_METHOD_UPSTREAM: _ClassVar[LoginMethod]

class MfaRequirement(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MFA_REQUIREMENT_UNSPECIFIED: _ClassVar[MfaRequirement]
    MFA_REQUIREMENT_NONE: _ClassVar[MfaRequirement]
    MFA_REQUIREMENT_ALL: _ClassVar[MfaRequirement]
    MFA_REQUIREMENT_BY_ROLE: _ClassVar[MfaRequirement]
LOGIN_METHOD_UNSPECIFIED: LoginMethod
LOGIN_METHOD_PASSWORD: LoginMethod
LOGIN_METHOD_PASSKEY: LoginMethod
LOGIN_METHOD_UPSTREAM: LoginMethod
MFA_REQUIREMENT_UNSPECIFIED: MfaRequirement
MFA_REQUIREMENT_NONE: MfaRequirement
MFA_REQUIREMENT_ALL: MfaRequirement
MFA_REQUIREMENT_BY_ROLE: MfaRequirement

class GetSecurityPolicyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class UpdateSecurityPolicyRequest(_message.Message):
    __slots__ = ("security_policy", "update_mask", "request_id")
    SECURITY_POLICY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    security_policy: SecurityPolicy
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, security_policy: _Optional[_Union[SecurityPolicy, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class SecurityPolicy(_message.Message):
    __slots__ = ("etag", "update_time", "password_min_length", "login_methods", "mfa_requirement", "mfa_roles", "mfa_role_ids", "session_idle", "session_life", "invitation_domains", "lockout_attempts", "lockout_wait", "lockout_longest", "mfa_user_ids")
    ETAG_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_MIN_LENGTH_FIELD_NUMBER: _ClassVar[int]
    LOGIN_METHODS_FIELD_NUMBER: _ClassVar[int]
    MFA_REQUIREMENT_FIELD_NUMBER: _ClassVar[int]
    MFA_ROLES_FIELD_NUMBER: _ClassVar[int]
    MFA_ROLE_IDS_FIELD_NUMBER: _ClassVar[int]
    SESSION_IDLE_FIELD_NUMBER: _ClassVar[int]
    SESSION_LIFE_FIELD_NUMBER: _ClassVar[int]
    INVITATION_DOMAINS_FIELD_NUMBER: _ClassVar[int]
    LOCKOUT_ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    LOCKOUT_WAIT_FIELD_NUMBER: _ClassVar[int]
    LOCKOUT_LONGEST_FIELD_NUMBER: _ClassVar[int]
    MFA_USER_IDS_FIELD_NUMBER: _ClassVar[int]
    etag: str
    update_time: _timestamp_pb2.Timestamp
    password_min_length: int
    login_methods: _containers.RepeatedScalarFieldContainer[LoginMethod]
    mfa_requirement: MfaRequirement
    mfa_roles: _containers.RepeatedScalarFieldContainer[_resources_pb2.Role]
    mfa_role_ids: _containers.RepeatedScalarFieldContainer[str]
    session_idle: _duration_pb2.Duration
    session_life: _duration_pb2.Duration
    invitation_domains: _containers.RepeatedScalarFieldContainer[str]
    lockout_attempts: int
    lockout_wait: _duration_pb2.Duration
    lockout_longest: _duration_pb2.Duration
    mfa_user_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, etag: _Optional[str] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., password_min_length: _Optional[int] = ..., login_methods: _Optional[_Iterable[_Union[LoginMethod, str]]] = ..., mfa_requirement: _Optional[_Union[MfaRequirement, str]] = ..., mfa_roles: _Optional[_Iterable[_Union[_resources_pb2.Role, str]]] = ..., mfa_role_ids: _Optional[_Iterable[str]] = ..., session_idle: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., session_life: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., invitation_domains: _Optional[_Iterable[str]] = ..., lockout_attempts: _Optional[int] = ..., lockout_wait: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., lockout_longest: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., mfa_user_ids: _Optional[_Iterable[str]] = ...) -> None: ...
