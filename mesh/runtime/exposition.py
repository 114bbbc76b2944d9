"""The loopback port on which a process answers with its metrics, and the metric of its code.

It knows of no database: the control plane answers so, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, start_wsgi_server
from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client.registry import Collector

LOOPBACK = "127.0.0.1"


class Exposition:
    """Answers `GET /metrics` on a loopback port, on threads of its own."""

    def __init__(self, collectors: Iterable[Collector]) -> None:
        registry = CollectorRegistry()
        for collector in collectors:
            registry.register(collector)
        self._server, self._thread = start_wsgi_server(0, LOOPBACK, registry)
        self.port = int(self._server.server_port)

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def code_family(version: str, *labels: str) -> GaugeMetricFamily:
    """Which code a process was started with; `labels` are the values of `instance` where it is known."""
    family = GaugeMetricFamily("rapport_code_info", "The code.", labels=("code", *("instance" for _ in labels)))
    family.add_metric((version, *labels), 1)
    return family
