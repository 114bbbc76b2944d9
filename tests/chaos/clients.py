"""Clients of several tenants that write and read through the edge, and write down what they were told."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from mesh.contract.etags import etag
from mesh.testing.history import Change, Kind, Operation, Outcome, Seen

if TYPE_CHECKING:
    from mesh.testing.company import Company
    from mesh.testing.history import History

# Answers that leave open what became of the request; the request id makes it one however often it is sent.
OPEN = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_PATIENT = 120
_PAUSE = 0.1
_PACE = 0.01
_GIVES_UP = 0.15
_INSISTS = 0.7
_TIMEOUT = httpx.Timeout(6.0)
# A feed is silent for longer than this; whoever hears nothing comes back with the cursor.
_HEARS = httpx.Timeout(5.0, read=0.5)
_PAGE = 200
_DOES = {"create": 30, "update": 30, "delete": 6, "get": 12, "foreign": 3, "list": 3, "repeat": 8, "rename": 2}


@dataclass(slots=True)
class Tenant:
    """A company under test: its owner, and one who leaves. `known` is the last that any client saw of each contact."""

    company: Company
    leaver: str
    known: dict[str, Seen] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.company.slug


@dataclass(frozen=True, slots=True)
class Request:
    """A write that can be sent again."""

    kind: Kind
    verb: str
    path: str
    body: Any
    request: str
    tag: str = ""
    target: str = ""
    expected: int = 0


def seen(contact: dict[str, Any]) -> Seen:
    """A contact of an answer."""
    return Seen(
        id=contact["id"],
        version=int(contact["etag"].strip('"'), 16),
        tag=contact.get("familyName", ""),
        owner=contact.get("ownerId", ""),
        deleted=bool(contact.get("deleteTime")),
    )


def refusal(answer: httpx.Response) -> str:
    """The reason of a refusal, with the fields that it names."""
    try:
        details = answer.json().get("details", [])
    except ValueError:
        return f"{answer.status_code} {answer.text[:200]}"
    reason = next((each["reason"] for each in details if "reason" in each), str(answer.status_code))
    fields = [each["field"] for detail in details for each in detail.get("fieldViolations", [])]
    return " ".join([reason, *fields])


class Client:
    """One client, in a thread of its own until `over` is set. What it does follows from its seed."""

    def __init__(
        self, tenant: Tenant, number: int, seed: str, history: History, others: list[Tenant], over: threading.Event
    ) -> None:
        self.name = f"{tenant.slug}/{number}"
        self._tenant, self._others, self._over = tenant, others, over
        self._history = history
        self._draw = random.Random(f"{seed}/{self.name}")
        self._count = 0
        self._leaves = self._draw.randint(10, 40) if number == 0 else -1
        self._sent: list[Request] = []
        owner = tenant.company.owner
        self._http = httpx.Client(
            base_url=owner.url, headers={"authorization": f"Bearer {owner.token}"}, timeout=_TIMEOUT
        )
        self.thread = threading.Thread(target=self._run, name=self.name)

    def _run(self) -> None:
        with self._http:
            while not self._over.wait(_PACE):
                self._count += 1
                if self._count == self._leaves:
                    self.hand_over()
                    continue
                (what,) = self._draw.choices(list(_DOES), list(_DOES.values()))
                getattr(self, what)()

    def _tag(self) -> str:
        return f"{self._tenant.slug}.{self.name.rpartition('/')[2]}.{self._count}"

    def _one(self) -> Seen | None:
        known = list(self._tenant.known.values())
        return self._draw.choice(known) if known else None

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._draw.getrandbits(128), version=4))

    def _request(
        self,
        kind: Kind,
        verb: str,
        path: str,
        body: Any = None,
        *,
        tag: str = "",
        target: str = "",
        expected: int = 0,
        **query: str,
    ) -> Request:
        """A request whose body is the resource, if it has one; its id is in the query."""
        identity = self._uuid()
        path = f"{path}?{httpx.QueryParams({**query, 'request_id': identity})}"
        return Request(kind, verb, path, body, identity, tag, target, expected)

    def create(self) -> None:
        """A contact that belongs to the owner or to who is about to leave."""
        owner = self._draw.choice((self._tenant.company.owner.id, self._tenant.leaver))
        tag = self._tag()
        body = {"familyName": tag, "ownerId": owner}
        self._write(self._request(Kind.CREATE, "POST", "/v1/contacts", body, tag=tag))

    def update(self) -> None:
        """Another name, most often on condition of the version that was seen last."""
        if (found := self._one()) is None:
            return
        tag = self._tag()
        body, expected = {"familyName": tag}, found.version if self._draw.random() < _INSISTS else 0
        if expected:
            body["etag"] = etag(expected)
        path = f"/v1/contacts/{found.id}"
        self._write(self._request(Kind.UPDATE, "PATCH", path, body, tag=tag, target=found.id, expected=expected))

    def delete(self) -> None:
        """One that nobody may have changed meanwhile."""
        if (found := self._one()) is None:
            return
        held, path = found.version, f"/v1/contacts/{found.id}"
        self._write(self._request(Kind.DELETE, "DELETE", path, target=found.id, expected=held, etag=etag(held)))

    def hand_over(self) -> None:
        """The one who leaves is deactivated, and the owner takes over."""
        leaver, owner = self._tenant.leaver, self._tenant.company.owner.id
        self._history.successors[self._tenant.slug] = {leaver: owner}
        identity = self._uuid()
        body = {"successorId": owner, "requestId": identity}
        path = f"/v1/users/{leaver}:deactivate"
        self._write(Request(Kind.HAND_OVER, "POST", path, body, identity, target=leaver))

    def repeat(self) -> None:
        """The same request once more."""
        if self._sent:
            self._write(self._draw.choice(self._sent), repeated=True)

    def rename(self) -> None:
        """The owner goes by another name; all copies of it follow."""
        body = {"displayName": f"Owner {self._tag()}"}
        path = f"/v1/users/{self._tenant.company.owner.id}"
        self._settle(self._request(Kind.UPDATE, "PATCH", path, body))

    def get(self) -> None:
        """A contact that somebody of the tenant has seen."""
        if (found := self._one()) is not None:
            self._read(f"/v1/contacts/{found.id}", found.id)

    def foreign(self) -> None:
        """A contact of another tenant."""
        known = list(self._draw.choice(self._others).known)
        if known:
            target = self._draw.choice(known)
            self._read(f"/v1/contacts/{target}", target)

    def list(self) -> None:
        """All contacts, page by page."""
        begun, found, token = time.monotonic(), [], ""
        while True:
            answer = self._get("/v1/contacts", {"page_size": _PAGE, "page_token": token})
            if answer is None or not answer.is_success:
                return
            found += [seen(each) for each in answer.json().get("contacts", [])]
            token = answer.json().get("nextPageToken", "")
            if not token:
                break
        self._note(Kind.READ, Outcome.DONE, begun, whole=True, seen=tuple(found))

    def _read(self, path: str, target: str) -> None:
        begun = time.monotonic()
        answer = self._get(path, {})
        if answer is None:
            return
        if answer.is_success:
            self._note(Kind.READ, Outcome.DONE, begun, target=target, seen=(self._learn(answer.json()),))
        else:
            self._note(Kind.READ, Outcome.REFUSED, begun, target=target, refusal=refusal(answer))

    def _get(self, path: str, query: dict[str, Any]) -> httpx.Response | None:
        """An answer that is one; None where there is none now."""
        try:
            answer = self._http.get(path, params=query)
        except httpx.TransportError:
            return None
        return None if answer.status_code in OPEN else answer

    def _write(self, request: Request, *, repeated: bool = False) -> None:
        begun = time.monotonic()
        outcome, answer = self._settle(request)
        told, reason = (), ""
        if outcome is Outcome.DONE and answer is not None and request.kind is not Kind.HAND_OVER:
            told = (self._learn(answer.json()),)
        elif answer is not None and outcome is not Outcome.DONE:
            reason = refusal(answer)
        if not repeated and outcome is not Outcome.REFUSED:
            self._sent.append(request)
        self._note(
            request.kind, outcome, begun, request=request.request, tag=request.tag, target=request.target, seen=told,
            repeated=repeated, expected=request.expected, refusal=reason,
        )  # fmt: skip

    def _settle(self, request: Request) -> tuple[Outcome, httpx.Response | None]:
        """Send a request until it is answered, or until it is given up; the answer, where it was one."""
        lost = False
        times = 1 if self._draw.random() < _GIVES_UP else _PATIENT
        for _ in range(times):
            try:
                answer = self._http.request(request.verb, request.path, json=request.body)
            except httpx.TransportError:
                lost = True
            else:
                if answer.is_success:
                    return Outcome.DONE, answer
                if answer.status_code not in OPEN:
                    # Of one that was sent before and not answered, an earlier sending may still take effect.
                    return Outcome.UNKNOWN if lost else Outcome.REFUSED, answer
                lost = True
            if times > 1:
                time.sleep(_PAUSE)  # a caller's back-off, not a wait for the product
        return Outcome.UNKNOWN, None

    def _learn(self, contact: dict[str, Any]) -> Seen:
        found = seen(contact)
        if found.deleted:
            self._tenant.known.pop(found.id, None)
        elif found.tag.startswith(f"{self._tenant.slug}."):
            self._tenant.known[found.id] = found
        return found

    def _note(self, kind: Kind, outcome: Outcome, begun: float, **more: Any) -> None:
        self._history.operations.append(
            Operation(self.name, self._tenant.slug, kind, outcome, begun, time.monotonic(), **more)
        )


class Feed:
    """Watches the contacts of a tenant until `over` is set, and goes on from its cursor whenever it hears nothing."""

    def __init__(self, tenant: Tenant, history: History, over: threading.Event) -> None:
        self._over = over
        self._cursor = ""
        self._again: set[str] | None = None
        self._held: set[str] = set()
        self._made: set[str] = set()
        self._history, self._slug = history, tenant.slug
        self._told = history.feeds.setdefault(tenant.slug, [])
        owner = tenant.company.owner
        headers = {"authorization": f"Bearer {owner.token}", "accept": "application/x-ndjson"}
        self._http = httpx.Client(base_url=owner.url, headers=headers, timeout=_HEARS)
        self.thread = threading.Thread(target=self._run, name=f"{tenant.slug}/feed")

    def _run(self) -> None:
        with self._http:
            while not self._over.is_set():
                try:
                    self._watch()
                except httpx.TransportError:
                    continue

    def _watch(self) -> None:
        query = {"cursor": self._cursor} if self._cursor else {}
        with self._http.stream("GET", "/v1/contacts:watch", params=query) as answer:
            if not answer.is_success:
                self._over.wait(_PAUSE)
                return
            for line in answer.iter_lines():
                if line.strip():
                    self._hear(json.loads(line))

    def _hear(self, message: dict[str, Any]) -> None:
        kind = message.get("kind", "").removeprefix("CHANGE_KIND_")
        if not kind:  # the stream ended with an error
            return
        if kind == "SNAPSHOT_STARTED":
            self._again, self._made = set(), self._created()
        elif kind == "SNAPSHOT_COMPLETE":
            for gone in sorted((self._held | self._made) - (self._again or set())):
                self._tell(Seen(gone, 0, "", "", deleted=True), snapshot=True)
            self._again = None
        elif "contact" in message:
            contact, number = message["contact"], int(message.get("sequence", 0))
            removed = kind == "REMOVED"
            tag, owner = ("", "") if removed else (contact.get("familyName", ""), contact.get("ownerId", ""))
            self._tell(Seen(contact["id"], number, tag, owner, deleted=removed), snapshot=kind == "CURRENT")
        self._cursor = message.get("cursor", self._cursor)

    def _created(self) -> set[str]:
        """What a snapshot that begins now holds, but for those that are deleted."""
        done = (o for o in list(self._history.operations) if o.kind is Kind.CREATE and o.outcome is Outcome.DONE)
        return {seen.id for o in done if o.tenant == self._slug for seen in o.seen}

    def _tell(self, found: Seen, *, snapshot: bool) -> None:
        (self._held.discard if found.deleted else self._held.add)(found.id)
        if snapshot and self._again is not None:
            self._again.add(found.id)
        self._told.append(Change(found, snapshot=snapshot))
