"""The passkeys that users have, and the challenges that they are made and proven by.

A challenge is a capability: nothing of it is kept until it has been used, and it says by itself what it is for, until
when, and which session asked. One for a log-in is of no tenant: it is used up in the tenant of whoever logs in with it.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2
from sqlalchemy import BigInteger, Boolean, bindparam, func, select, update

from mesh.contract.failure import Failure
from mesh.resource.mapping import read_columns
from mesh.resource.writing import NO_FACTS, change, deleting
from mesh.runtime import audit, capabilities
from mesh.runtime.call import Write
from mesh.store.statement import TENANT, Statement
from services.users.domain.passkeys import (
    CHALLENGE_US,
    Known,
    Proven,
    RelyingParty,
    challenge_in,
    check_proven,
    is_cloned,
)
from services.users.tables import passkeys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rapport.users.v1 import passkey_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View
    from mesh.runtime.capabilities import Capability
    from mesh.runtime.environment import Environment

REGISTER, LOG_IN = "passkeys.register", "passkeys.log-in"
COMPLETE, VERIFY = "passkeys.complete", "passkeys.verify"
"""What challenges are for."""
_NAME = "Rapport"
_c = passkeys.c
_LIVE = (_c.tenant_id == TENANT, _c.user_id == bindparam("user"), _c.delete_time.is_(None))
_OF_USER = Statement(
    select(_c.credential_id, _c.transports).where(*_LIVE).order_by(_c.create_time, _c.id), name="list credentials"
)
_COUNT = Statement(select(func.count()).select_from(passkeys).where(*_LIVE), name="count passkeys")
_FIND = Statement(
    select(_c.id, _c.public_key).where(*_LIVE, _c.credential_id == bindparam("credential")), name="find passkey"
)
_HOLD = Statement(
    select(_c.sign_count).where(*_LIVE, _c.id == bindparam("passkey")).with_for_update(), name="hold passkey"
)
_HOLD_ALL = Statement(
    select(*read_columns(passkeys, resources_pb2.Passkey)).where(*_LIVE).order_by(_c.id).with_for_update(),
    name="hold passkeys",
)
_USE = Statement(
    update(passkeys)
    .where(_c.tenant_id == TENANT, _c.id == bindparam("passkey"))
    .values(
        sign_count=bindparam("signed", type_=BigInteger),
        backed_up=bindparam("is_backed_up", type_=Boolean),
        last_use_time=bindparam("now", type_=BigInteger),
    ),
    name="use passkey",
)


@dataclass(frozen=True, slots=True)
class Assertion:
    """A passkey that proved itself for a challenge, for the write that uses both."""

    user_id: str
    passkey_id: str
    proven: Proven
    challenge: Capability


class _Copied(Failure):
    """A passkey has signed no more often than before."""

    def __init__(self, tenant: str, assertion: Assertion) -> None:
        super().__init__("PASSKEY_WRONG")
        self.tenant, self.assertion = tenant, assertion


class Passkeys:
    """The passkeys in one database."""

    def __init__(self, environment: Environment, passkey: Resource[resources_pb2.Passkey]) -> None:
        self.resource = passkey
        site = environment.passkeys
        self._environment = environment
        self.party = RelyingParty(site.domain, _NAME, site.origins)

    def challenge(self, kind: str, tenant: str = "", subject: str = "") -> str:
        """A challenge of this kind for a subject, as a session; it works once."""
        ends_us = self._environment.clock.now_us() + CHALLENGE_US
        return self._environment.capabilities.mint(kind, tenant, subject, expires_us=ends_us, single_use=True)

    def asked(self, client_data: str, kind: str, tenant: str = "", subject: str = "") -> tuple[str, Capability]:
        """The challenge that a browser answers, which must be of this kind and for this subject.

        Raises:
            Failure: PASSKEY_WRONG.
        """
        challenge = challenge_in(client_data)
        try:
            held = self._environment.capabilities.check(kind, challenge, self._environment.clock.now_us())
        except Failure:
            raise Failure("PASSKEY_WRONG") from None
        if (held.tenant, held.subject) != (tenant, subject):
            raise Failure("PASSKEY_WRONG")
        return challenge, held

    @staticmethod
    def known(view: View, user_id: str) -> list[Known]:
        """The credentials that a user has."""
        rows = view.read(_OF_USER, user=user_id)
        return [Known(row[0], resources_pb2.Passkey.FromString(bytes(row[1])).transports) for row in rows]

    @staticmethod
    def count(by: View | Write, user_id: str) -> int:
        """How many passkeys a user has."""
        return int(by.read(_COUNT, user=user_id)[0][0])

    def remove(self, write: Write, row: Sequence[Any], given: str = "") -> tuple[resources_pb2.Passkey, list[str]]:
        """A passkey whose row is held, removed, and what changed; `given` is an etag to insist on."""
        mark = deleting(write.now_us)
        return change(write, self.resource, row, mark, NO_FACTS, given=given, kind="Deleted")

    def remove_all(self, write: Write, user_id: str) -> int:
        """Remove the passkeys of a user; how many there were."""
        rows = write.read(_HOLD_ALL, user=user_id)
        for row in rows:
            self.remove(write, row)
        return len(rows)

    def check(
        self,
        sent: passkey_service_pb2.AuthenticationCredential,
        asked: tuple[str, Capability],
        user_id: str,
        read: Callable[..., Sequence[Sequence[Any]]],
    ) -> Assertion:
        """What a browser proves of a user for a challenge that was asked(). `read` is that of the user's tenant.

        Raises:
            Failure: PASSKEY_WRONG.
        """
        challenge, held = asked
        rows = read(_FIND, user=user_id, credential=sent.id)
        if not rows:
            raise Failure("PASSKEY_WRONG")
        proven = check_proven(self.party, challenge, sent, bytes(rows[0][1]))
        return Assertion(user_id, rows[0][0], proven, held)

    @staticmethod
    def use(commit: Commit, assertion: Assertion) -> resources_pb2.Factor:
        """Use a passkey and its challenge up, within noting(); the factor that it is.

        Raises:
            Failure: PASSKEY_WRONG, where another call has used the challenge, or the passkey is gone or was copied.
        """
        spend(commit, assertion.challenge)
        proven, passkey_id = assertion.proven, assertion.passkey_id
        rows = commit.read(_HOLD, user=assertion.user_id, passkey=passkey_id)
        if not rows:
            raise Failure("PASSKEY_WRONG")
        if is_cloned(rows[0][0], proven.sign_count):
            raise _Copied(commit.tenant, assertion)
        commit.write(
            _USE, passkey=passkey_id, signed=proven.sign_count, is_backed_up=proven.backed_up, now=commit.now_us
        )
        factor = resources_pb2.Factor(kind=resources_pb2.Factor.KIND_PASSKEY, user_verified=proven.verified)
        factor.verify_time.FromMicroseconds(commit.now_us)
        return factor

    @contextmanager
    def noting(self, call: Call) -> Iterator[None]:
        """Around the write that uses a passkey: one that was copied is refused, and that is recorded."""
        try:
            yield
        except _Copied as copied:
            self._note(call, copied.tenant, copied.assertion)
            raise

    def _note(self, call: Call, tenant: str, assertion: Assertion) -> None:
        store = self._environment.store
        with store.transaction(tenant=tenant, timeout=call.remaining()) as transaction:
            write = Write.of_service(self._environment, transaction, tenant, actor=assertion.user_id, trace=call.trace)
            resource = f"passkeys/{assertion.passkey_id}"
            audit.note(write, "passkey.copied", call.contract.full_name, resource, [])


def spend(commit: Commit, challenge: Capability) -> None:
    """Use a challenge up in a write.

    Raises:
        Failure: PASSKEY_WRONG, where it was used before.
    """
    try:
        capabilities.use(commit, challenge)
    except Failure:
        raise Failure("PASSKEY_WRONG") from None
