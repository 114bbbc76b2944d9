"""The xDS server: tells every node of the mesh the current Snapshot, over one stream each (ADS, state of the world)."""

from __future__ import annotations

import logging
import queue
import threading
from concurrent import futures
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import grpc
from envoy.service.discovery.v3 import ads_pb2_grpc, discovery_pb2

from mesh.control.resources import CDS, ECDS, EDS, LDS, RDS
from mesh.runtime import credentials
from mesh.runtime.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from mesh.control.members import Members
    from mesh.control.snapshot import Snapshot, View

log = logging.getLogger(__name__)

# What is used is told before what uses it, so that no node ever refers to something it does not know yet.
ORDER = (CDS, EDS, LDS, RDS, ECDS)
_WHOLE = (LDS, CDS)
STREAMS = 64
_QUEUE = 256
_EDGE = "edge"

_Item: TypeAlias = "discovery_pb2.DiscoveryRequest | None"


@dataclass(slots=True)
class _Subscription:
    names: frozenset[str] | None = None
    sent: str = ""
    nonce: str = ""
    acknowledged: str = ""


@dataclass(slots=True, eq=False)
class _Stream:
    """One node's conversation. `inbox` holds its requests; None wakes the stream for a new Snapshot."""

    inbox: queue.Queue[_Item] = field(default_factory=lambda: queue.Queue(_QUEUE))
    over: threading.Event = field(default_factory=threading.Event)
    node: str = ""
    nonces: int = 0
    subscriptions: dict[str, _Subscription] = field(default_factory=dict)

    def wake(self) -> None:
        """Have the stream look for something to send; a full inbox does that anyway."""
        try:
            self.inbox.put_nowait(None)
        except queue.Full:
            return

    def read(self, requests: Iterator[discovery_pb2.DiscoveryRequest]) -> None:
        """Move requests into the inbox until the node goes away."""
        try:
            for request in requests:
                while not self.over.is_set():
                    try:
                        self.inbox.put(request, timeout=1)
                        break
                    except queue.Full:
                        continue
        except grpc.RpcError:
            # The usual end of a stream: the node's connection is gone.
            pass
        finally:
            self.over.set()
            self.wake()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A node's refusal of a response; the node goes on with what it had."""

    node: str
    type_url: str
    message: str


class PortTaken(RuntimeError):
    """The nodes of the mesh cannot be told anything at the port on which they expect it."""


class DiscoveryService(ads_pb2_grpc.AggregatedDiscoveryServiceServicer):  # type: ignore[misc]  # xds-protos is untyped
    """Publishes snapshots to all streams; thread-safe."""

    def __init__(self, trust_domain: str, first: Snapshot, members: Members) -> None:
        self._prefix = f"spiffe://{trust_domain}/"
        self._lock = threading.Lock()
        self._snapshot = first
        self._streams: set[_Stream] = set()
        self._acknowledged: dict[tuple[str, str], str] = {}
        self._rejections: list[Rejection] = []
        self._members = members

    def publish(self, snapshot: Snapshot) -> None:
        """Make this the current Snapshot and tell every node what is new to it."""
        with self._lock:
            self._snapshot = snapshot
            streams = list(self._streams)
        for stream in streams:
            stream.wake()

    def rejections(self) -> tuple[Rejection, ...]:
        """The last refusals, oldest first."""
        with self._lock:
            return tuple(self._rejections)

    def all_know_endpoints(self) -> bool:
        """Whether every connected node that follows endpoints has taken over those of the current Snapshot."""
        with self._lock:
            snapshot, streams = self._snapshot, list(self._streams)
        return all(
            subscription.acknowledged == (snapshot.edge if stream.node == _EDGE else snapshot.clients).versions[EDS]
            for stream in streams
            if stream.node and (subscription := stream.subscriptions.get(EDS)) is not None and subscription.sent
        )

    def edge_is_current(self) -> bool:
        """Whether the edge has taken over the current Snapshot: listener, routes, token check, and where to send."""
        with self._lock:
            versions = self._snapshot.edge.versions
            return all(self._acknowledged.get((_EDGE, kind)) == versions[kind] for kind in ORDER)

    def StreamAggregatedResources(  # noqa: N802 - the name is gRPC's
        self, request_iterator: Iterator[discovery_pb2.DiscoveryRequest], context: grpc.ServicerContext
    ) -> Iterator[discovery_pb2.DiscoveryResponse]:
        """Answer one node until it goes away."""
        caller = credentials.peer(context)
        if not caller.startswith(self._prefix):
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "the caller is not of this mesh")
        stream = _Stream()
        threading.Thread(target=stream.read, args=(request_iterator,), name="ads-reader", daemon=True).start()
        with self._lock:
            self._streams.add(stream)
        try:
            while not stream.over.is_set():
                request = stream.inbox.get()
                if request is not None:
                    if request.node.id and not stream.node:
                        stream.node = self._admit(request.node.id, caller, context)
                        self._members.join(stream, caller.removeprefix(self._prefix), request.node.metadata)
                    self._note(stream, request)
                yield from self._due(stream)
        finally:
            stream.over.set()
            self._members.leave(stream)
            with self._lock:
                self._streams.discard(stream)

    def _admit(self, node: str, caller: str, context: grpc.ServicerContext) -> str:
        edge = caller == self._prefix + _EDGE
        if edge != (node.split("-", maxsplit=1)[0] == _EDGE):
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "the node's id is not the caller's to use")
        return _EDGE if edge else node

    def _note(self, stream: _Stream, request: discovery_pb2.DiscoveryRequest) -> None:
        """Take a request into account: a subscription, an acknowledgement or a refusal."""
        subscription = stream.subscriptions.setdefault(request.type_url, _Subscription())
        if request.response_nonce and request.response_nonce != subscription.nonce:
            return
        if request.HasField("error_detail"):
            rejection = Rejection(stream.node, request.type_url, request.error_detail.message)
            log.error("node %s refused %s: %s", rejection.node, rejection.type_url, rejection.message)
            with self._lock:
                self._rejections = [*self._rejections[-31:], rejection]
        elif request.response_nonce:
            subscription.acknowledged = request.version_info
            if stream.node == _EDGE:
                with self._lock:
                    self._acknowledged[stream.node, request.type_url] = request.version_info
        names = frozenset(request.resource_names)
        if names != subscription.names or not request.response_nonce:
            subscription.names, subscription.sent = names, ""

    def _due(self, stream: _Stream) -> Iterator[discovery_pb2.DiscoveryResponse]:
        """What the node has not been told yet."""
        if not stream.node:
            return
        with self._lock:
            snapshot = self._snapshot
        view: View = snapshot.edge if stream.node == _EDGE else snapshot.clients
        for kind in ORDER:
            subscription = stream.subscriptions.get(kind)
            if subscription is None or subscription.sent == view.versions[kind]:
                continue
            known, names = view.resources[kind], subscription.names or frozenset()
            told = (
                list(known.values())
                if not names and kind in _WHOLE
                else [known[n] for n in sorted(names) if n in known]
            )
            if not told and kind not in _WHOLE:
                continue
            stream.nonces += 1
            subscription.nonce, subscription.sent = str(stream.nonces), view.versions[kind]
            yield discovery_pb2.DiscoveryResponse(
                version_info=view.versions[kind], type_url=kind, nonce=subscription.nonce, resources=told
            )


def serve(
    service: DiscoveryService,
    certificates: Path,
    host: str = LOOPBACK,
    port: int = 0,
    more: Sequence[grpc.GenericRpcHandler] = (),
) -> tuple[grpc.Server, int]:
    """Start the server on a port of an address, 0: any, and return it with its port. more: what it answers beside.

    Raises:
        PortTaken: somebody else listens there.
    """
    server = grpc.server(
        # A stream holds its thread for as long as the node lives.
        futures.ThreadPoolExecutor(STREAMS, thread_name_prefix="ads"),
        handlers=more,
        maximum_concurrent_rpcs=STREAMS,
        options=(("grpc.so_reuseport", 0),),
    )
    ads_pb2_grpc.add_AggregatedDiscoveryServiceServicer_to_server(service, server)
    try:
        bound = server.add_secure_port(f"{host}:{port}", credentials.server_credentials(certificates))
    except RuntimeError as error:
        msg = f"port {port} is in use; choose another one with MESH_CONTROL_PORT"
        raise PortTaken(msg) from error
    server.start()
    return server, bound
