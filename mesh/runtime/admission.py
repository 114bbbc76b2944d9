"""The admission link: a call that would wait long for a thread, for its deadline, is refused on arrival.

It decides while gRPC looks for the handler of a call, before the call has taken a place in the queue or its request was
read. It does not know there which deadline the caller set, so it goes by the one in the contract. A call whose own
deadline passes while it waits is dropped by gRPC when a thread gets to it.

A queue that is as long as a deadline serves everybody too late once there is more to do than can be done, and so a call
waits for a share of its deadline at most: the rest is for what it came for, and for what its caller has spent before.

How long it would wait follows from how many wait before it and how fast these are taken (Little's law). What a call
spends on its thread says nothing of that: where the processor is short, most time goes by outside of the handler.
"""

from __future__ import annotations

import functools
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any

from mesh.contract.failure import Failure
from mesh.contract.reasons import common_reasons
from mesh.runtime.chain import RpcStatus
from mesh.runtime.errors import outcome
from mesh.runtime.metrics import Latency
from mesh.runtime.receiving import RESPOND, Awaited

if TYPE_CHECKING:
    from collections.abc import Callable

    import grpc

    from mesh.runtime.errors import Outcome

# Calls that wait for a thread, at most.
MAX_WAITING = 256
# While there are no more calls than this, their requests are received before they have a thread. What is beyond leaves
# its request to gRPC, which holds back the sender: one may be 8 MiB large.
MOST_RECEIVED = 32
# The share of its deadline that a call may wait for a thread.
_PATIENCE = 0.25
# Streams in a process, at most; an idle one holds a thread and about 64 KiB.
MAX_STREAMS = 2_000
# What the newest call counts in the average time between two that are taken out of the queue.
_WEIGHT = 0.05
# How long after a call a process still counts as serving calls.
_LATELY_NS = 100_000_000
_RETRY_SECONDS = 1.0
_RETRY_STREAM_SECONDS = 5.0


class SteadyPool(ThreadPoolExecutor):
    """Threads that serve calls, and a `submit` that never raises.

    It runs on gRPC's one thread that hears of calls: an error there, as where no more threads can be started, would
    end that thread, and the process would be deaf from then on.
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Serve a call when a thread is free; where there will be none, its caller's deadline ends it."""
        try:
            return super().submit(fn, *args, **kwargs)
        except RuntimeError as error:
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed


def on_threads(pool: ThreadPoolExecutor, behaviour: Callable[..., Any]) -> Callable[..., Any]:
    """What gRPC runs on the threads of `pool`; a new function, as the given one may serve elsewhere too."""
    served = functools.partial(behaviour)
    served.experimental_thread_pool = pool  # type: ignore[attr-defined]  # the name that gRPC looks for
    return served


class CallPool(SteadyPool):
    """The threads that serve calls, with the number of calls in it and how fast those that wait are taken."""

    def __init__(self, threads: int, max_waiting: int = MAX_WAITING) -> None:
        super().__init__(threads, thread_name_prefix="call")
        self._at_once = threads
        self._most = threads + max_waiting
        self._lock = Lock()
        self._calls = 0
        self._coming = 0  # of them, whose requests are awaited; the thread that hears of calls alone changes it
        self._came = 0
        self._taken = 0
        self._turn = 0.0  # seconds
        self.waited = Latency()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any] | Awaited:  # type: ignore[override]  # see there
        """Serve a call when its request has come and a thread is free."""
        with self._lock:
            self._calls += 1
            self._came = time.perf_counter_ns()
        if args and args[0] is RESPOND and self._calls <= MOST_RECEIVED:
            self._coming += 1
            return Awaited(args[1:], functools.partial(self._received, fn))
        return self._queue(fn, *args, **kwargs)

    def _received(self, fn: Callable[..., Any], *args: Any) -> Future[Any]:
        self._coming -= 1
        return self._queue(fn, *args)

    def _queue(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(self._serve, time.perf_counter_ns(), fn, *args, **kwargs)

    def _serve(self, came: int, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter_ns()
        self.waited.observe(started - came)
        with self._lock:
            # A call that came after the last one was taken did not wait for its turn.
            turn = max(0, started - max(came, self._taken)) / 1e9
            self._turn += (turn - self._turn) * _WEIGHT
            self._taken = started
        try:
            return fn(*args, **kwargs)
        finally:
            with self._lock:
                self._calls -= 1

    @property
    def calls(self) -> int:
        """Calls that are being served, wait for a thread or are being received."""
        return self._calls

    def busy(self) -> bool:
        """Whether there are calls, or were a moment ago, so that the next one is likely to come soon."""
        return self._calls > 0 or time.perf_counter_ns() - self._came < _LATELY_NS

    def wait(self) -> float:
        """Seconds that a call which comes now would wait for a thread: no less than nobody was taken for by now."""
        waiting = self._calls - self._coming - self._at_once
        if waiting <= 0:
            return 0.0
        return max(waiting * self._turn, (time.perf_counter_ns() - self._taken) / 1e9)

    def admits(self, deadline: float) -> bool:
        """Whether there is room for a call that may take `deadline` seconds."""
        ready = self._calls - self._coming
        return ready < self._at_once or (self._calls < self._most and self.wait() < deadline * _PATIENCE)


class StreamPool(SteadyPool):
    """The threads that serve streams, one each: what lives for an hour takes no thread from calls that are short."""

    def __init__(self, most: int = MAX_STREAMS) -> None:
        super().__init__(most, thread_name_prefix="stream")
        self._most = most
        self._lock = Lock()
        self._streams = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Serve a stream now."""
        with self._lock:
            self._streams += 1
        return super().submit(self._serve, fn, *args, **kwargs)

    def _serve(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        finally:
            with self._lock:
                self._streams -= 1

    @property
    def calls(self) -> int:
        """Streams that are open."""
        return self._streams

    def wait(self) -> float:
        """Seconds after which there may be a place: nobody knows when a stream ends."""
        return _RETRY_STREAM_SECONDS

    def admits(self, deadline: float) -> bool:
        """Whether there is a place for one more, however long it lives."""
        del deadline
        return self._streams < self._most


class Refusal:
    """Refuses calls for one reason, on threads of its own; the request is not awaited, which may never come whole.

    `wait` gives the seconds after which to try again, at least one. `note` is told of each of them.
    """

    def __init__(
        self,
        reason: str,
        domain: str,
        pool: ThreadPoolExecutor,
        wait: Callable[[], float] | None = None,
        note: Callable[[Outcome, grpc.ServicerContext], None] | None = None,
    ) -> None:
        self._note = note
        self._reason = reason
        self._domain = domain
        self._wait = wait
        self.experimental_thread_pool = pool  # the name that gRPC looks for

    def __call__(self, requests: object, context: grpc.ServicerContext) -> bytes:
        """End the call."""
        del requests
        retry_after = max(_RETRY_SECONDS, self._wait()) if self._wait else None
        failure = Failure(self._reason, retry_after=retry_after)
        failed = outcome(failure, common_reasons(), self._domain, "")
        if self._note is not None:
            self._note(failed, context)
        context.abort_with_status(RpcStatus(failed))
        return b""
