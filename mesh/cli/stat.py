"""`mesh stat`: calls, errors and latencies by service, from the metrics of all instances."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families

from mesh.cli import output
from mesh.cli.outcome import running
from mesh.control import fleet
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

EXAMPLES = ("mesh stat --total", "mesh stat --seconds 1 -o json")


@dataclass(slots=True)
class Counted:
    """What a service counted since its processes began: calls, those that failed, and calls by upper bound in s."""

    calls: float = 0
    errors: float = 0
    buckets: dict[float, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; times in milliseconds, upper bounds of the bucket they fall into."""

    service: str
    calls: int
    calls_per_s: float
    errors: int
    p50_ms: float
    p99_ms: float


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("-s", "--seconds", type=float, default=2, help="how long to watch (default: 2)")
    parser.add_argument("--total", action="store_true", help="since the processes began, without watching")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the table."""
    port = running(read_settings()).metrics_port
    before: Mapping[str, Counted] = {}
    began = time.monotonic()
    if not arguments.total:
        before = counted(fleet.scrape(port))
        time.sleep(arguments.seconds)
    after = counted(fleet.scrape(port))
    seconds = 0.0 if arguments.total else time.monotonic() - began
    rows = [row(name, before.get(name, Counted()), found, seconds) for name, found in sorted(after.items())]
    output.show([asdict(each) for each in rows], arguments.output, nothing="nothing was called yet")
    return 0


def counted(text: str) -> dict[str, Counted]:
    """What the metrics in Prometheus's text form say of each service."""
    found: dict[str, Counted] = defaultdict(Counted)
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            service = sample.labels.get("service", "")
            if sample.name == "rapport_calls_total":
                found[service].calls += sample.value
                found[service].errors += sample.value if sample.labels["code"] != "OK" else 0
            elif sample.name == "rapport_call_seconds_bucket":
                found[service].buckets[float(sample.labels["le"])] += sample.value
    return found


def row(service: str, before: Counted, after: Counted, seconds: float) -> Row:
    """The difference of two countings; `seconds` between them, 0: no rate."""
    calls = after.calls - before.calls
    buckets = {bound: count - before.buckets[bound] for bound, count in sorted(after.buckets.items())}
    return Row(
        service=service,
        calls=int(calls),
        calls_per_s=round(calls / seconds, 1) if seconds else 0.0,
        errors=int(after.errors - before.errors),
        p50_ms=quantile(buckets, 0.5),
        p99_ms=quantile(buckets, 0.99),
    )


def quantile(buckets: Mapping[float, float], share: float) -> float:
    """The upper bound in milliseconds under which at least `share` of all calls stayed; 0 without calls."""
    total = max(buckets.values(), default=0)
    if not total:
        return 0.0
    finite = [bound for bound in buckets if bound != float("inf")]
    reached = (bound for bound, count in buckets.items() if count >= share * total)
    return round(min(next(reached), max(finite)) * 1000, 3)
