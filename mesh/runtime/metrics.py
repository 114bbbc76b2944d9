"""Metrics of a process: what calls, statements and events count while they run, in a form that costs next to nothing.

Owns the numbers and their Prometheus form. Nothing here has a label whose values a caller could choose.
"""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock
from typing import TYPE_CHECKING

import grpc
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prometheus_client.core import Metric

    from mesh.contract.method import MethodContract

CODE_NAMES = tuple(code.name for code in sorted(grpc.StatusCode, key=lambda code: int(code.value[0])))
_MS = 1_000_000
BOUNDS_NS = tuple(
    int(each * _MS)
    for each in (
        0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 200, 300, 500, 750,
        1000, 2000, 5000, 10_000, 30_000,
    )
)  # fmt: skip
"""Upper bounds of the buckets of every histogram, in nanoseconds."""
_LABELS = (*(f"{bound / 1e9:g}" for bound in BOUNDS_NS), "+Inf")
_MOST_NAMES = 1000


class Latency:
    """A histogram of durations. Thread-safe; an observation costs well below a microsecond."""

    __slots__ = ("_lock", "buckets", "total_ns")

    def __init__(self) -> None:
        self._lock = Lock()
        self.buckets = [0] * len(_LABELS)
        self.total_ns = 0

    def observe(self, nanoseconds: int) -> None:
        """Count a duration."""
        place = bisect_left(BOUNDS_NS, nanoseconds)
        with self._lock:
            self.buckets[place] += 1
            self.total_ns += nanoseconds

    def add_to(self, family: HistogramMetricFamily, labels: Sequence[str]) -> None:
        """Add what was counted to a family."""
        with self._lock:
            counts, total = list(self.buckets), self.total_ns
        cumulated = 0
        buckets: list[tuple[str, float]] = []
        for label, count in zip(_LABELS, counts, strict=True):
            cumulated += count
            buckets.append((label, cumulated))
        family.add_metric(labels, buckets, total / 1e9)


class MethodMeter(Latency):
    """The calls of one method by code, those that failed by reason, and how long they took. Thread-safe."""

    __slots__ = ("codes", "contract", "reasons")

    def __init__(self, contract: MethodContract) -> None:
        super().__init__()
        self.contract = contract
        self.codes = [0] * len(CODE_NAMES)
        self.reasons: dict[str, int] = {}

    def record(self, code: int, reason: str, nanoseconds: int) -> None:
        """Count a call that has ended; `reason` is empty where it succeeded, else one that contracts declare."""
        place = bisect_left(BOUNDS_NS, nanoseconds)
        with self._lock:
            self.buckets[place] += 1
            self.total_ns += nanoseconds
            self.codes[code] += 1
            if reason:
                self.reasons[reason] = self.reasons.get(reason, 0) + 1


class Timings:
    """Durations by name, as of statements or events. Beyond a thousand names the rest counts as `other`."""

    def __init__(self) -> None:
        self._known: dict[str, Latency] = {}
        self._lock = Lock()

    def observe(self, name: str, nanoseconds: int) -> None:
        """Count a duration."""
        found = self._known.get(name)
        (found if found is not None else self._add(name)).observe(nanoseconds)

    def _add(self, name: str) -> Latency:
        with self._lock:
            return self._known.setdefault(name if len(self._known) < _MOST_NAMES else "other", Latency())

    def items(self) -> list[tuple[str, Latency]]:
        """What was counted, by name."""
        return list(self._known.items())


def call_families(meters: Mapping[str, MethodMeter]) -> Iterator[Metric]:
    """Calls in Prometheus's form. Methods that were never called are left out."""
    labels = ("service", "method")
    calls = CounterMetricFamily("rapport_calls", "Calls that ended, by gRPC code.", labels=(*labels, "code"))
    refused = CounterMetricFamily("rapport_call_failures", "Calls that failed.", labels=(*labels, "reason"))
    took = HistogramMetricFamily("rapport_call_seconds", "Time from a thread to the answer.", labels=labels)
    for meter in meters.values():
        names = (meter.contract.service, meter.contract.full_name)
        for code, count in enumerate(meter.codes):
            if count:
                calls.add_metric((*names, CODE_NAMES[code]), count)
        for reason, count in list(meter.reasons.items()):
            refused.add_metric((*names, reason), count)
        if any(meter.codes):
            meter.add_to(took, names)
    yield from (calls, refused, took)


def timing_family(name: str, text: str, label: str, timings: Mapping[str, Timings]) -> Metric:
    """Durations of several services in Prometheus's form."""
    family = HistogramMetricFamily(name, text, labels=("service", label))
    for service, of_service in timings.items():
        for what, latency in of_service.items():
            latency.add_to(family, (service, what))
    return family
