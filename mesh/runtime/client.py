"""Calls to other services: typed clients stand on this, and it adds what every call needs.

Deadlines are set on every call (grpc does not pass them on by itself). Calls whose contract allows it are sent again
within the budget of the service that is called; streams are resumed by whoever reads them.
"""

from __future__ import annotations

import functools
import threading
import uuid
from typing import TYPE_CHECKING, Any, TypeVar

import grpc

from mesh.contract.catalog import load_service
from mesh.contract.failure import Failure
from mesh.runtime.call import current_call
from mesh.runtime.identity import telling
from mesh.runtime.retries import RetryBudget, retried
from mesh.runtime.tracing import TRACE_HEADER, current_span

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract

    Reply = TypeVar("Reply", bound=Message)

TENANT_HEADER = "x-rapport-tenant"
ACTOR_HEADER = "x-rapport-actor"

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
        self._budgets: dict[str, RetryBudget] = {}
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
        limit, metadata = _terms(contract, request, timeout, tenant)
        method = self._open(contract.area).unary_unary(
            path, request_serializer=type(request).SerializeToString, response_deserializer=reply.FromString
        )
        place = self._take(contract)
        within = current_span.get()
        span = within.calls(contract.full_name, metadata) if within is not None else None
        code = ""
        try:
            answer: Reply = self._send(contract, functools.partial(method, request, metadata=metadata), limit)
        except grpc.RpcError as error:
            code = error.code().name
            raise _failure(contract, error) from error
        finally:
            place.release()
            if span is not None:
                span.end(code, {"rpc.system": "grpc"})
        return answer

    def _send(self, contract: MethodContract, send: Callable[..., Reply], limit: float) -> Reply:
        if not contract.retried:
            return send(timeout=limit)
        budget = self._budgets.setdefault(contract.service, RetryBudget())
        return retried(lambda left: send(timeout=left), limit, budget)

    def stream(
        self, path: str, request: Message, reply: type[Reply], timeout: float | None, *, tenant: str = ""
    ) -> Generator[Reply, None, None]:
        """Call a method that answers with a stream; whoever stops reading closes the iterator, which ends the call.

        Inside a call it holds one of the places of those that wait for an answer; work in the background, which may
        read for long, does not. Else as unary().
        """
        contract = load_service(path.split(".")[1]).methods[path]
        limit, metadata = _terms(contract, request, timeout, tenant)
        method = self._open(contract.area).unary_stream(
            path, request_serializer=type(request).SerializeToString, response_deserializer=reply.FromString
        )
        place = self._take(contract) if current_call.get() is not None else None
        replies = method(request, timeout=limit, metadata=metadata)
        try:
            yield from replies
        except grpc.RpcError as error:
            raise _failure(contract, error) from error
        finally:
            replies.cancel()
            if place is not None:
                place.release()

    def _take(self, contract: MethodContract) -> threading.BoundedSemaphore:
        """A place among the calls that wait for a service."""
        place = self._place(contract.service)
        if not place.acquire(blocking=False):
            raise Failure("UNAVAILABLE", metadata={"method": contract.full_name}, retry_after=1)
        return place

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


def _terms(
    contract: MethodContract, request: Any, timeout: float | None, tenant: str
) -> tuple[float, list[tuple[str, str]]]:
    """How many seconds a call may take, and what goes with it; the request gets its `request_id`."""
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
        metadata.extend(telling(call.device))
    if tenant:
        metadata.append((TENANT_HEADER, tenant))
    if contract.takes_request_id and not request.request_id:
        request.request_id = str(uuid.uuid4())
    return limit, metadata


def _failure(contract: MethodContract, error: Any) -> Exception:
    """What a caller is told of a failed call."""
    code = error.code()
    if code in _PASSED_ON:
        return Failure(_PASSED_ON[code], metadata={"method": contract.full_name}, retry_after=1)
    return CallFailed(contract.path, code)


def mesh_channel(area: str) -> grpc.Channel:
    """A channel to a proto service of the mesh, wherever the control plane says it is, with this process's identity."""
    options = [("grpc.max_receive_message_length", 16 * 2**20)]
    return grpc.secure_channel(f"xds:///{area}", grpc.xds_channel_credentials(), options)
