"""One mesh over three hosts, of which one is cut off and joined again under calls.

The first host has the control plane, the edge and the stores, and instances as the others have. The hosts are network
namespaces; a machine that allows none skips these tests with the reason.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import grpc
import httpx
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from mesh.control import fleet, run_file
from mesh.control.agent import Announcement
from mesh.control.certificates import Authority, Identity
from mesh.runtime.clock import SystemClock
from mesh.runtime.ports import free_port
from mesh.testing.company import found
from mesh.testing.eventually import eventually
from mesh.testing.hosts import Host, hosts, unavailable
from mesh.testing.planted import planted
from mesh.testing.postgres import postgres_server
from mesh.testing.redis import redis_server
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mesh.testing.company import Person

SERVICES = ("customers", "users")
CALLERS = 4
ATTEMPTS = 60
STREAK = 60
"""Calls in a row, each within an instant: who is cut off has no share of them."""
INSTANT = 2.0
JOINED_WITHIN = 90.0
OUT_WITHIN = 60.0
BACK_WITHIN = 60.0
MISSED_AFTER = 4.0
_PAUSE = 0.1
_OF_THE_EDGE = b'"peer":"spiffe://rapport/edge"'
# The control plane judges nobody while the file is there.
_BLIND = """
import pathlib as _pathlib
_seeing = HealthChecker._judge
def _judge(self, entry, serves):
    if not _pathlib.Path({file!r}).exists():
        _seeing(self, entry, serves)
HealthChecker._judge = _judge
"""
# Certificates that are renewed at once, and again and again.
_SOON = "_TELL_EVERY = 0.5\ncertificates.half_over = lambda folder, now: True"
pytestmark = pytest.mark.timeout(240)


@dataclass(frozen=True)
class Joined:
    """A host that runs instances of a mesh whose control plane is elsewhere."""

    host: Host
    home: Path
    process: subprocess.Popen[bytes]

    def served(self) -> int:
        """How many calls of the edge the instances here have written down."""
        logs = [self.home / "logs" / f"{service}-1.log" for service in SERVICES]
        return sum(log.read_bytes().count(_OF_THE_EDGE) for log in logs if log.exists())


@dataclass(frozen=True)
class Hosts:
    """The mesh, its control plane's port, the two hosts that joined it, and the file that blinds the control plane."""

    mesh: RunningMesh
    control: tuple[str, int]
    joined: tuple[Joined, Joined]
    blind: Path


@dataclass
class Callers:
    """Clients that create contacts, each until it is acknowledged, and read them."""

    person: Person
    acknowledged: dict[str, str] = field(default_factory=dict)
    answers: list[tuple[bool, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def run(self, name: str, over: threading.Event) -> None:
        number = 0
        headers = {"authorization": f"Bearer {self.person.token}"}
        with httpx.Client(base_url=self.person.url, headers=headers, timeout=8) as http:
            while not over.is_set():
                number += 1
                tag = f"{name}-{number}"
                query = {"request_id": str(uuid.uuid4())}
                made = self.send(http, "POST", f"/v1/contacts?{httpx.QueryParams(query)}", {"familyName": tag})
                if made is not None:
                    self.acknowledged[tag] = made["id"]
                    self.send(http, "GET", f"/v1/contacts/{made['id']}")

    def send(self, http: httpx.Client, verb: str, path: str, body: object = None) -> dict[str, str] | None:
        for _ in range(ATTEMPTS):
            began = time.monotonic()
            try:
                answer = http.request(verb, path, json=body)
            except httpx.TransportError:
                self.answers.append((False, time.monotonic() - began))
                time.sleep(_PAUSE)  # a caller's back-off, not a wait for the product
                continue
            self.answers.append((answer.is_success, time.monotonic() - began))
            if answer.is_success:
                read: dict[str, str] = answer.json()
                return read
            if answer.status_code not in (503, 504):
                break
            time.sleep(_PAUSE)
        self.wrong.append(f"{verb} {path}: gave up")
        return None

    def streak(self) -> None:
        """Wait for a row of calls that nothing held up."""
        begun = len(self.answers)

        def unbroken() -> bool:
            last = self.answers[begun:][-STREAK:]
            return len(last) == STREAK and all(good and took < INSTANT for good, took in last)

        eventually(unbroken, within=OUT_WITHIN, of="calls that do without the host")


@contextmanager
def calling(person: Person) -> Iterator[Callers]:
    callers, over = Callers(person), threading.Event()
    threads = [threading.Thread(target=callers.run, args=(f"c{each}", over)) for each in range(CALLERS)]
    for thread in threads:
        thread.start()
    try:
        yield callers
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.fixture(scope="module")
def spread(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    if reason := unavailable():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("hosts")
    with ExitStack() as stack:
        first, *others = stack.enter_context(hosts(3))
        stack.enter_context(first.entered())
        control = first.address, free_port()
        blind = folder / "blind"
        settings = {
            "DATABASE_URL": stack.enter_context(postgres_server(host=first.address)).url("rapport_{service}"),
            "REDIS_URL": stack.enter_context(redis_server(host=first.address)).url,
            "MESH_BLOBS_URL": f"file://{folder}/blobs",
            "MESH_SECRET": secrets.token_hex(32),
            "MESH_TRACE_RATIO": "1",
            **planted(
                folder / "planted", "mesh.control.health", _BLIND.format(file=str(blind)), ("mesh.control.agent", _SOON)
            ),
        }
        place = {"MESH_HOST": first.address, "MESH_CONTROL_PORT": str(control[1])}
        home = folder / "1"
        mesh = stack.enter_context(running_mesh(home, options=("--no-demo",), **settings, **place))
        joined = [stack.enter_context(joining(mesh, control, host, folder / host.address)) for host in others]
        everybody = len(joined) * len(SERVICES)
        log = home / "logs" / "mesh.log"
        eventually(lambda: log.read_text().count("has joined") == everybody, within=JOINED_WITHIN, of="all that join")
        yield Hosts(mesh, control, (joined[0], joined[1]), blind)


@contextmanager
def joining(mesh: RunningMesh, control: tuple[str, int], host: Host, home: Path) -> Iterator[Joined]:
    """A host with the certificates of two services, which runs them."""
    for service in SERVICES:
        shutil.copytree(mesh.home / "certs" / service, home / "certs" / service, symlinks=True)
    environment = {**mesh.environment, "MESH_HOME": str(home), "MESH_HOST": host.address}
    command = [sys.executable, "-m", "mesh.cli.main", "join", "{}:{}".format(*control), *SERVICES]
    with host.entered(), (home / "agent.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield Joined(host, home, process)
    finally:
        host.join()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def check_share(callers: Callers, joined: Joined, within: float = 30.0) -> None:
    """Calls arrive at a host, and go on doing so."""
    before = joined.served()
    eventually(lambda: joined.served() > before + 10, within=within, of=f"calls at {joined.host.address}")
    assert callers.wrong == []


def check_once(callers: Callers) -> None:
    """Every contact that was acknowledged is there, once."""
    names: list[str] = []
    token = ""
    while True:
        query = httpx.QueryParams({"page_size": 200, "page_token": token})
        page = callers.person.ask("GET", f"/v1/contacts?{query}")
        names += [each["familyName"] for each in page["contacts"]]
        token = page["nextPageToken"]
        if not token:
            break
    assert set(callers.acknowledged) <= set(names)
    assert len(names) == len(set(names))


def test_a_host_that_is_cut_off_is_left_out_and_comes_back_by_itself(spread: Hosts) -> None:
    owner = found(spread.mesh, "spread").owner
    left, right = spread.joined
    with calling(owner) as callers:
        for each in spread.joined:
            check_share(callers, each)
        right.host.cut()
        try:
            callers.streak()
            check_share(callers, left)
        finally:
            right.host.join()
        check_share(callers, right, BACK_WITHIN)
        assert right.process.poll() is None
        callers.streak()
    check_once(callers)


def test_instances_of_other_hosts_are_seen_and_get_new_certificates_under_calls(spread: Hosts) -> None:
    owner = found(spread.mesh, "seen").owner
    certificate = [each.home / "certs" / "customers" / "tls.crt" for each in spread.joined]
    first = [file.read_bytes() for file in certificate]

    def renewed() -> bool:
        return all(file.read_bytes() != old for file, old in zip(certificate, first, strict=True))

    with calling(owner) as callers:
        for each in spread.joined:
            check_share(callers, each)
        eventually(renewed, within=60, of="new certificates")
        elsewhere = {row["name"]: row["state"] for row in spread.mesh.instances() if "@" in row["name"]}
        assert len(elsewhere) == len(spread.joined) * len(SERVICES)
        assert set(elsewhere.values()) == {"healthy"}
        eventually(lambda: counted(spread.mesh) >= set(elsewhere), within=60, of="metrics of all")
        hosts = {each.host.address for each in spread.joined}
        eventually(lambda: traced(spread.mesh) & hosts, within=60, of="spans of the other hosts")
    assert callers.wrong == []
    check_once(callers)


def counted(mesh: RunningMesh) -> set[str]:
    """Whose calls the metrics of the whole tell of."""
    now = run_file.read(mesh.home)
    assert now is not None
    lines = [line for line in fleet.scrape(now.metrics_port).splitlines() if line.startswith("rapport_calls_total")]
    return {name[1] for line in lines if (name := re.search(r'instance="([^"]+)"', line))}


def traced(mesh: RunningMesh) -> set[str]:
    """The addresses of the hosts that the last trace led over."""
    spans = json.loads(mesh.mesh("trace", "--last", "-o", "json"))
    return {span["instance"].partition("@")[2] for span in spans}


def test_a_control_plane_that_does_not_take_it_back_is_found_out(spread: Hosts) -> None:
    owner = found(spread.mesh, "blind").owner
    left = spread.joined[0]
    with calling(owner) as callers:
        check_share(callers, left)
        left.host.cut()
        try:
            callers.streak()
            spread.blind.touch()
        finally:
            left.host.join()
        try:
            with pytest.raises(AssertionError, match="calls at"):
                check_share(callers, left, MISSED_AFTER)
        finally:
            spread.blind.unlink()
        check_share(callers, left, BACK_WITHIN)


def test_nobody_joins_or_calls_without_a_certificate_of_the_mesh(spread: Hosts, tmp_path: Path) -> None:
    owner = found(spread.mesh, "strange").owner
    Authority(tmp_path, "rapport", SystemClock()).renew([Identity("users")])
    log = spread.mesh.home / "logs" / "mesh.log"
    stranger = Announcement(tmp_path / "users", spread.control, "users-1", ("10.77.0.3", 9))
    try:
        for _ in range(20):
            owner.ask("GET", "/v1/contacts")
    finally:
        stranger.stop()
    assert "users@10.77.0.3:9" not in log.read_text()
    member = next(line.split()[4] for line in log.read_text().splitlines() if line.endswith("has joined"))
    with grpc.insecure_channel(member.partition("@")[2]) as channel, pytest.raises(grpc.RpcError) as refused:
        health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
    assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
