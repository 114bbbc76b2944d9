"""The proof that it is the user who asks: the password they have, with the same waits as at log-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure
from mesh.store.statement import TENANT, Statement
from services.users.service.passwords import password_matches
from services.users.service.security_policy import password_wait, read_policy
from services.users.tables import tenants, users

if TYPE_CHECKING:
    from mesh.runtime.call import Call, Write
    from services.users.service.guesses import Guess, GuessCounts

_PASSWORD = Statement(
    select(users.c.password_hash, users.c.email, tenants.c.slug)
    .select_from(users.join(tenants, tenants.c.id == users.c.tenant_id))
    .where(users.c.tenant_id == TENANT, users.c.id == bindparam("id")),
    name="get password",
)
_HELD = Statement(
    select(users.c.password_hash).where(users.c.tenant_id == TENANT, users.c.id == bindparam("id")).with_for_update(),
    name="hold password",
)


class Proof:
    """A password that was right, for the write that rests on it."""

    def __init__(self, guesses: GuessCounts, guess: Guess, user_id: str, password_hash: str) -> None:
        self._guesses = guesses
        self._guess = guess
        self._user_id = user_id
        self._password_hash = password_hash

    def hold(self, write: Write) -> None:
        """Hold the user, of whom what was proven must still be so, and forget the wrong passwords before.

        Raises:
            Failure: PASSWORD_WRONG, where the password was changed since it was checked.
        """
        rows = write.read(_HELD, id=self._user_id)
        if not rows or rows[0][0] != self._password_hash:
            raise _wrong()
        self._guesses.right(write, self._guess)


def prove(call: Call, guesses: GuessCounts, password: str) -> Proof:
    """The proof that the user who calls knows their password.

    Raises:
        Failure: PASSWORD_WRONG, also while the account waits.
    """
    user_id = call.identity.principal
    rows = call.read(_PASSWORD, id=user_id)
    if not rows:
        raise _wrong()
    kept, email, slug = rows[0]
    guess = guesses.begin(call, slug, email, password_wait(read_policy(call)[0]))
    if not password_matches(password, None if guess.waiting else kept):
        guesses.wrong(call, guess)
        raise _wrong()
    return Proof(guesses, guess, user_id, kept)


def _wrong() -> Failure:
    return Failure("PASSWORD_WRONG", fields={"password": "is not the one you have"})
