"""Processes are killed while a tenant writes: nothing acknowledged is lost, nothing happens twice, order is kept.

The order of the kills follows a seed, which stands in the test's name: `make chaos ARGS="-k seed-3"` repeats it.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.eventually import eventually
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VICTIMS = ("customers-1", "users-1", "redis", "edge")
WRITERS = 4
KILLS = 6
SEEDED = 300
# What a caller may send again: the request id makes it one request.
AGAIN = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.CONFLICT}
ATTEMPTS = 60
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(300)]


@dataclass
class History:
    """What the writers were told."""

    acknowledged: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@pytest.mark.parametrize("seed", [1, 2, 3], ids=lambda seed: f"seed-{seed}")
def test_kill_9_of_anything_loses_nothing_and_repeats_nothing(tmp_path: Path, seed: int) -> None:
    order = random.Random(seed)
    with running_mesh(tmp_path) as mesh:
        headers = {"authorization": f"Bearer {mesh.token()}"}
        history = History()
        writers = [
            threading.Thread(target=write, args=(mesh.url, headers, f"w{number}", history)) for number in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        for _ in range(KILLS):
            reached = len(history.acknowledged) + order.randint(100, 400)
            eventually(lambda aim=reached: len(history.acknowledged) >= aim, within=60, of="the writers' progress")
            kill(mesh, order.choice(VICTIMS))
        settled = len(history.acknowledged) + 100
        eventually(lambda: len(history.acknowledged) >= settled, within=60, of="the writers' progress")
        history.over.set()
        for writer in writers:
            writer.join()

        with httpx.Client(base_url=mesh.url, headers=headers, timeout=10) as client:
            check(client, history)


def check(client: httpx.Client, history: History) -> None:
    """Hold what is there against what the writers were told."""
    names = [c["displayName"] for c in listed(client, "contacts", filter='family_name = "w*"')]
    created = len(names) + SEEDED

    def audited() -> list[dict[str, Any]]:
        found = list(listed(client, "audit-entries", filter='action = "contact.created"'))
        return found if len(found) >= created else []

    entries = eventually(audited, within=60, of="the last creation in the audit chain")
    positions = sorted(int(entry["position"]) for entry in listed(client, "audit-entries"))

    assert history.refused == []
    assert len(set(names)) == len(names), "no effect twice"
    assert set(history.acknowledged) <= set(names), "nothing acknowledged lost"
    assert len({entry["resource"] for entry in entries}) == len(entries) == created, "each creation audited once"
    assert positions == list(range(1, len(positions) + 1)), "the chain has no gap and no fork"


def write(url: str, headers: dict[str, str], name: str, history: History) -> None:
    """Create contacts one after another, each until it is acknowledged."""
    number = 0
    with httpx.Client(base_url=url, headers=headers, timeout=10) as client:
        while not history.over.is_set():
            number += 1
            body = {"contacts": [{"familyName": f"{name}-{number}"}], "requestId": str(uuid.uuid4())}
            for _ in range(ATTEMPTS):
                answer = attempt(client, body)
                if answer is not None and answer.status_code not in AGAIN:
                    break
                time.sleep(0.1)  # a caller's back-off, not a wait for the product
            if answer is None or answer.status_code != HTTPStatus.OK:
                history.refused.append("no answer" if answer is None else answer.text)
                return
            history.acknowledged.append(f"{name}-{number}")


def attempt(client: httpx.Client, body: dict[str, Any]) -> httpx.Response | None:
    """One request; None where the connection broke and nobody knows what became of it."""
    try:
        return client.post("/v1/contacts:batchCreate", json=body)
    except httpx.TransportError:
        return None


def kill(mesh: RunningMesh, name: str) -> None:
    """Kill -9, as the kernel does when memory runs out."""
    running = eventually(lambda: [i["pid"] for i in mesh.instances() if i["name"] == name and i["pid"]], of=name)
    os.kill(running[0], signal.SIGKILL)


def listed(client: httpx.Client, collection: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    """All resources of a list."""
    key = {"contacts": "contacts", "audit-entries": "auditEntries"}[collection]
    while True:
        answer = client.get(f"/v1/{collection}", params={"page_size": 200, **parameters})
        assert answer.status_code == HTTPStatus.OK, answer.text
        yield from answer.json()[key]
        parameters["page_token"] = answer.json()["nextPageToken"]
        if not parameters["page_token"]:
            return
