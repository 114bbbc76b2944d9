"""The whole mesh in this process: every service on a real gRPC server with mutual TLS, on loopback, over real stores.

What it leaves out: the edge, the supervisor, the control plane's addresses (callers get channels of their own), and the
background work of services. Whoever needs events to arrive says so with `deliver()`.
"""

from __future__ import annotations

import itertools
import os
import secrets
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2, session_service_pb2, tenant_service_pb2
from sqlalchemy import bindparam, select

from mesh.contract import catalog
from mesh.contract.etags import etag
from mesh.control.certificates import Authority, Identity
from mesh.events.envelope import Event
from mesh.events.outbox import mark
from mesh.resource.job_runner import JobRunner
from mesh.runtime.access_log import AccessLog
from mesh.runtime.after import Places
from mesh.runtime.call import Write
from mesh.runtime.client import Caller
from mesh.runtime.clock import SystemClock, VirtualClock
from mesh.runtime.credentials import channel
from mesh.runtime.drain import Drain
from mesh.runtime.host import Host
from mesh.runtime.ids import Ids
from mesh.runtime.readings import Readings
from mesh.runtime.server import Server
from mesh.runtime.settings import read_settings
from mesh.runtime.telemetry import Telemetry
from mesh.runtime.tracing import Tracer
from mesh.store.mesh_tables import outbox
from mesh.store.statement import Statement
from mesh.testing.inspection import Content, Inspection, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import grpc
    from google.protobuf.message import Message
    from opentelemetry.sdk.trace import ReadableSpan

    from mesh.contract.method import MethodContract
    from mesh.contract.resource import ResourceContract
    from mesh.resource.resource import Resource
    from mesh.runtime.service import Service

PASSWORD = "granite-walrus-47-lantern"  # noqa: S105  # of throw-away tenants
_SECONDS = 10.0
_SPANS = 1000
_COLUMNS = [column.name for column in outbox.columns]
_DUE = _COLUMNS.index("due_us")
_AFTER = Statement(
    select(outbox).where(outbox.c.seq > bindparam("after"), outbox.c.name.is_(None)).order_by(outbox.c.seq),
    name="read outbox",
)
_TIMERS = Statement(
    select(outbox)
    .where(outbox.c.name.is_not(None), outbox.c.published == 0, outbox.c.due_us <= bindparam("now"))
    .order_by(outbox.c.due_us, outbox.c.seq)
    .limit(1),
    name="read timers",
)
_MOST_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Member:
    """A user who is signed in: the ids, the address, and a bearer token."""

    tenant: str
    slug: str
    id: str
    email: str
    token: str


class LocalMesh:
    """All services, started when it is made.

    home: an empty folder for databases, certificates and the access log. database_url: a template with `{service}`;
    empty: SQLite files below `home`. limits: as `MESH_LIMITS` has them. Servers keep running until close().
    """

    def __init__(
        self, home: Path, *, database_url: str = "", redis_url: str = "", secret: str = "", limits: str = ""
    ) -> None:
        self.settings = read_settings(
            {
                "MESH_HOME": str(home),
                "MESH_PROFILE": "test",
                "MESH_SECRET": secret or secrets.token_hex(32),
                "DATABASE_URL": database_url or f"sqlite:///{home}/data/{{service}}.db",
                "REDIS_URL": redis_url,
                **({"MESH_LIMITS": limits} if limits else {}),
            }
        )
        (home / "data").mkdir(parents=True, exist_ok=True)
        self.clock = VirtualClock()
        self.access_log = home / "access.log"
        self._log = os.open(self.access_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._authority = Authority(home / "certs", self.settings.trust_domain, SystemClock())
        self._callers: list[Caller] = []
        self._channels: dict[tuple[str, str], grpc.Channel] = {}
        self._ready: dict[tuple[str, str], Callable[..., Any]] = {}
        self._ports: dict[str, int] = {}
        self._servers: list[Server] = []
        self.spans: deque[ReadableSpan] = deque(maxlen=_SPANS)
        self._delivered: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self.services = catalog.all_services()
        self._authority.renew([Identity(name) for name in (*self.services, "edge")])
        self._hosts = {name: self._open(name) for name in self.services}
        self._built = {name: host.service for name, host in self._hosts.items()}
        self._inspections = {
            name: Inspection(self.settings.migrations(name), host.store.metadata) for name, host in self._hosts.items()
        }

    def _open(self, name: str) -> Host:
        caller = Caller(lambda area: self._connect(name, area.split(".")[1]))
        self._callers.append(caller)
        drain = Drain()
        telemetry = Telemetry(AccessLog(self.clock, self._log, instance=name), self._tracer(name))
        host = Host(name, self.settings, self.clock, caller, telemetry, drain, Places())
        areas = list(catalog.load_service(name).areas())
        server = Server(host.handlers, areas, self.settings.certificates(name), drain, telemetry=telemetry)
        self._ports[name] = server.start(0)
        self._servers.append(server)
        return host

    def _tracer(self, name: str) -> Tracer:
        return Tracer(Ids(self.clock), self.clock, instance=name, ratio=0, exporters=[self.spans.append])

    def _connect(self, identity: str, service: str) -> grpc.Channel:
        return channel(self.settings.certificates(identity), "127.0.0.1", self._ports[service], service)

    def port(self, service: str) -> int:
        """The loopback port that a service listens on."""
        return self._ports[service]

    def host(self, service: str) -> Host:
        """A service's host: its store, its environment and its handlers."""
        return self._hosts[service]

    def call(
        self,
        method: MethodContract | str,
        request: Message | bytes,
        *,
        token: str = "",
        timeout: float = 5.0,
        metadata: Sequence[tuple[str, str]] = (),
        identity: str = "edge",
    ) -> Any:
        """The reply of a method, given by its contract or its path, to the peer with this mesh identity.

        Of a method that streams: the call, which is an iterator of replies.

        Raises:
            grpc.RpcError: the call failed.
        """
        path = method if isinstance(method, str) else method.path
        ready = self._ready.get((identity, path))
        if ready is None:
            ready = self._ready.setdefault((identity, path), self._method(identity, path))
        sent = request if isinstance(request, bytes) else request.SerializeToString()
        credentials = [("authorization", f"Bearer {token}")] if token else []
        return ready(sent, timeout=timeout, metadata=[*credentials, *metadata])

    def _method(self, identity: str, path: str) -> Callable[..., Any]:
        """What calls a method as a peer, over the peer's channel to the service."""
        contract = catalog.load_service(path.split(".")[1]).methods[path]
        opened = self._channels.get((identity, contract.service))
        if opened is None:
            self._authority.renew([Identity(identity)])
            opened = self._channels.setdefault((identity, contract.service), self._connect(identity, contract.service))
        made = opened.unary_stream if contract.server_streaming else opened.unary_unary
        ready: Callable[..., Any] = made(path, response_deserializer=contract.reply.FromString)
        return ready

    def sign_up(self, slug: str) -> Member:
        """A new tenant's owner, signed in."""
        email = f"owner@{slug}.example"
        reply = self.call(
            "/rapport.users.v1.TenantService/SignUp",
            tenant_service_pb2.SignUpRequest(
                slug=slug,
                display_name=slug,
                time_zone="Australia/Sydney",
                currency_code="AUD",
                owner_email=email,
                owner_password=PASSWORD,
            ),
        )
        return self._log_in(reply.tenant.id, slug, reply.owner.id, email)

    def member(self, of: Member, role: int) -> Member:
        """A further user of a tenant with a `users.v1.Role`, signed in; ROLE_UNSPECIFIED may do nothing."""
        from services.users.service.passwords import hash_password

        email = f"member-{next(self._numbers)}@{of.slug}.example"
        user = resources_pb2.User(email=email, display_name=email, role=resources_pb2.Role.ValueType(role))
        user.state = resources_pb2.User.STATE_ACTIVE
        added = self.insert(of.tenant, user, password_hash=hash_password(PASSWORD), epoch=1)
        return self._log_in(of.tenant, of.slug, added.id, email)

    def _log_in(self, tenant: str, slug: str, user: str, email: str) -> Member:
        request = session_service_pb2.LogInRequest(tenant=slug, email=email, password=PASSWORD)
        reply = self.call("/rapport.users.v1.SessionService/LogIn", request)
        return Member(tenant, slug, user, email, reply.access_token)

    def readings(self, service: str) -> Readings:
        """What Prometheus would be told of a service."""
        host, server = self._hosts[service], self._servers[self.services.index(service)]
        return Readings(host.environment.telemetry, [host], server, self.settings)

    def service(self, name: str) -> Service:
        """A service as it built itself."""
        return self._built[name]

    def resource(self, contract: ResourceContract) -> Resource[Any]:
        """A resource's rules and statements, as its service declares them."""
        return next(r for r in self._built[contract.service].resources if r.contract.type == contract.type)

    def insert(self, tenant: str, message: Any, **hidden: Any) -> Any:
        """Write a resource past every RPC; `hidden` values go to columns without a field."""
        service = message.DESCRIPTOR.file.package.split(".")[1]
        resource = next(r for r in self._built[service].resources if r.message is type(message))
        with self.writing(service, tenant) as write:
            message.id = write.environment.ids.new(resource.contract.prefix)
            message.etag = etag(1)
            message.create_time.FromMicroseconds(write.now_us)
            message.update_time.FromMicroseconds(write.now_us)
            resource.insert(write, [message], **hidden)
        return message

    @contextmanager
    def writing(self, service: str, tenant: str) -> Iterator[Write]:
        """A write of the service's own, as one of its consumers does it."""
        environment = self._hosts[service].environment
        with environment.store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
            yield Write.of_service(environment, transaction, tenant)

    def events(self, service: str, after: int = 0) -> list[tuple[int, Event]]:
        """The events in a service's outbox behind a position there, each with its own."""
        rows = self._hosts[service].store.read(_AFTER, tenant=None, timeout=_SECONDS, after=after)
        return [(row[0], _event(service, dict(zip(_COLUMNS, row, strict=True)))) for row in rows]

    def deliver(self) -> None:
        """Hand what was published since the last time to its consumers, on this thread, until nothing more follows.

        Events come in their order; a timer that is due on `clock` comes when no event is left, the earliest first.
        """
        self._heard = {name: (built.effects(), built.sources()) for name, built in self._built.items()}
        for _ in range(_MOST_ROUNDS):
            if not self._deliver_events() and not self._fire_timer():
                return
        msg = "the events never end"
        raise RuntimeError(msg)

    def _deliver_events(self) -> int:
        found = 0
        for source in self.services:
            for position, event in self.events(source, self._delivered.get(source, 0)):
                found += 1
                self._hand_over(event)
                self._delivered[source] = position
        return found

    def _fire_timer(self) -> bool:
        """Publish the timer that is due first, if any, as the relay would."""
        due: list[tuple[int, int, Event]] = []
        for source in self.services:
            store, now_us = self._hosts[source].store, self.clock.now_us()
            rows = store.read(_TIMERS, tenant=None, timeout=_SECONDS, now=now_us)
            due.extend((row[_DUE], row[0], _event(source, dict(zip(_COLUMNS, row, strict=True)))) for row in rows)
        if not due:
            return False
        _, number, event = min(due, key=lambda each: each[:2])
        mark(self._hosts[event.source].store, [number], number, timeout=_SECONDS)
        self._hand_over(event)
        return True

    def _hand_over(self, event: Event) -> None:
        for service in self.services:
            if event.source == "users":
                self._hosts[service].environment.directory.hear(event)
            effects, sources = self._heard[service]
            effect = effects.get(event.type)
            if effect is not None and event.source in sources:
                with self.writing(service, event.tenant) as write:
                    effect(write, event)

    def work(self, service: str, turns: int = 1_000_000) -> int:
        """Do so many chunks of a service's jobs on this thread, or all that are due; how many there were."""
        runner = JobRunner(self._built[service].jobs, self._hosts[service].environment)
        return sum(1 for _ in itertools.takewhile(lambda _: runner.turn(), range(turns)))

    @contextmanager
    def statements(self, service: str) -> Iterator[list[str]]:
        """The names of what a service's store is asked for meanwhile: reads, transactions, and statements in them."""
        with recorded(self._hosts[service].store) as names:
            yield names

    def open_streams(self, service: str) -> int:
        """How many streams a service still serves: of one that its caller has left it hears a moment later."""
        return self._servers[self.services.index(service)].streams.calls

    def dump(self, service: str) -> Content:
        """Every row of every table of a service's database: equal to another dump where nothing was written."""
        return self._inspections[service].content()

    def close(self) -> None:
        """End all calls and close everything; the files stay."""
        for inspection in self._inspections.values():
            inspection.close()
        for opened in self._channels.values():
            opened.close()
        for caller in self._callers:
            caller.close()
        for server in self._servers:
            server.stop(0)
        for host in self._hosts.values():
            host.close()
        os.close(self._log)


def _event(source: str, row: Mapping[str, Any]) -> Event:
    return Event(
        id=row["event_id"],
        tenant=row["tenant"],
        aggregate=row["aggregate"],
        sequence=row["sequence"],
        type=row["type"],
        data=bytes(row["data"]),
        time_us=row["time_us"],
        source=source,
        actor=row["actor"],
        trace=row["trace"],
        timer=row["name"] or "",
    )
