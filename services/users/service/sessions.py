"""SessionService: how sessions end, and the keys of tokens; log-in and refresh have modules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.users.v1 import events_pb2, resources_pb2, session_service_pb2
from sqlalchemy import BigInteger, Text, bindparam, delete, select, update

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.resource.writing import NO_FACTS, change, deleting, locked, unknown
from mesh.store.statement import TENANT, Statement
from services.users.domain.sessions import MOST_SESSIONS, level_of
from services.users.oauth_tables import oauth_consents
from services.users.tables import sessions, users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, Write
    from mesh.runtime.identity import Device
    from services.users.service.access_tokens import AccessTokens
    from services.users.service.complete import CompleteLogIn
    from services.users.service.log_in import LogIn
    from services.users.service.refresh import Refresh
    from services.users.service.verify import VerifySession

Reason = resources_pb2.Session.EndReason
_EXPIRY = "expiry"
_LIVE = Statement(
    select(sessions.c.id)
    .where(
        sessions.c.tenant_id == TENANT,
        sessions.c.user_id == bindparam("user"),
        sessions.c.client_id == bindparam("client"),
        sessions.c.delete_time.is_(None),
    )
    # A log-in that waits for its second factor goes before any that does not.
    .order_by(sessions.c.expire_time, sessions.c.id),
    name="list live sessions",
)
_ALL_LIVE = Statement(
    select(sessions.c.id).where(
        sessions.c.tenant_id == TENANT, sessions.c.user_id == bindparam("user"), sessions.c.delete_time.is_(None)
    ),
    name="list live sessions",
)
_BELOW = Statement(
    select(sessions.c.id).where(
        sessions.c.tenant_id == TENANT, sessions.c.parent_id == bindparam("parent"), sessions.c.delete_time.is_(None)
    ),
    name="list sessions of clients below another",
)
_FOLLOW = Statement(
    update(sessions)
    .where(sessions.c.tenant_id == TENANT, sessions.c.parent_id == bindparam("before"))
    .values(parent_id=bindparam("after", type_=Text)),
    name="hand on sessions of clients",
)
_PARENT = Statement(
    select(sessions.c.parent_id).where(sessions.c.tenant_id == TENANT, sessions.c.id == bindparam("session")),
    name="get session of browser",
)
_WITHDRAW = Statement(
    delete(oauth_consents).where(
        oauth_consents.c.tenant_id == TENANT,
        oauth_consents.c.user_id == bindparam("user"),
        oauth_consents.c.client_id == bindparam("client"),
    ),
    name="withdraw consent",
)
_NOTE_END = Statement(
    update(sessions)
    .where(sessions.c.tenant_id == TENANT, sessions.c.id == bindparam("session"))
    .values(ended_us=bindparam("wall", type_=BigInteger)),
    name="note end of session",
)
# Whoever begins a session or ends all of a user's holds the user, so that none begins unseen.
_HOLD = Statement(
    select(users.c.id).where(users.c.tenant_id == TENANT, users.c.id == bindparam("user")).with_for_update(),
    name="hold user",
)
_NEXT_EPOCH = Statement(
    update(users).where(users.c.tenant_id == TENANT, users.c.id == bindparam("user")).values(epoch=users.c.epoch + 1),
    name="begin session epoch",
)


class Sessions:
    """How sessions come to be and end, whatever the reason."""

    def __init__(self, session: Resource[resources_pb2.Session]) -> None:
        self.resource = session

    def begin(
        self,
        commit: Commit,
        user_id: str,
        epoch: int,
        factors: Sequence[resources_pb2.Factor],
        device: Device,
        *,
        idle_us: int,
        client: tuple[str, Sequence[str], str] = ("", (), ""),
    ) -> resources_pb2.Session:
        """A new session of a user who is held by the write; one too many has the next to end go.

        `idle_us` is how long it lasts without use. `client`: which OAuth client works by it, with which scopes, and the
        session of the user's own with which it ends.
        """
        client_id, scopes, parent_id = client
        live = [row[0] for row in commit.read(_LIVE, user=user_id, client=client_id)]
        for session_id in live[: max(0, len(live) + 1 - MOST_SESSIONS)]:
            self.end(commit, session_id, Reason.END_REASON_REPLACED)
        session = resources_pb2.Session(
            id=commit.environment.ids.new(self.resource.contract.prefix),
            etag=etag(1),
            user_id=user_id,
            factors=factors,
            assurance_level=level_of(factors),
            user_agent=device.agent,
            address=device.address,
            client_id=client_id,
            scopes=scopes,
        )
        for moment in (session.create_time, session.update_time, session.last_seen_time):
            moment.FromMicroseconds(commit.now_us)
        session.expire_time.FromMicroseconds(commit.now_us + idle_us)
        hidden: dict[str, Any] = {"former_us": 0, "rotate_us": 0, "epoch": epoch, "ended_us": 0, "parent_id": parent_id}
        self.resource.insert(commit, [session], **hidden)
        self._watch(commit, session)
        return session

    def end(
        self, write: Write, session_id: str, reason: resources_pb2.Session.EndReason, *, given: str = ""
    ) -> tuple[resources_pb2.Session, list[str]]:
        """A session that has ended, and what changed; one that had ended before stays as it is. `given` is an etag."""
        row = locked(write, self.resource, session_id)
        session, changed = change(
            write, self.resource, row, _ended(write, reason), NO_FACTS, given=given, kind="Deleted"
        )
        if changed:
            write.cancel_timer(f"sessions/{session_id}", _EXPIRY)
            write.write(_NOTE_END, session=session_id, wall=write.environment.wall.now_us())
            ended = events_pb2.SessionEnded(session_id=session_id, user_id=session.user_id, reason=reason)
            write.publish(f"users/{session.user_id}", 0, ended)
            for (below,) in [] if session.client_id else write.read(_BELOW, parent=session_id):
                self.end(write, below, reason)
        return session, changed

    def follow(self, call: Call, before: resources_pb2.Session, after: resources_pb2.Session) -> None:
        """Have a session take the place of one in the same browser; what clients hold by that goes on with the user."""
        with call.service_write() as write:
            if before.user_id == after.user_id:
                write.write(_FOLLOW, before=before.id, after=after.id)
            self.end(write, before.id, Reason.END_REASON_SIGNED_OUT)

    @staticmethod
    def parent_of(write: Write, session_id: str) -> str:
        """The session of the user's own with which a client's ends; nothing, where it outlasts that."""
        return str(write.read(_PARENT, session=session_id)[0][0])

    def end_of(self, write: Write, user_id: str, reason: resources_pb2.Session.EndReason, *, but: str = "") -> int:
        """End a user's sessions, all `but` one or none; how many. Without one, tokens of no session end too."""
        hold_user(write, user_id)
        others = sorted(row[0] for row in write.read(_ALL_LIVE, user=user_id) if row[0] != but)
        for session_id in others:
            self.end(write, session_id, reason)
        if not but:
            write.write(_NEXT_EPOCH, user=user_id)
            # Also where there was no session to end, the directory is to be told.
            write.publish(f"users/{user_id}", 0, events_pb2.SessionEnded(user_id=user_id, reason=reason))
        return len(others)

    def expire(self, write: Write, event: Event) -> None:
        """Handle the timer: a session that nobody refreshed has ended, as have all its tokens; else wait on."""
        due = events_pb2.SessionDue.FromString(event.data)
        rows = write.read(self.resource.locked, id=due.session_id)
        if not rows:
            return
        session = self.resource.build(self.resource.message, rows[0])
        if session.HasField("delete_time"):
            return
        if session.expire_time.ToMicroseconds() > write.now_us:
            self._watch(write, session)
        else:
            mark = _ended(write, Reason.END_REASON_EXPIRED)
            change(write, self.resource, rows[0], mark, NO_FACTS, kind="Deleted")
            for (below,) in [] if session.client_id else write.read(_BELOW, parent=due.session_id):
                self.end(write, below, Reason.END_REASON_EXPIRED)

    @staticmethod
    def _watch(write: Write, session: resources_pb2.Session) -> None:
        due = events_pb2.SessionDue(session_id=session.id)
        write.set_timer(f"sessions/{session.id}", _EXPIRY, session.expire_time.ToMicroseconds(), due)


def _ended(write: Write, reason: resources_pb2.Session.EndReason) -> Callable[[resources_pb2.Session], None]:
    """Marks a session as ended now, for a reason; one that has ended is left as it is."""

    def mark(session: resources_pb2.Session) -> None:
        if not session.HasField("delete_time"):
            deleting(write.now_us)(session)
            session.end_reason = reason

    return mark


class SessionMethods:
    """The methods of SessionService that are more than the standard ones."""

    def __init__(
        self,
        sessions: Sessions,
        log_in: LogIn,
        complete: CompleteLogIn,
        verify: VerifySession,
        refresh: Refresh,
        tokens: AccessTokens,
    ) -> None:
        self._sessions = sessions
        self.tokens = tokens
        self.log_in = log_in
        self.complete_log_in = complete
        self.verify_session = verify
        self.refresh_session = refresh

    def delete_session(self, call: Call, request: session_service_pb2.DeleteSessionRequest) -> resources_pb2.Session:
        """The session, which has ended."""
        check_user(call)
        with call.commit() as commit:
            resource = self._sessions.resource
            mine = resource.scopes.writable(call)
            if not commit.read(resource.lock(mine), id=request.id, **mine.parameters):
                raise unknown(resource, request.id)
            session, changed = self._sessions.end(commit, request.id, Reason.END_REASON_SIGNED_OUT, given=request.etag)
            if session.client_id:
                # Else the client would have another one at once, without a word to the user.
                commit.write(_WITHDRAW, user=session.user_id, client=session.client_id)
            commit.audit(f"sessions/{request.id}", changed)
            return commit.reply(session)

    def end_other_sessions(
        self, call: Call, request: session_service_pb2.EndOtherSessionsRequest
    ) -> session_service_pb2.EndOtherSessionsResponse:
        """How many of the caller's other sessions there were."""
        del request
        user_id = check_user(call)
        with call.commit() as commit:
            count = self._sessions.end_of(commit, user_id, Reason.END_REASON_SIGNED_OUT, but=own_session(call))
            commit.audit(f"users/{user_id}")
            return commit.reply(session_service_pb2.EndOtherSessionsResponse(ended_count=count))

    def end_all_sessions(
        self, call: Call, request: session_service_pb2.EndAllSessionsRequest
    ) -> session_service_pb2.EndAllSessionsResponse:
        """How many sessions the caller had."""
        del request
        user_id = check_user(call)
        with call.commit() as commit:
            count = self._sessions.end_of(commit, user_id, Reason.END_REASON_SIGNED_OUT)
            commit.audit(f"users/{user_id}")
            return commit.reply(session_service_pb2.EndAllSessionsResponse(ended_count=count))

    def get_jwks(self, call: Call, request: session_service_pb2.GetJwksRequest) -> session_service_pb2.GetJwksResponse:
        """The public keys."""
        del call, request
        return session_service_pb2.GetJwksResponse(keys=self.tokens.published())


def hold_user(write: Write, user_id: str) -> None:
    """Hold a user until the end of the write: of two writes about what is theirs, one waits."""
    write.read(_HOLD, user=user_id)


def own_session(call: Call) -> str:
    """The id of the session that a user calls with. A token of before there were sessions has none to keep."""
    return call.identity.session or "none"


def check_user(call: Call) -> str:
    """Who calls, where that is a user: what programs hold is no session, and no session is theirs to end.

    Raises:
        Failure: PERMISSION_DENIED for an API key.
    """
    if call.entry is not None and call.entry.user_id:
        raise Failure("PERMISSION_DENIED")
    return call.identity.principal
