"""Refresh tokens under races, and the session machine against a plain model of it; on each engine."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from rapport.users.v1 import session_service_pb2

from services.users.service import refresh as service
from tests.resources.identity.signing_in import (
    SESSIONS,
    answered,
    end,
    later,
    log_in,
    policy,
    reason,
    refresh,
    tenant,
    unhurried,
    works,
)

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

AT_ONCE = 50
_DAY = 86_400


def together(*calls: Any) -> list[Any]:
    """The answers to calls that begin at one moment: replies, or the reasons of refusals."""
    barrier = threading.Barrier(len(calls))

    def one(call: Any) -> Any:
        barrier.wait(30)
        try:
            return call()
        except grpc.RpcError as error:
            return reason(error)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def check_race(mesh: LocalMesh) -> None:
    """However many use a token at once, there is one successor."""
    begun = log_in(mesh, tenant(mesh))
    answers = together(*[lambda: refresh(mesh, begun.refresh_token)] * AT_ONCE)
    refused = [answer for answer in answers if isinstance(answer, str)]
    successors = {answer.refresh_token for answer in answers if not isinstance(answer, str)}
    assert set(refused) <= {"OVERLOADED", "CONFLICT"}
    assert len(successors) == 1, f"{len(successors)} successors"
    assert answered(lambda: refresh(mesh, successors.pop())) == "OK"


def test_fifty_at_once_get_one_successor(mesh: LocalMesh) -> None:
    check_race(mesh)


def test_a_refresh_that_asks_before_it_uses_is_found_by_the_race(
    mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: the token is looked at without being held, and used whatever has become of it."""
    from sqlalchemy import BigInteger, bindparam, update

    from mesh.store.statement import TENANT, Statement
    from services.users.tables import sessions

    careless = (
        update(sessions)
        .where(sessions.c.tenant_id == TENANT, sessions.c.id == bindparam("session"))
        .values(
            expire_time=bindparam("until", type_=BigInteger) + bindparam("sent", type_=BigInteger) * 0,
            rotate_us=bindparam("now", type_=BigInteger),
            address=bindparam("from_address"),
        )
    )
    monkeypatch.setattr(service, "_ROTATE", Statement(careless, name="rotate refresh token"))
    monkeypatch.setattr(service, "take_turn", lambda family, sent_us, now_us: service.Turn.ROTATE)
    with pytest.raises(AssertionError):
        check_race(mesh)


def test_nothing_survives_an_end_that_comes_during_a_refresh(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    for _ in range(8):
        begun = log_in(mesh, owner)
        calls = [lambda token=begun.refresh_token: refresh(mesh, token)] * 3
        calls.append(lambda session=begun.session.id: end(mesh, owner.token, session))
        random.shuffle(calls)
        for answer in together(*calls):
            if isinstance(answer, session_service_pb2.RefreshSessionResponse):
                assert answered(lambda token=answer.refresh_token: refresh(mesh, token)) == "SESSION_ENDED"  # type: ignore[misc]
                assert not works(mesh, answer.access_token)


@dataclass
class Modelled:
    """A session as somebody would keep it on paper: its tokens in their order, and when what happened."""

    id: str
    access: str
    tokens: list[str]
    begun: int
    ends: list[int]
    used: int = -1
    over: bool = False


class SessionMachine(RuleBasedStateMachine):
    """Does the same to the mesh and to the model, and compares what either says."""

    mesh: LocalMesh
    owner: Member

    def __init__(self) -> None:
        super().__init__()
        unhurried(self.mesh)
        type(self).owner = tenant(self.mesh)
        spans = {"session_idle": Duration(seconds=14 * _DAY), "session_life": Duration(seconds=90 * _DAY)}
        policy(self.mesh, self.owner, **spans)
        self.sessions: list[Modelled] = []

    @property
    def now(self) -> int:
        return self.mesh.clock.now_us()

    @rule()
    def log_in(self) -> None:
        begun = log_in(self.mesh, self.owner)
        model = Modelled(begun.session.id, begun.access_token, [begun.refresh_token], self.now, [])
        model.ends.append(model.begun + 14 * _DAY * 1_000_000)
        self.sessions.append(model)

    @precondition(lambda self: self.sessions)
    @rule(data=st.data(), back=st.sampled_from([0, 0, 0, 0, 1, 1, 2, 5]))
    def refresh(self, data: st.DataObject, back: int) -> None:
        session = data.draw(st.sampled_from(self.sessions))
        number = max(0, len(session.tokens) - 1 - back)
        expected = self._expected(session, number)
        (reply,) = together(lambda: refresh(self.mesh, session.tokens[number]))
        if isinstance(reply, str):
            assert reply == expected
            return
        assert expected in ("NEW", "SAME")
        session.access = reply.access_token
        if expected == "SAME":
            assert reply.refresh_token == session.tokens[-1]
            return
        assert reply.refresh_token not in session.tokens
        session.tokens.append(reply.refresh_token)
        session.used = self.now
        idle, life = self.now + 14 * _DAY * 1_000_000, session.begun + 90 * _DAY * 1_000_000
        session.ends.append(idle if session.ends[-1] < idle < life else max(min(idle, life), session.ends[-1] + 1))

    def _expected(self, session: Modelled, number: int) -> str:
        if session.ends[number] <= self.now:
            return "CAPABILITY_INVALID"
        if session.over:
            return "SESSION_ENDED"
        if number == len(session.tokens) - 1:
            return "NEW"
        if number == len(session.tokens) - 2 and self.now - session.used <= 10_000_000:
            return "SAME"
        session.over = True
        return "TOKEN_REUSED"

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def end(self, data: st.DataObject) -> None:
        session = data.draw(st.sampled_from(self.sessions))
        end(self.mesh, log_in(self.mesh, self.owner).access_token, session.id)
        session.over = True

    @rule()
    def end_all(self) -> None:
        token = log_in(self.mesh, self.owner).access_token
        self.mesh.call(f"{SESSIONS}EndAllSessions", session_service_pb2.EndAllSessionsRequest(), token=token)
        for session in self.sessions:
            session.over = True

    @rule(seconds=st.sampled_from([1, 9, 11, 3_600, 5 * _DAY, 13 * _DAY]))
    def wait(self, seconds: int) -> None:
        later(self.mesh, seconds)
        self.mesh.deliver()
        for session in self.sessions:
            session.over = session.over or session.ends[-1] <= self.now

    @precondition(lambda self: self.sessions)
    @rule(data=st.data())
    def look(self, data: st.DataObject) -> None:
        session = data.draw(st.sampled_from(self.sessions))
        idle = session.ends[-1] <= self.now
        # By their own clock tokens outlive a session that nobody refreshed, and the last hours of its life.
        if not idle and session.ends[-1] - self.now > 6 * 3_600_000_000:
            assert works(self.mesh, session.access) == (not session.over)


def test_the_session_machine_does_what_a_plain_model_does(mesh: LocalMesh) -> None:
    SessionMachine.mesh = mesh
    run_state_machine_as_test(
        SessionMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            # The mesh and its clock go on from example to example: a shorter one would begin elsewhere.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
