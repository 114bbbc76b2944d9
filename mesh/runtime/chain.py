"""The call chain: one wrapper per method, compiled at start, through which every call passes its links in order.

It is one function and not a stack of interceptors, which would cost more than all the links together.
"""

from __future__ import annotations

import contextlib
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import grpc
import protovalidate
from google.rpc import status_pb2

from mesh.contract.catalog import ContractError
from mesh.contract.method import AccessKind
from mesh.runtime import idempotency
from mesh.runtime.call import Call, current_call
from mesh.runtime.credentials import peer
from mesh.runtime.door import admit
from mesh.runtime.door_errors import worded
from mesh.runtime.errors import Outcome, outcome
from mesh.runtime.links import deadline
from mesh.runtime.stream import StreamCall
from mesh.runtime.tracing import SAMPLED
from mesh.runtime.validation import parse, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract
    from mesh.runtime.after import ReadAfter
    from mesh.runtime.drain import Drain
    from mesh.runtime.environment import Environment
    from mesh.runtime.links import AuthoriseLink, IdentityLink
    from mesh.runtime.rate import RateLink
    from mesh.runtime.telemetry import Telemetry

_CODES = {code.value[0]: code for code in grpc.StatusCode}
_LEFT = Outcome(status_pb2.Status(code=grpc.StatusCode.CANCELLED.value[0]), "CANCELLED")
# Rights are looked at again this often while a stream lives: a user who is shut out does not go on reading.
_RECHECK_SECONDS = 30.0


@cache
def _validator() -> protovalidate.Validator:
    """One for all chains of a process: it keeps the rules of the messages that it has seen."""
    return protovalidate.Validator()


class Chain:
    """The links of one service, put around its handlers."""

    def __init__(
        self,
        environment: Environment,
        identify: IdentityLink,
        rate: RateLink,
        authorise: AuthoriseLink,
        telemetry: Telemetry,
        drain: Drain,
        wait: ReadAfter,
    ) -> None:
        self._environment = environment
        self._identify = identify
        self._rate = rate
        self._authorise = authorise
        self._telemetry = telemetry
        self._drain = drain
        self._wait = wait
        self._validator = _validator()

    def unary(self, method: MethodContract, handler: Callable[[Call, Any], Message]) -> grpc.RpcMethodHandler:
        """The gRPC handler of a unary method.

        Raises:
            ContractError: the contract asks for something that no link can do.
        """
        self._prepare(method)
        return grpc.unary_unary_rpc_method_handler(self._compile(method, handler))

    def stream(
        self, method: MethodContract, handler: Callable[[StreamCall, Any], Iterator[Message]]
    ) -> grpc.RpcMethodHandler:
        """The gRPC handler of a method that answers with a stream; its deadline is the longest life of one.

        Raises:
            ContractError: the contract asks for something that no link can do.
        """
        self._prepare(method)
        return grpc.unary_stream_rpc_method_handler(self._compile_stream(method, handler))

    def _prepare(self, method: MethodContract) -> None:
        """Refuse what no link serves, and compile the field rules: the first message of a type costs milliseconds."""
        if method.client_streaming:
            msg = f"{method.full_name}: no link serves streams of a client"
            raise ContractError(msg)
        self._validator.collect_violations(method.request())

    def _compile(
        self, method: MethodContract, handler: Callable[[Call, Any], Message]
    ) -> Callable[[bytes, grpc.ServicerContext], bytes]:
        environment, identify, rate, authorise = self._environment, self._identify, self._rate, self._authorise
        validator, ended, request_type = self._validator, self._telemetry.of(method), method.request
        repeats, begin = method.takes_request_id, self._telemetry.begin
        # A capability is a field of its request; every other credential is in the call's metadata.
        parsed_first = method.access.kind is AccessKind.CAPABILITY
        is_door, largest, wait = method.http_door, method.largest_body, self._wait
        domain = f"{method.service}.rapport"

        def serve(data: bytes, context: grpc.ServicerContext) -> bytes:
            started = time.perf_counter_ns()
            call = Call(method, environment, deadline(method, context))
            token = current_call.set(call)
            answer = b""
            failed: Outcome | None = None
            try:
                call.peer = peer(context)
                if is_door:
                    call.door = admit(data, largest, context)
                if parsed_first:
                    call.request = parse(request_type, data)
                identify(call, context)
                if call.trace[-1] in SAMPLED:
                    begin(call, started)
                rate(call)
                authorise(call, context)
                request = call.request = parse(request_type, data)
                validate(validator, request)
                call.remaining()
                if call.after:
                    wait(call)
                if repeats:
                    idempotency.replay(call)
                answer = handler(call, request).SerializeToString()
            except idempotency.Replay as earlier:
                answer = earlier.reply
                call.tell(earlier.told)
            except Exception as error:  # noqa: BLE001  # the errors link: nothing unknown may reach a client
                failed = outcome(error, method.reasons, domain, call.trace)
            finally:
                current_call.reset(token)
            ended(call, failed, started, len(data), len(answer))
            if failed is not None:
                answer = _told(failed, call, context)
            _send_ahead(call, context)
            return answer

        return serve

    def _compile_stream(
        self, method: MethodContract, handler: Callable[[StreamCall, Any], Iterator[Message]]
    ) -> Callable[[bytes, grpc.ServicerContext], Iterator[bytes]]:
        environment, drain, ended = self._environment, self._drain, self._telemetry.of(method)
        domain = f"{method.service}.rapport"

        def serve(data: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            started = time.perf_counter_ns()
            call = StreamCall(method, environment, deadline(method, context), context, drain)
            current_call.set(call)
            failed: Outcome | None = None
            sent = 0
            try:
                call.peer = peer(context)
                for reply in self._replies(call, context, data, handler):
                    answer = reply.SerializeToString()
                    sent += len(answer)
                    yield answer
                if not call.left:
                    call.check()
            except Exception as error:  # noqa: BLE001  # the errors link: nothing unknown may reach a client
                failed = outcome(error, method.reasons, domain, call.trace)
            finally:
                call.close()
                current_call.set(None)
                ended(call, _LEFT if call.left else failed, started, len(data), sent)
            if failed is not None:
                context.abort_with_status(RpcStatus(failed))

        return serve

    def _replies(
        self,
        call: StreamCall,
        context: grpc.ServicerContext,
        data: bytes,
        handler: Callable[[StreamCall, Any], Iterator[Message]],
    ) -> Iterator[Message]:
        """What a handler yields for as long as the stream may live and its caller may read it."""
        if call.contract.http_door:
            call.door = admit(data, call.contract.largest_body, context)
        if call.contract.access.kind is AccessKind.CAPABILITY:
            call.request = parse(call.contract.request, data)
        self._identify(call, context)
        if call.trace[-1] in SAMPLED:
            self._telemetry.begin(call, time.perf_counter_ns())
        self._rate(call)
        self._authorise(call, context)
        request = call.request = parse(call.contract.request, data)
        validate(self._validator, request)

        def recheck() -> None:
            # Also a token ends, and with it what was begun with it.
            call.entry = None
            self._identify(call, context)
            self._authorise(call, context)

        call.recheck = recheck
        checked, answered = time.monotonic(), False
        for reply in handler(call, request):
            if call.left:
                return
            call.check()
            if call.door is not None and not answered:
                answered = True
                _send_ahead(call, context)
            if time.monotonic() - checked > _RECHECK_SECONDS:
                checked = time.monotonic()
                recheck()
            yield reply


def _told(failed: Outcome, call: Call, context: grpc.ServicerContext) -> bytes:
    """The reply that tells a failure, where the door of the call has words for it; else the call ends here."""
    answer = worded(call.contract.door_errors, call.door, failed)
    if not answer:
        context.abort_with_status(RpcStatus(failed))
    return answer


def _send_ahead(call: Call, context: grpc.ServicerContext) -> None:
    """Send what goes ahead of the reply: as initial metadata, since the edge makes no headers of a trailer."""
    ahead = call.ahead if call.door is None else call.ahead + call.door.answered
    if ahead:
        with contextlib.suppress(grpc.RpcError):  # the caller has left
            context.send_initial_metadata(ahead)


class RpcStatus(grpc.Status):  # type: ignore[misc]  # grpc is untyped
    """A google.rpc.Status in the form that grpc sends."""

    def __init__(self, failed: Outcome) -> None:
        self.code = _CODES[failed.status.code]
        self.details = failed.status.message
        # No initial metadata goes ahead of a failure: the edge makes headers of these.
        self.trailing_metadata = (("grpc-status-details-bin", failed.status.SerializeToString()), *failed.headers)
