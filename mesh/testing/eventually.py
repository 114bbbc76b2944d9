"""Waits for what another process does, without sleeping longer than needed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_TRIES = 5

_FIRST_PAUSE = 0.005
_LONGEST_PAUSE = 0.1


def eventually(
    probe: Callable[[], T], *, within: float = 10.0, of: str = "", pause_at_most: float = _LONGEST_PAUSE
) -> T:
    """Call `probe` until it returns something true, and return that; an AssertionError of the probe counts as false.

    Args:
        probe: asked again and again; anything but an AssertionError that it raises ends the wait.
        within: seconds after which the wait fails.
        of: what is waited for, for the message of the failure.
        pause_at_most: seconds between two questions, more where each costs much.

    Raises:
        AssertionError: the probe stayed false; its own last AssertionError is the cause.
    """
    deadline = time.monotonic() + within
    pause = _FIRST_PAUSE
    while True:
        last: AssertionError | None = None
        try:
            found = probe()
        except AssertionError as error:
            last = error
        else:
            if found:
                return found
        if time.monotonic() >= deadline:
            msg = f"{of or 'the condition'} did not come true within {within:g} s"
            raise AssertionError(msg) from last
        time.sleep(pause)
        pause = min(pause * 2, pause_at_most)


def quickest(run: Callable[[], object]) -> float:
    """Seconds that the quickest of a few runs took: what a neighbour on the same cores adds is not of what is run."""
    took = []
    for _ in range(_TRIES):
        began = time.monotonic()
        run()
        took.append(time.monotonic() - began)
    return min(took)
