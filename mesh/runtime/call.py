"""One call in progress: what its contract says, who makes it, how long it may take, and the one write it may do."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from mesh.contract import after
from mesh.contract.failure import Failure
from mesh.events import outbox
from mesh.events.envelope import Event
from mesh.runtime import audit, capabilities, idempotency
from mesh.runtime.identity import (
    ANONYMOUS,
    NO_DEVICE,
    Device,
    Identity,
    Kind,
    seen_by_edge,
    service_identity,
    told_by_service,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract
    from mesh.runtime.capabilities import Capability
    from mesh.runtime.directory import Entry
    from mesh.runtime.door import Door
    from mesh.runtime.environment import Environment
    from mesh.runtime.tracing import Span
    from mesh.store.statement import Statement
    from mesh.store.transaction import Transaction

    Reply = TypeVar("Reply", bound=Message)

# users.v1.Scope; a constant, since calls are loaded before any contract.
_SCOPE_ALL = 3
# Their principals are links and keys, which nothing belongs to.
_NO_USERS = (Kind.CAPABILITY, Kind.PUBLISHABLE)

current_call: ContextVar[Call | None] = ContextVar("current_call", default=None)


class View:
    """What can be looked at and by whom, before a write: a call is one, and so is what a service does by itself.

    `ends` is its deadline on the monotonic clock, in seconds; `entry` is what the directory knows of its user, if any.
    """

    __slots__ = ("ends", "entry", "environment", "identity")

    def __init__(self, environment: Environment, identity: Identity, ends: float) -> None:
        self.environment = environment
        self.identity = identity
        self.ends = ends
        self.entry: Entry | None = None

    def remaining(self) -> float:
        """Seconds left.

        Raises:
            Failure: DEADLINE_EXCEEDED, where none are left.
        """
        left = self.ends - time.monotonic()
        if left <= 0:
            raise Failure("DEADLINE_EXCEEDED")
        return left

    @property
    def user_id(self) -> str:
        """Whose the caller's own things are: the user who calls or is behind the key that calls, if any."""
        if self.identity.kind in _NO_USERS:
            return self.entry.user_id if self.entry is not None else ""
        return (self.entry.user_id if self.entry is not None else "") or self.identity.principal

    def scope(self, permission: str) -> int:
        """The part of the data, as a `users.v1.Scope`, that the caller holds a permission for; 0: none.

        Services hold all of it: what they may call is in the contract.
        """
        return self.entry.grants.get(permission, 0) if self.entry is not None else _SCOPE_ALL

    def read(self, statement: Statement, /, *, tenant: str = "", **parameters: Any) -> Sequence[Sequence[Any]]:
        """Rows of the caller's tenant. `tenant` is named only by calls that come without one."""
        tenant = tenant or self.identity.tenant
        return self.environment.store.read(statement, tenant=tenant or None, timeout=self.remaining(), **parameters)


class Call(View):
    """A call of one method. `peer` is the SPIFFE id of the process that sent it; most often that is the edge."""

    __slots__ = (
        "after", "ahead", "authorization", "capability", "contract", "door", "headers", "origin", "outside", "peer",
        "request", "span", "trace", "writing",
    )  # fmt: skip

    def __init__(self, contract: MethodContract, environment: Environment, ends: float) -> None:
        super().__init__(environment, ANONYMOUS, ends)
        self.contract = contract
        self.after = ""
        self.ahead: tuple[tuple[str, str], ...] = ()
        """What is sent as initial metadata, if the call is answered."""
        self.authorization = ""
        self.capability: Capability | None = None
        self.headers: Mapping[str, str] = {}
        self.origin = ""
        self.outside = False
        """Whether the edge sent it."""
        self.peer = ""
        self.door: Door | None = None
        self.trace = ""
        self.span: Span | None = None
        self.writing = False
        self.request: Message | None = None

    @property
    def device(self) -> Device:
        """What it comes from, as the edge saw it. An address is believed of processes of the mesh alone."""
        if self.outside:
            return seen_by_edge(self.headers)
        return told_by_service(self.headers) if self.peer else NO_DEVICE

    def hold(self, held: Capability) -> None:
        """Go on as whoever holds this capability, which was checked: in the request, or in a cookie of an HTTP door."""
        self.capability = held
        self.identity = Identity(tenant=held.tenant, principal=held.subject, kind=Kind.CAPABILITY)

    def answer(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        """Answer a request that came through the HTTP door with a status and headers beside the body."""
        if self.door is None:
            msg = f"{self.contract.full_name} is no HTTP door"
            raise RuntimeError(msg)
        self.door.answer(status, headers or {})

    @contextmanager
    def commit(self, tenant: str = "") -> Iterator[Commit]:
        """The one write of the call: rows, events, audit record and reply are committed together, or not at all.

        `tenant` is named only by calls that come without one: sign-up and log-in.
        """
        if self.writing:
            msg = f"{self.contract.full_name} writes twice"
            raise RuntimeError(msg)
        tenant = tenant or self.identity.tenant
        self.writing = True
        try:
            store = self.environment.store
            with store.transaction(tenant=tenant or None, timeout=self.remaining()) as transaction:
                commit = Commit(self, transaction, tenant)
                idempotency.take(commit)
                if self.capability is not None and self.capability.single_use:
                    capabilities.use(commit, self.capability)
                yield commit
                commit.finish()
                transaction.before_commit(self._check_deadline)
            self.tell(commit.told())
        finally:
            self.writing = False

    @contextmanager
    def service_write(self) -> Iterator[Write]:
        """A write that the service does by itself, committed at its end whatever becomes of the call."""
        environment, tenant = self.environment, self.identity.tenant
        with environment.store.transaction(tenant=tenant, timeout=self.remaining()) as transaction:
            yield Write.of_service(environment, transaction, tenant, trace=self.trace)

    def tell(self, published: str) -> None:
        """Say with the reply what the call's write published, for reads that are to see it."""
        if published:
            self.ahead += ((after.AFTER_HEADER, published),)

    def _check_deadline(self) -> None:
        self.remaining()


class Write:
    """A write in progress, for one tenant and under one identity: rows and events that are committed together."""

    def __init__(
        self, environment: Environment, transaction: Transaction, *, tenant: str, identity: Identity, trace: str
    ) -> None:
        self.environment = environment
        self.transaction = transaction
        self.tenant = tenant
        self.identity = identity
        self.trace = trace
        self.now_us = environment.clock.now_us()
        self.read = transaction.read
        self.write = transaction.write
        self.write_many = transaction.write_many
        self.known: dict[object, Any] = {}
        """What was read for the rest of the write, and cannot change before its end; by who read it."""
        self.versions: dict[str, tuple[Message, Message]] = {}
        """What was written over, before and after, as `<collection>/<id>`: what the audit tells of it."""
        self.inherited = False
        """Whether what is written comes of two resources that become one, or two again, and has not happened now."""
        self.through = ""
        """What it is written by, as `contact-imports/<id>`; empty where it is whoever writes."""
        self.origins: Mapping[str, str] = {}
        """By path of what is written, the resource it comes from: of those that become one."""
        self._publishes = False

    @classmethod
    def of_service(
        cls, environment: Environment, transaction: Transaction, tenant: str, *, actor: str = "", trace: str = ""
    ) -> Write:
        """A write that a service does by itself for a tenant; `actor` is on whose behalf, as the audit is to tell."""
        identity = service_identity(environment.service, tenant, actor)
        return Write(environment, transaction, tenant=tenant, identity=identity, trace=trace)

    def publish(self, aggregate: str, sequence: int, message: Message) -> Event:
        """Publish an event of an aggregate with its number there (0: unordered); it becomes visible with the write."""
        event = self._event(aggregate, sequence, message)
        outbox.publish(self.transaction, event)
        self._poke()
        return event

    def overwrites(self, aggregate: str, before: Message, after: Message) -> None:
        """Have the audit tell what becomes of a resource; of one that is written again, from the first version on."""
        first, _ = self.versions.get(aggregate, (before, after))
        self.versions[aggregate] = (first, after)

    def set_timer(self, aggregate: str, name: str, due_us: int, message: Message) -> None:
        """Publish `message` as an unordered event when the mesh's clock reaches `due_us`, microseconds since 1970.

        It replaces the aggregate's timer of that name. Its consumers, as a rule this service itself, look at the state
        again: a timer may still fire right before its replacement or cancellation commits.
        """
        outbox.set_timer(self.transaction, self._event(aggregate, 0, message), name=name, due_us=due_us)
        self._poke()

    def cancel_timer(self, aggregate: str, name: str) -> None:
        """Forget a timer with the write; harmless when there is none."""
        outbox.cancel_timer(self.transaction, self.tenant, aggregate, name)

    def _event(self, aggregate: str, sequence: int, message: Message) -> Event:
        return Event(
            id=self.environment.ids.new("evt"),
            tenant=self.tenant,
            aggregate=aggregate,
            sequence=sequence,
            type=message.DESCRIPTOR.full_name,
            data=message.SerializeToString(),
            time_us=self.now_us,
            source=self.environment.service,
            actor=self.identity.actor or self.identity.principal,
            trace=self.trace,
        )

    def _poke(self) -> None:
        """Wake the relay after the commit, once."""
        if not self._publishes:
            self._publishes = True
            self.transaction.after_commit(self.environment.poke)


class Commit(Write):
    """The one write of a call. Inside it no other service is called and nothing slow is done."""

    def __init__(self, call: Call, transaction: Transaction, tenant: str) -> None:
        super().__init__(call.environment, transaction, tenant=tenant, identity=call.identity, trace=call.trace)
        self.call = call
        self._audited = False
        self._reply: Message | None = None
        self._marks: dict[str, str] = {}

    def publish(self, aggregate: str, sequence: int, message: Message) -> Event:
        """Publish an event; one with a number is told to the caller beside the reply."""
        event = super().publish(aggregate, sequence, message)
        if sequence:
            self._mark(aggregate, str(sequence))
        return event

    def _mark(self, aggregate: str, mark: str) -> None:
        self._marks.pop(aggregate, None)
        self._marks[aggregate] = mark

    def told(self) -> str:
        """What the caller may have later reads wait for: the `x-rapport-after` of the reply."""
        return after.write(self.environment.service, self._marks)

    def audit(self, resource: str, changed: Sequence[str] = (), *, principal: str = "") -> None:
        """Record what the call did to a resource, under the name its contract gives it."""
        if self.call.contract.audit:
            event = audit.record(self, resource, changed, principal)
            self._mark(event.aggregate, event.id)
            self._audited = True

    def reply(self, message: Reply) -> Reply:
        """State the reply while the write is open, so that the same request gets it again."""
        self._reply = message
        return message

    def finish(self) -> None:
        """What every write ends with. A contract that promises an audit record or a repeatable reply is held to it."""
        contract = self.call.contract
        if self._reply is None or (contract.audit and not self._audited):
            missing = "reply" if self._reply is None else "audit record"
            msg = f"{contract.full_name} commits without a {missing}"
            raise RuntimeError(msg)
        idempotency.keep(self, self._reply)
