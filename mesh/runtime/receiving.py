"""The request of a call is received before a thread takes the call.

gRPC has a thread take a call first and ask for its request then; it sleeps until that has come, and is woken by the
thread that hears of everything. Here that one asks, and hands the call on once the request is there: fewer turns of
threads per call, and a request that comes slowly holds none. docs/decisions/0023 has the figures.

The only module that knows how grpc._server hands a call to a pool; tests/contract/test_receiving.py pins that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grpc import _server
from grpc._cython import cygrpc

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

RESPOND = _server._unary_response_in_pool
"""What answers a call of one request and one reply, once it has a thread."""


class Awaited:
    """A call whose request is awaited. What gRPC reads of a future is when it has ended.

    Everything but `_request` runs on the one thread that hears of calls, so that nothing here needs a lock.
    """

    def __init__(self, arguments: tuple[Any, ...], hand_on: Callable[..., Future[Any]]) -> None:
        """Ask for the request; when it has come, or will not come any more, `hand_on` is called with `arguments`.

        arguments: what gRPC gives a pool to run RESPOND with. The lock of the call's state is held.
        """
        self._event, self._state, self._behaviour, self._ask, *self._codecs = arguments
        self._hand_on = hand_on
        self._ended: list[Callable[[Any], object]] = []
        self._note = _server._receive_message(self._state, self._event.call, self._codecs[0])
        self._event.call.start_server_batch((cygrpc.ReceiveMessageOperation(0),), self._received)
        self._state.due.add(_server._RECEIVE_MESSAGE_TOKEN)

    def add_done_callback(self, ended: Callable[[Any], object]) -> None:
        """Have this called when the call has been served."""
        self._ended.append(ended)

    def _received(self, event: Any) -> Any:
        noted = self._note(event)
        served = self._hand_on(RESPOND, self._event, self._state, self._behaviour, self._request, *self._codecs)
        for ended in self._ended:
            served.add_done_callback(ended)
        return noted

    def _request(self) -> Any:
        """The request, for the thread that serves the call. Where none came or it is too late, gRPC ends the call."""
        state = self._state
        with state.condition:
            if state.request is not None and _server._is_rpc_state_active(state):
                request, state.request = state.request, None
                return request
        return self._ask()
