"""The security policy of a tenant: kept, guarded, told, and what of it holds already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from google.protobuf.duration_pb2 import Duration
from rapport.users.v1 import (
    invitation_service_pb2,
    resources_pb2,
    security_policy_service_pb2,
)

from tests.resources.test_groups import reason, role

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

POLICY = "/rapport.users.v1.SecurityPolicyService/"
INVITATIONS = "/rapport.users.v1.InvitationService/"


def get(mesh: LocalMesh, by: Member) -> Any:
    request = security_policy_service_pb2.GetSecurityPolicyRequest()
    return mesh.call(f"{POLICY}GetSecurityPolicy", request, token=by.token)


def change(mesh: LocalMesh, by: Member, *mask: str, **fields: Any) -> Any:
    policy = security_policy_service_pb2.SecurityPolicy(**fields)
    request = security_policy_service_pb2.UpdateSecurityPolicyRequest(security_policy=policy)
    request.update_mask.paths.extend(mask)
    return mesh.call(f"{POLICY}UpdateSecurityPolicy", request, token=by.token)


def invite(mesh: LocalMesh, by: Member, email: str) -> Any:
    sent = resources_pb2.Invitation(email=email, role=resources_pb2.ROLE_VIEWER)
    request = invitation_service_pb2.CreateInvitationRequest(invitation=sent)
    return mesh.call(f"{INVITATIONS}CreateInvitation", request, token=by.token)


def test_what_was_never_set_has_defaults_and_what_is_set_stays(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("policy-kept")
    first = get(mesh, owner)
    assert (first.password_min_length, first.lockout_attempts, first.HasField("update_time")) == (12, 10, False)

    second = change(mesh, owner, password_min_length=20)
    assert (second.password_min_length, second.lockout_attempts) == (20, 10)
    assert second.etag != first.etag
    third = change(mesh, owner, "mfa_requirement", mfa_requirement=security_policy_service_pb2.MFA_REQUIREMENT_ALL)
    assert get(mesh, owner) == third
    assert third.password_min_length == 20
    # Cleared by a mask, a field is what it was by default.
    assert change(mesh, owner, "password_min_length").password_min_length == 12
    again = change(mesh, owner, "password_min_length")
    assert again == get(mesh, owner), "nothing changes, and nothing is written"
    assert get(mesh, mesh.sign_up("policy-else")) == first


def test_a_policy_is_guarded_by_its_etag_its_bounds_and_a_permission(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("policy-guarded")
    old = get(mesh, owner).etag
    change(mesh, owner, password_min_length=14, etag=old)
    assert reason(lambda: change(mesh, owner, password_min_length=15, etag=old)) == "ETAG_MISMATCH"
    for fields in ({"password_min_length": 4}, {"mfa_requirement": 3}, {"mfa_role_ids": [f"rol_{'0' * 26}"]}):
        assert reason(lambda fields=fields: change(mesh, owner, **fields)) == "INVALID_ARGUMENT"  # type: ignore[misc]
    clerk = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    assert reason(lambda: get(mesh, clerk)) == "PERMISSION_DENIED"
    assert reason(lambda: change(mesh, clerk, password_min_length=64)) == "PERMISSION_DENIED"
    named = role(mesh, owner)
    by_role = security_policy_service_pb2.MFA_REQUIREMENT_BY_ROLE
    assert list(change(mesh, owner, mfa_requirement=by_role, mfa_role_ids=[named]).mfa_role_ids) == [named]


def test_only_addresses_of_the_domains_are_invited_also_when_sent_again(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("policy-domains")
    earlier = invite(mesh, owner, "ada@elsewhere.example")
    change(mesh, owner, invitation_domains=["acme.example", "acme.test"])
    invite(mesh, owner, "Bo@ACME.example")
    for email in ("cy@elsewhere.example", "cy@sub.acme.example", "cy@notacme.example"):
        assert reason(lambda email=email: invite(mesh, owner, email)) == "EMAIL_DOMAIN_REFUSED"  # type: ignore[misc]
    again = invitation_service_pb2.ResendInvitationRequest(id=earlier.id)
    send = lambda: mesh.call(f"{INVITATIONS}ResendInvitation", again, token=owner.token)  # noqa: E731
    assert reason(send) == "EMAIL_DOMAIN_REFUSED"
    change(mesh, owner, "invitation_domains")
    send()


def test_a_change_is_told_and_recorded(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("policy-told")

    def lasts(service: str) -> tuple[int, int]:
        entry = mesh.host(service).environment.directory.find(owner.tenant, owner.id)
        return entry.session_idle, entry.session_life

    assert lasts("customers") == (24 * 3600, 30 * 24 * 3600)
    change(mesh, owner, session_idle=Duration(seconds=600), session_life=Duration(seconds=7200))
    mesh.deliver()
    assert lasts("customers") == lasts("users") == (600, 7200)
    records = [event.data for _, event in mesh.events("users") if event.tenant == owner.tenant]
    assert any(b"security_policy.updated" in data and b"session_idle" in data for data in records)


@pytest.mark.parametrize("count", [51])
def test_domains_are_bounded(mesh: LocalMesh, count: int) -> None:
    owner = mesh.sign_up("policy-bounded")
    many = [f"d{number}.example" for number in range(count)]
    assert reason(lambda: change(mesh, owner, invitation_domains=many)) == "INVALID_ARGUMENT"
