"""The metrics of the whole mesh: asks every instance for its own and answers with all of them, each labelled.

Owns where Prometheus scrapes. It listens on loopback only, and no route of the edge leads here.
"""

from __future__ import annotations

import http.client
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from mesh.runtime.exposition import LOOPBACK, Exposition, code_family
from mesh.runtime.version import code_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_SECONDS = 2.0
_AT_ONCE = 8
_MOST_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Target:
    """An instance, the loopback port of its metrics, and whether it takes calls.

    told: what one on another host told of itself, whose port nobody here reaches.
    """

    instance: str
    service: str
    port: int
    healthy: bool
    told: str | None = None

    def metrics(self) -> str:
        """What it tells of itself; nothing where it does not answer."""
        return scrape(self.port) if self.told is None else self.told


class Fleet(Collector):
    """The metrics of all instances as of now; one that does not answer is told by `rapport_instance_up` alone."""

    def __init__(self, targets: Callable[[], Sequence[Target]]) -> None:
        self._targets = targets
        self._code = code_version()

    def collect(self) -> Iterator[Metric]:
        """Every family once, with the samples of all instances."""
        targets = self._targets()
        labels = ("instance", "service")
        healthy = GaugeMetricFamily("rapport_instance_healthy", "Whether it takes calls.", labels=labels)
        answers = GaugeMetricFamily("rapport_instance_up", "Whether it told its metrics.", labels=labels)
        own = code_family(self._code, "control")
        merged: dict[str, Metric] = {own.name: own}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            texts = list(pool.map(Target.metrics, targets))
        for target, text in zip(targets, texts, strict=True):
            healthy.add_metric((target.instance, target.service), target.healthy)
            answers.add_metric((target.instance, target.service), bool(text))
            for family in text_string_to_metric_families(text):
                samples = [s._replace(labels={**s.labels, "instance": target.instance}) for s in family.samples]
                known = merged.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                known.samples += samples
        yield from (healthy, answers, *merged.values())


def scrape(port: int, seconds: float = _SECONDS) -> str:
    """What answers on a loopback port tells of itself; nothing where nobody does within so many seconds."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=seconds)
    try:
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        return answer.read(_MOST_BYTES).decode() if answer.status == http.HTTPStatus.OK else ""
    except (OSError, http.client.HTTPException, UnicodeDecodeError):
        return ""
    finally:
        connection.close()


def serve(targets: Callable[[], Sequence[Target]]) -> Exposition:
    """Answer for all instances on a loopback port."""
    return Exposition([Fleet(targets)])
