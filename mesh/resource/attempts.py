"""Attempts: effects outside of the database, as a mail that is sent, each noted before and after it is made.

Owns what a service writes them with. An attempt is PENDING until its effect is prepared; it is SENDING, committed,
before the effect is made, and what came of it is committed after. A process that ends in between leaves an attempt that
is SENDING: nobody knows whether the effect was made, so it becomes UNKNOWN and is not made again before somebody has
said what became of it. What is DONE or FAILED stands in the resource, and its attempt is forgotten.
Taking turns is the runner's matter.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete

from mesh.store.mesh_tables import attempts
from mesh.store.statement import Statement, upsert

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.runtime.call import Write
    from mesh.runtime.environment import Environment

_c = attempts.c
_KEPT = [column.name for column in attempts.columns if column.name != "id"]
_BEGIN = upsert(attempts, key=["id"], set=_KEPT, name="begin attempt")
_FORGET = Statement(delete(attempts).where(_c.id == bindparam("attempt")), name="forget attempt")


class State(enum.IntEnum):
    """Where an attempt is."""

    PENDING = 1
    SENDING = 2
    UNKNOWN = 3


class Verdict(enum.Enum):
    """What came of one try."""

    DONE = "done"
    RETRY = "retry"
    """It was not made, and may be made later."""
    FAILED = "failed"
    """It was not made, and never will be."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try, why, and what the other side answered, as its own number (0: nothing)."""

    verdict: Verdict
    reason: str = ""
    code: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try. `id` is that of the resource; `tries` counts those that were begun, without this one."""

    kind: AttemptKind
    environment: Environment
    id: str
    tenant: str
    actor: str
    trace: str
    tries: int
    holder: str


@dataclass(frozen=True, slots=True)
class AttemptKind:
    """A kind of effect that a service makes.

    prepare(attempt): what is to be done, as a function that makes the effect and says what came of it; it may call
    other services, and runs again after a failure. settle(write, attempt, outcome): notes the outcome in the resource,
    in the transaction that notes it in the attempt. pause(attempt): microseconds until the next try; None: no more.
    """

    name: str
    prepare: Callable[[Attempt], Callable[[], Outcome]]
    settle: Callable[[Write, Attempt, Outcome], None]
    pause: Callable[[Attempt], int | None]


def begin_attempt(write: Write, kind: str, identity: str) -> None:
    """Have the effect of a resource made soon after the write; one whose outcome was unknown is made once more."""
    write.write(
        _BEGIN,
        id=identity,
        tenant=write.tenant,
        kind=kind,
        actor=write.identity.actor or write.identity.principal,
        trace=write.trace,
        state=State.PENDING,
        tries=0,
        create_us=write.now_us,
        due_us=write.now_us,
        holder="",
        lease_us=0,
    )


def forget_attempt(write: Write, identity: str) -> None:
    """Take an attempt as settled: somebody knows what became of it."""
    write.write(_FORGET, attempt=identity)
