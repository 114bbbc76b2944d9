"""Background work gives way to calls: smaller steps and rests while there are some, and no pause without."""

from __future__ import annotations

import threading
import time
from concurrent.futures import wait

from mesh.events.courtesy import BESIDE, Courtesy
from mesh.runtime.admission import CallPool

_STEP_SECONDS = 0.02


def rested(courtesy: Courtesy) -> float:
    """Seconds of rest after a step of a given length."""
    now = time.monotonic()
    courtesy.rest(now - _STEP_SECONDS, threading.Event())
    return time.monotonic() - now


def test_without_calls_batches_are_whole_and_nothing_rests() -> None:
    assert Courtesy().batch(100) == 100
    assert rested(Courtesy()) < _STEP_SECONDS


def test_while_there_are_calls_steps_are_small_and_rests_as_long_as_steps() -> None:
    courtesy = Courtesy(lambda: True)
    assert courtesy.batch(100) == 10
    assert courtesy.batch(3) == 3
    assert rested(courtesy) >= _STEP_SECONDS


def test_beside_calls_of_another_process_steps_are_larger() -> None:
    courtesy = Courtesy(lambda: True, BESIDE)
    assert courtesy.batch(100) == 20
    assert rested(courtesy) >= _STEP_SECONDS


def test_a_loop_that_is_stopped_does_not_rest() -> None:
    stopped = threading.Event()
    stopped.set()
    now = time.monotonic()
    Courtesy(lambda: True).rest(now - 60, stopped)
    assert time.monotonic() - now < 1


def test_a_process_serves_calls_during_one_and_a_moment_after_it() -> None:
    pool, held, begun = CallPool(1), threading.Event(), threading.Event()
    assert not pool.busy()
    call = pool.submit(lambda: begun.set() or held.wait(10))
    assert begun.wait(10)
    assert pool.busy()
    held.set()
    wait([call], 10)
    assert pool.busy(), "the next one is likely to come soon"
    pool.shutdown()
