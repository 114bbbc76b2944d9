"""The runner of a service's attempts: one at a time, tenant after tenant, on a few threads of every worker process.

Owns the states of an attempt. Its lease is longer than any effect may take: one that is SENDING and whose lease has
ended belongs to a process that is gone. Should that process live after all and know the outcome, its word replaces
UNKNOWN.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Text, bindparam, delete, func, select, update

from mesh.contract.failure import Failure, whereabouts
from mesh.resource.attempts import Attempt, AttemptKind, Outcome, State, Verdict
from mesh.resource.turns import PASSING, Turns
from mesh.runtime.call import Write
from mesh.store.mesh_tables import attempts, restores
from mesh.store.statement import Statement, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.runtime.environment import Environment

_log = logging.getLogger(__name__)

LEASE_US = 180_000_000
LOOK_SECONDS = 0.25
_SECONDS = 10.0
# Also a fault of what prepares an effect may be mended by the next try: nothing was sent.
_PASSING = PASSING | {"INTERNAL"}
_OPEN = [int(State.PENDING), int(State.SENDING)]

_c = attempts.c
_READY = (any_of(_c.state, "open"), _c.due_us <= bindparam("now"), _c.lease_us <= bindparam("now"))
_NEXT = Statement(
    select(_c.id, _c.tenant, _c.kind, _c.actor, _c.trace, _c.tries, _c.state, _c.holder, _c.create_us)
    .where(*_READY, _c.tenant > bindparam("after"))
    .order_by(_c.tenant, _c.create_us, _c.id)
    .limit(1),
    name="next attempt",
)
_CLAIM = Statement(
    update(attempts)
    .where(_c.id == bindparam("attempt"), _c.state == State.PENDING, *_READY[1:])
    .values(tries=_c.tries + 1, holder=bindparam("me", type_=Text), lease_us=bindparam("until", type_=BigInteger)),
    name="claim attempt",
)
_HELD = (_c.id == bindparam("attempt"), _c.holder == bindparam("me"))
_SENDING = Statement(
    update(attempts)
    .where(*_HELD, _c.state == State.PENDING)
    .values(state=State.SENDING, lease_us=bindparam("until", type_=BigInteger)),
    name="note sending",
)
_LOSE = Statement(
    update(attempts)
    .where(*_HELD, any_of(_c.state, "open"), _c.lease_us <= bindparam("now"))
    .values(state=State.UNKNOWN),
    name="note lost attempt",
)
_UNKNOWN = Statement(update(attempts).where(*_HELD).values(state=State.UNKNOWN), name="note unknown outcome")
_POSTPONE = Statement(
    update(attempts)
    .where(*_HELD)
    .values(state=State.PENDING, due_us=bindparam("due", type_=BigInteger), holder="", lease_us=0),
    name="postpone attempt",
)
_END = Statement(delete(attempts).where(*_HELD), name="end attempt")
_RESTORED = Statement(select(func.max(restores.c.time_us)), name="last restore of attempts")


class AttemptRunner(Turns):
    """Makes the attempts of one service until it is stopped."""

    def __init__(self, kinds: Sequence[AttemptKind], environment: Environment) -> None:
        super().__init__("attempts", environment, LOOK_SECONDS)
        self._kinds = {kind.name: kind for kind in kinds}

    def turn(self) -> bool:
        """Make the next tenant's oldest attempt that is due, or note that it was lost; False where there is none."""
        row = self._next(_NEXT, _SECONDS, open=_OPEN)
        if row is None:
            return False
        identity, tenant, kind, actor, trace, tries, state, holder, created_us = row
        known = (self._kinds[kind], self._environment, identity, tenant, actor, trace, tries)
        if state == State.SENDING:
            self._lose(Attempt(*known, holder), "INTERRUPTED")
        elif created_us <= self._restored_us():
            # Whoever made the backup may have made the effect after it.
            self._lose(Attempt(*known, holder), "RESTORED")
        else:
            attempt = Attempt(*known, self._environment.ids.new("run"))
            if self._mark(_CLAIM, attempt):
                self._try(attempt)
        return True

    def _restored_us(self) -> int:
        return int(self._environment.store.read(_RESTORED, tenant=None, timeout=_SECONDS)[0][0] or 0)

    def _mark(self, statement: Statement, attempt: Attempt) -> bool:
        """Take an attempt, or one step of it, for as long as the lease lasts; whether it is this turn's."""
        now = self._environment.clock.now_us()
        more = {"now": now} if statement is _CLAIM else {}
        with self._environment.store.transaction(tenant=None, timeout=_SECONDS) as transaction:
            found = transaction.write(statement, attempt=attempt.id, me=attempt.holder, until=now + LEASE_US, **more)
        return bool(found)

    def _try(self, attempt: Attempt) -> None:
        try:
            effect = attempt.kind.prepare(attempt)
        except Failure as failure:
            passing = failure.reason in _PASSING
            self._settle(attempt, Outcome(Verdict.RETRY if passing else Verdict.FAILED, failure.reason))
        except Exception as error:  # noqa: BLE001  # whatever a preparation raises, nothing was sent
            self._settle(attempt, Outcome(Verdict.RETRY, self._fault(attempt, error)))
        else:
            if self._mark(_SENDING, attempt):
                self._settle(attempt, self._made(attempt, effect))

    def _made(self, attempt: Attempt, effect: Callable[[], Outcome]) -> Outcome:
        try:
            return effect()
        except Exception as error:  # noqa: BLE001  # whatever an effect raises, it may have been made before
            return Outcome(Verdict.UNKNOWN, self._fault(attempt, error))

    @staticmethod
    def _fault(attempt: Attempt, error: Exception) -> str:
        _log.warning("attempt %s failed: %s at %s", attempt.id, type(error).__name__, whereabouts(error))
        return "INTERNAL"

    def _settle(self, attempt: Attempt, outcome: Outcome) -> None:
        """Note the outcome with the resource, unless somebody else has settled it."""
        pause = attempt.kind.pause(attempt) if outcome.verdict is Verdict.RETRY else None
        if outcome.verdict is Verdict.RETRY and pause is None:
            outcome = Outcome(Verdict.FAILED, outcome.reason, outcome.code)
        with self._write(attempt) as transaction:
            held = {"attempt": attempt.id, "me": attempt.holder}
            if pause is not None:
                noted = transaction.write(_POSTPONE, due=self._environment.clock.now_us() + pause, **held)
            else:
                noted = transaction.write(_UNKNOWN if outcome.verdict is Verdict.UNKNOWN else _END, **held)
            if noted:
                attempt.kind.settle(self._of_service(attempt, transaction), attempt, outcome)

    def _lose(self, attempt: Attempt, reason: str) -> None:
        with self._write(attempt) as transaction:
            now = self._environment.clock.now_us()
            if transaction.write(_LOSE, attempt=attempt.id, me=attempt.holder, now=now, open=_OPEN):
                outcome = Outcome(Verdict.UNKNOWN, reason)
                attempt.kind.settle(self._of_service(attempt, transaction), attempt, outcome)

    def _write(self, attempt: Attempt) -> Any:
        return self._environment.store.transaction(tenant=attempt.tenant, timeout=_SECONDS)

    def _of_service(self, attempt: Attempt, transaction: Any) -> Write:
        return Write.of_service(
            self._environment, transaction, attempt.tenant, actor=attempt.actor, trace=attempt.trace
        )
