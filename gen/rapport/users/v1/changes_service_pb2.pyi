from buf.validate import validate_pb2 as _validate_pb2
from rapport.mesh.v1 import changes_pb2 as _changes_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.users.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReadUserChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class UserChange(_message.Message):
    __slots__ = ("kind", "user", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    user: _resources_pb2.User
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., user: _Optional[_Union[_resources_pb2.User, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadCustomRoleChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class CustomRoleChange(_message.Message):
    __slots__ = ("kind", "custom_role", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CUSTOM_ROLE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    custom_role: _resources_pb2.CustomRole
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., custom_role: _Optional[_Union[_resources_pb2.CustomRole, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadGroupChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class GroupChange(_message.Message):
    __slots__ = ("kind", "group", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    group: _resources_pb2.Group
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., group: _Optional[_Union[_resources_pb2.Group, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadTeamChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class TeamChange(_message.Message):
    __slots__ = ("kind", "team", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEAM_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    team: _resources_pb2.Team
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., team: _Optional[_Union[_resources_pb2.Team, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadInvitationChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class InvitationChange(_message.Message):
    __slots__ = ("kind", "invitation", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    INVITATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    invitation: _resources_pb2.Invitation
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., invitation: _Optional[_Union[_resources_pb2.Invitation, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadSessionChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class SessionChange(_message.Message):
    __slots__ = ("kind", "session", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    session: _resources_pb2.Session
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., session: _Optional[_Union[_resources_pb2.Session, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadPasskeyChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class PasskeyChange(_message.Message):
    __slots__ = ("kind", "passkey", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    passkey: _resources_pb2.Passkey
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadApiKeyChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ApiKeyChange(_message.Message):
    __slots__ = ("kind", "api_key", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    API_KEY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    api_key: _resources_pb2.ApiKey
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., api_key: _Optional[_Union[_resources_pb2.ApiKey, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadImpersonationChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ImpersonationChange(_message.Message):
    __slots__ = ("kind", "impersonation", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    IMPERSONATION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    impersonation: _resources_pb2.Impersonation
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., impersonation: _Optional[_Union[_resources_pb2.Impersonation, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadPublishableKeyChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class PublishableKeyChange(_message.Message):
    __slots__ = ("kind", "publishable_key", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    PUBLISHABLE_KEY_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    publishable_key: _resources_pb2.PublishableKey
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., publishable_key: _Optional[_Union[_resources_pb2.PublishableKey, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadOauthClientChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class OauthClientChange(_message.Message):
    __slots__ = ("kind", "oauth_client", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    OAUTH_CLIENT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    oauth_client: _resources_pb2.OauthClient
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., oauth_client: _Optional[_Union[_resources_pb2.OauthClient, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadIdentityProviderChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class IdentityProviderChange(_message.Message):
    __slots__ = ("kind", "identity_provider", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROVIDER_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    identity_provider: _resources_pb2.IdentityProvider
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., identity_provider: _Optional[_Union[_resources_pb2.IdentityProvider, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadUpstreamLinkChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class UpstreamLinkChange(_message.Message):
    __slots__ = ("kind", "upstream_link", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    UPSTREAM_LINK_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    upstream_link: _resources_pb2.UpstreamLink
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., upstream_link: _Optional[_Union[_resources_pb2.UpstreamLink, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...

class ReadAuditExportChangesRequest(_message.Message):
    __slots__ = ("cursor", "ids")
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    IDS_FIELD_NUMBER: _ClassVar[int]
    cursor: str
    ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, cursor: _Optional[str] = ..., ids: _Optional[_Iterable[str]] = ...) -> None: ...

class AuditExportChange(_message.Message):
    __slots__ = ("kind", "audit_export", "sequence", "changed_paths", "cursor")
    KIND_FIELD_NUMBER: _ClassVar[int]
    AUDIT_EXPORT_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    kind: _changes_pb2.ChangeKind
    audit_export: _resources_pb2.AuditExport
    sequence: int
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    cursor: str
    def __init__(self, kind: _Optional[_Union[_changes_pb2.ChangeKind, str]] = ..., audit_export: _Optional[_Union[_resources_pb2.AuditExport, _Mapping]] = ..., sequence: _Optional[int] = ..., changed_paths: _Optional[_Iterable[str]] = ..., cursor: _Optional[str] = ...) -> None: ...
