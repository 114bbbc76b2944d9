"""Calls that are sent again: how often, after which pause, and how many of them there may be.

The budget is a share of what is called anyway, so that a service in trouble does not get a multiple of its load. It is
gRPC's throttling of retries (gRFC A6) by services, which gRPC itself does not offer for routes that come over xDS.
"""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import grpc

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = TypeVar("Answer")

SHARE = 0.2
"""Retries per call, in the long run."""
MOST = 10.0
"""Retries that a service which was well may get at once: some of its instances went away."""
PAUSES = (0.02, 0.1)
"""Longest pause in seconds before each retry. The clock's nanoseconds say which part of it, so that callers do not come
back together."""


class RetryBudget:
    """How many calls to one service may be sent again. Thread-safe."""

    def __init__(self, share: float = SHARE, most: float = MOST) -> None:
        self._share = share
        self._most = most
        self._left = most
        self._lock = Lock()

    def called(self) -> None:
        """A call is sent for the first time."""
        with self._lock:
            self._left = min(self._most, self._left + self._share)

    def take(self) -> bool:
        """Whether one may be sent again now."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True


def retried(send: Callable[[float], Answer], timeout: float, budget: RetryBudget) -> Answer:
    """The answer of `send(seconds left)`, sent again on UNAVAILABLE while time is left and the budget lasts.

    Raises:
        grpc.RpcError: of the last attempt.
    """
    ends = time.monotonic() + timeout
    budget.called()
    for longest in PAUSES:
        try:
            return send(ends - time.monotonic())
        except grpc.RpcError as error:
            pause = longest * (time.monotonic_ns() % 1_000 / 1_000)
            if error.code() is not grpc.StatusCode.UNAVAILABLE or time.monotonic() + pause >= ends or not budget.take():
                raise
        time.sleep(pause)
    return send(ends - time.monotonic())
