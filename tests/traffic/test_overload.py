"""Twice the load that a mesh can carry: it answers as many calls as before, and tells the others when to come.

One service has a part of a core only, as on a machine it shares: otherwise the callers, on the same two cores as the
mesh, would be at their end before it is.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from mesh.testing.outage import pid_of
from mesh.testing.running import RunningMesh, running_mesh
from mesh.testing.traffic import traffic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.traffic import Result

CALLERS = 48
# Runs in turn, as others use the machine too, and seconds of each.
ROUNDS, SECONDS = 3, 8
# Of each period, in seconds, the service works a share.
PERIOD, SHARE = 0.02, 0.3
GOODPUT = 0.9
# Answers that come when no more calls leave were waited for this long at most: a quarter of a deadline of 2 s.
QUEUE = 0.5
UNLIMITED = "READ=100000000/1000000"


@contextmanager
def slowed(mesh: RunningMesh, name: str) -> Iterator[None]:
    """An instance that stands still for most of the time."""
    pid, over = pid_of(mesh, name), threading.Event()

    def alternate() -> None:
        while not over.is_set():
            os.kill(pid, signal.SIGSTOP)
            time.sleep(PERIOD * (1 - SHARE))
            os.kill(pid, signal.SIGCONT)
            over.wait(PERIOD * SHARE)

    thread = threading.Thread(target=alternate)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def run(mesh: RunningMesh, **load: float) -> Result:
    with traffic(mesh, seconds=SECONDS, writes=0, **load) as running:
        pass
    print(f"\n{running.result}")
    return running.result


def goodput(result: Result, queue: float = 0.0) -> float:
    """Calls per second that the service answered, within the deadlines that the edge gives them."""
    made = sum(number for kind, number in result.kinds.items() if not kind.endswith("me"))
    return (made - sum(not f.kind.endswith("me") for f in result.failures)) / (result.seconds + queue)


@pytest.mark.chaos
@pytest.mark.timeout(400)
def test_twice_the_load_leaves_the_goodput_as_it_is(tmp_path: Path) -> None:
    shares = []
    with running_mesh(tmp_path, MESH_LIMITS=UNLIMITED) as mesh, slowed(mesh, "customers-1"):
        for _ in range(ROUNDS):
            before = run(mesh, callers=CALLERS)
            over = run(mesh, rate=2 * before.rate)
            after = run(mesh, callers=CALLERS)
            assert over.rate >= 1.9 * before.rate, "the callers did not keep up"
            assert over.late < 1, "the callers did not keep up"
            shares.append(goodput(over, QUEUE) / max(goodput(before), goodput(after)))
            codes = {failure.code for failure in over.failures}
            assert codes <= {"RESOURCE_EXHAUSTED"}, codes
    print(f"\ngoodput at twice the load: {', '.join(f'{share:.2f}' for share in shares)} of the peak")
    assert sorted(shares)[ROUNDS // 2] >= GOODPUT
