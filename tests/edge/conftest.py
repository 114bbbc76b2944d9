"""A real Envoy over real mTLS, in front of services that answer with what the test tells them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.contract.catalog import Catalog, all_services, load
from mesh.control.certificates import CONTROL, EDGE, Authority, Identity
from mesh.control.child import Child, Program
from mesh.control.publisher import Publisher
from mesh.control.snapshot import Frame
from mesh.edge import envoy
from mesh.edge.documents import documents
from mesh.edge.site import Site
from mesh.runtime.clock import SystemClock
from mesh.runtime.ports import free_port
from mesh.runtime.settings import Settings, read_settings
from mesh.testing.eventually import eventually
from mesh.testing.stand_in import Signer, StandIn
from tests.edge.knocks import with_doors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Edge:
    settings: Settings
    catalog: Catalog
    publisher: Publisher
    signer: Signer
    customers: StandIn
    users: StandIn
    envoy: Child
    http: httpx.Client

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.settings.edge_port}"

    def tell(self) -> None:
        """Tell it what follows from contracts and code as they are now, with the faults that are planted there."""
        publisher = self.publisher
        publisher._frame = Frame.build(publisher._catalog, publisher._jwks, publisher._site)
        publisher.publish()

    def bearer(self, **claims: object) -> dict[str, str]:
        return {"authorization": f"Bearer {self.signer.token(**claims)}"}


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mesh")


@contextmanager
def begun(home: Path) -> Iterator[Edge]:
    """An edge that has been started and knows no keys yet."""
    settings = read_settings({"MESH_HOME": str(home), "MESH_EDGE_PORT": str(free_port())})
    authority = Authority(home / "certs", settings.trust_domain, SystemClock())
    services = all_services()
    authority.renew([CONTROL, EDGE, *map(Identity, services)])
    catalog = with_doors(load())
    site = Site(
        settings.edge_host, settings.edge_port, settings.trust_domain, settings.issuer, home / "edge", documents(),
        reflection=True, origins=r"^https://app\.test$",
    )  # fmt: skip
    publisher = Publisher(catalog, site, settings.certificates("control"))
    stand_ins = {name: StandIn(catalog, settings.certificates(name), name, f"{name}-1") for name in services}
    for stand_in in stand_ins.values():
        publisher.registry.enter(stand_in.entry)
        publisher.registry.judge(stand_in.entry, healthy=True)
    signer = Signer(settings.issuer)
    bootstrap = envoy.write_bootstrap(settings, home / "edge", publisher.port)
    child = Child(Program("edge", envoy.command(bootstrap), {}, home / "edge", home / "edge.log"))
    child.start()
    try:
        with httpx.Client(base_url=settings.edge_url, trust_env=False, timeout=10) as client:
            called = stand_ins["customers"], stand_ins["users"]
            yield Edge(settings, catalog, publisher, signer, *called, child, client)
    finally:
        child.terminate()
        eventually(lambda: child.look() is None and not child.pid, of="Envoy ends", within=30)
        envoy.forget(bootstrap)
        for stand_in in stand_ins.values():
            stand_in.stop()
        publisher.stop()


@pytest.fixture(scope="package")
def started(home: Path) -> Iterator[Edge]:
    with edge_at(home) as edge:
        yield edge


@contextmanager
def edge_at(home: Path) -> Iterator[Edge]:
    """An edge with its state in a folder of its own."""
    with begun(home) as edge:
        edge.publisher.use_keys(edge.signer.jwks())

        def serves() -> bool:
            assert edge.envoy.look() is None, (home / "edge.log").read_text()
            try:
                return edge.http.get("/healthz").status_code == 200 and edge.publisher.discovery.edge_is_current()
            except httpx.TransportError:
                return False

        eventually(serves, of="the edge serves", within=30)
        yield edge


@pytest.fixture
def edge(started: Edge) -> Iterator[Edge]:
    for stand_in in (started.customers, started.users):
        stand_in.calls.clear()
        stand_in.answer = lambda *_: None
        stand_in.exchange = lambda _: None
    yield started
    assert started.publisher.discovery.rejections() == ()
