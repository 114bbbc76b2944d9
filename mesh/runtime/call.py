"""One call in progress: what its contract says, who makes it, how long it may take, and the one write it may do."""

from __future__ import annotations

import time
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from mesh.contract.failure import Failure
from mesh.events import outbox
from mesh.events.envelope import Event
from mesh.runtime import audit, idempotency
from mesh.runtime.identity import ANONYMOUS, Identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from google.protobuf.message import Message

    from mesh.contract.method import MethodContract
    from mesh.runtime.directory import Entry
    from mesh.runtime.environment import Environment
    from mesh.store.statement import Statement
    from mesh.store.transaction import Transaction

    Reply = TypeVar("Reply", bound=Message)

current_call: ContextVar[Call | None] = ContextVar("current_call", default=None)


class Call:
    """A call of one method.

    `ends` is its deadline on the monotonic clock, in seconds; `entry` is what the directory knows of its user, if any.
    """

    __slots__ = ("authorization", "contract", "ends", "entry", "environment", "identity", "request", "trace", "writing")

    def __init__(self, contract: MethodContract, environment: Environment, ends: float) -> None:
        self.contract = contract
        self.environment = environment
        self.ends = ends
        self.identity: Identity = ANONYMOUS
        self.entry: Entry | None = None
        self.authorization = ""
        self.trace = ""
        self.writing = False
        self.request: Message | None = None

    def remaining(self) -> float:
        """Seconds left.

        Raises:
            Failure: DEADLINE_EXCEEDED, where none are left.
        """
        left = self.ends - time.monotonic()
        if left <= 0:
            raise Failure("DEADLINE_EXCEEDED")
        return left

    def read(self, statement: Statement, /, *, tenant: str = "", **parameters: Any) -> Sequence[Sequence[Any]]:
        """Rows of the caller's tenant. `tenant` is named only by calls that come without one."""
        tenant = tenant or self.identity.tenant
        return self.environment.store.read(statement, tenant=tenant or None, timeout=self.remaining(), **parameters)

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
                yield commit
                commit.finish()
                transaction.before_commit(self._check_deadline)
        finally:
            self.writing = False

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
        self._publishes = False

    def publish(self, aggregate: str, sequence: int, message: Message) -> None:
        """Publish an event of an aggregate with its number there (0: unordered); it becomes visible with the write."""
        event = Event(
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
        outbox.publish(self.transaction, event)
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

    def audit(self, resource: str, changed: Sequence[str] = (), *, principal: str = "") -> None:
        """Record what the call did to a resource, under the name its contract gives it."""
        if self.call.contract.audit:
            audit.record(self, resource, changed, principal)
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
