"""The whole mesh in this process: every service on a real gRPC server with mutual TLS, on loopback, over real stores.

What it leaves out: the edge, the supervisor, the control plane's addresses (callers get channels of their own), and the
background work of services. Whoever needs events to arrive says so with `deliver()`.
"""

from __future__ import annotations

import importlib
import itertools
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2, session_service_pb2, tenant_service_pb2
from sqlalchemy import bindparam, select

from mesh.contract import catalog
from mesh.contract.etags import etag
from mesh.control.certificates import Authority, Identity
from mesh.events.envelope import Event
from mesh.runtime.access_log import AccessLog
from mesh.runtime.call import Write
from mesh.runtime.client import Caller
from mesh.runtime.clock import SystemClock
from mesh.runtime.credentials import channel
from mesh.runtime.host import Host
from mesh.runtime.identity import service_identity
from mesh.runtime.server import Server
from mesh.runtime.settings import read_settings
from mesh.store.mesh_tables import outbox
from mesh.store.statement import Statement
from mesh.testing.inspection import Content, Inspection, recorded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import grpc
    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract
    from mesh.contract.resource import ResourceContract
    from mesh.resource.resource import Resource
    from mesh.runtime.service import Service

PASSWORD = "granite-walrus-47-lantern"  # noqa: S105  # of throw-away tenants
_SECONDS = 10.0
_AFTER = Statement(select(outbox).where(outbox.c.seq > bindparam("after")).order_by(outbox.c.seq), name="read outbox")


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
    empty: SQLite files below `home`. Servers keep running until close().
    """

    def __init__(self, home: Path, *, database_url: str = "", redis_url: str = "") -> None:
        self.settings = read_settings(
            {
                "MESH_HOME": str(home),
                "MESH_PROFILE": "test",
                "MESH_SECRET": secrets.token_hex(32),
                "DATABASE_URL": database_url or f"sqlite:///{home}/data/{{service}}.db",
                "REDIS_URL": redis_url,
            }
        )
        (home / "data").mkdir(parents=True, exist_ok=True)
        self.clock = SystemClock()
        self.access_log = home / "access.log"
        self._log = os.open(self.access_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._authority = Authority(home / "certs", self.settings.trust_domain, self.clock)
        self._callers: list[Caller] = []
        self._channels: dict[tuple[str, str], grpc.Channel] = {}
        self._ports: dict[str, int] = {}
        self._servers: list[Server] = []
        self._delivered: dict[str, int] = {}
        self._numbers = itertools.count(1)
        self.services = catalog.all_services()
        self._authority.renew([Identity(name) for name in (*self.services, "edge")])
        self._hosts = {name: self._open(name) for name in self.services}
        self._built: Mapping[str, Service] = {
            name: importlib.import_module(f"services.{name}.service").build(host.environment)
            for name, host in self._hosts.items()
        }

        self._inspections = {
            name: Inspection(self.settings.migrations(name), host.store.metadata) for name, host in self._hosts.items()
        }

    def _open(self, name: str) -> Host:
        caller = Caller(lambda area: self._connect(name, area.split(".")[1]))
        self._callers.append(caller)
        host = Host(name, self.settings, self.clock, caller, AccessLog(self._log))
        server = Server(host.handlers, list(catalog.load_service(name).areas()), self.settings.certificates(name))
        self._ports[name] = server.start(0)
        self._servers.append(server)
        return host

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

        Raises:
            grpc.RpcError: the call failed.
        """
        path = method if isinstance(method, str) else method.path
        contract = catalog.load_service(path.split(".")[1]).methods[path]
        opened = self._channels.get((identity, contract.service))
        if opened is None:
            self._authority.renew([Identity(identity)])
            opened = self._channels.setdefault((identity, contract.service), self._connect(identity, contract.service))
        sent = request if isinstance(request, bytes) else request.SerializeToString()
        credentials = [("authorization", f"Bearer {token}")] if token else []
        unary = opened.unary_unary(path, response_deserializer=contract.reply.FromString)
        return unary(sent, timeout=timeout, metadata=[*credentials, *metadata])

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
        added = self.insert(of.tenant, user, password_hash=hash_password(PASSWORD), epoch=1)
        return self._log_in(of.tenant, of.slug, added.id, email)

    def _log_in(self, tenant: str, slug: str, user: str, email: str) -> Member:
        request = session_service_pb2.LogInRequest(tenant=slug, email=email, password=PASSWORD)
        reply = self.call("/rapport.users.v1.SessionService/LogIn", request)
        return Member(tenant, slug, user, email, reply.access_token)

    def resource(self, contract: ResourceContract) -> Resource[Any]:
        """A resource's rules and statements, as its service declares them."""
        return next(r for r in self._built[contract.service].resources if r.contract.type == contract.type)

    def insert(self, tenant: str, message: Any, **hidden: Any) -> Any:
        """Write a resource past every RPC; `hidden` values go to columns without a field."""
        service = message.DESCRIPTOR.file.package.split(".")[1]
        resource = next(r for r in self._built[service].resources if r.message is type(message))
        with self._writing(service, tenant) as write:
            message.id = write.environment.ids.new(resource.contract.prefix)
            message.etag = etag(1)
            message.create_time.FromMicroseconds(write.now_us)
            message.update_time.FromMicroseconds(write.now_us)
            resource.insert(write, [message], **hidden)
        return message

    @contextmanager
    def _writing(self, service: str, tenant: str) -> Iterator[Write]:
        environment = self._hosts[service].environment
        with environment.store.transaction(tenant=tenant, timeout=_SECONDS) as transaction:
            identity = service_identity(service, tenant)
            yield Write(environment, transaction, tenant=tenant, identity=identity, trace="")

    def events(self, service: str, after: int = 0) -> list[tuple[int, Event]]:
        """The events in a service's outbox behind a position there, each with its own."""
        rows = self._hosts[service].store.read(_AFTER, tenant=None, timeout=_SECONDS, after=after)
        names = [column.name for column in outbox.columns]
        return [(row[0], _event(service, dict(zip(names, row, strict=True)))) for row in rows]

    def deliver(self) -> None:
        """Hand every event written since the last time to the services that consume it, in order, on this thread."""
        for source in self.services:
            for position, event in self.events(source, self._delivered.get(source, 0)):
                for service in self.services:
                    built = self._built[service]
                    effect: Callable[[Write, Event], None] | None = built.consumes.get(event.type)
                    if effect is not None and source in built.subscribes:
                        with self._writing(service, event.tenant) as write:
                            effect(write, event)
                self._delivered[source] = position

    @contextmanager
    def statements(self, service: str) -> Iterator[list[str]]:
        """The names of what a service's store is asked for meanwhile: reads, transactions, and statements in them."""
        with recorded(self._hosts[service].store) as names:
            yield names

    def dump(self, service: str) -> Content:
        """Every row of every table of a service's database: equal to another dump where nothing was written."""
        return self._inspections[service].content()

    def close(self) -> None:
        """End all calls and close everything; the files stay."""
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
    )
