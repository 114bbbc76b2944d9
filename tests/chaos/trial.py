"""One seed from beginning to verdict: companies sign up, work while things break, and are then looked through."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
from google.protobuf import json_format
from rapport.users.v1 import resources_pb2

from mesh.testing.company import found, good
from mesh.testing.eventually import eventually
from mesh.testing.history import Ending, Entry, History
from mesh.testing.verdict import hopeless, violations
from services.users.domain.audit import broken_at
from tests.chaos.clients import Client, Feed, Tenant, seen

if TYPE_CHECKING:
    from mesh.testing.company import Person
    from tests.chaos.arena import Arena
    from tests.chaos.schedule import Schedule

TENANTS = 2
CLIENTS = 3
_PAGE = 200
_QUIET = 90.0
_TRIES = 3
_LEAST = 100


class _NotYet(AssertionError):
    """What a copy has not caught up with, or what does not answer yet."""


def trial(arena: Arena, plan: Schedule, *, within: float = _QUIET, prefix: str = "s") -> list[str]:
    """Run a schedule; what it found broken.

    within: seconds that copies have to catch up. prefix: of the companies' slugs, each of which is taken once.
    """
    print(plan)
    history, over, heard = History(), threading.Event(), threading.Event()
    eventually(arena.whole, within=_QUIET, of="a mesh that is whole again")
    with ThreadPoolExecutor(TENANTS) as pool:
        tenants = list(pool.map(lambda number: _tenant(arena, f"{prefix}{plan.seed}-{number}"), range(TENANTS)))
    feeds = [Feed(tenant, history, heard) for tenant in tenants]
    clients = [
        Client(tenant, number, str(plan.seed), history, [each for each in tenants if each is not tenant], over)
        for tenant in tenants
        for number in range(CLIENTS)
    ]
    for each in (*feeds, *clients):
        each.thread.start()
    try:
        arena.play(plan.steps)
        over.wait(max(0.0, plan.seconds - max(step.at for step in plan.steps)))
        eventually(lambda: len(history.operations) >= _LEAST, within=_QUIET, of="enough that could have gone wrong")
        over.set()
        for client in clients:
            client.thread.join()
        return _verdict(tenants, history, within)
    finally:
        over.set()
        heard.set()
        for each in (*feeds, *clients):
            each.thread.join()
        print(f"{len(history.operations)} operations, {sum(map(len, history.feeds.values()))} changes")


def _tenant(arena: Arena, slug: str) -> Tenant:
    """A company of two, before anything is broken; on a busy machine not always at the first try."""
    for attempt in range(_TRIES):
        try:
            company = found(arena.mesh, f"{slug}-{attempt}")
            return Tenant(company, company.add(f"leaver@{slug}.example").id)
        except (AssertionError, httpx.TransportError) as error:
            print(f"a company was not there in time: {error}")
    msg = f"no company could sign up in {_TRIES} tries"
    raise AssertionError(msg)


def _verdict(tenants: list[Tenant], history: History, within: float) -> list[str]:
    """What is still broken when copies had their time, or is broken for good."""
    last: list[str] = []

    def settled() -> bool:
        nonlocal last
        try:
            history.endings = {tenant.slug: _ending(tenant.company.owner) for tenant in tenants}
        except httpx.TransportError as error:
            raise _NotYet(str(error)) from error
        last = violations(history)
        return not last or bool(hopeless(last))

    try:
        eventually(settled, within=within)
    except AssertionError as error:
        return last or [f"answers: {error.__cause__ or error}"]
    return last


def _ending(owner: Person) -> Ending:
    contacts = _listed(owner, "contacts", "contacts", show_deleted="true")
    people = _listed(owner, "users", "users")
    chain = sorted(_listed(owner, "audit-entries", "auditEntries"), key=lambda entry: int(entry["position"]))
    sealed = (json_format.ParseDict(entry, resources_pb2.AuditEntry()) for entry in chain)
    return Ending(
        contacts=tuple(seen(each) for each in contacts),
        titles={each["id"]: each.get("ownerName", "") for each in contacts if not each.get("deleteTime")},
        people={each["id"]: each["displayName"] for each in people},
        entries=tuple(Entry(int(e["position"]), e["action"], e.get("resource", "")) for e in chain),
        broken_at=broken_at(sealed),
    )


def _listed(owner: Person, collection: str, key: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        parameters = httpx.QueryParams({"page_size": _PAGE, "page_token": token, **query})
        page = good(owner.send("GET", f"/v1/{collection}?{parameters}"))
        found += page.get(key, [])
        token = page.get("nextPageToken", "")
        if not token:
            return found
