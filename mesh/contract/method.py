"""One RPC as its contract describes it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.descriptor import MethodDescriptor
    from google.protobuf.message import Message

    from mesh.contract.reasons import Reason
    from mesh.contract.resource import ResourceContract


class AccessKind(enum.Enum):
    """Who may call; the values are the names of the fields of `MethodPolicy.access`."""

    PERMISSION = "permission"
    SELF = "self"
    SERVICE = "service"
    CAPABILITY = "capability"
    PUBLISHABLE_KEY = "publishable_key"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call: the kind, with the permission, the peers or the capability it names.

    scope: by which an OAuth client reaches a method that is about whom it works for.
    """

    kind: AccessKind
    permission: str = ""
    peers: frozenset[str] = frozenset()
    capability: str = ""
    scope: str = ""

    @property
    def public(self) -> bool:
        """Whether the edge routes to the method."""
        return self.kind is not AccessKind.SERVICE


@dataclass(frozen=True, slots=True)
class Assurance:
    """What the caller's session must have proven: its `level`, and the last proof `within` so many seconds; 0: ever."""

    level: int
    within: float


class Idempotency(enum.Enum):
    """The standard `idempotency_level`."""

    UNKNOWN = 0
    NO_SIDE_EFFECTS = 1
    IDEMPOTENT = 2


class DoorErrors(enum.Enum):
    """How failures read that leave through an HTTP door; the values are those of `policy.v1.DoorErrors`."""

    STATUS = 0
    SCIM = 1


class Verb(enum.Enum):
    """The standard methods (AIP-131 to AIP-135, AIP-164, AIP-231 to AIP-234)."""

    GET = "Get"
    LIST = "List"
    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"
    UNDELETE = "Undelete"
    BATCH_GET = "BatchGet"
    BATCH_CREATE = "BatchCreate"
    BATCH_UPDATE = "BatchUpdate"
    COUNT = "Count"


@dataclass(frozen=True, slots=True)
class HttpRoute:
    """One `google.api.http` binding: `verb` in upper case, path `template`, and `body` (a field, `*` or nothing)."""

    verb: str
    template: str
    body: str


@dataclass(frozen=True, slots=True)
class StandardMethod:
    """That a method is a standard one, on which resource, and the field that carries the resource or its list."""

    verb: Verb
    resource: ResourceContract
    field: str


@dataclass(frozen=True, slots=True)
class MethodContract:
    """Everything the mesh derives from one method. `deadline` is in seconds; `package` is `rapport.<service>.v1`."""

    descriptor: MethodDescriptor = field(repr=False)
    package: str
    service: str
    area: str
    name: str
    request: type[Message]
    reply: type[Message]
    client_streaming: bool
    server_streaming: bool
    access: Access
    deadline: float
    idempotency: Idempotency
    rate: str
    audit: str
    reasons: Mapping[str, Reason] = field(repr=False)
    own_reasons: tuple[str, ...]
    fresh: bool
    http_door: bool
    routes: tuple[HttpRoute, ...]
    standard: StandardMethod | None
    largest_body: int = 0
    mints: str = ""
    assurance: Assurance | None = None
    in_person: bool = False
    door_errors: DoorErrors = DoorErrors.STATUS

    @property
    def path(self) -> str:
        """The HTTP/2 path, as in `/rapport.customers.v1.ContactService/GetContact`."""
        return f"/{self.area}/{self.name}"

    @property
    def full_name(self) -> str:
        """The path without its leading slash, as grpcurl takes it."""
        return f"{self.area}/{self.name}"

    @property
    def reads_only(self) -> bool:
        """Whether the method is declared free of side effects."""
        return self.idempotency is Idempotency.NO_SIDE_EFFECTS

    @property
    def retried(self) -> bool:
        """Whether a call may be sent again on UNAVAILABLE: it has no side effects, or repeats them without harm."""
        return self.reads_only or self.idempotency is Idempotency.IDEMPOTENT or self.takes_request_id

    @property
    def takes_request_id(self) -> bool:
        """Whether the request carries a `request_id` (AIP-155)."""
        return "request_id" in self.request.DESCRIPTOR.fields_by_name
