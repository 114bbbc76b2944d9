"""A real Envoy over real mTLS, in front of services that answer with what the test tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest

from mesh.contract.catalog import Catalog, load
from mesh.control.certificates import CONTROL, EDGE, Authority, Identity
from mesh.control.child import Child, Program
from mesh.control.publisher import Publisher
from mesh.edge import envoy
from mesh.edge.documents import documents
from mesh.edge.site import Site
from mesh.runtime.clock import SystemClock
from mesh.runtime.ports import free_port
from mesh.runtime.settings import Settings, read_settings
from mesh.testing.eventually import eventually
from mesh.testing.stand_in import Signer, StandIn

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

    def bearer(self, **claims: object) -> dict[str, str]:
        return {"authorization": f"Bearer {self.signer.token(**claims)}"}


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mesh")


@pytest.fixture(scope="session")
def started(home: Path) -> Iterator[Edge]:
    settings = read_settings({"MESH_HOME": str(home), "MESH_EDGE_PORT": str(free_port())})
    authority = Authority(home / "certs", settings.trust_domain, SystemClock())
    authority.renew([CONTROL, EDGE, Identity("customers"), Identity("users")])
    catalog = load()
    site = Site(
        settings.edge_host, settings.edge_port, settings.trust_domain, settings.issuer, home / "edge", documents(),
        reflection=True, origins=r"^https://app\.test$",
    )  # fmt: skip
    publisher = Publisher(catalog, site, settings.certificates("control"))
    stand_ins = [StandIn(catalog, settings.certificates(name), name, f"{name}-1") for name in ("customers", "users")]
    for stand_in in stand_ins:
        publisher.registry.enter(stand_in.entry)
        publisher.registry.judge(stand_in.entry, healthy=True)
    signer = Signer(settings.issuer)
    publisher.use_keys(signer.jwks())
    bootstrap = envoy.write_bootstrap(settings, home / "edge", publisher.port)
    child = Child(Program("edge", envoy.command(bootstrap), {}, home / "edge", home / "edge.log"))
    child.start()
    with httpx.Client(base_url=settings.edge_url, trust_env=False, timeout=10) as client:
        edge = Edge(settings, catalog, publisher, signer, *stand_ins, child, client)

        def serves() -> bool:
            assert child.look() is None, (home / "edge.log").read_text()
            try:
                return client.get("/healthz").status_code == 200 and publisher.discovery.edge_is_current()
            except httpx.TransportError:
                return False

        eventually(serves, of="the edge serves")
        yield edge
        child.terminate()
        eventually(lambda: child.look() is None and not child.pid, of="Envoy ends")
    for stand_in in stand_ins:
        stand_in.stop()
    publisher.stop()


@pytest.fixture
def edge(started: Edge) -> Iterator[Edge]:
    for stand_in in (started.customers, started.users):
        stand_in.calls.clear()
        stand_in.answer = lambda *_: None
    yield started
    assert started.publisher.discovery.rejections() == ()
