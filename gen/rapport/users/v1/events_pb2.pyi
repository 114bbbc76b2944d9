from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TenantUpdated(_message.Message):
    __slots__ = ("tenant", "changed_paths")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    tenant: _resources_pb2.Tenant
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tenant: _Optional[_Union[_resources_pb2.Tenant, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ...) -> None: ...

class UserDeactivated(_message.Message):
    __slots__ = ("user_id", "successor_id")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    SUCCESSOR_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    successor_id: str
    def __init__(self, user_id: _Optional[str] = ..., successor_id: _Optional[str] = ...) -> None: ...

class InvitationRequested(_message.Message):
    __slots__ = ("invitation", "tenant_name", "inviter_name", "locale")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    TENANT_NAME_FIELD_NUMBER: _ClassVar[int]
    INVITER_NAME_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    tenant_name: str
    inviter_name: str
    locale: str
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., tenant_name: _Optional[str] = ..., inviter_name: _Optional[str] = ..., locale: _Optional[str] = ...) -> None: ...

class InvitationDue(_message.Message):
    __slots__ = ("invitation_id",)
    INVITATION_ID_FIELD_NUMBER: _ClassVar[int]
    invitation_id: str
    def __init__(self, invitation_id: _Optional[str] = ...) -> None: ...

class EmailConfirmationRequested(_message.Message):
    __slots__ = ("user", "tenant_name", "locale")
    USER_FIELD_NUMBER: _ClassVar[int]
    TENANT_NAME_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    tenant_name: str
    locale: str
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., tenant_name: _Optional[str] = ..., locale: _Optional[str] = ...) -> None: ...

class EmailChanged(_message.Message):
    __slots__ = ("user_id", "old_email", "display_name", "tenant_name", "locale")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    OLD_EMAIL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TENANT_NAME_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    old_email: str
    display_name: str
    tenant_name: str
    locale: str
    def __init__(self, user_id: _Optional[str] = ..., old_email: _Optional[str] = ..., display_name: _Optional[str] = ..., tenant_name: _Optional[str] = ..., locale: _Optional[str] = ...) -> None: ...

class TenantDeletionRequested(_message.Message):
    __slots__ = ("email", "display_name", "tenant_name", "requester_name", "purge_day", "locale", "comment")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TENANT_NAME_FIELD_NUMBER: _ClassVar[int]
    REQUESTER_NAME_FIELD_NUMBER: _ClassVar[int]
    PURGE_DAY_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    COMMENT_FIELD_NUMBER: _ClassVar[int]
    email: str
    display_name: str
    tenant_name: str
    requester_name: str
    purge_day: str
    locale: str
    comment: str
    def __init__(self, email: _Optional[str] = ..., display_name: _Optional[str] = ..., tenant_name: _Optional[str] = ..., requester_name: _Optional[str] = ..., purge_day: _Optional[str] = ..., locale: _Optional[str] = ..., comment: _Optional[str] = ...) -> None: ...

class TenantDeletionDue(_message.Message):
    __slots__ = ("tenant_id",)
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    tenant_id: str
    def __init__(self, tenant_id: _Optional[str] = ...) -> None: ...

class SecurityPolicyUpdated(_message.Message):
    __slots__ = ("tenant_id", "changed_paths")
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    tenant_id: str
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tenant_id: _Optional[str] = ..., changed_paths: _Optional[_Iterable[str]] = ...) -> None: ...

class ImpersonationBegan(_message.Message):
    __slots__ = ("email", "display_name", "tenant_name", "impersonator_name", "reason", "locale")
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TENANT_NAME_FIELD_NUMBER: _ClassVar[int]
    IMPERSONATOR_NAME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    email: str
    display_name: str
    tenant_name: str
    impersonator_name: str
    reason: str
    locale: str
    def __init__(self, email: _Optional[str] = ..., display_name: _Optional[str] = ..., tenant_name: _Optional[str] = ..., impersonator_name: _Optional[str] = ..., reason: _Optional[str] = ..., locale: _Optional[str] = ...) -> None: ...

class AuditOriginsDue(_message.Message):
    __slots__ = ("user_id",)
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    def __init__(self, user_id: _Optional[str] = ...) -> None: ...

class TenantDeleted(_message.Message):
    __slots__ = ("tenant_id",)
    TENANT_ID_FIELD_NUMBER: _ClassVar[int]
    tenant_id: str
    def __init__(self, tenant_id: _Optional[str] = ...) -> None: ...

class SessionEnded(_message.Message):
    __slots__ = ("session_id", "user_id", "reason")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    user_id: str
    reason: _resources_pb2.Session.EndReason
    def __init__(self, session_id: _Optional[str] = ..., user_id: _Optional[str] = ..., reason: _Optional[_Union[_resources_pb2.Session.EndReason, str]] = ...) -> None: ...

class SessionDue(_message.Message):
    __slots__ = ("session_id",)
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    def __init__(self, session_id: _Optional[str] = ...) -> None: ...

class PasswordResetWanted(_message.Message):
    __slots__ = ("email",)
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    email: str
    def __init__(self, email: _Optional[str] = ...) -> None: ...

class PasswordResetRequested(_message.Message):
    __slots__ = ("user_id", "email", "display_name", "tenant_name", "locale")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TENANT_NAME_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    email: str
    display_name: str
    tenant_name: str
    locale: str
    def __init__(self, user_id: _Optional[str] = ..., email: _Optional[str] = ..., display_name: _Optional[str] = ..., tenant_name: _Optional[str] = ..., locale: _Optional[str] = ...) -> None: ...

class PasswordChanged(_message.Message):
    __slots__ = ("user_id", "email", "display_name", "tenant_name", "locale")
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TENANT_NAME_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    user_id: str
    email: str
    display_name: str
    tenant_name: str
    locale: str
    def __init__(self, user_id: _Optional[str] = ..., email: _Optional[str] = ..., display_name: _Optional[str] = ..., tenant_name: _Optional[str] = ..., locale: _Optional[str] = ...) -> None: ...
