import datetime

from buf.validate import validate_pb2 as _validate_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.type import dayofweek_pb2 as _dayofweek_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Scope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCOPE_UNSPECIFIED: _ClassVar[Scope]
    SCOPE_OWN: _ClassVar[Scope]
    SCOPE_TEAM: _ClassVar[Scope]
    SCOPE_ALL: _ClassVar[Scope]
SCOPE_UNSPECIFIED: Scope
SCOPE_OWN: Scope
SCOPE_TEAM: Scope
SCOPE_ALL: Scope

class LookUpPrincipalRequest(_message.Message):
    __slots__ = ("principal_id",)
    PRINCIPAL_ID_FIELD_NUMBER: _ClassVar[int]
    principal_id: str
    def __init__(self, principal_id: _Optional[str] = ...) -> None: ...

class LookUpPrincipalResponse(_message.Message):
    __slots__ = ("tenant", "principal")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    tenant: DirectoryTenant
    principal: DirectoryPrincipal
    def __init__(self, tenant: _Optional[_Union[DirectoryTenant, _Mapping]] = ..., principal: _Optional[_Union[DirectoryPrincipal, _Mapping]] = ...) -> None: ...

class DirectoryTenant(_message.Message):
    __slots__ = ("id", "time_zone", "currency_code", "active", "limits", "locale", "region_code", "week_start", "fiscal_year_start", "suspended", "session_idle", "session_life")
    ID_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_CODE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    REGION_CODE_FIELD_NUMBER: _ClassVar[int]
    WEEK_START_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_START_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    SESSION_IDLE_FIELD_NUMBER: _ClassVar[int]
    SESSION_LIFE_FIELD_NUMBER: _ClassVar[int]
    id: str
    time_zone: str
    currency_code: str
    active: bool
    limits: _containers.RepeatedCompositeFieldContainer[RateLimit]
    locale: str
    region_code: str
    week_start: _dayofweek_pb2.DayOfWeek
    fiscal_year_start: int
    suspended: bool
    session_idle: _duration_pb2.Duration
    session_life: _duration_pb2.Duration
    def __init__(self, id: _Optional[str] = ..., time_zone: _Optional[str] = ..., currency_code: _Optional[str] = ..., active: _Optional[bool] = ..., limits: _Optional[_Iterable[_Union[RateLimit, _Mapping]]] = ..., locale: _Optional[str] = ..., region_code: _Optional[str] = ..., week_start: _Optional[_Union[_dayofweek_pb2.DayOfWeek, str]] = ..., fiscal_year_start: _Optional[int] = ..., suspended: _Optional[bool] = ..., session_idle: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ..., session_life: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class RateLimit(_message.Message):
    __slots__ = ("rate_class", "per_minute", "burst")
    RATE_CLASS_FIELD_NUMBER: _ClassVar[int]
    PER_MINUTE_FIELD_NUMBER: _ClassVar[int]
    BURST_FIELD_NUMBER: _ClassVar[int]
    rate_class: _policy_pb2.RateClass
    per_minute: int
    burst: int
    def __init__(self, rate_class: _Optional[_Union[_policy_pb2.RateClass, str]] = ..., per_minute: _Optional[int] = ..., burst: _Optional[int] = ...) -> None: ...

class DirectoryPrincipal(_message.Message):
    __slots__ = ("id", "active", "session_epoch", "grants", "team_id", "team_ids", "origins", "user_id", "ended_session_ids", "actor_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    SESSION_EPOCH_FIELD_NUMBER: _ClassVar[int]
    GRANTS_FIELD_NUMBER: _ClassVar[int]
    TEAM_ID_FIELD_NUMBER: _ClassVar[int]
    TEAM_IDS_FIELD_NUMBER: _ClassVar[int]
    ORIGINS_FIELD_NUMBER: _ClassVar[int]
    USER_ID_FIELD_NUMBER: _ClassVar[int]
    ENDED_SESSION_IDS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    active: bool
    session_epoch: int
    grants: _containers.RepeatedCompositeFieldContainer[Grant]
    team_id: str
    team_ids: _containers.RepeatedScalarFieldContainer[str]
    origins: _containers.RepeatedScalarFieldContainer[str]
    user_id: str
    ended_session_ids: _containers.RepeatedScalarFieldContainer[str]
    actor_id: str
    def __init__(self, id: _Optional[str] = ..., active: _Optional[bool] = ..., session_epoch: _Optional[int] = ..., grants: _Optional[_Iterable[_Union[Grant, _Mapping]]] = ..., team_id: _Optional[str] = ..., team_ids: _Optional[_Iterable[str]] = ..., origins: _Optional[_Iterable[str]] = ..., user_id: _Optional[str] = ..., ended_session_ids: _Optional[_Iterable[str]] = ..., actor_id: _Optional[str] = ...) -> None: ...

class ListTenantsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListTenantsResponse(_message.Message):
    __slots__ = ("tenants", "next_page_token")
    TENANTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    tenants: _containers.RepeatedCompositeFieldContainer[DirectoryTenant]
    next_page_token: str
    def __init__(self, tenants: _Optional[_Iterable[_Union[DirectoryTenant, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Grant(_message.Message):
    __slots__ = ("permission", "scope")
    PERMISSION_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    permission: str
    scope: Scope
    def __init__(self, permission: _Optional[str] = ..., scope: _Optional[_Union[Scope, str]] = ...) -> None: ...
