"""What the edge asks the control plane itself: reflection over the public contracts, and the health of the whole."""

from __future__ import annotations

from concurrent import futures
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import descriptor_pool
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

from mesh.edge import transcoder
from mesh.runtime import credentials

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from google.protobuf.descriptor import FileDescriptor

    from mesh.contract.catalog import Catalog

# Reflection holds a thread for as long as the caller's stream: a few are enough for people, and no more can be taken.
_THREADS = 8
_PREFIXES = ("grpc.reflection.v1alpha.ServerReflection", "grpc.reflection.v1.ServerReflection")


class _OnlyEdge(grpc.ServerInterceptor):  # type: ignore[misc]  # grpc is untyped
    """Refuses to answer anyone but the edge."""

    def __init__(self, edge: str) -> None:
        self._edge = edge

    def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler], details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler | None:
        """Hand on a handler that looks at the caller first."""
        handler = continuation(details)
        if handler is None:
            return None

        def refuse_others(context: grpc.ServicerContext) -> None:
            if credentials.peer(context) != self._edge:
                context.abort(grpc.StatusCode.PERMISSION_DENIED, "only the edge may ask")

        if handler.stream_stream:

            def answer_all(requests: object, context: grpc.ServicerContext) -> object:
                refuse_others(context)
                return handler.stream_stream(requests, context)

            return handler._replace(stream_stream=answer_all)
        if handler.unary_unary:

            def answer(request: object, context: grpc.ServicerContext) -> object:
                refuse_others(context)
                return handler.unary_unary(request, context)

            return handler._replace(unary_unary=answer)
        return None


class Inquiries:
    """A server of its own, so that nobody's questions hold a thread that a node of the mesh needs."""

    def __init__(self, catalog: Catalog, certificates: Path, edge: str, *, reflect: bool) -> None:
        self._health = health.HealthServicer()
        self._server = grpc.server(
            futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="inquiry"),
            interceptors=(_OnlyEdge(edge),),
            maximum_concurrent_rpcs=_THREADS,
            options=(("grpc.so_reuseport", 0),),
        )
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if reflect:
            self._server.add_generic_rpc_handlers(_reflection(catalog))
        self.port = int(self._server.add_secure_port("127.0.0.1:0", credentials.server_credentials(certificates)))

    def start(self) -> None:
        """Begin to answer."""
        self._server.start()

    def stop(self) -> None:
        """End at once."""
        self._server.stop(0).wait()

    def say(self, service: str, *, serving: bool) -> None:
        """Set the health of a proto service; the empty name stands for the whole."""
        status = health_pb2.HealthCheckResponse
        self._health.set(service, status.SERVING if serving else status.NOT_SERVING)


class _MethodFinder:
    """A descriptor pool that also finds the file of a method: grpcurl describes methods by their full names."""

    def __init__(self, pool: descriptor_pool.DescriptorPool) -> None:
        self._pool = pool

    def FindFileContainingSymbol(self, symbol: str) -> FileDescriptor:  # noqa: N802  # the name of the pool's method
        """The file of a symbol, or of the service that a symbol is a method of; KeyError for an unknown one."""
        try:
            return self._pool.FindFileContainingSymbol(symbol)
        except KeyError:
            service, _, method = symbol.rpartition(".")
            if method not in self._pool.FindServiceByName(service).methods_by_name:
                raise
            return self._pool.FindFileContainingSymbol(service)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)


def _reflection(catalog: Catalog) -> tuple[grpc.GenericRpcHandler, ...]:
    """Reflection in both versions: the messages are the same on the wire, only the service's name changed."""
    public = transcoder.services(catalog)
    files = [m.descriptor.containing_service.file for m in catalog.methods.values() if m.area in public]
    # A pool of its own: the process's default one also knows the services that are not for the outside.
    pool = descriptor_pool.DescriptorPool()
    # The types of error details are needed to print what a failed call says.
    known = [health_pb2.DESCRIPTOR, reflection_pb2.DESCRIPTOR, error_details_pb2.DESCRIPTOR, status_pb2.DESCRIPTOR]
    shown = (*public, health.SERVICE_NAME, _PREFIXES[0])
    for file in transcoder.descriptors([*files, *known], shown).file:
        pool.Add(file)
    servicer = reflection.ReflectionServicer(shown, _MethodFinder(pool))
    method = grpc.stream_stream_rpc_method_handler(
        servicer.ServerReflectionInfo,
        request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
        response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    return tuple(grpc.method_handlers_generic_handler(name, {"ServerReflectionInfo": method}) for name in _PREFIXES)
