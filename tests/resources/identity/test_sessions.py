"""Sessions: whose they are, how they end, and that they have ended everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

from google.protobuf.duration_pb2 import Duration
from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import events_pb2, resources_pb2, session_service_pb2, user_service_pb2

from mesh.runtime.identity import ADDRESS_HEADER
from mesh.testing.local import PASSWORD
from services.users.service import sessions as service
from tests.resources.identity.signing_in import (
    SESSIONS,
    answered,
    end,
    later,
    listed,
    log_in,
    policy,
    refresh,
    tenant,
    works,
)

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh

Reason = resources_pb2.Session.EndReason
USERS = "/rapport.users.v1.UserService/"


def test_a_log_in_is_a_session_of_its_device_with_what_was_proven(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    begun = log_in(mesh, owner, **{ADDRESS_HEADER: "203.0.113.9"}).session
    assert [factor.kind for factor in begun.factors] == [resources_pb2.Factor.KIND_PASSWORD]
    assert begun.assurance_level == 1
    assert begun.address == "203.0.113.9"
    assert begun.user_agent.startswith("grpc-python/")
    assert begun.id in {session.id for session in listed(mesh, owner.token)}


def test_an_address_is_believed_of_the_edge_alone(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    request = session_service_pb2.LogInRequest(tenant=owner.slug, email=owner.email, password=PASSWORD)
    told = [(ADDRESS_HEADER, "203.0.113.9")]
    begun = mesh.call(f"{SESSIONS}LogIn", request, metadata=told, identity="customers").session
    assert begun.address == ""


def test_sessions_are_their_users_own_also_for_those_who_may_do_everything(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    member = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    theirs = listed(mesh, member.token)
    assert not {session.id for session in theirs} & {session.id for session in listed(mesh, owner.token)}
    get = session_service_pb2.GetSessionRequest(id=theirs[0].id)
    assert answered(lambda: mesh.call(f"{SESSIONS}GetSession", get, token=owner.token)) == "NOT_FOUND"
    assert answered(lambda: end(mesh, owner.token, theirs[0].id)) == "NOT_FOUND"
    assert works(mesh, member.token)


def test_a_session_that_was_ended_is_refused_by_every_service_and_no_other_is(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    lost, kept = log_in(mesh, owner), log_in(mesh, owner)
    assert works(mesh, lost.access_token)
    ended = end(mesh, kept.access_token, lost.session.id)
    assert ended.end_reason == Reason.END_REASON_SIGNED_OUT
    assert not works(mesh, lost.access_token)
    assert works(mesh, kept.access_token)
    assert answered(lambda: refresh(mesh, lost.refresh_token)) == "SESSION_ENDED"
    assert lost.session.id not in {session.id for session in listed(mesh, kept.access_token)}
    assert lost.session.id in {session.id for session in listed(mesh, kept.access_token, ended=True)}


def test_all_others_end_and_then_all(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    mine, *others = [log_in(mesh, owner) for _ in range(3)]
    request = session_service_pb2.EndOtherSessionsRequest()
    assert mesh.call(f"{SESSIONS}EndOtherSessions", request, token=mine.access_token).ended_count == 3
    assert [works(mesh, each.access_token) for each in (mine, *others)] == [True, False, False]
    assert not works(mesh, owner.token)
    everything = session_service_pb2.EndAllSessionsRequest()
    assert mesh.call(f"{SESSIONS}EndAllSessions", everything, token=mine.access_token).ended_count == 1
    assert not works(mesh, mine.access_token)
    assert answered(lambda: refresh(mesh, mine.refresh_token)) == "SESSION_ENDED"
    assert works(mesh, log_in(mesh, owner).access_token)


def test_beyond_the_most_that_there_may_be_the_oldest_ends(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    with mock.patch.object(service, "MOST_SESSIONS", 3):
        begun = [log_in(mesh, owner) for _ in range(4)]
    alive = {session.id for session in listed(mesh, begun[-1].access_token)}
    assert alive == {each.session.id for each in begun[1:]}
    ended = {each.id: each.end_reason for each in listed(mesh, begun[-1].access_token, ended=True)}
    assert ended[begun[0].session.id] == Reason.END_REASON_REPLACED


def test_a_session_that_nobody_refreshes_ends_by_itself(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    policy(mesh, owner, session_idle=Duration(seconds=14 * 86_400))
    idle, used = log_in(mesh, owner), log_in(mesh, owner)
    later(mesh, 10 * 86_400)
    mesh.deliver()
    gone_on = refresh(mesh, used.refresh_token)
    later(mesh, 5 * 86_400)
    mesh.deliver()
    assert answered(lambda: refresh(mesh, idle.refresh_token)) == "CAPABILITY_INVALID"
    assert answered(lambda: refresh(mesh, gone_on.refresh_token)) == "OK"
    found = {session.id: session for session in listed(mesh, gone_on.access_token, ended=True)}
    assert found[idle.session.id].end_reason == Reason.END_REASON_EXPIRED
    assert not found[used.session.id].HasField("delete_time")


def test_who_may_not_work_goes_on_with_no_session_also_not_afterwards(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    member = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    begun = log_in(mesh, member)
    mesh.call(f"{USERS}DeactivateUser", user_service_pb2.DeactivateUserRequest(id=member.id), token=owner.token)
    assert answered(lambda: refresh(mesh, begun.refresh_token)) == "SESSION_ENDED"
    mesh.call(f"{USERS}ReactivateUser", user_service_pb2.ReactivateUserRequest(id=member.id), token=owner.token)
    assert answered(lambda: refresh(mesh, begun.refresh_token)) == "SESSION_ENDED"
    assert works(mesh, log_in(mesh, member).access_token)


def test_a_token_that_was_used_before_ends_the_session_and_is_told(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    begun = log_in(mesh, owner)
    second = refresh(mesh, begun.refresh_token)
    third = refresh(mesh, second.refresh_token)
    before = mesh.events("users")[-1][0]
    assert answered(lambda: refresh(mesh, begun.refresh_token)) == "TOKEN_REUSED"
    told = [event for _, event in mesh.events("users", before)]
    ended = [
        events_pb2.SessionEnded.FromString(event.data)
        for event in told
        if event.type == events_pb2.SessionEnded.DESCRIPTOR.full_name
    ]
    assert [(each.session_id, each.reason) for each in ended] == [(begun.session.id, Reason.END_REASON_TOKEN_REUSED)]
    records = [
        audit_pb2.AuditRecorded.FromString(event.data)
        for event in told
        if event.type == audit_pb2.AuditRecorded.DESCRIPTOR.full_name
    ]
    assert [(each.action, each.resource) for each in records] == [
        ("session.token_reused", f"sessions/{begun.session.id}")
    ]
    assert not any(works(mesh, each.access_token) for each in (begun, second, third))
    assert answered(lambda: refresh(mesh, third.refresh_token)) == "SESSION_ENDED"


def test_no_refresh_token_is_kept(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    begun = log_in(mesh, owner)
    after = refresh(mesh, begun.refresh_token)
    everything = str([mesh.dump(name) for name in mesh.services])
    for secret in (begun.refresh_token, after.refresh_token, begun.access_token, after.access_token):
        assert secret not in everything
        assert secret[-22:] not in everything
