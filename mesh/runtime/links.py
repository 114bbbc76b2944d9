"""The links of the chain that a call passes before its handler, in the order of `LINKS`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from mesh.contract.catalog import all_services
from mesh.contract.failure import Failure
from mesh.contract.method import AccessKind
from mesh.runtime.client import ACTOR_HEADER, TENANT_HEADER, TRACE_HEADER
from mesh.runtime.identity import ANONYMOUS, Identity, Kind, service_identity

if TYPE_CHECKING:
    from collections.abc import Callable

    import grpc

    from mesh.contract.method import MethodContract
    from mesh.runtime.call import Call
    from mesh.runtime.directory import Directory
    from mesh.runtime.tokens import TokenVerifier

LINKS = ("telemetry", "errors", "admission", "deadline", "identity", "rate", "authorise", "validate", "idempotency")

# users.v1.Scope; a constant, since links are loaded before any contract.
SCOPE_ALL = 3
_BEARER = "Bearer "


def deadline(method: MethodContract, context: grpc.ServicerContext) -> float:
    """When a call ends, on the monotonic clock: the caller's deadline, or the contract's where that is sooner."""
    left = context.time_remaining()
    limit = method.deadline
    return time.monotonic() + (limit if left is None or left > limit else left)


class IdentityLink:
    """Finds out who calls, from the bearer token or from the peer's SPIFFE id, and from nothing else."""

    def __init__(self, verifier: TokenVerifier, trust_domain: str, new_trace: Callable[[], str]) -> None:
        self._verifier = verifier
        self._prefix = f"spiffe://{trust_domain}/"
        self._services = frozenset(all_services())
        self._new_trace = new_trace

    def __call__(self, call: Call, context: grpc.ServicerContext) -> None:
        """Set the identity and the trace of a call.

        Raises:
            Failure: UNAUTHENTICATED.
        """
        authorization = tenant = actor = ""
        pairs: Any = context.invocation_metadata()
        for key, value in pairs:
            if key == "authorization":
                authorization = value
            elif key == TRACE_HEADER:
                call.trace = value
            elif key == TENANT_HEADER:
                tenant = value
            elif key == ACTOR_HEADER:
                actor = value
        call.trace = call.trace or self._new_trace()
        access = call.contract.access.kind
        if access is AccessKind.ANONYMOUS:
            call.identity = ANONYMOUS
        elif access is AccessKind.SERVICE:
            call.identity = self._peer(context, tenant, actor)
        elif authorization:
            if not authorization.startswith(_BEARER):
                raise Failure("UNAUTHENTICATED")
            call.identity = self._verifier.verify(authorization[len(_BEARER) :])
            call.authorization = authorization
        else:
            call.identity = self._peer(context, tenant, actor)

    def _peer(self, context: grpc.ServicerContext, tenant: str, actor: str) -> Identity:
        """The service at the other end; its word on tenant and actor counts, nobody else's does."""
        for spiffe_id in context.auth_context().get("peer_spiffe_id", ()):
            name = spiffe_id.decode().removeprefix(self._prefix)
            if name in self._services:
                return service_identity(name, tenant, actor)
        raise Failure("UNAUTHENTICATED")


class AuthoriseLink:
    """Decides without a statement whether the principal may do this. Which rows it sees is the store's part."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def __call__(self, call: Call, context: grpc.ServicerContext) -> None:
        """Let the call pass.

        Raises:
            Failure: UNAUTHENTICATED for a principal that may not work any more, else PERMISSION_DENIED.
        """
        del context
        access, identity = call.contract.access, call.identity
        if access.kind is AccessKind.ANONYMOUS:
            return
        if access.kind is AccessKind.SERVICE:
            if "*" not in access.peers and identity.principal.removeprefix("service:") not in access.peers:
                raise Failure("PERMISSION_DENIED")
            return
        if identity.kind is not Kind.USER:
            raise Failure("PERMISSION_DENIED")
        entry = call.entry
        if entry is None or call.contract.fresh:
            entry = self._directory.find(identity.tenant, identity.principal, fresh=call.contract.fresh)
        if not entry.active or entry.epoch > identity.epoch:
            raise Failure("UNAUTHENTICATED")
        if access.kind is AccessKind.PERMISSION and entry.grants.get(access.permission, 0) < SCOPE_ALL:
            raise Failure("PERMISSION_DENIED", metadata={"permission": access.permission})
