"""The links of the chain that a call passes before its handler, in the order of `LINKS`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from mesh.contract.after import AFTER_HEADER
from mesh.contract.catalog import all_services, load_service
from mesh.contract.failure import Failure
from mesh.contract.keys import KEY_HEADER, tenant_of
from mesh.contract.method import AccessKind
from mesh.contract.rights import breadth
from mesh.runtime.client import ACTOR_HEADER, TENANT_HEADER
from mesh.runtime.identity import ANONYMOUS, Identity, Kind, service_identity
from mesh.runtime.roles import PACK
from mesh.runtime.tracing import TRACE_HEADER, traceparent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import grpc

    from mesh.contract.method import Assurance, MethodContract
    from mesh.runtime.call import Call
    from mesh.runtime.directory import Directory, Entry
    from mesh.runtime.tokens import TokenVerifier

LINKS = (
    "telemetry", "errors", "drain", "admission", "deadline", "identity", "rate", "authorise", "validate", "idempotency",
)  # fmt: skip

# Read once: every call passes here, and reading a member from its enum is not free.
_ANONYMOUS, _SERVICE, _CAPABILITY = AccessKind.ANONYMOUS, AccessKind.SERVICE, AccessKind.CAPABILITY
_PUBLISHABLE_KEY, _PERMISSION = AccessKind.PUBLISHABLE_KEY, AccessKind.PERMISSION
_USER, _PUBLISHABLE = Kind.USER, Kind.PUBLISHABLE
_BEARER = "Bearer "
# Made by the edge for every request that passes it, and told to its caller.
REQUEST_HEADER = "x-request-id"


def deadline(method: MethodContract, context: grpc.ServicerContext) -> float:
    """When a call ends, on the monotonic clock: the caller's deadline, or the contract's where that is sooner."""
    left = context.time_remaining()
    limit = method.deadline
    return time.monotonic() + (limit if left is None or left > limit else left)


class IdentityLink:
    """Finds out who calls, from the bearer token or from the peer's SPIFFE id, and from nothing else."""

    def __init__(self, verifier: TokenVerifier, trust_domain: str, new_trace: Callable[[str], str]) -> None:
        self._verifier = verifier
        self._prefix = f"spiffe://{trust_domain}/"
        self._edge = f"{self._prefix}edge"
        self._services = frozenset(all_services())
        self._new_trace = new_trace

    def __call__(self, call: Call, context: grpc.ServicerContext) -> None:
        """Set the identity and the trace of a call.

        Raises:
            Failure: UNAUTHENTICATED.
        """
        pairs: Any = context.invocation_metadata()
        call.headers = headers = dict(pairs)
        call.outside = call.peer == self._edge
        given = headers.get(TRACE_HEADER)
        call.trace = (given and traceparent(given)) or self._new_trace(headers.get(REQUEST_HEADER, ""))
        call.after = headers.get(AFTER_HEADER, "")
        access = call.contract.access.kind
        authorization = headers.get("authorization", "")
        if access is _ANONYMOUS:
            call.identity = ANONYMOUS
        elif access is _CAPABILITY:
            self._holder(call)
        elif access is _PUBLISHABLE_KEY:
            call.origin = headers.get("origin", "")
            call.identity = _publishable(headers.get(KEY_HEADER, ""))
        elif authorization and access is not _SERVICE:
            if not authorization.startswith(_BEARER):
                raise Failure("UNAUTHENTICATED")
            call.identity = self._verifier.verify(authorization[len(_BEARER) :])
            call.authorization = authorization
        else:
            call.identity = self._peer(call, headers)

    def _holder(self, call: Call) -> None:
        """Who holds a capability; what it is for is checked by the contract that names its kind."""
        environment = call.environment
        token: str = getattr(call.request, "token", "")
        call.hold(environment.capabilities.check(call.contract.access.capability, token, environment.clock.now_us()))

    def _peer(self, call: Call, headers: Mapping[str, str]) -> Identity:
        """The service at the other end; its word on tenant and actor counts, nobody else's does.

        Whom a contract names as a peer may also be no service, as the operator is; `*` stands for services alone. A
        process of all services is whichever of them may call.
        """
        name = call.peer.removeprefix(self._prefix)
        if name == PACK:
            name = next((peer for peer in call.contract.access.peers if peer in self._services), call.contract.service)
        if name not in self._services and name not in call.contract.access.peers:
            raise Failure("UNAUTHENTICATED")
        return service_identity(name, headers.get(TENANT_HEADER, ""), headers.get(ACTOR_HEADER, ""))


def _publishable(key: str) -> Identity:
    """Whom a publishable key says it is of; whether it is one, the directory knows.

    Raises:
        Failure: UNAUTHENTICATED.
    """
    tenant = tenant_of(key)
    if not tenant:
        raise Failure("UNAUTHENTICATED")
    return Identity(tenant=tenant, principal=key, kind=Kind.PUBLISHABLE)


class AuthoriseLink:
    """Decides without a statement whether the principal may do this. Which rows it sees is the store's part."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def __call__(self, call: Call, context: grpc.ServicerContext) -> None:
        """Let the call pass.

        Raises:
            Failure: UNAUTHENTICATED for a principal that may not work any more, TENANT_SUSPENDED for one of a tenant
                that is suspended and for its links, IN_PERSON_ONLY for what is not done in another's place, else
                PERMISSION_DENIED.
        """
        del context
        access, identity = call.contract.access, call.identity
        if access.kind is _ANONYMOUS:
            return
        if access.kind is _SERVICE:
            if "*" not in access.peers and identity.principal.removeprefix("service:") not in access.peers:
                raise Failure("PERMISSION_DENIED")
            return
        if access.kind is _CAPABILITY:
            # The token is the right, and the identity link has checked it; it rests while its tenant does.
            _check_tenant(self._directory.find(identity.tenant, identity.tenant))
            return
        wanted = _PUBLISHABLE if access.kind is _PUBLISHABLE_KEY else _USER
        if identity.kind is not wanted:
            raise Failure("PERMISSION_DENIED")
        entry = call.entry = self._entry(call)
        _check_standing(call, entry)
        if access.kind is _PUBLISHABLE_KEY:
            _check_origin(call, entry)
        elif access.kind is _PERMISSION:
            _check_grant(call, entry)
        elif identity.client and access.scope not in identity.only:
            # What is somebody's own is no program's that works for them, unless its contract names a scope for it.
            raise Failure("PERMISSION_DENIED")
        if call.contract.assurance is not None:
            _check_assurance(call, call.contract.assurance, entry)

    def _entry(self, call: Call) -> Entry:
        """What the directory knows of the caller, down to what the caller's token was narrowed to."""
        entry, identity = call.entry, call.identity
        if entry is None or call.contract.fresh:
            entry = self._directory.find(identity.tenant, identity.known_as, fresh=call.contract.fresh)
        return entry.narrowed(identity.only) if identity.only else entry


def _check_standing(call: Call, entry: Entry) -> None:
    """Who calls may work, by what they call with, and not in another's place where that is not done."""
    identity = call.identity
    ended = entry.epoch > identity.epoch or identity.session in entry.ended
    if ended or not entry.active:
        raise Failure("TENANT_SUSPENDED" if entry.suspended and not ended else "UNAUTHENTICATED")
    if identity.via and call.contract.in_person:
        raise Failure("IN_PERSON_ONLY")


def _check_tenant(entry: Entry) -> None:
    """The users of the tenant may work."""
    if not entry.active:
        raise Failure("TENANT_SUSPENDED" if entry.suspended else "CAPABILITY_INVALID")


def _check_origin(call: Call, entry: Entry) -> None:
    """A publishable key is used from the pages that it was made for."""
    if call.origin not in entry.origins:
        raise Failure("PERMISSION_DENIED", metadata={"origin": call.origin})


def _check_assurance(call: Call, needed: Assurance, entry: Entry) -> None:
    """What is sensitive needs a session that has proven enough, and lately; what programs hold is none."""
    identity = call.identity
    if entry.user_id:
        raise Failure("PERMISSION_DENIED")
    age_us = call.environment.wall.now_us() - identity.proof_us
    if identity.level < needed.level or (needed.within and age_us > needed.within * 1_000_000):
        raise unsure(needed.level, needed.within)


def unsure(level: int, within: float = 0.0) -> Failure:
    """The refusal that tells what is to be proven (RFC 9470, section 3): a level, `within` so many seconds; 0: ever."""
    challenge = f'Bearer error="insufficient_user_authentication", acr_values="{level}"'
    metadata = {"level": str(level)}
    if within:
        challenge += f", max_age={within:.0f}"
        metadata["within_seconds"] = f"{within:.0f}"
    return Failure("ASSURANCE_NEEDED", metadata=metadata, headers=(("www-authenticate", challenge),))


def _check_grant(call: Call, entry: Entry) -> None:
    """Refuse what the grants do not allow for any part of the data, and who has proven less than their tenant wants."""
    permission, identity = call.contract.access.permission, call.identity
    if not breadth(entry.grants, permission, load_service(call.contract.service).is_scoped):
        raise Failure("PERMISSION_DENIED", metadata={"permission": permission})
    if identity.level < identity.wanted:
        raise unsure(identity.wanted)
