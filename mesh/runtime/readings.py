"""What a process reads of itself when its metrics are asked for.

Nothing here runs on the path of a call. A database that does not answer leaves its own figures out and no others.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from cryptography import x509
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import bindparam, func, select

from mesh.runtime.exposition import code_family
from mesh.runtime.metrics import call_families, timing_family
from mesh.runtime.version import code_version
from mesh.store.errors import StoreError
from mesh.store.mesh_tables import inbox_waiting, outbox, parked_events
from mesh.store.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prometheus_client.core import Metric

    from mesh.runtime.host import Host
    from mesh.runtime.server import Server
    from mesh.runtime.settings import Settings
    from mesh.runtime.telemetry import Telemetry

_SECONDS = 1.0
_COUNTED = 100_000
_DUE = select(outbox.c.time_us, outbox.c.due_us).where(outbox.c.published == 0, outbox.c.due_us <= bindparam("now"))
_OLDEST = Statement(_DUE.order_by(outbox.c.due_us, outbox.c.seq).limit(1), name="oldest of outbox")
_DEPTHS = {
    # Counted up to a bound: a scrape must not read a backlog of millions.
    "outbox": Statement(
        select(func.count()).select_from(_DUE.limit(_COUNTED).subquery()),
        name="count outbox",
    ),
    "inbox": Statement(
        select(func.count()).select_from(select(inbox_waiting.c.key).limit(_COUNTED).subquery()), name="count inbox"
    ),
    "parked": Statement(
        select(func.count()).select_from(select(parked_events.c.key).limit(_COUNTED).subquery()), name="count parked"
    ),
}


class Readings(Collector):
    """All metrics of one process."""

    def __init__(self, telemetry: Telemetry, hosts: Sequence[Host], server: Server, settings: Settings) -> None:
        self._telemetry = telemetry
        self._hosts = hosts
        self._server = server
        self._settings = settings
        self._code = code_version()

    def collect(self) -> Iterator[Metric]:
        """The families as they are now."""
        telemetry = self._telemetry
        yield code_family(self._code)
        yield from call_families(telemetry.meters)
        yield timing_family(
            "rapport_statement_seconds", "Time of a statement in the store.", "statement", telemetry.statements
        )
        yield timing_family(
            "rapport_event_delay_seconds", "From an event to its effect here.", "type", telemetry.events
        )
        queue = HistogramMetricFamily("rapport_queue_seconds", "Wait of a call for a thread.", labels=())
        self._server.calls.waited.add_to(queue, ())
        yield queue
        flying = GaugeMetricFamily("rapport_calls_in_flight", "Calls that are served or wait.", labels=("kind",))
        flying.add_metric(("unary",), self._server.calls.calls + self._server.credentials.calls)
        flying.add_metric(("stream",), self._server.streams.calls)
        yield flying
        yield from self._pools()
        yield from self._directories()
        yield from self._events()
        yield from self._certificates()

    def _pools(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("rapport_store_connections", "Database connections.", labels=("service", "state"))
        for host in self._hosts:
            counts = host.store.connections()
            for state in ("used", "idle", "most", "waiting"):
                family.add_metric((host.name, state), getattr(counts, state))
        yield family

    def _directories(self) -> Iterator[Metric]:
        family = CounterMetricFamily("rapport_directory", "Look-ups in the directory.", labels=("service", "outcome"))
        for host in self._hosts:
            for outcome in ("hits", "misses", "stale"):
                family.add_metric((host.name, outcome), getattr(host.directory, outcome))
        yield family

    def _events(self) -> Iterator[Metric]:
        labels = ("service",)
        depth = GaugeMetricFamily("rapport_events_waiting", "Events by where they wait.", labels=(*labels, "where"))
        age = GaugeMetricFamily("rapport_outbox_age_seconds", "Age of the oldest unpublished event.", labels=labels)
        leads = GaugeMetricFamily("rapport_relay_leads", "Whether the relay of the service runs here.", labels=labels)
        broker = GaugeMetricFamily("rapport_broker_up", "Whether Redis answers here.", labels=labels)
        behind, pending = (
            GaugeMetricFamily(f"rapport_consumer_{name}", text, labels=(*labels, "source"))
            for name, text in (
                ("lag", "Events of a source that were not delivered to the service yet."),
                ("pending", "Events of a source that the service was handed and has not finished."),
            )
        )
        for host in self._hosts:
            now = host.environment.clock.now_us()
            with contextlib.suppress(StoreError):
                oldest = host.store.read(_OLDEST, tenant=None, timeout=_SECONDS, now=now)
                age.add_metric((host.name,), max(0, now - max(oldest[0])) / 1e6 if oldest else 0)
                for where, statement in _DEPTHS.items():
                    bound = {"now": now} if where == "outbox" else {}
                    ((count,),) = host.store.read(statement, tenant=None, timeout=_SECONDS, **bound)
                    depth.add_metric((host.name, where), count)
            leads.add_metric((host.name,), host.worker.leads)
            broker.add_metric((host.name,), host.broker.answers)
            for lag in host.broker.lags:
                behind.add_metric((host.name, lag.source), lag.behind)
                pending.add_metric((host.name, lag.source), lag.pending)
        yield from (depth, age, leads, broker, behind, pending)

    def _certificates(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(
            "rapport_certificate_expiry_timestamp_seconds",
            "When the identity's certificate expires.",
            labels=("identity",),
        )
        for host in self._hosts:
            with contextlib.suppress(OSError, ValueError):
                file = self._settings.certificates(host.name) / "tls.crt"
                certificate = x509.load_pem_x509_certificate(file.read_bytes())
                family.add_metric((host.name,), certificate.not_valid_after_utc.timestamp())
        yield family
