"""Work in another user's place: who may, what they may do then, how it ends, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from rapport.customers.v1 import contact_service_pb2, export_service_pb2
from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import (
    api_key_service_pb2,
    email_service_pb2,
    events_pb2,
    impersonation_service_pb2,
    resources_pb2,
    user_service_pb2,
)

from mesh.testing.local import PASSWORD, Member
from services.users.service import directory
from tests.resources.conftest import refused
from tests.resources.test_groups import add, group, reason, remove, role
from tests.resources.test_tenant_life import user_call

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh

IMPERSONATIONS = "/rapport.users.v1.ImpersonationService/"
CONTACTS = "/rapport.customers.v1.ContactService/"
USERS = "/rapport.users.v1.UserService/"
ALL = 3
NOBODY, MEMBER, VIEWER, OWNER = (
    resources_pb2.ROLE_UNSPECIFIED,
    resources_pb2.ROLE_MEMBER,
    resources_pb2.ROLE_VIEWER,
    resources_pb2.ROLE_OWNER,
)


def begin(mesh: LocalMesh, by: Member, of: str, *, life: int | None = None) -> Any:
    request = impersonation_service_pb2.CreateImpersonationRequest(user_id=of, reason="Ticket 4711")
    if life is not None:
        request.life.CopyFrom(Duration(seconds=life))
    return mesh.call(f"{IMPERSONATIONS}CreateImpersonation", request, token=by.token)


def end(mesh: LocalMesh, by: Member, of: str) -> Any:
    request = impersonation_service_pb2.EndImpersonationRequest(id=of)
    ended = mesh.call(f"{IMPERSONATIONS}EndImpersonation", request, token=by.token)
    mesh.deliver()
    return ended


def create(mesh: LocalMesh, token: str) -> Any:
    request = contact_service_pb2.CreateContactRequest(contact={"family_name": "Placed"})
    return mesh.call(f"{CONTACTS}CreateContact", request, token=token)


def helper(mesh: LocalMesh, owner: Member) -> tuple[Member, str]:
    """Somebody of the support, who may what members may and take their place; and the group by which they may that."""
    support = mesh.member(owner, MEMBER)
    may = role(mesh, owner, impersonations__read=ALL, impersonations__write=ALL)
    crew = group(mesh, owner, may)
    add(mesh, owner, crew, support.id)
    return support, crew


def test_what_is_done_in_anothers_place_is_theirs_and_names_both(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("place-done")
    support, _ = helper(mesh, owner)
    ada = mesh.member(owner, MEMBER)

    began = begin(mesh, support, ada.id)

    contact = create(mesh, began.access_token)
    assert contact.owner_id == ada.id
    me = mesh.call(f"{USERS}GetCurrentUser", user_service_pb2.GetCurrentUserRequest(), token=began.access_token)
    assert me.id == ada.id
    records = [
        audit_pb2.AuditRecorded.FromString(event.data)
        for _, event in mesh.events("customers")
        if event.type == audit_pb2.AuditRecorded.DESCRIPTOR.full_name and contact.id.encode() in event.data
    ]
    assert [(record.principal_id, record.actor_id) for record in records] == [(ada.id, support.id)]
    told = [
        events_pb2.ImpersonationBegan.FromString(event.data)
        for _, event in mesh.events("users")
        if event.type == events_pb2.ImpersonationBegan.DESCRIPTOR.full_name and event.tenant == owner.tenant
    ]
    assert [(each.email, each.reason) for each in told] == [(ada.email, "Ticket 4711")]
    assert began.access_token.encode() not in b"".join(event.data for _, event in mesh.events("users"))


def test_nobody_takes_the_place_of_an_owner_of_who_may_more_or_of_themselves(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("place-whom")
    support, _ = helper(mesh, owner)
    strong = mesh.member(owner, NOBODY)
    add(mesh, owner, group(mesh, owner, role(mesh, owner, users__write=ALL)), strong.id)
    gone = mesh.member(owner, VIEWER)
    user_call(mesh, owner, "Deactivate", gone)
    for whom in (owner.id, support.id, gone.id):
        assert reason(lambda whom=whom: begin(mesh, support, whom)) == "IMPERSONATION_REFUSED"  # type: ignore[misc]
    assert reason(lambda: begin(mesh, support, strong.id)) == "GRANT_EXCEEDS_OWN"
    assert reason(lambda: begin(mesh, strong, support.id)) == "PERMISSION_DENIED"
    stranger = mesh.sign_up("place-stranger")
    assert reason(lambda: begin(mesh, support, stranger.id)) == "INVALID_ARGUMENT"
    other = mesh.member(owner, VIEWER)
    for life in (0, 59, 3601):
        assert reason(lambda life=life: begin(mesh, support, other.id, life=life)) == "INVALID_ARGUMENT"  # type: ignore[misc]


def test_it_ends_by_itself_by_hand_and_with_either_users_work(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("place-ends")
    support, _ = helper(mesh, owner)
    ada = mesh.member(owner, MEMBER)

    by_hand = begin(mesh, support, ada.id)
    create(mesh, by_hand.access_token)
    assert end(mesh, owner, by_hand.impersonation.id).HasField("end_time")
    assert refused(lambda: create(mesh, by_hand.access_token)) is grpc.StatusCode.UNAUTHENTICATED
    end(mesh, owner, by_hand.impersonation.id)

    with_hers = begin(mesh, support, ada.id)
    create(mesh, with_hers.access_token)
    user_call(mesh, owner, "Suspend", ada)
    assert refused(lambda: create(mesh, with_hers.access_token)) is grpc.StatusCode.UNAUTHENTICATED
    user_call(mesh, owner, "Reactivate", ada)
    create(mesh, with_hers.access_token)
    user_call(mesh, owner, "Suspend", support)
    assert refused(lambda: create(mesh, with_hers.access_token)) is grpc.StatusCode.UNAUTHENTICATED
    user_call(mesh, owner, "Reactivate", support)

    by_time = begin(mesh, owner, ada.id, life=60)
    create(mesh, by_time.access_token)
    mesh.clock.advance(timedelta(seconds=61))
    for host in mesh.services:
        mesh.host(host).environment.directory.forget_tenant(owner.tenant)
    assert refused(lambda: create(mesh, by_time.access_token)) is grpc.StatusCode.UNAUTHENTICATED


def check_bounds(mesh: LocalMesh, slug: str) -> None:
    """In somebody's place one may what both may, as it is at the moment."""
    owner = mesh.sign_up(slug)
    support = mesh.member(owner, NOBODY)
    may = group(mesh, owner, role(mesh, owner, impersonations__write=ALL))
    both = group(mesh, owner, role(mesh, owner, contacts__read=ALL, contacts__write=ALL))
    ada = mesh.member(owner, NOBODY)
    add(mesh, owner, may, support.id)
    add(mesh, owner, both, support.id, ada.id)
    began = begin(mesh, support, ada.id)
    create(mesh, began.access_token)
    again = lambda: begin(mesh, Member(owner.tenant, slug, "", "", began.access_token), ada.id)  # noqa: E731
    assert reason(again) in ("PERMISSION_DENIED", "IN_PERSON_ONLY")
    # She gains what her helper has not, and her helper loses what she has.
    add(mesh, owner, group(mesh, owner, role(mesh, owner, contacts__delete=ALL)), ada.id)
    remove(mesh, owner, both, support.id)
    assert refused(lambda: create(mesh, began.access_token)) is grpc.StatusCode.PERMISSION_DENIED


def test_in_anothers_place_one_may_what_both_may(mesh: LocalMesh) -> None:
    check_bounds(mesh, "place-bounds")


def test_a_directory_that_asked_about_one_of_them_would_be_noticed(
    mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "rights_in_place", lambda user, impersonator: user)
    with pytest.raises(pytest.fail.Exception):
        check_bounds(mesh, "place-unbound")


def test_credentials_keys_and_long_work_are_for_oneself(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("place-person")
    support = mesh.member(owner, NOBODY)
    grants = {"api-keys__write": ALL, "contacts__export": ALL, "contacts__read": ALL, "impersonations__write": ALL}
    crew = group(mesh, owner, role(mesh, owner, **grants))
    ada = mesh.member(owner, NOBODY)
    add(mesh, owner, crew, support.id, ada.id)
    token = begin(mesh, support, ada.id).access_token

    calls: list[tuple[str, Any]] = [
        ("users.v1.ApiKeyService/CreateApiKey", api_key_service_pb2.CreateApiKeyRequest(api_key={})),
        (
            "users.v1.EmailService/ChangeEmail",
            email_service_pb2.ChangeEmailRequest(email="x@y.example", password=PASSWORD),
        ),
        (
            "users.v1.ImpersonationService/CreateImpersonation",
            impersonation_service_pb2.CreateImpersonationRequest(user_id=ada.id, reason="Again"),
        ),
        (
            "customers.v1.ExportService/CreateContactExport",
            export_service_pb2.CreateContactExportRequest(contact_export={}),
        ),
    ]
    for path, request in calls:
        ask = lambda path=path, request=request: mesh.call(f"/rapport.{path}", request, token=token)  # type: ignore[misc]  # noqa: E731
        assert reason(ask) == "IN_PERSON_ONLY", path
    # She herself may.
    mesh.call(f"/rapport.{calls[0][0]}", calls[0][1], token=ada.token)
