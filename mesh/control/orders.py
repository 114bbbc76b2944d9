"""What the operator tells the running control plane to do, over mutual TLS on a loopback port, with progress told back.

An order is carried out by the control plane's own thread, one at a time; here it only waits and is answered.
"""

from __future__ import annotations

import json
import queue
import threading
from concurrent import futures
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import grpc

from mesh.runtime import credentials

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from mesh.control.rollout import Steps

_SERVICE, _METHOD = "mesh.control.Orders", "Give"
_THREADS = 4
_WAITING = 4
_TOLD = 1024


class OrderRefused(RuntimeError):
    """The control plane did not do it, or not all of it; the text says why."""


@dataclass(slots=True, eq=False)
class Order:
    """One order: its name, what it says, and what its giver hears; `over` once nobody listens any more."""

    name: str
    says: Mapping[str, Any]
    told: queue.Queue[dict[str, str]] = field(default_factory=lambda: queue.Queue(_TOLD))
    over: threading.Event = field(default_factory=threading.Event)

    def tell(self, kind: str, text: str = "") -> None:
        """Tell its giver: `progress`, `failed` or `done`. One who does not listen misses progress."""
        try:
            self.told.put_nowait({kind: text})
        except queue.Full:
            self.over.set()


class Orders:
    """The orders that wait and the one that is carried out. `step` belongs to the control plane's thread."""

    def __init__(
        self,
        certificates: Path,
        operator: str,
        carry_out: Callable[[Order], Steps],
        refusals: tuple[type[Exception], ...],
    ) -> None:
        """operator: the SPIFFE id of who may give orders. refusals: the errors that tell the operator what is wrong."""
        self._operator = operator
        self._carry_out = carry_out
        self._refusals = refusals
        self._waiting: queue.Queue[Order] = queue.Queue(_WAITING)
        self._current: tuple[Order, Steps] | None = None
        self._stopped = threading.Event()
        self._server = grpc.server(
            futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="orders"),
            maximum_concurrent_rpcs=_THREADS,
            options=(("grpc.so_reuseport", 0),),
        )
        handlers = {_METHOD: grpc.unary_stream_rpc_method_handler(self._give)}
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, handlers),))
        self.port = int(self._server.add_secure_port("127.0.0.1:0", credentials.server_credentials(certificates)))
        self._server.start()

    @property
    def busy(self) -> bool:
        """Whether an order is being carried out."""
        return self._current is not None

    def submit(self, order: Order) -> None:
        """Take an order from this process itself."""
        self._waiting.put_nowait(order)

    def step(self) -> None:
        """Go one step on with the current order, or begin the next one."""
        if self._current is None:
            try:
                order = self._waiting.get_nowait()
            except queue.Empty:
                return
            self._current = (order, self._carry_out(order))
        order, steps = self._current
        try:
            told = next(steps)
        except StopIteration:
            order.tell("done")
            self._current = None
        except self._refusals as error:
            order.tell("failed", str(error))
            self._current = None
        else:
            if told:
                order.tell("progress", told)

    def stop(self) -> None:
        """End at once; whoever waits hears nothing more."""
        self._stopped.set()
        self._server.stop(0).wait()

    def _give(self, request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        if credentials.peer(context) != self._operator:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "only the operator may give orders")
        content = json.loads(request)
        order = Order(content["order"], content["says"])
        context.add_callback(order.over.set)
        try:
            self._waiting.put_nowait(order)
        except queue.Full:
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many orders wait")
        while not order.over.is_set() and not self._stopped.is_set():
            try:
                told = order.told.get(timeout=1)
            except queue.Empty:
                continue
            yield json.dumps(told).encode()
            if "progress" not in told:
                return


def give(certificates: Path, port: int, order: str, says: Mapping[str, Any], timeout: float) -> Iterator[str]:
    """Give an order and hear what is done, until it is done. Who stops listening has the rest of a restart left.

    Raises:
        OrderRefused: it was not done.
    """
    with credentials.channel(certificates, "127.0.0.1", port, "control") as channel:
        call = channel.unary_stream(f"/{_SERVICE}/{_METHOD}")(
            json.dumps({"order": order, "says": dict(says)}).encode(), timeout=timeout
        )
        try:
            for answer in call:
                told = json.loads(answer)
                if "failed" in told:
                    raise OrderRefused(told["failed"])
                if "done" in told:
                    return
                yield told["progress"]
        except grpc.RpcError as error:
            msg = f"the control plane did not answer to the end ({error.code().name}); look at it: mesh ps"
            raise OrderRefused(msg) from error
        finally:
            call.cancel()
    msg = "the control plane ended; look at it: mesh ps"
    raise OrderRefused(msg)
