"""Calls to other services: typed clients stand on this, and it adds what every call needs.

Deadlines are set on every call (grpc does not pass them on by itself). Retries are not made here: the control plane
puts them on the routes of the methods whose contract allows them.
"""

from __future__ import annotations

import threading
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

import grpc

from mesh.contract.catalog import load_service
from mesh.contract.failure import Failure
from mesh.runtime.call import current_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.protobuf.message import Message

    Reply = TypeVar("Reply", bound=Message)

TENANT_HEADER = "x-rapport-tenant"
ACTOR_HEADER = "x-rapport-actor"
TRACE_HEADER = "traceparent"

# Half of a server's threads: one slow service must not hold them all, and with them the calls that do not need it.
MAX_WAITING = 4

_PASSED_ON = {
    grpc.StatusCode.UNAVAILABLE: "UNAVAILABLE",
    grpc.StatusCode.DEADLINE_EXCEEDED: "DEADLINE_EXCEEDED",
    grpc.StatusCode.RESOURCE_EXHAUSTED: "OVERLOADED",
}


class CallFailed(Exception):
    """Another service refused a call for a reason that is the caller's own to handle."""

    def __init__(self, path: str, code: grpc.StatusCode) -> None:
        super().__init__(f"{path}: {code.name}")
        self.code = code


class Caller:
    """Makes the calls of one process. Thread-safe; one channel per proto service, kept open."""

    def __init__(self, channel: Callable[[str], grpc.Channel]) -> None:
        self._channel = channel
        self._channels: dict[str, grpc.Channel] = {}
        self._places: dict[str, threading.BoundedSemaphore] = {}
        self._lock = threading.Lock()

    def unary(
        self, path: str, request: Message, reply: type[Reply], timeout: float | None, *, tenant: str = ""
    ) -> Reply:
        """Call a unary method with the identity and within the deadline of the call that this thread serves.

        `tenant` is for work outside of any call, which runs as this service.

        Raises:
            Failure: UNAVAILABLE, DEADLINE_EXCEEDED or OVERLOADED, where the other service is; UNAVAILABLE also where as
                many calls as may wait for it already do.
            CallFailed: it answered with any other error.
            RuntimeError: the call that this thread serves is in the middle of its write.
        """
        contract = load_service(path.split(".")[1]).methods[path]
        call = current_call.get()
        limit = min(timeout or contract.deadline, contract.deadline)
        metadata: list[tuple[str, str]] = []
        if call is not None:
            if call.writing:
                msg = f"{call.contract.full_name} calls {contract.full_name} inside its write"
                raise RuntimeError(msg)
            limit = min(limit, call.remaining())
            tenant = tenant or call.identity.tenant
            if call.authorization and contract.access.public:
                metadata.append(("authorization", call.authorization))
            if call.trace:
                metadata.append((TRACE_HEADER, call.trace))
        if tenant:
            metadata.append((TENANT_HEADER, tenant))
        if contract.takes_request_id and not request.request_id:
            request.request_id = str(uuid.uuid4())
        method = self._open(contract.area).unary_unary(
            path, request_serializer=type(request).SerializeToString, response_deserializer=reply.FromString
        )
        place = self._place(contract.service)
        if not place.acquire(blocking=False):
            raise Failure("UNAVAILABLE", metadata={"method": contract.full_name}, retry_after=1)
        try:
            answer: Reply = method(request, timeout=limit, metadata=metadata)
        except grpc.RpcError as error:
            code: Any = error.code()
            if code in _PASSED_ON:
                raise Failure(_PASSED_ON[code], metadata={"method": contract.full_name}, retry_after=1) from error
            raise CallFailed(path, code) from error
        finally:
            place.release()
        return answer

    def _place(self, service: str) -> threading.BoundedSemaphore:
        """The places for calls that wait for a service."""
        found = self._places.get(service)
        if found is None:
            with self._lock:
                found = self._places.setdefault(service, threading.BoundedSemaphore(MAX_WAITING))
        return found

    def _open(self, area: str) -> grpc.Channel:
        channel = self._channels.get(area)
        if channel is None:
            with self._lock:
                channel = self._channels.setdefault(area, self._channel(area))
        return channel

    def close(self) -> None:
        """End all channels."""
        for channel in self._channels.values():
            channel.close()


def mesh_channel(area: str) -> grpc.Channel:
    """A channel to a proto service of the mesh, wherever the control plane says it is, with this process's identity."""
    options = [("grpc.max_receive_message_length", 16 * 2**20)]
    return grpc.secure_channel(f"xds:///{area}", grpc.xds_channel_credentials(), options)
