"""A service that begins with an empty database, while users go on changing, knows what their owner knows of them.

What it knows is asked for with `users` down: then a reference can be written to what has been heard of, and to nothing
else. Nothing but the owner's snapshot can tell of it, since the stream of its events is emptied.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from mesh.control import run_file
from mesh.events.redis_connection import RedisConnection
from mesh.testing.company import PASSWORD, Company, found, good
from mesh.testing.eventually import eventually
from mesh.testing.outage import frozen, kept_down, pid_of
from mesh.testing.planted import planted
from mesh.testing.running import RunningMesh, running_mesh

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CONSUMER, OWNER = "customers-1", "users-1"
PEOPLE = (209, 49, 39)
"""Beside the founder: 300 users in three tenants, in one of them more than a page of a snapshot."""
# Hundreds of passwords that nobody guesses at: they need no work that takes long.
_CHEAPLY = ("services.users.service.passwords", "_HASHER = argon2.PasswordHasher(1, 8, 1)")
_SNAPSHOTS = "SELECT cursor, complete_us FROM snapshots WHERE type = 'users.rapport/User'"
_STREAM = "rapport:events:users"
# As the product takes a snapshot in, in smaller steps and slowly enough to be killed in their midst.
_SLOWLY = """
import time
_CHUNK = 20
class Inbox(Inbox):
    taken = 0
    def overtake(self, states, *, apply=None, note=None):
        time.sleep(0.2)
        self.taken += 1
        super().overtake(self.kept(states), apply=apply, note=note)
    def kept(self, states):
        return states
"""
_WITHOUT_ONE_PAGE = f"""{_SLOWLY}
Inbox.kept = lambda self, states: [] if self.taken == 2 else states
"""


def staff(company: Company, people: int) -> None:
    """Further users, by invitation."""
    emails = [f"p{number}@{company.slug}.example" for number in range(people)]
    bearer = {"authorization": f"Bearer {company.owner.token}"}
    with httpx.Client(base_url=company.mesh.url, timeout=30) as http, ThreadPoolExecutor(4) as pool:

        def post(path: str, body: Any, **headers: str) -> Any:
            answer = http.post(path, json=body, headers=headers)
            while answer.status_code == 429:  # as many guesses of passwords as these are not welcome at once
                time.sleep(0.2)
                answer = http.post(path, json=body, headers=headers)
            return good(answer)

        offers = [{"email": email, "role": "ROLE_MEMBER"} for email in emails]
        invited = list(pool.map(lambda offer: post("/v1/invitations", offer, **bearer)["id"], offers))
        links = company.links("invitation", invited)
        named = [{"token": link, "displayName": f"Name {n}", "password": PASSWORD} for n, link in enumerate(links)]
        list(pool.map(lambda body: post("/v1/invitations:accept", body), named))


def users_of(company: Company) -> dict[str, tuple[str, str]]:
    """What `users` says: by id, the name and the state."""
    told: dict[str, tuple[str, str]] = {}
    token = ""
    while True:
        page = company.owner.ask("GET", f"/v1/users?pageSize=100&pageToken={token}")
        told |= {user["id"]: (user["displayName"], user["state"]) for user in page["users"]}
        token = page.get("nextPageToken", "")
        if not token:
            return told


@contextlib.contextmanager
def changing(companies: Sequence[Company]) -> Iterator[None]:
    """Users are renamed and some end their work, all the while."""
    over = threading.Event()
    chance = random.Random(5)  # a replayable test
    plan = [(company, [u for u in users_of(company) if u != company.owner.id]) for company in companies]

    def change() -> None:
        for number in itertools.count():
            if over.is_set():
                return
            company, ids = chance.choice(plan)
            user = chance.choice(ids)
            if number % 10:
                company.owner.ask("PATCH", f"/v1/users/{user}", {"displayName": f"Renamed {number}"})
            else:
                company.owner.ask("POST", f"/v1/users/{user}:deactivate", {})

    with ThreadPoolExecutor(1) as pool:
        changes = pool.submit(change)
        try:
            yield
        finally:
            over.set()
        changes.result()


def lose_everything(mesh: RunningMesh, companies: Sequence[Company]) -> None:
    """The consumer's database goes while it stands still, and so do the events that users publishes meanwhile."""
    run = run_file.read(mesh.home)
    assert run is not None
    redis = RedisConnection(run.redis_url)
    with frozen(mesh, CONSUMER):
        for file in list(mesh.home.rglob("customers.db*")):
            file.unlink()
        with changing(companies):
            behind = redis.call("XINFO", "STREAM", _STREAM)
            eventually(lambda: redis.call("XINFO", "STREAM", _STREAM) != behind, of="users going on")
        redis.call("XTRIM", _STREAM, "MAXLEN", "0")
    redis.close()


def snapshots(mesh: RunningMesh) -> list[tuple[str, bool]]:
    """How far the snapshots of users that the consumer takes in have come: cursors, and whether they are complete."""
    file = next(mesh.home.rglob("customers.db"), None)
    assert file, "the consumer has no database yet"
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        try:
            rows = database.execute(_SNAPSHOTS)
            return [(cursor, bool(done)) for cursor, done in rows]
        except sqlite3.OperationalError as error:
            raise AssertionError from error


def kill_within_a_snapshot(mesh: RunningMesh, before: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Kill the consumer when it has gone on with a snapshot and is not at its end; how far it had come."""

    def going_on() -> list[tuple[str, bool]]:
        now = snapshots(mesh)
        assert now != before, "nothing was taken in"
        assert any(cursor and not complete for cursor, complete in now)
        return now

    def killed() -> bool:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid_of(mesh, CONSUMER), signal.SIGKILL)
            return True
        return False

    reached = eventually(going_on, within=60, of="a snapshot being taken in")
    eventually(killed, of="the consumer's process")
    return reached


def settled(mesh: RunningMesh, tenants: int) -> None:
    """Wait until all snapshots are complete and no event is on its way."""
    eventually(
        lambda: [done for _, done in snapshots(mesh)].count(True) == tenants,
        within=90,
        of="all snapshots being complete",
    )
    eventually(lambda: mesh.mesh("events", "lag", "--most", "0"), within=60, of="all events being handled")


def check_knows(mesh: RunningMesh, companies: Sequence[Company]) -> None:
    """Every user can be named as an owner as `users` has them, with `users` down."""
    truth = {company.tenant: users_of(company) for company in companies}
    for company in companies:
        company.owner.ask("GET", "/v1/contacts")  # whoever calls is known there before users goes
    with kept_down(mesh, OWNER):
        for company in companies:
            told = truth[company.tenant]
            working = [user for user, (_, state) in told.items() if state == "STATE_ACTIVE"]
            heard = {}
            for part in batches(working):
                contacts = [{"givenName": "Ann", "ownerId": user} for user in part]
                made = company.owner.ask("POST", "/v1/contacts:batchCreate", {"contacts": contacts})["contacts"]
                heard |= {contact["ownerId"]: contact.get("ownerName", "") for contact in made}
            assert heard == {user: told[user][0] for user in working}
            for user in told.keys() - heard.keys():
                refused = company.owner.send("POST", "/v1/contacts", {"givenName": "Ann", "ownerId": user})
                assert refused.status_code == 400, f"{told[user]}: {refused.text}"


def batches(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + 100] for start in range(0, len(ids), 100)]


@pytest.mark.shows("seams.late-consumer")
def test_a_consumer_that_begins_with_nothing_comes_to_know_every_user(tmp_path: Path) -> None:
    settings = planted(tmp_path / "slow", "mesh.events.bootstrap", _SLOWLY, _CHEAPLY)
    with running_mesh(tmp_path / "home", options=("--no-demo",), **settings) as mesh:
        companies = [found(mesh, f"late-{number}") for number in range(len(PEOPLE))]
        for company, people in zip(companies, PEOPLE, strict=True):
            staff(company, people)
        assert sum(len(users_of(company)) for company in companies) == 300
        lose_everything(mesh, companies)
        with changing(companies):
            reached = kill_within_a_snapshot(mesh, [])
            kill_within_a_snapshot(mesh, reached)
            eventually(lambda: any(done for _, done in snapshots(mesh)), within=60)
        settled(mesh, len(companies))
        check_knows(mesh, companies)


def test_a_snapshot_that_leaves_a_page_out_is_noticed(tmp_path: Path) -> None:
    settings = planted(tmp_path / "fault", "mesh.events.bootstrap", _WITHOUT_ONE_PAGE, _CHEAPLY)
    with running_mesh(tmp_path / "home", options=("--no-demo",), **settings) as mesh:
        company = found(mesh, "left-out")
        staff(company, 50)
        lose_everything(mesh, [company])
        settled(mesh, 1)
        with pytest.raises(AssertionError, match="UNAVAILABLE"):
            check_knows(mesh, [company])
