"""The admission link: a call that would wait for a thread past its deadline, or behind too many, is refused on arrival.

It decides while gRPC looks for the handler of a call, before the call has taken a place in the queue or its request was
read. It does not know there which deadline the caller set, so it goes by the one in the contract. A call whose own
deadline passes while it waits is dropped by gRPC when a thread gets to it.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any

from mesh.contract.failure import Failure
from mesh.contract.reasons import common_reasons
from mesh.runtime.chain import RpcStatus
from mesh.runtime.errors import outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    import grpc

# Calls that wait for a thread, at most.
MAX_WAITING = 256
# What the newest call counts in the average time of one.
_WEIGHT = 0.05
_RETRY_SECONDS = 1.0


class CallPool(ThreadPoolExecutor):
    """The threads that serve calls, with the number of calls in it and the average time that one takes."""

    def __init__(self, threads: int, max_waiting: int = MAX_WAITING) -> None:
        super().__init__(threads, thread_name_prefix="call")
        self._at_once = threads
        self._most = threads + max_waiting
        self._lock = Lock()
        self._calls = 0
        self._seconds = 0.0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Serve a call when a thread is free."""
        with self._lock:
            self._calls += 1
        return super().submit(self._serve, fn, *args, **kwargs)

    def _serve(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        started = time.monotonic()
        try:
            return fn(*args, **kwargs)
        finally:
            took = time.monotonic() - started
            with self._lock:
                self._calls -= 1
                self._seconds += (took - self._seconds) * _WEIGHT

    def wait(self) -> float:
        """Seconds that a call which comes now would wait for a thread."""
        return max(0, self._calls - self._at_once) * self._seconds / self._at_once

    def admits(self, deadline: float) -> bool:
        """Whether there is room for a call that may take `deadline` seconds."""
        return self._calls < self._at_once or (self._calls < self._most and self.wait() < deadline)


class Refusal:
    """Refuses calls for one reason, on threads of its own; the request is not awaited, which may never come whole.

    `wait` gives the seconds after which to try again, at least one.
    """

    def __init__(
        self, reason: str, domain: str, pool: ThreadPoolExecutor, wait: Callable[[], float] | None = None
    ) -> None:
        self._reason = reason
        self._domain = domain
        self._wait = wait
        self.experimental_thread_pool = pool  # the name that gRPC looks for

    def __call__(self, requests: object, context: grpc.ServicerContext) -> bytes:
        """End the call."""
        del requests
        retry_after = max(_RETRY_SECONDS, self._wait()) if self._wait else None
        failure = Failure(self._reason, retry_after=retry_after)
        context.abort_with_status(RpcStatus(outcome(failure, common_reasons(), self._domain, "")))
        return b""
