"""Watching contacts through the edge: nothing is left out of a feed, whoever dies meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.testing.eventually import eventually
from mesh.testing.planted import planted
from mesh.testing.running import RunningMesh, running_mesh
from tests.journeys import feed_watcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROTOCOLS = ("ndjson", "sse", "grpc")
WRITERS = 3
WATCH = "/v1/contacts:watch"
# What a caller may send again: the request id makes it one request.
AGAIN = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
FAULTS = {
    # By less than a watcher takes to come back: a position that is still to come begins the feed anew.
    "a cursor points too far": (
        "_made = _Seal.make\n_Seal.make = lambda self, after, at: _made(self, after, (at[0] + 150, at[1]))"
    ),
    "the changes begin where the snapshot ends": """
_told = Changes._snapshot
def _late(self, call, *rest):
    yield from _told(self, call, *rest)
    call.gone.wait(1)
    return call.environment.tail.end()
Changes._snapshot = _late
""",
}


@dataclass
class History:
    """What the writers were told: the name that each contact has, none for one that is deleted."""

    held: dict[str, str | None] = field(default_factory=dict)
    writes: int = 0
    refused: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class Watching:
    """A watcher, each time it is killed succeeded by one that goes on from the last cursor."""

    def __init__(self, mesh: RunningMesh, token: str, protocol: str, path: Path) -> None:
        self.path = path
        path.touch()
        script = str(Path(feed_watcher.__file__))
        self._command = [sys.executable, script, protocol, mesh.target, token, str(path)]
        self._process = subprocess.Popen(self._command)

    def kill(self) -> None:
        """Kill -9."""
        self._process.kill()
        self._process.wait()

    def again(self) -> None:
        """Kill -9, and another one goes on."""
        self.kill()
        self._process = subprocess.Popen(self._command)

    def kinds(self) -> list[str]:
        """The kinds of what was told, without the common beginning of their names."""
        return [message["kind"].removeprefix("CHANGE_KIND_") for message in feed_watcher.read(self.path)]

    def held(self) -> dict[str, str | None]:
        """What a client holds that applies the messages as the contract says: names by id."""
        numbers: dict[str, int] = {}
        held: dict[str, str | None] = {}
        for message in feed_watcher.read(self.path):
            contact, number = message.get("contact", {}), int(message.get("sequence", 0))
            if number and number >= numbers.get(contact["id"], 0):
                numbers[contact["id"]] = number
                held[contact["id"]] = None if message["kind"].endswith("REMOVED") else contact["displayName"]
        return held

    def missing(self, history: History) -> list[str]:
        """Where what a client holds differs from what the writers were told."""
        held = self.held()  # who came later than a deletion knows nothing of it
        return [f"{each}: {held.get(each)} for {name}" for each, name in history.held.items() if held.get(each) != name]

    def gaps(self) -> list[str]:
        """Contacts of which a change was left out, since they were told of first."""
        gone = {identity for identity, name in self.held().items() if name is None}
        reached: dict[str, int] = {}
        found = []
        for message in feed_watcher.read(self.path):
            identity, number = message.get("contact", {}).get("id", ""), int(message.get("sequence", 0))
            tail = not message["kind"].endswith("CURRENT")
            # A snapshot leaves out what is deleted by then; what became of it before that is told all the same.
            known = identity in reached or identity not in gone
            if identity and tail and known and number > reached.get(identity, 0) + 1:
                found.append(f"{identity}: {number} after {reached.get(identity, 0)}")
            reached[identity] = max(number, reached.get(identity, 0))
        return found


def write(url: str, token: str, name: str, history: History) -> None:
    """Create, change and delete contacts in turn, each write until it is acknowledged."""
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=10) as client:
        number = 0
        while not history.over.is_set():
            number += 1
            created = answered(client, history, "POST", "/v1/contacts", {"familyName": f"{name}-{number}"})
            if created is None:
                return
            path = f"/v1/contacts/{created['id']}"
            history.held[created["id"]] = created["displayName"]
            changed = answered(client, history, "PATCH", path, {"familyName": f"{name}-{number}-changed"})
            if changed is None:
                return
            history.held[created["id"]] = changed["displayName"]
            if number % 3 == 0:
                if answered(client, history, "DELETE", path, None) is None:
                    return
                history.held[created["id"]] = None


def answered(client: httpx.Client, history: History, method: str, path: str, body: Any) -> dict[str, Any] | None:
    """The answer of a write, sent until there is one; None where it was refused."""
    text = "no answer"
    query = {"request_id": str(uuid.uuid4())}
    for _ in range(100):
        try:
            answer = client.request(method, path, params=query, json=body)
        except httpx.TransportError:
            pass
        else:
            text = answer.text
            if answer.status_code == HTTPStatus.OK:
                history.writes += 1
                found: dict[str, Any] = answer.json()
                return found
            if answer.status_code not in AGAIN:
                break
        time.sleep(0.1)  # a caller's back-off, not a wait for the product
    history.refused.append(f"{method} {path}: {text}")
    return None


@contextmanager
def writers(mesh: RunningMesh, token: str) -> Iterator[History]:
    """Writers that write at the same time until they are told that it is over."""
    history = History()
    threads = [
        threading.Thread(target=write, args=(mesh.url, token, f"w{number}", history)) for number in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    try:
        yield history
    finally:
        history.over.set()
        for thread in threads:
            thread.join()


@contextmanager
def watchers(
    mesh: RunningMesh, token: str, folder: Path, protocols: Sequence[str] = PROTOCOLS
) -> Iterator[list[Watching]]:
    """One watcher for each protocol."""
    watching: list[Watching] = []
    try:
        watching.extend(Watching(mesh, token, protocol, folder / protocol) for protocol in protocols)
        yield watching
    finally:
        for each in watching:
            each.kill()


def go_on(history: History, more: int = 40) -> None:
    """Wait until the writers have come further."""
    aim = history.writes + more
    eventually(lambda: history.refused or history.writes >= aim, within=60, of="the writers' progress")


def kill(mesh: RunningMesh, name: str) -> None:
    """Kill -9 each instance of a service, or Redis; the mesh starts others."""
    for instance in mesh.instances():
        if instance["name"].startswith(name) and instance["pid"]:
            os.kill(instance["pid"], signal.SIGKILL)


def stranger(mesh: RunningMesh) -> str:
    """A bearer token of the owner of a new tenant."""
    secret = "granite-walrus-47-lantern"  # of a throw-away tenant
    owner = {"ownerEmail": "owner@still.example", "ownerDisplayName": "Owner", "ownerPassword": secret}
    tenant = {"slug": "still", "displayName": "Still", "timeZone": "UTC", "currencyCode": "AUD"}
    with httpx.Client(base_url=mesh.url, timeout=10) as http:
        http.post("/v1/tenants:signUp", json={**tenant, **owner}).raise_for_status()
        body = {"tenant": "still", "email": owner["ownerEmail"], "password": secret}
        return str(http.post("/v1/sessions:logIn", json=body).raise_for_status().json()["accessToken"])


@pytest.fixture(scope="module")
def feeding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMesh]:
    with running_mesh(tmp_path_factory.mktemp("feed")) as mesh:
        yield mesh


@pytest.mark.shows("seams.feed")
def test_a_feed_is_gapless_whoever_is_killed(feeding: RunningMesh, tmp_path: Path) -> None:
    token = feeding.token()
    with watchers(feeding, token, tmp_path) as watching:
        with writers(feeding, token) as history:
            for victim in ("watchers", "customers", "redis", "watchers", "customers"):
                go_on(history)
                if victim == "watchers":
                    for each in watching:
                        each.again()
                else:
                    kill(feeding, victim)
            go_on(history)
        assert history.refused == []
        for each in watching:
            eventually(
                lambda each=each: each.missing(history) == [], within=30, of=f"all in the feed by {each.path.name}"
            )
            assert each.gaps() == []
            assert each.kinds().count("SNAPSHOT_COMPLETE") == 1, "cursors were good all the time"


@pytest.mark.shows("seams.feed")
def test_a_feed_of_a_tenant_where_nothing_happens_is_kept_alive(feeding: RunningMesh, tmp_path: Path) -> None:
    still = stranger(feeding)
    with watchers(feeding, still, tmp_path) as watching, writers(feeding, feeding.token()) as history:
        beats = ["SNAPSHOT_STARTED", "SNAPSHOT_COMPLETE", "HEARTBEAT"]
        for each in watching:
            eventually(lambda each=each: each.kinds() == beats, within=20, of="a heartbeat and nothing else")
    assert history.held


@pytest.mark.parametrize("fault", FAULTS)
def test_a_feed_that_leaves_something_out_is_found_out(tmp_path: Path, fault: str) -> None:
    settings = planted(tmp_path / "fault", "mesh.resource.changes", FAULTS[fault])
    with running_mesh(tmp_path / "home", **settings) as mesh:
        token = mesh.token()
        with watchers(mesh, token, tmp_path, PROTOCOLS[:1]) as (watching,):
            with writers(mesh, token) as history:
                for told in (20, 40):
                    # It is killed while it is told of changes, and another one goes on.
                    eventually(
                        lambda told=told: history.refused or watching.kinds().count("CHANGED") > told,
                        within=60,
                        of="changes",
                    )
                    watching.again()
                go_on(history)
            last = list(history.held)[-1]
            eventually(lambda: last in watching.held(), of="the last contact in the feed")
            assert watching.gaps() or watching.missing(history)


def test_a_cursor_of_somebody_else_is_refused(feeding: RunningMesh) -> None:
    headers = {"authorization": f"Bearer {feeding.token()}"}
    answer = httpx.get(f"{feeding.url}{WATCH}", headers=headers, params={"cursor": "AAAA"}, timeout=10)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "cursor" in answer.text
