"""What is counted arrives in Prometheus's form, and quantiles are those of what was counted."""

from __future__ import annotations

import random
from unittest import mock

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from mesh.cli import stat
from mesh.contract import catalog
from mesh.control import fleet
from mesh.runtime import metrics
from mesh.runtime.exposition import Exposition
from mesh.runtime.metrics import MethodMeter, Timings, call_families, timing_family

GET = "/rapport.customers.v1.ContactService/GetContact"


class Counted(Collector):
    """The metrics of one method, as of an instance."""

    def __init__(self) -> None:
        self.meter = MethodMeter(catalog.load_service("customers").methods[GET])

    def collect(self) -> list[object]:  # type: ignore[override]
        return list(call_families({GET: self.meter}))

    def text(self) -> str:
        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry).decode()


def samples(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """The values by name and the values of their labels in order."""
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_calls_are_counted_by_code_and_reason() -> None:
    counted = Counted()
    counted.meter.record(0, "", 400_000)
    counted.meter.record(0, "", 600_000)
    counted.meter.record(5, "NOT_FOUND", 100_000)

    found = samples(counted.text())

    method = GET[1:]
    assert found["rapport_calls_total", ("OK", method, "customers")] == 2
    assert found["rapport_calls_total", ("NOT_FOUND", method, "customers")] == 1
    assert found["rapport_call_failures_total", (method, "NOT_FOUND", "customers")] == 1
    assert found["rapport_call_seconds_bucket", ("0.0005", method, "customers")] == 2
    assert found["rapport_call_seconds_count", (method, "customers")] == 3
    assert abs(found["rapport_call_seconds_sum", (method, "customers")] - 0.0011) < 1e-9


def test_quantiles_are_bounds_of_the_bucket_that_holds_the_exact_one() -> None:
    seeded, counted = random.Random(7), Counted()
    drawn = sorted(int(seeded.lognormvariate(14, 1.5)) for _ in range(5000))
    for each in drawn:
        counted.meter.record(0, "", each)

    row = stat.row("customers", stat.Counted(), stat.counted(counted.text())["customers"], 0)

    bounds = [0, *(bound / 1e6 for bound in metrics.BOUNDS_NS)]
    for told, share in ((row.p50_ms, 0.5), (row.p99_ms, 0.99)):
        exact = drawn[int(share * len(drawn)) - 1] / 1e6
        assert bounds[bounds.index(told) - 1] < exact <= told
    assert row.calls == 5000


def test_the_fleet_tells_every_instance_and_the_one_that_is_silent() -> None:
    one, two = Counted(), Counted()
    one.meter.record(0, "", 1000)
    two.meter.record(0, "", 1000)
    two.meter.record(0, "", 1000)
    expositions = [Exposition([one]), Exposition([two])]
    ports = {f"customers-{n}": each.port for n, each in enumerate(expositions, 1)}
    expositions[1].stop()
    targets = [fleet.Target(name, "customers", port, healthy=True) for name, port in ports.items()]

    served = fleet.serve(lambda: targets)
    found = samples(fleet.scrape(served.port))
    served.stop()
    expositions[0].stop()

    assert found["rapport_instance_up", ("customers-1", "customers")] == 1
    assert found["rapport_instance_up", ("customers-2", "customers")] == 0
    assert found["rapport_calls_total", ("OK", "customers-1", GET[1:], "customers")] == 1


def test_names_of_timings_are_bounded() -> None:
    timings = Timings()
    for number in range(5000):
        timings.observe(f"statement {number}", 1000)

    family = timing_family("rapport_statement_seconds", "", "statement", {"customers": timings})

    assert len({sample.labels["statement"] for sample in family.samples}) <= 1001
    assert sum(s.value for s in family.samples if s.name.endswith("_count")) == 5000


def test_a_meter_that_forgets_failures_is_found() -> None:
    counted = Counted()
    with mock.patch.object(metrics, "CODE_NAMES", ("OK",) * 17):
        counted.meter.record(5, "NOT_FOUND", 1000)
        found = samples(counted.text())
    assert ("rapport_calls_total", ("NOT_FOUND", GET[1:], "customers")) not in found
