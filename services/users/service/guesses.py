"""Wrong passwords, counted in the database by account and by address: they outlive a restart and hold in all processes.

Accounts that there are not are counted like those that there are.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, delete, select, update

from mesh.contract.failure import Failure
from mesh.store.statement import Statement, any_of, insert_ignore
from services.users.domain import guesses as rules
from services.users.domain.guesses import Guesses, Wait, wait_us
from services.users.tables import guesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.runtime.call import Call, Write
    from mesh.runtime.environment import Environment
    from mesh.store.transaction import Transaction

_KNOWN = (guesses.c.count, guesses.c.last_us, guesses.c.until_us)
_KEY = guesses.c.key == bindparam("of")
_FIND = Statement(select(guesses.c.key, *_KNOWN).where(any_of(guesses.c.key, "keys")), name="find guesses")
_BEGIN = insert_ignore(guesses, ["key"], name="begin guesses")
_LOCK = Statement(select(*_KNOWN).where(_KEY).with_for_update(), name="lock guesses")
_COUNT = Statement(
    update(guesses)
    .where(_KEY)
    .values({column.name: bindparam(f"new_{column.name}", type_=BigInteger) for column in _KNOWN}),
    name="count guess",
)
_TAKE_TURN = Statement(
    update(guesses)
    .where(_KEY, guesses.c.until_us <= bindparam("now", type_=BigInteger))
    .values(until_us=bindparam("until", type_=BigInteger)),
    name="take turn to guess",
)
_FORGET = Statement(delete(guesses).where(_KEY), name="forget guesses")
# A few at a time, by whoever guesses: more are removed than come.
_OLD = (
    select(guesses.c.key)
    .where(guesses.c.last_us < bindparam("before", type_=BigInteger))
    .order_by(guesses.c.last_us)
    .limit(10)
    .with_for_update(skip_locked=True)
)
_CLEAN = Statement(delete(guesses).where(guesses.c.key.in_(_OLD)), name="forget old guesses")


@dataclass(frozen=True, slots=True)
class Guess:
    """A password that is about to be tried for an account. `waiting`: not now, whatever it is."""

    account: str
    address: str
    waiting: bool
    known: bool
    wait: Wait


class GuessCounts:
    """The counts of one service's database."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def begin(self, call: Call, tenant: str, email: str, wait: Wait = wait_us) -> Guess:
        """What to do with a password for an account, by the tenant's slug and the user's address.

        `wait` says how long the account waits after how many wrong ones.

        Raises:
            Failure: RATE_LIMITED for an address that has tried too many.
        """
        account = self._digest("account", f"{tenant}\n{email}")
        address = self._digest("address", call.device.address) if call.device.address else ""
        keys = [account, address] if address else [account]
        found = {row[0]: Guesses(*row[1:]) for row in call.read(_FIND, keys=keys)}
        now_us = call.environment.clock.now_us()
        of_address = found.get(address, Guesses())
        if rules.waits(of_address, now_us):
            raise Failure("RATE_LIMITED", retry_after=-(-(of_address.until_us - now_us) // 1000) / 1000)
        tried = rules.remembered(found.get(account, Guesses()), now_us)
        waiting = rules.waits(tried, now_us) or (
            rules.in_turn(tried, wait) and not self._take_turn(call, account, tried, wait)
        )
        return Guess(account, address, waiting, account in found, wait)

    def wrong(self, call: Call, guess: Guess) -> None:
        """Count a password that was wrong, or that came while the account waits: then for its address alone."""
        with self._writing(call) as transaction:
            now_us = call.environment.clock.now_us()
            if not guess.waiting:
                _count(transaction, guess.account, lambda before: rules.one_more(before, now_us, guess.wait))
            if guess.address:
                _count(transaction, guess.address, lambda before: rules.from_address(before, now_us))
            transaction.write(_CLEAN, before=now_us - rules.FORGOTTEN_US)

    @staticmethod
    def right(write: Write, guess: Guess) -> None:
        """Forget the wrong ones of an account, with the write that a right one leads to."""
        if guess.known:
            write.write(_FORGET, of=guess.account)

    def forget(self, write: Write, tenant: str, email: str) -> None:
        """Forget the wrong ones of an account, by the tenant's slug and the user's address."""
        write.write(_FORGET, of=self._digest("account", f"{tenant}\n{email}"))

    def _take_turn(self, call: Call, account: str, tried: Guesses, wait: Wait) -> bool:
        """Of several guesses at once, one is tried: its wait begins before it is known to be wrong."""
        now_us = call.environment.clock.now_us()
        with self._writing(call) as transaction:
            until_us = rules.one_more(tried, now_us, wait).until_us
            return bool(transaction.write(_TAKE_TURN, of=account, now=now_us, until=until_us))

    def _writing(self, call: Call) -> Any:
        return call.environment.store.transaction(tenant=None, timeout=call.remaining())

    def _digest(self, kind: str, text: str) -> str:
        key = self._environment.secrets.key("guesses")
        return hmac.digest(key, f"{kind}\n{text}".encode(), hashlib.sha256).hex()


def _count(transaction: Transaction, key: str, after: Callable[[Guesses], Guesses]) -> None:
    transaction.write(_BEGIN, key=key, count=0, last_us=0, until_us=0)
    ((count, last_us, until_us),) = transaction.read(_LOCK, of=key)
    counted = after(Guesses(count, last_us, until_us))
    transaction.write(
        _COUNT, of=key, new_count=counted.count, new_last_us=counted.last_us, new_until_us=counted.until_us
    )
