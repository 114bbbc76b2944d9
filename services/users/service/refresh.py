"""RefreshSession: a new refresh token for the one that is sent, once.

A refresh token is a capability for its session. Nothing of it is kept: it is known by its signature, and told from the
others of its session by the moment at which it ends. The present one ends with the session, so that the statement that
moves the session's end uses it, and the same successor can be made again for whoever asks a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, session_service_pb2
from sqlalchemy import BigInteger, Text, bindparam, select, update

from mesh.contract.failure import Failure
from mesh.runtime import audit
from mesh.store.statement import TENANT, Statement
from services.users.domain.sessions import Family, Turn, next_end, outlasted, take_turn
from services.users.service.terms import terms_of
from services.users.tables import sessions, tenants, users

if TYPE_CHECKING:
    from mesh.runtime.call import Call, Commit, View, Write
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.sessions import Sessions
    from services.users.service.signing import SigningKey

    Tokens = session_service_pb2.LogInResponse | session_service_pb2.RefreshSessionResponse

KIND = "sessions.refresh"
_KEY = (sessions.c.tenant_id == TENANT, sessions.c.id == bindparam("session"))
_FAMILY = Statement(
    select(sessions.c.former_us, sessions.c.rotate_us, sessions.c.epoch).where(*_KEY), name="get refresh tokens"
)
_ROTATE = Statement(
    update(sessions)
    .where(*_KEY, sessions.c.expire_time == bindparam("sent", type_=BigInteger), sessions.c.delete_time.is_(None))
    .values(
        former_us=sessions.c.expire_time,
        expire_time=bindparam("until", type_=BigInteger),
        rotate_us=bindparam("now", type_=BigInteger),
        last_seen_time=bindparam("now", type_=BigInteger),
        address=bindparam("from_address", type_=Text),
    ),
    name="rotate refresh token",
)
_EPOCH = Statement(
    select(users.c.epoch)
    .select_from(users.join(tenants, tenants.c.id == users.c.tenant_id))
    .where(
        users.c.tenant_id == TENANT,
        users.c.id == bindparam("user"),
        users.c.state == resources_pb2.User.STATE_ACTIVE,
        users.c.delete_time.is_(None),
        tenants.c.active,
    ),
    name="get epoch of working user",
)


def refresh_token(write: Write, session: resources_pb2.Session) -> str:
    """The refresh token that a session can be gone on with now; the same for the same end."""
    expires_us = session.expire_time.ToMicroseconds()
    return write.environment.capabilities.mint(KIND, write.tenant, session.id, expires_us=expires_us, single_use=False)


def give_tokens(
    reply: Tokens, write: Write, tokens: AccessTokens, key: SigningKey, session: resources_pb2.Session, epoch: int
) -> None:
    """Put the session and its tokens into a reply."""
    wanted = terms_of(write, session.user_id).wanted(session)
    reply.access_token, expires = tokens.of_session(key, write.tenant, session, epoch, wanted=wanted)
    reply.refresh_token = refresh_token(write, session)
    reply.expire_time.FromSeconds(expires)
    reply.session.CopyFrom(session)


def family_of(by: View | Write, session: resources_pb2.Session) -> tuple[Family, int]:
    """The refresh tokens of a session, held by a write, and its user's epoch. Whose user does not work has ended."""
    ((former_us, rotate_us, epoch),) = by.read(_FAMILY, session=session.id)
    working = by.read(_EPOCH, user=session.user_id)
    ended = session.HasField("delete_time") or not working or working[0][0] > epoch or _outlasted(by, session)
    return Family(ended, session.expire_time.ToMicroseconds(), former_us, rotate_us), epoch


def _outlasted(by: View | Write, session: resources_pb2.Session) -> bool:
    created_us, seen_us = session.create_time.ToMicroseconds(), session.last_seen_time.ToMicroseconds()
    return outlasted(terms_of(by, session.user_id).span, created_us, seen_us, by.environment.clock.now_us())


def prolong(commit: Commit, session: resources_pb2.Session, family: Family) -> None:
    """Have a session that is used now, and held, end later; its refresh token is thereby used.

    Raises:
        Failure: CONFLICT, where another call was faster.
    """
    span = terms_of(commit, session.user_id).span
    until_us = next_end(span, session.create_time.ToMicroseconds(), family.present_us, commit.now_us)
    address = commit.call.device.address or session.address
    moved = {"until": until_us, "now": commit.now_us, "from_address": address}
    if not commit.write(_ROTATE, session=session.id, sent=family.present_us, **moved):
        raise Failure("CONFLICT")
    session.address = address
    session.expire_time.FromMicroseconds(until_us)
    session.last_seen_time.FromMicroseconds(commit.now_us)


class Refresh:
    """The method RefreshSession."""

    def __init__(self, sessions: Sessions, tokens: AccessTokens) -> None:
        self._sessions = sessions
        self._tokens = tokens

    def __call__(
        self, call: Call, request: session_service_pb2.RefreshSessionRequest
    ) -> session_service_pb2.RefreshSessionResponse:
        """The session with its next tokens. A token that was used before ends it, and that is committed."""
        del request
        key = self._tokens.key()
        reply = session_service_pb2.RefreshSessionResponse()
        with call.commit() as commit:
            session, epoch, turn = self._turn(commit)
            if turn is Turn.OVER:
                raise Failure("SESSION_ENDED")
            if turn is Turn.REUSED:
                self._end(commit, session)
            else:
                give_tokens(reply, commit, self._tokens, key, session, epoch)
            commit.reply(reply)
        if turn is Turn.REUSED:
            raise Failure("TOKEN_REUSED")
        return reply

    def _turn(self, commit: Commit) -> tuple[resources_pb2.Session, int, Turn]:
        """The session, held and as it is after the turn, the epoch of its user, and what becomes of the token."""
        held = commit.call.capability
        session_id, sent_us = commit.identity.principal, held.expires_us if held else 0
        resource = self._sessions.resource
        rows = commit.read(resource.locked, id=session_id)
        if not rows:
            raise Failure("SESSION_ENDED")
        session = resource.build(resource.message, rows[0])
        family, epoch = family_of(commit, session)
        turn = take_turn(family, sent_us, commit.now_us)
        if turn is Turn.ROTATE:
            prolong(commit, session, family)
        return session, epoch, turn

    def _end(self, commit: Commit, session: resources_pb2.Session) -> None:
        _, changed = self._sessions.end(commit, session.id, resources_pb2.Session.END_REASON_TOKEN_REUSED)
        cause = commit.call.contract.full_name
        audit.note(commit, "session.token_reused", cause, f"sessions/{session.id}", changed)
