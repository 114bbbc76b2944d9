from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UserCreated(_message.Message):
    __slots__ = ("user", "changed_paths", "previous")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ...) -> None: ...

class UserUpdated(_message.Message):
    __slots__ = ("user", "changed_paths", "previous")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ...) -> None: ...

class UserDeleted(_message.Message):
    __slots__ = ("user", "changed_paths", "previous")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ...) -> None: ...

class UserUndeleted(_message.Message):
    __slots__ = ("user", "changed_paths", "previous")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ...) -> None: ...

class CustomRoleCreated(_message.Message):
    __slots__ = ("custom_role", "changed_paths", "previous")
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    custom_role: _resources_pb2.CustomRole
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CustomRole
    def __init__(self, custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ...) -> None: ...

class CustomRoleUpdated(_message.Message):
    __slots__ = ("custom_role", "changed_paths", "previous")
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    custom_role: _resources_pb2.CustomRole
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CustomRole
    def __init__(self, custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ...) -> None: ...

class CustomRoleDeleted(_message.Message):
    __slots__ = ("custom_role", "changed_paths", "previous")
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    custom_role: _resources_pb2.CustomRole
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CustomRole
    def __init__(self, custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ...) -> None: ...

class CustomRoleUndeleted(_message.Message):
    __slots__ = ("custom_role", "changed_paths", "previous")
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    custom_role: _resources_pb2.CustomRole
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CustomRole
    def __init__(self, custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ...) -> None: ...

class GroupCreated(_message.Message):
    __slots__ = ("group", "changed_paths", "previous")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    group: _resources_pb2.Group
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Group
    def __init__(self, group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ...) -> None: ...

class GroupUpdated(_message.Message):
    __slots__ = ("group", "changed_paths", "previous")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    group: _resources_pb2.Group
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Group
    def __init__(self, group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ...) -> None: ...

class GroupDeleted(_message.Message):
    __slots__ = ("group", "changed_paths", "previous")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    group: _resources_pb2.Group
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Group
    def __init__(self, group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ...) -> None: ...

class GroupUndeleted(_message.Message):
    __slots__ = ("group", "changed_paths", "previous")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    group: _resources_pb2.Group
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Group
    def __init__(self, group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ...) -> None: ...

class TeamCreated(_message.Message):
    __slots__ = ("team", "changed_paths", "previous")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    team: _resources_pb2.Team
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Team
    def __init__(self, team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ...) -> None: ...

class TeamUpdated(_message.Message):
    __slots__ = ("team", "changed_paths", "previous")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    team: _resources_pb2.Team
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Team
    def __init__(self, team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ...) -> None: ...

class TeamDeleted(_message.Message):
    __slots__ = ("team", "changed_paths", "previous")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    team: _resources_pb2.Team
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Team
    def __init__(self, team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ...) -> None: ...

class TeamUndeleted(_message.Message):
    __slots__ = ("team", "changed_paths", "previous")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    team: _resources_pb2.Team
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Team
    def __init__(self, team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ...) -> None: ...

class InvitationCreated(_message.Message):
    __slots__ = ("invitation", "changed_paths", "previous")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Invitation
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ...) -> None: ...

class InvitationUpdated(_message.Message):
    __slots__ = ("invitation", "changed_paths", "previous")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Invitation
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ...) -> None: ...

class InvitationDeleted(_message.Message):
    __slots__ = ("invitation", "changed_paths", "previous")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Invitation
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ...) -> None: ...

class InvitationUndeleted(_message.Message):
    __slots__ = ("invitation", "changed_paths", "previous")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Invitation
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ...) -> None: ...

class SessionCreated(_message.Message):
    __slots__ = ("session", "changed_paths", "previous")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    session: _resources_pb2.Session
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Session
    def __init__(self, session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ...) -> None: ...

class SessionUpdated(_message.Message):
    __slots__ = ("session", "changed_paths", "previous")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    session: _resources_pb2.Session
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Session
    def __init__(self, session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ...) -> None: ...

class SessionDeleted(_message.Message):
    __slots__ = ("session", "changed_paths", "previous")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    session: _resources_pb2.Session
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Session
    def __init__(self, session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ...) -> None: ...

class SessionUndeleted(_message.Message):
    __slots__ = ("session", "changed_paths", "previous")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    session: _resources_pb2.Session
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Session
    def __init__(self, session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ...) -> None: ...

class PasskeyCreated(_message.Message):
    __slots__ = ("passkey", "changed_paths", "previous")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Passkey
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ...) -> None: ...

class PasskeyUpdated(_message.Message):
    __slots__ = ("passkey", "changed_paths", "previous")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Passkey
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ...) -> None: ...

class PasskeyDeleted(_message.Message):
    __slots__ = ("passkey", "changed_paths", "previous")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Passkey
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ...) -> None: ...

class PasskeyUndeleted(_message.Message):
    __slots__ = ("passkey", "changed_paths", "previous")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Passkey
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ...) -> None: ...

class ApiKeyCreated(_message.Message):
    __slots__ = ("api_key", "changed_paths", "previous")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    api_key: _resources_pb2.ApiKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ApiKey
    def __init__(self, api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ...) -> None: ...

class ApiKeyUpdated(_message.Message):
    __slots__ = ("api_key", "changed_paths", "previous")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    api_key: _resources_pb2.ApiKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ApiKey
    def __init__(self, api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ...) -> None: ...

class ApiKeyDeleted(_message.Message):
    __slots__ = ("api_key", "changed_paths", "previous")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    api_key: _resources_pb2.ApiKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ApiKey
    def __init__(self, api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ...) -> None: ...

class ApiKeyUndeleted(_message.Message):
    __slots__ = ("api_key", "changed_paths", "previous")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    api_key: _resources_pb2.ApiKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ApiKey
    def __init__(self, api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ...) -> None: ...

class ImpersonationCreated(_message.Message):
    __slots__ = ("impersonation", "changed_paths", "previous")
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    impersonation: _resources_pb2.Impersonation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Impersonation
    def __init__(self, impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ...) -> None: ...

class ImpersonationUpdated(_message.Message):
    __slots__ = ("impersonation", "changed_paths", "previous")
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    impersonation: _resources_pb2.Impersonation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Impersonation
    def __init__(self, impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ...) -> None: ...

class ImpersonationDeleted(_message.Message):
    __slots__ = ("impersonation", "changed_paths", "previous")
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    impersonation: _resources_pb2.Impersonation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Impersonation
    def __init__(self, impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ...) -> None: ...

class ImpersonationUndeleted(_message.Message):
    __slots__ = ("impersonation", "changed_paths", "previous")
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    impersonation: _resources_pb2.Impersonation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Impersonation
    def __init__(self, impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ...) -> None: ...

class PublishableKeyCreated(_message.Message):
    __slots__ = ("publishable_key", "changed_paths", "previous")
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    publishable_key: _resources_pb2.PublishableKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.PublishableKey
    def __init__(self, publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ...) -> None: ...

class PublishableKeyUpdated(_message.Message):
    __slots__ = ("publishable_key", "changed_paths", "previous")
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    publishable_key: _resources_pb2.PublishableKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.PublishableKey
    def __init__(self, publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ...) -> None: ...

class PublishableKeyDeleted(_message.Message):
    __slots__ = ("publishable_key", "changed_paths", "previous")
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    publishable_key: _resources_pb2.PublishableKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.PublishableKey
    def __init__(self, publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ...) -> None: ...

class PublishableKeyUndeleted(_message.Message):
    __slots__ = ("publishable_key", "changed_paths", "previous")
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    publishable_key: _resources_pb2.PublishableKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.PublishableKey
    def __init__(self, publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ...) -> None: ...

class OauthClientCreated(_message.Message):
    __slots__ = ("oauth_client", "changed_paths", "previous")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.OauthClient
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ...) -> None: ...

class OauthClientUpdated(_message.Message):
    __slots__ = ("oauth_client", "changed_paths", "previous")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.OauthClient
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ...) -> None: ...

class OauthClientDeleted(_message.Message):
    __slots__ = ("oauth_client", "changed_paths", "previous")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.OauthClient
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ...) -> None: ...

class OauthClientUndeleted(_message.Message):
    __slots__ = ("oauth_client", "changed_paths", "previous")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.OauthClient
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ...) -> None: ...

class AuditExportCreated(_message.Message):
    __slots__ = ("audit_export", "changed_paths", "previous")
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    audit_export: _resources_pb2.AuditExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.AuditExport
    def __init__(self, audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ...) -> None: ...

class AuditExportUpdated(_message.Message):
    __slots__ = ("audit_export", "changed_paths", "previous")
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    audit_export: _resources_pb2.AuditExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.AuditExport
    def __init__(self, audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ...) -> None: ...

class AuditExportDeleted(_message.Message):
    __slots__ = ("audit_export", "changed_paths", "previous")
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    audit_export: _resources_pb2.AuditExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.AuditExport
    def __init__(self, audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ...) -> None: ...

class AuditExportUndeleted(_message.Message):
    __slots__ = ("audit_export", "changed_paths", "previous")
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    audit_export: _resources_pb2.AuditExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.AuditExport
    def __init__(self, audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ...) -> None: ...
