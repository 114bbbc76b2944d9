from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UserCreated(_message.Message):
    __slots__ = ("user", "changed_paths", "previous", "inherited")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    inherited: bool
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class UserUpdated(_message.Message):
    __slots__ = ("user", "changed_paths", "previous", "inherited")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    inherited: bool
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class UserDeleted(_message.Message):
    __slots__ = ("user", "changed_paths", "previous", "inherited")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    inherited: bool
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class UserUndeleted(_message.Message):
    __slots__ = ("user", "changed_paths", "previous", "inherited")
    USER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    user: _resources_pb2.User
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.User
    inherited: bool
    def __init__(self, user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CustomRoleCreated(_message.Message):
    __slots__ = ("custom_role", "changed_paths", "previous", "inherited")
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    custom_role: _resources_pb2.CustomRole
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CustomRole
    inherited: bool
    def __init__(self, custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CustomRoleUpdated(_message.Message):
    __slots__ = ("custom_role", "changed_paths", "previous", "inherited")
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    custom_role: _resources_pb2.CustomRole
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CustomRole
    inherited: bool
    def __init__(self, custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CustomRoleDeleted(_message.Message):
    __slots__ = ("custom_role", "changed_paths", "previous", "inherited")
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    custom_role: _resources_pb2.CustomRole
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CustomRole
    inherited: bool
    def __init__(self, custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class CustomRoleUndeleted(_message.Message):
    __slots__ = ("custom_role", "changed_paths", "previous", "inherited")
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    custom_role: _resources_pb2.CustomRole
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.CustomRole
    inherited: bool
    def __init__(self, custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class GroupCreated(_message.Message):
    __slots__ = ("group", "changed_paths", "previous", "inherited")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    group: _resources_pb2.Group
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Group
    inherited: bool
    def __init__(self, group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class GroupUpdated(_message.Message):
    __slots__ = ("group", "changed_paths", "previous", "inherited")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    group: _resources_pb2.Group
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Group
    inherited: bool
    def __init__(self, group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class GroupDeleted(_message.Message):
    __slots__ = ("group", "changed_paths", "previous", "inherited")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    group: _resources_pb2.Group
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Group
    inherited: bool
    def __init__(self, group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class GroupUndeleted(_message.Message):
    __slots__ = ("group", "changed_paths", "previous", "inherited")
    GROUP_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    group: _resources_pb2.Group
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Group
    inherited: bool
    def __init__(self, group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class TeamCreated(_message.Message):
    __slots__ = ("team", "changed_paths", "previous", "inherited")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    team: _resources_pb2.Team
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Team
    inherited: bool
    def __init__(self, team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class TeamUpdated(_message.Message):
    __slots__ = ("team", "changed_paths", "previous", "inherited")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    team: _resources_pb2.Team
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Team
    inherited: bool
    def __init__(self, team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class TeamDeleted(_message.Message):
    __slots__ = ("team", "changed_paths", "previous", "inherited")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    team: _resources_pb2.Team
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Team
    inherited: bool
    def __init__(self, team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class TeamUndeleted(_message.Message):
    __slots__ = ("team", "changed_paths", "previous", "inherited")
    TEAM_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    team: _resources_pb2.Team
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Team
    inherited: bool
    def __init__(self, team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class InvitationCreated(_message.Message):
    __slots__ = ("invitation", "changed_paths", "previous", "inherited")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Invitation
    inherited: bool
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class InvitationUpdated(_message.Message):
    __slots__ = ("invitation", "changed_paths", "previous", "inherited")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Invitation
    inherited: bool
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class InvitationDeleted(_message.Message):
    __slots__ = ("invitation", "changed_paths", "previous", "inherited")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Invitation
    inherited: bool
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class InvitationUndeleted(_message.Message):
    __slots__ = ("invitation", "changed_paths", "previous", "inherited")
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    invitation: _resources_pb2.Invitation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Invitation
    inherited: bool
    def __init__(self, invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SessionCreated(_message.Message):
    __slots__ = ("session", "changed_paths", "previous", "inherited")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    session: _resources_pb2.Session
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Session
    inherited: bool
    def __init__(self, session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SessionUpdated(_message.Message):
    __slots__ = ("session", "changed_paths", "previous", "inherited")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    session: _resources_pb2.Session
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Session
    inherited: bool
    def __init__(self, session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SessionDeleted(_message.Message):
    __slots__ = ("session", "changed_paths", "previous", "inherited")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    session: _resources_pb2.Session
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Session
    inherited: bool
    def __init__(self, session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class SessionUndeleted(_message.Message):
    __slots__ = ("session", "changed_paths", "previous", "inherited")
    SESSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    session: _resources_pb2.Session
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Session
    inherited: bool
    def __init__(self, session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class PasskeyCreated(_message.Message):
    __slots__ = ("passkey", "changed_paths", "previous", "inherited")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Passkey
    inherited: bool
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class PasskeyUpdated(_message.Message):
    __slots__ = ("passkey", "changed_paths", "previous", "inherited")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Passkey
    inherited: bool
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class PasskeyDeleted(_message.Message):
    __slots__ = ("passkey", "changed_paths", "previous", "inherited")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Passkey
    inherited: bool
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class PasskeyUndeleted(_message.Message):
    __slots__ = ("passkey", "changed_paths", "previous", "inherited")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Passkey
    inherited: bool
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ApiKeyCreated(_message.Message):
    __slots__ = ("api_key", "changed_paths", "previous", "inherited")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    api_key: _resources_pb2.ApiKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ApiKey
    inherited: bool
    def __init__(self, api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ApiKeyUpdated(_message.Message):
    __slots__ = ("api_key", "changed_paths", "previous", "inherited")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    api_key: _resources_pb2.ApiKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ApiKey
    inherited: bool
    def __init__(self, api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ApiKeyDeleted(_message.Message):
    __slots__ = ("api_key", "changed_paths", "previous", "inherited")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    api_key: _resources_pb2.ApiKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ApiKey
    inherited: bool
    def __init__(self, api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ApiKeyUndeleted(_message.Message):
    __slots__ = ("api_key", "changed_paths", "previous", "inherited")
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    api_key: _resources_pb2.ApiKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.ApiKey
    inherited: bool
    def __init__(self, api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ImpersonationCreated(_message.Message):
    __slots__ = ("impersonation", "changed_paths", "previous", "inherited")
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    impersonation: _resources_pb2.Impersonation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Impersonation
    inherited: bool
    def __init__(self, impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ImpersonationUpdated(_message.Message):
    __slots__ = ("impersonation", "changed_paths", "previous", "inherited")
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    impersonation: _resources_pb2.Impersonation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Impersonation
    inherited: bool
    def __init__(self, impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ImpersonationDeleted(_message.Message):
    __slots__ = ("impersonation", "changed_paths", "previous", "inherited")
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    impersonation: _resources_pb2.Impersonation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Impersonation
    inherited: bool
    def __init__(self, impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class ImpersonationUndeleted(_message.Message):
    __slots__ = ("impersonation", "changed_paths", "previous", "inherited")
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    impersonation: _resources_pb2.Impersonation
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.Impersonation
    inherited: bool
    def __init__(self, impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class PublishableKeyCreated(_message.Message):
    __slots__ = ("publishable_key", "changed_paths", "previous", "inherited")
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    publishable_key: _resources_pb2.PublishableKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.PublishableKey
    inherited: bool
    def __init__(self, publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class PublishableKeyUpdated(_message.Message):
    __slots__ = ("publishable_key", "changed_paths", "previous", "inherited")
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    publishable_key: _resources_pb2.PublishableKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.PublishableKey
    inherited: bool
    def __init__(self, publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class PublishableKeyDeleted(_message.Message):
    __slots__ = ("publishable_key", "changed_paths", "previous", "inherited")
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    publishable_key: _resources_pb2.PublishableKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.PublishableKey
    inherited: bool
    def __init__(self, publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class PublishableKeyUndeleted(_message.Message):
    __slots__ = ("publishable_key", "changed_paths", "previous", "inherited")
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    publishable_key: _resources_pb2.PublishableKey
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.PublishableKey
    inherited: bool
    def __init__(self, publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class OauthClientCreated(_message.Message):
    __slots__ = ("oauth_client", "changed_paths", "previous", "inherited")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.OauthClient
    inherited: bool
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class OauthClientUpdated(_message.Message):
    __slots__ = ("oauth_client", "changed_paths", "previous", "inherited")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.OauthClient
    inherited: bool
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class OauthClientDeleted(_message.Message):
    __slots__ = ("oauth_client", "changed_paths", "previous", "inherited")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.OauthClient
    inherited: bool
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class OauthClientUndeleted(_message.Message):
    __slots__ = ("oauth_client", "changed_paths", "previous", "inherited")
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    oauth_client: _resources_pb2.OauthClient
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.OauthClient
    inherited: bool
    def __init__(self, oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class IdentityProviderCreated(_message.Message):
    __slots__ = ("identity_provider", "changed_paths", "previous", "inherited")
    IDENTITY_PROVIDER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    identity_provider: _resources_pb2.IdentityProvider
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.IdentityProvider
    inherited: bool
    def __init__(self, identity_provider: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class IdentityProviderUpdated(_message.Message):
    __slots__ = ("identity_provider", "changed_paths", "previous", "inherited")
    IDENTITY_PROVIDER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    identity_provider: _resources_pb2.IdentityProvider
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.IdentityProvider
    inherited: bool
    def __init__(self, identity_provider: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class IdentityProviderDeleted(_message.Message):
    __slots__ = ("identity_provider", "changed_paths", "previous", "inherited")
    IDENTITY_PROVIDER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    identity_provider: _resources_pb2.IdentityProvider
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.IdentityProvider
    inherited: bool
    def __init__(self, identity_provider: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class IdentityProviderUndeleted(_message.Message):
    __slots__ = ("identity_provider", "changed_paths", "previous", "inherited")
    IDENTITY_PROVIDER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    identity_provider: _resources_pb2.IdentityProvider
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.IdentityProvider
    inherited: bool
    def __init__(self, identity_provider: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class UpstreamLinkCreated(_message.Message):
    __slots__ = ("upstream_link", "changed_paths", "previous", "inherited")
    UPSTREAM_LINK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    upstream_link: _resources_pb2.UpstreamLink
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.UpstreamLink
    inherited: bool
    def __init__(self, upstream_link: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class UpstreamLinkUpdated(_message.Message):
    __slots__ = ("upstream_link", "changed_paths", "previous", "inherited")
    UPSTREAM_LINK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    upstream_link: _resources_pb2.UpstreamLink
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.UpstreamLink
    inherited: bool
    def __init__(self, upstream_link: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class UpstreamLinkDeleted(_message.Message):
    __slots__ = ("upstream_link", "changed_paths", "previous", "inherited")
    UPSTREAM_LINK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    upstream_link: _resources_pb2.UpstreamLink
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.UpstreamLink
    inherited: bool
    def __init__(self, upstream_link: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class UpstreamLinkUndeleted(_message.Message):
    __slots__ = ("upstream_link", "changed_paths", "previous", "inherited")
    UPSTREAM_LINK_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    upstream_link: _resources_pb2.UpstreamLink
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.UpstreamLink
    inherited: bool
    def __init__(self, upstream_link: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class AuditExportCreated(_message.Message):
    __slots__ = ("audit_export", "changed_paths", "previous", "inherited")
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    audit_export: _resources_pb2.AuditExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.AuditExport
    inherited: bool
    def __init__(self, audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class AuditExportUpdated(_message.Message):
    __slots__ = ("audit_export", "changed_paths", "previous", "inherited")
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    audit_export: _resources_pb2.AuditExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.AuditExport
    inherited: bool
    def __init__(self, audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class AuditExportDeleted(_message.Message):
    __slots__ = ("audit_export", "changed_paths", "previous", "inherited")
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    audit_export: _resources_pb2.AuditExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.AuditExport
    inherited: bool
    def __init__(self, audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...

class AuditExportUndeleted(_message.Message):
    __slots__ = ("audit_export", "changed_paths", "previous", "inherited")
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    INHERITED_FIELD_NUMBER: _ClassVar[int]
    audit_export: _resources_pb2.AuditExport
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    previous: _resources_pb2.AuditExport
    inherited: bool
    def __init__(self, audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., changed_paths: _Optional[_Iterable[str]] = ..., previous: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., inherited: _Optional[bool] = ...) -> None: ...
