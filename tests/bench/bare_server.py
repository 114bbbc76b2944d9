"""A synchronous gRPC server without an interceptor: eight threads, mTLS; baselines stand on it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
from rapport.customers.v1 import contact_service_pb2, resources_pb2

from mesh.runtime.credentials import server_credentials

if TYPE_CHECKING:
    from collections.abc import Callable


class _OneMethod(grpc.GenericRpcHandler):
    def __init__(self, get: Callable[[Any, grpc.ServicerContext], Any]) -> None:
        self._handler = grpc.unary_unary_rpc_method_handler(
            get,
            request_deserializer=contact_service_pb2.GetContactRequest.FromString,
            response_serializer=resources_pb2.Contact.SerializeToString,
        )

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        return self._handler


def serve(certificates: str, get: Callable[[Any, grpc.ServicerContext], Any]) -> None:
    """Answer every call as one of GetContact, until the process is ended; prints the port."""
    server = grpc.server(ThreadPoolExecutor(8), handlers=[_OneMethod(get)])
    port = server.add_secure_port("127.0.0.1:0", server_credentials(Path(certificates)))
    server.start()
    print(port, flush=True)
    server.wait_for_termination()
