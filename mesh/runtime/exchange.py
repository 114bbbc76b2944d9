"""API keys at the edge: Envoy asks what a key stands for, and goes on with the signed token that it is told.

Only the edge is answered. Nothing is kept here: what a key is worth now, the service that owns keys decides each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
from envoy.config.core.v3 import base_pb2
from envoy.service.auth.v3 import external_auth_pb2
from envoy.type.v3 import http_status_pb2
from google.rpc import code_pb2, status_pb2

from mesh.contract.failure import Failure
from mesh.runtime.credentials import peer

if TYPE_CHECKING:
    from collections.abc import Callable

CHECK = "/envoy.service.auth.v3.Authorization/Check"
_BEARER = "Bearer "
_AWAY = "The service is not available."


def check_handler(exchange: Callable[[str], str | None], edge: str) -> grpc.RpcMethodHandler:
    """The handler of `CHECK`. `edge` is the SPIFFE id that may ask.

    `exchange` gives the token for a key, None for what is none now, or raises RATE_LIMITED where it was asked for too
    many that were none.
    """

    def check(
        request: external_auth_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> external_auth_pb2.CheckResponse:
        if peer(context) != edge:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "The caller lacks the permission for this call.")
        key = request.attributes.request.http.headers.get("authorization", "").removeprefix(_BEARER)
        try:
            token = exchange(key)
        except Failure as failure:
            if failure.reason != "RATE_LIMITED":
                context.abort(grpc.StatusCode.UNAVAILABLE, _AWAY)
            return _refused(http_status_pb2.StatusCode.TooManyRequests, code_pb2.RESOURCE_EXHAUSTED)
        except Exception:  # noqa: BLE001  # whatever is away or broken here: never a pass, and never a word of it
            context.abort(grpc.StatusCode.UNAVAILABLE, _AWAY)
        if token is None:
            return _refused(http_status_pb2.StatusCode.Unauthorized, code_pb2.UNAUTHENTICATED)
        return _replaced(token)

    return grpc.unary_unary_rpc_method_handler(
        check,
        request_deserializer=external_auth_pb2.CheckRequest.FromString,
        response_serializer=external_auth_pb2.CheckResponse.SerializeToString,
    )


def _refused(status: http_status_pb2.StatusCode, code: int) -> external_auth_pb2.CheckResponse:
    denied = external_auth_pb2.DeniedHttpResponse(status=http_status_pb2.HttpStatus(code=status))
    return external_auth_pb2.CheckResponse(status=status_pb2.Status(code=code), denied_response=denied)


def _replaced(token: str) -> external_auth_pb2.CheckResponse:
    option = base_pb2.HeaderValueOption(
        header=base_pb2.HeaderValue(key="authorization", value=_BEARER + token),
        append_action=base_pb2.HeaderValueOption.OVERWRITE_IF_EXISTS_OR_ADD,
    )
    answer = external_auth_pb2.OkHttpResponse(headers=[option])
    return external_auth_pb2.CheckResponse(status=status_pb2.Status(), ok_response=answer)
