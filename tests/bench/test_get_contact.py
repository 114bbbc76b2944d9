"""What the full chain costs: GetContact with everything on, against a bare gRPC echo on the same core."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rapport.customers.v1 import contact_service_pb2, resources_pb2

from mesh.runtime.credentials import channel
from mesh.testing.load import Cost, alternate, measure, two_cores

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
METHOD = "/rapport.customers.v1.ContactService/GetContact"
SECONDS = 3.0
ROUNDS = 7
pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]


@contextmanager
def pinned(script: str, *arguments: str) -> Iterator[tuple[int, str]]:
    """A server process on the first core; its id and the line it prints when it serves."""
    core, _ = two_cores()
    command = [sys.executable, str(HERE / script), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        os.sched_setaffinity(process.pid, {core})
        try:
            assert process.stdout is not None
            yield process.pid, process.stdout.readline()
        finally:
            process.kill()


def test_the_full_chain_costs_little_more_than_an_echo(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    before = os.sched_getaffinity(0)
    with pinned("mesh_server.py", str(home)) as (mesh_pid, line):
        ready = json.loads(line)
        certificates = home / "certs"
        with pinned("echo_server.py", str(certificates / "customers"), ready["contact"]) as (echo_pid, port):
            os.sched_setaffinity(0, {two_cores()[1]})
            try:
                ids = (home / "ids").read_text().split()
                full = caller(certificates / "edge", ready["port"], ids, ready["token"])
                echo = caller(certificates / "edge", int(port), ids, ready["token"])
                runs = {
                    "bare echo": lambda: measure(echo, echo_pid, seconds=SECONDS),
                    "GetContact": lambda: measure(full, mesh_pid, seconds=SECONDS),
                }
                for warm in runs.values():
                    warm()
                costs, ratios = alternate(runs, rounds=ROUNDS, base="bare echo")
            finally:
                os.sched_setaffinity(0, before)
    report(costs, ratios)
    assert ratios["GetContact"] >= 0.65 * 0.85, "the budget of docs/benchmarks.md, less 15 % for a noisy machine"


def caller(certificates: Path, port: int, ids: list[str], token: str) -> object:
    """A function that reads one of the contacts, drawn uniformly, and checks that it is the one."""
    get = channel(certificates, "127.0.0.1", port, "customers").unary_unary(
        METHOD,
        request_serializer=contact_service_pb2.GetContactRequest.SerializeToString,
        response_deserializer=resources_pb2.Contact.FromString,
    )
    draw = random.Random(7)
    metadata = [("authorization", f"Bearer {token}")]

    def call() -> None:
        reply = get(contact_service_pb2.GetContactRequest(id=draw.choice(ids)), metadata=metadata, timeout=10)
        assert reply.id

    return call


def report(costs: dict[str, Cost], ratios: dict[str, float]) -> None:
    print(f"\n{'one pinned core, mTLS, SQLite, 100,000 contacts':<52}{'CPU us/call':>12}{'calls/s':>10}{'ratio':>8}")
    for name, cost in costs.items():
        print(f"{name:<52}{cost.cpu_us:>12.0f}{cost.rate:>10.0f}{ratios[name]:>8.2f}")
