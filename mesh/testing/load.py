"""Load on a server: what a call costs it in CPU time, and what becomes of calls that do not wait for others' ends."""

from __future__ import annotations

import gc
import os
import statistics
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import grpc


@dataclass(frozen=True, slots=True)
class Cost:
    """One run: calls made, calls per second, and microseconds of the server's CPU per call."""

    calls: int
    rate: float
    cpu_us: float


@contextmanager
def frozen() -> Iterator[None]:
    """What this process holds by now is no garbage, as in a process that serves: no collection looks at it."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def measure(call: Callable[[], object], server: int, *, seconds: float, threads: int = 8) -> Cost:
    """Call from `threads` threads for `seconds`; `server` is the process whose CPU counts, with its children.

    An error ends the run.
    """
    parent = psutil.Process(server)
    processes = [parent, *parent.children(recursive=True)]
    counts = [0] * threads
    errors: list[BaseException] = []
    ends = time.monotonic() + seconds

    def loop(number: int) -> None:
        try:
            while time.monotonic() < ends and not errors:
                call()
                counts[number] += 1
        except Exception as error:  # noqa: BLE001  # handed to the thread that measures
            errors.append(error)

    before, began = _cpu(processes), time.monotonic()
    workers = [threading.Thread(target=loop, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if errors:
        raise errors[0]
    calls, elapsed = sum(counts), time.monotonic() - began
    return Cost(calls, calls / elapsed, (_cpu(processes) - before) / calls * 1e6)


@dataclass(frozen=True, slots=True)
class Offered:
    """What became of calls, by the name of their status, and how many good answers came a second while calls left."""

    codes: Mapping[str, int]
    goodput: float


def offer(start: Callable[[], grpc.Future], *, rate: float, seconds: float) -> Offered:
    """Start `rate` calls a second for `seconds`, each when it is due, and wait for their ends."""
    good: list[float] = []
    calls: list[grpc.Future] = []

    def ended(call: grpc.Future) -> None:
        if call.code().value[0] == 0:
            good.append(time.monotonic())

    began = time.monotonic()
    while (elapsed := time.monotonic() - began) < seconds:
        while len(calls) < elapsed * rate:
            call = start()
            call.add_done_callback(ended)
            calls.append(call)
        time.sleep(1 / rate)
    ends = time.monotonic()
    codes = Counter(call.code().name for call in calls)
    return Offered(codes, sum(moment <= ends for moment in good) / (ends - began))


def capacity(call: Callable[[], object], *, seconds: float, callers: int) -> float:
    """Calls per second that as many callers get answered who each wait for an answer before they call again."""
    return measure(call, os.getpid(), seconds=seconds, threads=callers).rate


def _cpu(processes: Sequence[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return float(sum(one.user + one.system for one in times))


def alternate(
    variants: Mapping[str, Callable[[], Cost]], *, rounds: int, base: str
) -> tuple[dict[str, Cost], dict[str, float]]:
    """Run all variants in turn, several rounds: the median cost of each, and the median of its CPU / base CPU."""
    runs: dict[str, list[Cost]] = {name: [] for name in variants}
    for number in range(rounds):
        names = list(variants)
        for name in names if number % 2 else reversed(names):
            runs[name].append(variants[name]())
    ratios = {
        name: statistics.median(c.cpu_us / b.cpu_us for b, c in zip(runs[base], costs, strict=True))
        for name, costs in runs.items()
    }
    return {name: _median(costs) for name, costs in runs.items()}, ratios


def _median(costs: Sequence[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.cpu_us)[len(costs) // 2]


def two_cores() -> tuple[int, int]:
    """A core for the server and one for the load; the same one twice where there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[0], cores[-1]
