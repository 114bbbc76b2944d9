"""The second factors that users have: secrets sealed by the vault, recovery codes as digests, each code used once."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2
from sqlalchemy import BigInteger, bindparam, delete, func, insert, select, update

from mesh.contract.failure import Failure
from mesh.runtime.links import unsure
from mesh.store.statement import TENANT, Statement, any_of, insert_ignore
from services.users.domain.codes import accepted_step, plain, recovery_codes
from services.users.service.passkeys import Passkeys
from services.users.tables import recovery_code_digests, totp_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mesh.runtime.call import Call, Commit, View, Write
    from mesh.runtime.environment import Environment
    from services.users.service.guesses import Guess, GuessCounts

_Kind = resources_pb2.Factor
_MICROSECONDS = 1_000_000
_TWO = 2
_SEALED = totp_secrets.c.sealed_secret
_ONE = (totp_secrets.c.tenant_id == TENANT, totp_secrets.c.user_id == bindparam("user"))
_FIND = Statement(
    select(totp_secrets.c.sealed_secret, totp_secrets.c.confirm_us, totp_secrets.c.last_step).where(*_ONE),
    name="get totp",
)
_MAKE_ROOM = Statement(delete(totp_secrets).where(*_ONE, totp_secrets.c.confirm_us == 0), name="drop totp begun before")
_KEEP = insert_ignore(totp_secrets, ["user_id"], name="begin totp")
_USE = Statement(
    update(totp_secrets)
    .where(*_ONE, totp_secrets.c.last_step < bindparam("step", type_=BigInteger))
    .values(last_step=bindparam("step", type_=BigInteger), confirm_us=bindparam("confirmed", type_=BigInteger)),
    name="use totp code",
)
_REMOVE = Statement(delete(totp_secrets).where(*_ONE), name="remove totp")
_OF_USER = (
    recovery_code_digests.c.tenant_id == TENANT,
    recovery_code_digests.c.user_id == bindparam("user"),
)
_COUNT = Statement(
    select(func.count()).select_from(recovery_code_digests).where(*_OF_USER), name="count recovery codes"
)
_ADD = Statement(insert(recovery_code_digests), name="add recovery code")
_SPEND = Statement(
    delete(recovery_code_digests).where(*_OF_USER, any_of(recovery_code_digests.c.digest, "digests")),
    name="use recovery code",
)
_DROP = Statement(delete(recovery_code_digests).where(*_OF_USER), name="drop recovery codes")


@dataclass(frozen=True, slots=True)
class Totp:
    """What a user's codes are made of. `confirm_us` 0: no first code has come yet."""

    sealed: bytes
    confirm_us: int
    last_step: int


class SecondFactors:
    """The second factors in one database."""

    def __init__(self, environment: Environment, guesses: GuessCounts) -> None:
        self._environment = environment
        self._guesses = guesses

    @staticmethod
    def totp(by: View | Write, user_id: str) -> Totp | None:
        """What there is of a user's one-time codes, confirmed or not."""
        rows = by.read(_FIND, user=user_id)
        return Totp(bytes(rows[0][0]), *rows[0][1:]) if rows else None

    def has_totp(self, by: View | Write, user_id: str) -> bool:
        """Whether a user has a device that shows codes."""
        totp = self.totp(by, user_id)
        return totp is not None and totp.confirm_us > 0

    def kinds(self, by: View | Write, user_id: str) -> list[resources_pb2.Factor.Kind]:
        """What a user proves beside the password; nothing where the password is enough."""
        kinds = [_Kind.KIND_TOTP] if self.has_totp(by, user_id) else []
        if Passkeys.count(by, user_id):
            kinds.append(_Kind.KIND_PASSKEY)
        return [*kinds, _Kind.KIND_RECOVERY_CODE] if kinds and self.codes_left(by, user_id) else kinds

    def needed(self, by: View | Write, user_id: str) -> bool:
        """Whether a user logs in with a second factor beside the password."""
        return bool(self.kinds(by, user_id))

    @staticmethod
    def codes_left(by: View | Write, user_id: str) -> int:
        """How many recovery codes a user has."""
        return int(by.read(_COUNT, user=user_id)[0][0])

    def check_assured(self, call: Call, user_id: str) -> None:
        """Who has a second factor adds another one in a session that has proven two: else it would be worth less.

        Raises:
            Failure: ASSURANCE_NEEDED.
        """
        if call.identity.level < _TWO and self.needed(call, user_id):
            raise unsure(_TWO)

    @contextmanager
    def counted(self, call: Call, user_id: str) -> Iterator[Guess]:
        """Let a code be tried in the block, around the write that uses it; a wrong one counts as one."""
        guess = self._guesses.begin(call, "", user_id)
        try:
            yield guess
        except Failure as failure:
            if failure.reason == "CODE_WRONG":
                self._guesses.wrong(call, guess)
            raise

    def use(
        self, commit: Commit, guess: Guess, user_id: str, code: str, *, confirming: bool = False
    ) -> resources_pb2.Factor.Kind:
        """Use a code, which works once, and tell what it was a code of: `confirming`, of a secret that was begun.

        Raises:
            Failure: CODE_WRONG, also while the user waits after wrong codes; TOTP_IN_USE for confirming twice.
        """
        totp, typed = self.totp(commit, user_id), plain(code)
        if confirming and totp is not None and totp.confirm_us:
            raise Failure("TOTP_IN_USE")
        if guess.waiting:
            raise _wrong()
        self._guesses.right(commit, guess)
        if totp is not None and (confirming or totp.confirm_us) and self._use_totp(commit, totp, user_id, typed):
            return resources_pb2.Factor.KIND_TOTP
        if not confirming and commit.write(_SPEND, user=user_id, digests=self._digests(user_id, typed)):
            return resources_pb2.Factor.KIND_RECOVERY_CODE
        raise _wrong()

    def _use_totp(self, commit: Commit, totp: Totp, user_id: str, typed: str) -> bool:
        secret = self._environment.vault.open(_SEALED, totp.sealed, row=user_id, tenant=commit.tenant)
        now = self._environment.wall.now_us() // _MICROSECONDS
        step = accepted_step(secret, typed, now, totp.last_step)
        confirmed = totp.confirm_us or commit.now_us
        return bool(step) and commit.write(_USE, user=user_id, step=step, confirmed=confirmed) > 0

    def begin(self, commit: Commit, user_id: str, secret: bytes) -> None:
        """Keep a secret that no code has confirmed, in the place of one that was not either.

        Raises:
            Failure: TOTP_IN_USE.
        """
        sealed = self._environment.vault.seal(_SEALED, secret, row=user_id, tenant=commit.tenant)
        commit.write(_MAKE_ROOM, user=user_id)
        if not commit.write(_KEEP, user_id=user_id, sealed_secret=sealed, confirm_us=0, last_step=0):
            raise Failure("TOTP_IN_USE")

    def remove(self, write: Write, user_id: str) -> None:
        """Forget a user's secret, and the recovery codes where no second factor is left."""
        write.write(_REMOVE, user=user_id)
        self.drop_idle_codes(write, user_id)

    def drop_idle_codes(self, write: Write, user_id: str) -> None:
        """Forget the recovery codes of a user who has no second factor any more."""
        if not self.needed(write, user_id):
            write.write(_DROP, user=user_id)

    def first_codes(self, write: Write, user_id: str) -> Sequence[str]:
        """Ten recovery codes for a user who has none; else nothing."""
        return [] if self.codes_left(write, user_id) else self.replace_codes(write, user_id)

    def replace_codes(self, write: Write, user_id: str) -> Sequence[str]:
        """Ten recovery codes; those before work no more."""
        ids = write.environment.ids
        made = recovery_codes(ids.new_secret() + ids.new_secret())
        write.write(_DROP, user=user_id)
        rows = [{"user_id": user_id, "digest": self._digests(user_id, plain(code))[0]} for code in made]
        write.write_many(_ADD, rows)
        return made

    def _digests(self, user_id: str, typed: str) -> list[str]:
        """What is kept of a code, under the present master key, and what was kept of it under those before."""
        keys = self._environment.secrets.keys("recovery code digest")
        return [hmac.digest(key, f"{user_id}\n{typed}".encode(), hashlib.sha256).hex() for key in keys]


def _wrong() -> Failure:
    return Failure("CODE_WRONG", fields={"code": "is not the one that is asked for"})
