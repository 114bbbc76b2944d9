"""The call chain: one wrapper per method, compiled at start, through which every call passes its links in order.

It is one function and not a stack of interceptors, which would cost more than all the links together.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import grpc
import protovalidate

from mesh.contract.catalog import ContractError
from mesh.contract.method import AccessKind
from mesh.runtime import idempotency
from mesh.runtime.call import Call, current_call
from mesh.runtime.errors import Outcome, outcome
from mesh.runtime.links import deadline
from mesh.runtime.validation import parse, validate

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract
    from mesh.runtime.access_log import AccessLog
    from mesh.runtime.environment import Environment
    from mesh.runtime.links import AuthoriseLink, IdentityLink
    from mesh.runtime.rate import RateLink

_SERVED = (AccessKind.PERMISSION, AccessKind.SELF, AccessKind.SERVICE, AccessKind.ANONYMOUS)
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class Chain:
    """The links of one service, put around its handlers."""

    def __init__(
        self, environment: Environment, identify: IdentityLink, rate: RateLink, authorise: AuthoriseLink, log: AccessLog
    ) -> None:
        self._environment = environment
        self._identify = identify
        self._rate = rate
        self._authorise = authorise
        self._log = log
        self._validator = protovalidate.Validator()

    def unary(self, method: MethodContract, handler: Callable[[Call, Any], Message]) -> grpc.RpcMethodHandler:
        """The gRPC handler of a unary method.

        Raises:
            ContractError: the contract asks for something that no link can do.
        """
        if method.access.kind not in _SERVED or method.client_streaming or method.server_streaming:
            msg = f"{method.full_name}: no link serves {method.access.kind.value} or streams"
            raise ContractError(msg)
        self._warm(method)
        return grpc.unary_unary_rpc_method_handler(self._compile(method, handler))

    def _warm(self, method: MethodContract) -> None:
        """Compile the field rules now: the first message of a type costs milliseconds."""
        self._validator.collect_violations(method.request())

    def _compile(
        self, method: MethodContract, handler: Callable[[Call, Any], Message]
    ) -> Callable[[bytes, grpc.ServicerContext], bytes]:
        environment, identify, rate, authorise = self._environment, self._identify, self._rate, self._authorise
        validator, log, request_type = self._validator, self._log, method.request
        repeats = method.takes_request_id
        domain = f"{method.service}.rapport"

        def serve(data: bytes, context: grpc.ServicerContext) -> bytes:
            started = time.perf_counter_ns()
            call = Call(method, environment, deadline(method, context))
            token = current_call.set(call)
            answer = b""
            failed: Outcome | None = None
            try:
                identify(call, context)
                rate(call)
                authorise(call, context)
                request = call.request = parse(request_type, data)
                validate(validator, request)
                call.remaining()
                if repeats:
                    idempotency.replay(call)
                answer = handler(call, request).SerializeToString()
            except idempotency.Replay as earlier:
                answer = earlier.reply
            except Exception as error:  # noqa: BLE001  # the errors link: nothing unknown may reach a client
                failed = outcome(error, method.reasons, domain, call.trace)
            finally:
                current_call.reset(token)
            log.write(call, failed, time.perf_counter_ns() - started)
            if failed is not None:
                context.abort_with_status(RpcStatus(failed))
            return answer

        return serve


class RpcStatus(grpc.Status):  # type: ignore[misc]  # grpc is untyped
    """A google.rpc.Status in the form that grpc sends."""

    def __init__(self, failed: Outcome) -> None:
        self.code = _CODES[failed.status.code]
        self.details = failed.status.message
        self.trailing_metadata = (("grpc-status-details-bin", failed.status.SerializeToString()),)
