import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.api import resource_pb2 as _resource_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.type import dayofweek_pb2 as _dayofweek_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.type.v1 import field_change_pb2 as _field_change_pb2
from rapport.type.v1 import job_pb2 as _job_pb2
from rapport.users.v1 import directory_service_pb2 as _directory_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_OWNER: _ClassVar[Role]
    ROLE_MEMBER: _ClassVar[Role]
    ROLE_VIEWER: _ClassVar[Role]
ROLE_UNSPECIFIED: Role
ROLE_OWNER: Role
ROLE_MEMBER: Role
ROLE_VIEWER: Role

class Tenant(_message.Message):
    __slots__ = ("id", "slug", "display_name", "time_zone", "currency_code", "create_time", "etag", "update_time", "locale", "region_code", "week_start", "fiscal_year_start", "state", "delete_time", "purge_time")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Tenant.State]
        STATE_ACTIVE: _ClassVar[Tenant.State]
        STATE_DELETING: _ClassVar[Tenant.State]
        STATE_SUSPENDED: _ClassVar[Tenant.State]
        STATE_DELETED: _ClassVar[Tenant.State]
    STATE_UNSPECIFIED: Tenant.State
    STATE_ACTIVE: Tenant.State
    STATE_DELETING: Tenant.State
    STATE_SUSPENDED: Tenant.State
    STATE_DELETED: Tenant.State
    ID_FIELD_NUMBER: _ClassVar[int]
    SLUG_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    REGION_CODE_FIELD_NUMBER: _ClassVar[int]
    WEEK_START_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_START_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    PURGE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    slug: str
    display_name: str
    time_zone: str
    currency_code: str
    create_time: _timestamp_pb2.Timestamp
    etag: str
    update_time: _timestamp_pb2.Timestamp
    locale: str
    region_code: str
    week_start: _dayofweek_pb2.DayOfWeek
    fiscal_year_start: int
    state: Tenant.State
    delete_time: _timestamp_pb2.Timestamp
    purge_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., slug: _Optional[str] = ..., display_name: _Optional[str] = ..., time_zone: _Optional[str] = ..., currency_code: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., etag: _Optional[str] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., locale: _Optional[str] = ..., region_code: _Optional[str] = ..., week_start: _Optional[_Union[_dayofweek_pb2.DayOfWeek, str]] = ..., fiscal_year_start: _Optional[int] = ..., state: _Optional[_Union[Tenant.State, str]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., purge_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class User(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "email", "display_name", "role", "team_id", "manager_id", "state", "delete_time", "role_ids", "pending_email", "pending_email_expire_time", "group_ids", "kind", "external_id", "user_name", "given_name", "family_name")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[User.Kind]
        KIND_PERSON: _ClassVar[User.Kind]
        KIND_PROGRAM: _ClassVar[User.Kind]
    KIND_UNSPECIFIED: User.Kind
    KIND_PERSON: User.Kind
    KIND_PROGRAM: User.Kind
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[User.State]
        STATE_ACTIVE: _ClassVar[User.State]
        STATE_INACTIVE: _ClassVar[User.State]
        STATE_SUSPENDED: _ClassVar[User.State]
    STATE_UNSPECIFIED: User.State
    STATE_ACTIVE: User.State
    STATE_INACTIVE: User.State
    STATE_SUSPENDED: User.State
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    TEAM_ID_FIELD_NUMBER: _ClassVar[int]
    MANAGER_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    ROLE_IDS_FIELD_NUMBER: _ClassVar[int]
    PENDING_EMAIL_FIELD_NUMBER: _ClassVar[int]
    PENDING_EMAIL_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    GROUP_IDS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    USER_NAME_FIELD_NUMBER: _ClassVar[int]
    GIVEN_NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    email: str
    display_name: str
    role: Role
    team_id: str
    manager_id: str
    state: User.State
    delete_time: _timestamp_pb2.Timestamp
    role_ids: _containers.RepeatedScalarFieldContainer[str]
    pending_email: str
    pending_email_expire_time: _timestamp_pb2.Timestamp
    group_ids: _containers.RepeatedScalarFieldContainer[str]
    kind: User.Kind
    external_id: str
    user_name: str
    given_name: str
    family_name: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., email: _Optional[str] = ..., display_name: _Optional[str] = ..., role: _Optional[_Union[Role, str]] = ..., team_id: _Optional[str] = ..., manager_id: _Optional[str] = ..., state: _Optional[_Union[User.State, str]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., role_ids: _Optional[_Iterable[str]] = ..., pending_email: _Optional[str] = ..., pending_email_expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., group_ids: _Optional[_Iterable[str]] = ..., kind: _Optional[_Union[User.Kind, str]] = ..., external_id: _Optional[str] = ..., user_name: _Optional[str] = ..., given_name: _Optional[str] = ..., family_name: _Optional[str] = ...) -> None: ...

class CustomRole(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name", "grants")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    GRANTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    grants: _containers.RepeatedCompositeFieldContainer[_directory_service_pb2.Grant]
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ..., grants: _Optional[_Iterable[_Union[_directory_service_pb2.Grant, _Mapping]]] = ...) -> None: ...

class Group(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name", "role", "role_ids", "external_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    ROLE_IDS_FIELD_NUMBER: _ClassVar[int]
    EXTERNAL_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    role: Role
    role_ids: _containers.RepeatedScalarFieldContainer[str]
    external_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ..., role: _Optional[_Union[Role, str]] = ..., role_ids: _Optional[_Iterable[str]] = ..., external_id: _Optional[str] = ...) -> None: ...

class Team(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name", "parent_id", "manager_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PARENT_ID_FIELD_NUMBER: _ClassVar[int]
    MANAGER_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    parent_id: str
    manager_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ..., parent_id: _Optional[str] = ..., manager_id: _Optional[str] = ...) -> None: ...

class Invitation(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "email", "role", "role_ids", "team_id", "state", "expire_time", "inviter_id", "user_id")
    class State(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STATE_UNSPECIFIED: _ClassVar[Invitation.State]
        STATE_PENDING: _ClassVar[Invitation.State]
        STATE_ACCEPTED: _ClassVar[Invitation.State]
        STATE_REVOKED: _ClassVar[Invitation.State]
        STATE_EXPIRED: _ClassVar[Invitation.State]
    STATE_UNSPECIFIED: Invitation.State
    STATE_PENDING: Invitation.State
    STATE_ACCEPTED: Invitation.State
    STATE_REVOKED: Invitation.State
    STATE_EXPIRED: Invitation.State
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    EMAIL_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    ROLE_IDS_FIELD_NUMBER: _ClassVar[int]
    TEAM_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    INVITER_ID_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    email: str
    role: Role
    role_ids: _containers.RepeatedScalarFieldContainer[str]
    team_id: str
    state: Invitation.State
    expire_time: _timestamp_pb2.Timestamp
    inviter_id: str
    user_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., email: _Optional[str] = ..., role: _Optional[_Union[Role, str]] = ..., role_ids: _Optional[_Iterable[str]] = ..., team_id: _Optional[str] = ..., state: _Optional[_Union[Invitation.State, str]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., inviter_id: _Optional[str] = ..., user_id: _Optional[str] = ...) -> None: ...

class Session(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "user_id", "factors", "assurance_level", "user_agent", "address", "last_seen_time", "expire_time", "end_reason", "client_id", "scopes")
    class EndReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        END_REASON_UNSPECIFIED: _ClassVar[Session.EndReason]
        END_REASON_SIGNED_OUT: _ClassVar[Session.EndReason]
        END_REASON_EXPIRED: _ClassVar[Session.EndReason]
        END_REASON_TOKEN_REUSED: _ClassVar[Session.EndReason]
        END_REASON_REPLACED: _ClassVar[Session.EndReason]
        END_REASON_CREDENTIAL_CHANGED: _ClassVar[Session.EndReason]
    END_REASON_UNSPECIFIED: Session.EndReason
    END_REASON_SIGNED_OUT: Session.EndReason
    END_REASON_EXPIRED: Session.EndReason
    END_REASON_TOKEN_REUSED: Session.EndReason
    END_REASON_REPLACED: Session.EndReason
    END_REASON_CREDENTIAL_CHANGED: Session.EndReason
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    FACTORS_FIELD_NUMBER: _ClassVar[int]
    ASSURANCE_LEVEL_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    END_REASON_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    user_id: str
    factors: _containers.RepeatedCompositeFieldContainer[Factor]
    assurance_level: int
    user_agent: str
    address: str
    last_seen_time: _timestamp_pb2.Timestamp
    expire_time: _timestamp_pb2.Timestamp
    end_reason: Session.EndReason
    client_id: str
    scopes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., user_id: _Optional[str] = ..., factors: _Optional[_Iterable[_Union[Factor, _Mapping]]] = ..., assurance_level: _Optional[int] = ..., user_agent: _Optional[str] = ..., address: _Optional[str] = ..., last_seen_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_reason: _Optional[_Union[Session.EndReason, str]] = ..., client_id: _Optional[str] = ..., scopes: _Optional[_Iterable[str]] = ...) -> None: ...

class Factor(_message.Message):
    __slots__ = ("kind", "verify_time", "user_verified")
    class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KIND_UNSPECIFIED: _ClassVar[Factor.Kind]
        KIND_PASSWORD: _ClassVar[Factor.Kind]
        KIND_TOTP: _ClassVar[Factor.Kind]
        KIND_RECOVERY_CODE: _ClassVar[Factor.Kind]
        KIND_PASSKEY: _ClassVar[Factor.Kind]
        KIND_UPSTREAM: _ClassVar[Factor.Kind]
    KIND_UNSPECIFIED: Factor.Kind
    KIND_PASSWORD: Factor.Kind
    KIND_TOTP: Factor.Kind
    KIND_RECOVERY_CODE: Factor.Kind
    KIND_PASSKEY: Factor.Kind
    KIND_UPSTREAM: Factor.Kind
    KIND_FIELD_NUMBER: _ClassVar[int]
    VERIFY_TIME_FIELD_NUMBER: _ClassVar[int]
    USER_VERIFIED_FIELD_NUMBER: _ClassVar[int]
    kind: Factor.Kind
    verify_time: _timestamp_pb2.Timestamp
    user_verified: bool
    def __init__(self, kind: _Optional[_Union[Factor.Kind, str]] = ..., verify_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., user_verified: _Optional[bool] = ...) -> None: ...

class Passkey(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "user_id", "display_name", "user_verified", "backed_up", "last_use_time", "transports", "model")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    USER_VERIFIED_FIELD_NUMBER: _ClassVar[int]
    BACKED_UP_FIELD_NUMBER: _ClassVar[int]
    LAST_USE_TIME_FIELD_NUMBER: _ClassVar[int]
    TRANSPORTS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    user_id: str
    display_name: str
    user_verified: bool
    backed_up: bool
    last_use_time: _timestamp_pb2.Timestamp
    transports: _containers.RepeatedScalarFieldContainer[str]
    model: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., user_id: _Optional[str] = ..., display_name: _Optional[str] = ..., user_verified: _Optional[bool] = ..., backed_up: _Optional[bool] = ..., last_use_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., transports: _Optional[_Iterable[str]] = ..., model: _Optional[str] = ...) -> None: ...

class ApiKey(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name", "grants", "expire_time", "user_id", "hint", "last_use_time", "rotate_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    GRANTS_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    LAST_USE_TIME_FIELD_NUMBER: _ClassVar[int]
    ROTATE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    grants: _containers.RepeatedCompositeFieldContainer[_directory_service_pb2.Grant]
    expire_time: _timestamp_pb2.Timestamp
    user_id: str
    hint: str
    last_use_time: _timestamp_pb2.Timestamp
    rotate_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ..., grants: _Optional[_Iterable[_Union[_directory_service_pb2.Grant, _Mapping]]] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., user_id: _Optional[str] = ..., hint: _Optional[str] = ..., last_use_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., rotate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Impersonation(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "user_id", "impersonator_id", "reason", "expire_time", "end_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    IMPERSONATOR_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    user_id: str
    impersonator_id: str
    reason: str
    expire_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., user_id: _Optional[str] = ..., impersonator_id: _Optional[str] = ..., reason: _Optional[str] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PublishableKey(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name", "origins", "owner_id", "key")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ORIGINS_FIELD_NUMBER: _ClassVar[int]
    OWNER_ID_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    origins: _containers.RepeatedScalarFieldContainer[str]
    owner_id: str
    key: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ..., origins: _Optional[_Iterable[str]] = ..., owner_id: _Optional[str] = ..., key: _Optional[str] = ...) -> None: ...

class OauthClient(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name", "redirect_uris", "post_logout_redirect_uris", "scopes", "grant_types", "type", "skips_consent", "client_id", "hint", "rotate_time", "jwks")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        TYPE_UNSPECIFIED: _ClassVar[OauthClient.Type]
        TYPE_CONFIDENTIAL: _ClassVar[OauthClient.Type]
        TYPE_PUBLIC: _ClassVar[OauthClient.Type]
    TYPE_UNSPECIFIED: OauthClient.Type
    TYPE_CONFIDENTIAL: OauthClient.Type
    TYPE_PUBLIC: OauthClient.Type
    class GrantType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        GRANT_TYPE_UNSPECIFIED: _ClassVar[OauthClient.GrantType]
        GRANT_TYPE_AUTHORIZATION_CODE: _ClassVar[OauthClient.GrantType]
        GRANT_TYPE_REFRESH_TOKEN: _ClassVar[OauthClient.GrantType]
        GRANT_TYPE_DEVICE_CODE: _ClassVar[OauthClient.GrantType]
    GRANT_TYPE_UNSPECIFIED: OauthClient.GrantType
    GRANT_TYPE_AUTHORIZATION_CODE: OauthClient.GrantType
    GRANT_TYPE_REFRESH_TOKEN: OauthClient.GrantType
    GRANT_TYPE_DEVICE_CODE: OauthClient.GrantType
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    REDIRECT_URIS_FIELD_NUMBER: _ClassVar[int]
    POST_LOGOUT_REDIRECT_URIS_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    GRANT_TYPES_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    SKIPS_CONSENT_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    HINT_FIELD_NUMBER: _ClassVar[int]
    ROTATE_TIME_FIELD_NUMBER: _ClassVar[int]
    JWKS_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    redirect_uris: _containers.RepeatedScalarFieldContainer[str]
    post_logout_redirect_uris: _containers.RepeatedScalarFieldContainer[str]
    scopes: _containers.RepeatedScalarFieldContainer[str]
    grant_types: _containers.RepeatedScalarFieldContainer[OauthClient.GrantType]
    type: OauthClient.Type
    skips_consent: bool
    client_id: str
    hint: str
    rotate_time: _timestamp_pb2.Timestamp
    jwks: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ..., redirect_uris: _Optional[_Iterable[str]] = ..., post_logout_redirect_uris: _Optional[_Iterable[str]] = ..., scopes: _Optional[_Iterable[str]] = ..., grant_types: _Optional[_Iterable[_Union[OauthClient.GrantType, str]]] = ..., type: _Optional[_Union[OauthClient.Type, str]] = ..., skips_consent: _Optional[bool] = ..., client_id: _Optional[str] = ..., hint: _Optional[str] = ..., rotate_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., jwks: _Optional[str] = ...) -> None: ...

class IdentityProvider(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "display_name", "issuer", "client_id", "scopes", "enabled", "domains", "links_by_email", "vouches_for_emails", "vouches_for_mfa", "creates_users", "role", "role_ids", "redirect_uri", "secret_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    DOMAINS_FIELD_NUMBER: _ClassVar[int]
    LINKS_BY_EMAIL_FIELD_NUMBER: _ClassVar[int]
    VOUCHES_FOR_EMAILS_FIELD_NUMBER: _ClassVar[int]
    VOUCHES_FOR_MFA_FIELD_NUMBER: _ClassVar[int]
    CREATES_USERS_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    ROLE_IDS_FIELD_NUMBER: _ClassVar[int]
    REDIRECT_URI_FIELD_NUMBER: _ClassVar[int]
    SECRET_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    display_name: str
    issuer: str
    client_id: str
    scopes: _containers.RepeatedScalarFieldContainer[str]
    enabled: bool
    domains: _containers.RepeatedScalarFieldContainer[str]
    links_by_email: bool
    vouches_for_emails: bool
    vouches_for_mfa: bool
    creates_users: bool
    role: Role
    role_ids: _containers.RepeatedScalarFieldContainer[str]
    redirect_uri: str
    secret_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., display_name: _Optional[str] = ..., issuer: _Optional[str] = ..., client_id: _Optional[str] = ..., scopes: _Optional[_Iterable[str]] = ..., enabled: _Optional[bool] = ..., domains: _Optional[_Iterable[str]] = ..., links_by_email: _Optional[bool] = ..., vouches_for_emails: _Optional[bool] = ..., vouches_for_mfa: _Optional[bool] = ..., creates_users: _Optional[bool] = ..., role: _Optional[_Union[Role, str]] = ..., role_ids: _Optional[_Iterable[str]] = ..., redirect_uri: _Optional[str] = ..., secret_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class UpstreamLink(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "delete_time", "user_id", "identity_provider_id", "last_use_time")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    DELETE_TIME_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    LAST_USE_TIME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    delete_time: _timestamp_pb2.Timestamp
    user_id: str
    identity_provider_id: str
    last_use_time: _timestamp_pb2.Timestamp
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., delete_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., user_id: _Optional[str] = ..., identity_provider_id: _Optional[str] = ..., last_use_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class AuditEntry(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "action", "method", "principal_id", "actor_id", "resource", "changed_paths", "position", "digest", "request_id", "address", "user_agent", "changes", "origin_digest", "origin_salt")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    RESOURCE_FIELD_NUMBER: _ClassVar[int]
    CHANGED_PATHS_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    USER_AGENT_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_SALT_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    action: str
    method: str
    principal_id: str
    actor_id: str
    resource: str
    changed_paths: _containers.RepeatedScalarFieldContainer[str]
    position: int
    digest: bytes
    request_id: str
    address: str
    user_agent: str
    changes: _containers.RepeatedCompositeFieldContainer[_field_change_pb2.FieldChange]
    origin_digest: bytes
    origin_salt: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., action: _Optional[str] = ..., method: _Optional[str] = ..., principal_id: _Optional[str] = ..., actor_id: _Optional[str] = ..., resource: _Optional[str] = ..., changed_paths: _Optional[_Iterable[str]] = ..., position: _Optional[int] = ..., digest: _Optional[bytes] = ..., request_id: _Optional[str] = ..., address: _Optional[str] = ..., user_agent: _Optional[str] = ..., changes: _Optional[_Iterable[_Union[_field_change_pb2.FieldChange, _Mapping]]] = ..., origin_digest: _Optional[bytes] = ..., origin_salt: _Optional[str] = ...) -> None: ...

class AuditExport(_message.Message):
    __slots__ = ("id", "etag", "create_time", "update_time", "filter", "format", "job", "size", "expire_time", "creator_id", "parts", "file_name")
    class Format(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        FORMAT_UNSPECIFIED: _ClassVar[AuditExport.Format]
        FORMAT_CSV: _ClassVar[AuditExport.Format]
        FORMAT_JSON_LINES: _ClassVar[AuditExport.Format]
    FORMAT_UNSPECIFIED: AuditExport.Format
    FORMAT_CSV: AuditExport.Format
    FORMAT_JSON_LINES: AuditExport.Format
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    JOB_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    CREATOR_ID_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    filter: str
    format: AuditExport.Format
    job: _job_pb2.Job
    size: int
    expire_time: _timestamp_pb2.Timestamp
    creator_id: str
    parts: _containers.RepeatedCompositeFieldContainer[AuditFilePart]
    file_name: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., filter: _Optional[str] = ..., format: _Optional[_Union[AuditExport.Format, str]] = ..., job: _Optional[_Union[_job_pb2.Job, _Mapping]] = ..., size: _Optional[int] = ..., expire_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., creator_id: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[AuditFilePart, _Mapping]]] = ..., file_name: _Optional[str] = ...) -> None: ...

class AuditFilePart(_message.Message):
    __slots__ = ("number", "size", "digest")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    number: int
    size: int
    digest: str
    def __init__(self, number: _Optional[int] = ..., size: _Optional[int] = ..., digest: _Optional[str] = ...) -> None: ...
