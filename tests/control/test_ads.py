"""The xDS server with the real clients of services: health decides who is called, identity who is told."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from envoy.service.discovery.v3 import ads_pb2_grpc, discovery_pb2
from rapport.customers.v1 import resources_pb2

from mesh.contract.catalog import all_services, load
from mesh.control import health, plan
from mesh.control.ads import DiscoveryService
from mesh.control.certificates import CONTROL, EDGE, Authority, Identity
from mesh.control.health import HealthChecker
from mesh.control.publisher import Publisher
from mesh.control.resources import CDS, ECDS, EDS, LDS, RDS
from mesh.control.wanted import Kind
from mesh.edge.site import Site
from mesh.runtime import credentials
from mesh.runtime.clock import SystemClock
from mesh.runtime.ports import free_port
from mesh.runtime.settings import Settings, read_settings
from mesh.testing.eventually import eventually
from mesh.testing.stand_in import Signer, StandIn

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class World:
    settings: Settings
    publisher: Publisher
    customers: list[StandIn]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    settings = read_settings({"MESH_HOME": str(tmp_path), "MESH_EDGE_PORT": str(free_port())})
    Authority(tmp_path / "certs", settings.trust_domain, SystemClock()).renew(
        [CONTROL, EDGE, Identity("customers"), Identity("users")]
    )
    site = Site("127.0.0.1", 1, settings.trust_domain, settings.issuer, tmp_path, (), reflection=False, origins="")
    publisher = Publisher(load(), site, settings.certificates("control"))
    publisher.use_keys(Signer(settings.issuer).jwks())
    customers = [StandIn(load(), settings.certificates("customers"), "customers", f"customers-{n}") for n in (1, 2)]
    for stand_in in customers:
        name = stand_in.entry.instance
        stand_in.answer = lambda *_, name=name: resources_pb2.Contact(id=name)
        publisher.registry.enter(stand_in.entry)
    yield World(settings, publisher, customers)
    for stand_in in customers:
        stand_in.stop()
    publisher.stop()


@contextmanager
def client(world: World) -> Iterator[subprocess.Popen[str]]:
    """A process with the identity of `users` that calls `customers` without pause."""
    (world.settings.home / "run").mkdir(exist_ok=True)
    instance = plan.InstancePlan("users-1", Kind("users", ""), ("users",), 0)
    program = plan.instance_program(instance, world.settings, world.publisher.port, {})
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("xds_client.py"))],
        env=dict(program.environment or {}), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    outcome: dict[str, Any] = json.loads(process.communicate("end\n", timeout=10)[0])
    return outcome


def test_instances_come_and_go_without_a_failed_call(world: World) -> None:
    one, two = world.customers
    judge = world.publisher.registry.judge
    judge(one.entry, healthy=True)
    with client(world) as process:
        for _ in range(2):
            judge(two.entry, healthy=True)
            judge(one.entry, healthy=False)
            seen = len(two.calls)
            eventually(lambda seen=seen: len(two.calls) > seen + 20, of="the second instance is called")
            judge(one.entry, healthy=True)
            judge(two.entry, healthy=False)
            seen = len(one.calls)
            eventually(lambda seen=seen: len(one.calls) > seen + 20, of="the first instance is called")
        outcome = result(process)

    assert outcome["failed"] == []
    assert set(outcome["answered"]) == {"customers-1", "customers-2"}


def test_an_instance_that_says_it_does_not_serve_gets_no_more_calls(world: World) -> None:
    one, two = world.customers
    checker = HealthChecker(world.publisher.registry, world.settings.certificates("control"))
    checker.start()
    try:
        eventually(lambda: len(world.publisher.registry.healthy("customers")) == 2, of="both are healthy")
        with client(world) as process:
            two.serve(serving=False)
            eventually(lambda: world.publisher.registry.healthy("customers") == (one.entry,), of="one is left")
            eventually(lambda: left_alone(two), of="the other is left alone")
            assert result(process)["failed"] == []
    finally:
        checker.stop()


def test_an_instance_that_begins_to_listen_is_asked_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = world.customers
    registry = world.publisher.registry
    monkeypatch.setattr(health, "INTERVAL", 60.0)
    registry.leave(two.entry.instance)
    checker = HealthChecker(registry, world.settings.certificates("control"))
    checker.start()
    try:
        eventually(lambda: registry.healthy("customers") == (one.entry,), of="the first round")
        registry.enter(two.entry)
        eventually(lambda: len(registry.healthy("customers")) == 2, of="the verdict on the new one")
    finally:
        checker.stop()


def left_alone(stand_in: StandIn) -> bool:
    """Whether nobody calls for a while; asked again until it is so."""
    before = len(stand_in.calls)
    return not threading.Event().wait(0.1) and len(stand_in.calls) == before


def test_the_services_run_on_while_the_control_plane_is_gone(world: World) -> None:
    one, _ = world.customers
    world.publisher.registry.judge(one.entry, healthy=True)
    with client(world) as process:
        world.publisher.stop()
        seen = len(one.calls)
        eventually(lambda: len(one.calls) > seen + 50)
        assert result(process)["failed"] == []


def test_a_server_with_another_identity_is_not_called(world: World) -> None:
    """The certificate is of this mesh, and not of the service that was asked for."""
    one, _ = world.customers
    impostor = StandIn(load(), world.settings.certificates("users"), "customers", "customers-3")
    world.publisher.registry.judge(one.entry, healthy=True)
    try:
        with client(world) as process:
            world.publisher.registry.enter(impostor.entry)
            world.publisher.registry.judge(impostor.entry, healthy=True)
            world.publisher.registry.judge(one.entry, healthy=False)
            eventually(lambda: left_alone(one), of="the genuine one is left")
            outcome = result(process)
    finally:
        impostor.stop()

    assert impostor.calls == []
    assert outcome["failed"]


def discover(world: World, folder: Path, node: str) -> discovery_pb2.DiscoveryResponse:
    """The first answer to a node that proves the identity in `folder`."""
    with credentials.channel(folder, "127.0.0.1", world.publisher.port, "control") as channel:
        request = discovery_pb2.DiscoveryRequest(type_url=CDS)
        request.node.id = node
        answered = threading.Event()

        def requests() -> Iterator[discovery_pb2.DiscoveryRequest]:
            yield request
            answered.wait(5)

        stub = ads_pb2_grpc.AggregatedDiscoveryServiceStub(channel)
        try:
            answer: discovery_pb2.DiscoveryResponse = next(stub.StreamAggregatedResources(requests(), timeout=5))
        finally:
            answered.set()
        return answer


def test_a_node_is_told_only_what_its_identity_may_know(world: World) -> None:
    users, edge = world.settings.certificates("users"), world.settings.certificates("edge")

    assert len(discover(world, users, "users-1").resources) == len(all_services())
    assert len(discover(world, edge, "edge-1").resources) == len(all_services()) + 1, "and the control plane"
    for folder, node in ((users, "edge-1"), (edge, "users-1")):
        with pytest.raises(grpc.RpcError) as refused:
            discover(world, folder, node)
        assert refused.value.code() is grpc.StatusCode.PERMISSION_DENIED


def test_the_edge_is_current_when_it_knows_where_to_send_calls_too(world: World) -> None:
    discovery, edge = world.publisher.discovery, world.settings.certificates("edge")
    names = discovery._snapshot.edge.resources
    said: queue.Queue[discovery_pb2.DiscoveryRequest | None] = queue.Queue()
    with credentials.channel(edge, "127.0.0.1", world.publisher.port, "control") as channel:
        answers = ads_pb2_grpc.AggregatedDiscoveryServiceStub(channel).StreamAggregatedResources(iter(said.get, None))

        def take_over(kind: str) -> None:
            wanted = discovery_pb2.DiscoveryRequest(type_url=kind, resource_names=list(names[kind]))
            wanted.node.id = "edge-1"
            said.put(wanted)
            answer = next(answers)
            assert answer.type_url == kind
            taken = discovery_pb2.DiscoveryRequest(version_info=answer.version_info, response_nonce=answer.nonce)
            taken.MergeFrom(wanted)
            said.put(taken)
            eventually(lambda: ("edge", kind) in discovery._acknowledged, of=f"the acknowledgement of {kind}")

        for kind in (CDS, LDS, RDS, ECDS):
            take_over(kind)
            assert not discovery.edge_is_current()
        take_over(EDS)
        assert discovery.edge_is_current()
        said.put(None)


def test_strangers_are_told_nothing(world: World, tmp_path: Path) -> None:
    Authority(tmp_path / "foreign", "rapport", SystemClock()).renew([Identity("users")])
    stolen = tmp_path / "foreign" / "users" / "current" / "ca.crt"
    stolen.write_bytes((world.settings.certificates("users") / "ca.crt").read_bytes())

    with pytest.raises(grpc.RpcError) as refused:
        discover(world, tmp_path / "foreign" / "users", "users-1")

    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE


def test_a_check_of_the_nodes_identity_that_was_taken_out_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DiscoveryService, "_admit", lambda _self, node, *_: node.split("-")[0])

    with pytest.raises(pytest.fail.Exception):
        test_a_node_is_told_only_what_its_identity_may_know(world)
