"""What a tenant's security policy says holds for whoever signs in; on each engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import (
    custom_role_service_pb2,
    events_pb2,
    group_service_pb2,
    invitation_service_pb2,
    passkey_service_pb2,
    resources_pb2,
    security_policy_service_pb2,
    user_service_pb2,
)

from mesh.testing.local import PASSWORD
from services.users.service.passwords import hash_password
from tests.resources.identity.passkeys import Keeper
from tests.resources.identity.signing_in import answered, details, later, log_in, policy, refresh, tenant, works
from tests.resources.identity.test_passwords import OTHER, ask, change
from tests.resources.identity.test_second_factors import Device, complete
from tests.resources.identity.test_step_up import verify

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

USERS = "/rapport.users.v1."
EVERYBODY = security_policy_service_pb2.MFA_REQUIREMENT_ALL
PASSKEYS = [security_policy_service_pb2.LOGIN_METHOD_PASSKEY]
BY_ROLE = security_policy_service_pb2.MFA_REQUIREMENT_BY_ROLE


def contacts(mesh: LocalMesh, token: str) -> str:
    """What the contacts of the tenant are answered with: they are for who holds a permission."""
    request = contact_service_pb2.ListContactsRequest()
    return answered(lambda: mesh.call("/rapport.customers.v1.ContactService/ListContacts", request, token=token))


def test_a_way_that_the_tenant_does_not_have_is_told_to_who_knows_the_password(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    before, keeper = log_in(mesh, owner), Keeper(mesh)
    keeper.register(owner)
    policy(mesh, owner, login_methods=PASSKEYS)
    assert answered(lambda: log_in(mesh, owner)) == "LOGIN_METHOD_REFUSED"
    assert answered(lambda: log_in(mesh, owner, "not-this-password")) == "CREDENTIALS_INVALID"
    again = refresh(mesh, before.refresh_token)
    assert contacts(mesh, again.access_token) == "ASSURANCE_NEEDED", "it was begun in a way that there is no more"
    assert contacts(mesh, keeper.verify(again.access_token).access_token) == "OK"


def test_nobody_makes_a_policy_by_which_they_could_not_sign_in(mesh: LocalMesh) -> None:
    owner, keeper = tenant(mesh), Keeper(mesh)
    other = mesh.member(owner, resources_pb2.ROLE_OWNER)
    upstream = [security_policy_service_pb2.LOGIN_METHOD_UPSTREAM]
    for ways in (PASSKEYS, upstream, [*PASSKEYS, *upstream]):
        assert answered(lambda ways=ways: policy(mesh, owner, login_methods=ways)) == "LOCKS_OUT_CALLER"  # type: ignore[misc]
    passkey = keeper.register(owner).passkey
    assert answered(lambda: policy(mesh, owner, login_methods=upstream)) == "LOCKS_OUT_CALLER"
    assert answered(lambda: policy(mesh, other, login_methods=PASSKEYS)) == "LOCKS_OUT_CALLER"
    assert answered(lambda: policy(mesh, owner, login_methods=PASSKEYS)) == "OK"
    begun = keeper.log_in()
    remove = passkey_service_pb2.DeletePasskeyRequest(id=passkey.id)
    path = f"{USERS}PasskeyService/DeletePasskey"
    assert answered(lambda: mesh.call(path, remove, token=begun.access_token)) == "LAST_WAY_IN"
    # What stands already is nobody's to answer for who changes something else.
    assert answered(lambda: policy(mesh, other, lockout_attempts=7)) == "OK"


def test_a_user_has_to_have_a_second_factor_also_alone(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    named, other = (mesh.member(owner, resources_pb2.ROLE_MEMBER) for _ in range(2))
    stranger = tenant(mesh)
    assert answered(lambda: policy(mesh, owner, mfa_user_ids=[stranger.id])) == "INVALID_ARGUMENT"
    policy(mesh, owner, mfa_user_ids=[named.id, named.id])
    begun = log_in(mesh, named)
    assert contacts(mesh, begun.access_token) == "ASSURANCE_NEEDED"
    assert contacts(mesh, log_in(mesh, other).access_token) == "OK"
    Keeper(mesh).register(begun.access_token)
    keeper = Keeper(mesh)
    keeper.register(log_in(mesh, other).access_token)
    assert contacts(mesh, keeper.log_in().access_token) == "OK"


def test_who_has_to_have_a_second_factor_can_set_one_up_and_nothing_else(
    mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = tenant(mesh)
    policy(mesh, owner, mfa_requirement=EVERYBODY)
    begun = log_in(mesh, owner)
    me = user_service_pb2.GetCurrentUserRequest()
    assert mesh.call(f"{USERS}UserService/GetCurrentUser", me, token=begun.access_token).id == owner.id
    request = contact_service_pb2.ListContactsRequest()
    with pytest.raises(grpc.RpcError) as refused:
        mesh.call("/rapport.customers.v1.ContactService/ListContacts", request, token=begun.access_token)
    (told,) = details(refused.value, error_details_pb2.ErrorInfo)
    assert (told.reason, dict(told.metadata)) == ("ASSURANCE_NEEDED", {"level": "2"})
    device = Device(mesh, owner, monkeypatch)
    device.confirm()
    again = refresh(mesh, begun.refresh_token)
    assert contacts(mesh, again.access_token) == "ASSURANCE_NEEDED", "the session has proven one factor still"
    assert contacts(mesh, verify(mesh, again.access_token, code=device.code()).access_token) == "OK"
    proven = refresh(mesh, again.refresh_token)
    assert works(mesh, proven.access_token)
    pending = log_in(mesh, owner).pending_token
    assert works(mesh, complete(mesh, pending, device.code()).access_token)


def test_roles_count_also_where_a_group_gives_them(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    by_group, other = (mesh.member(owner, resources_pb2.ROLE_MEMBER) for _ in range(2))
    made = custom_role_service_pb2.CreateCustomRoleRequest(custom_role={"display_name": "Careful"})
    role = mesh.call(f"{USERS}CustomRoleService/CreateCustomRole", made, token=owner.token).id
    careful = group_service_pb2.CreateGroupRequest(group={"display_name": "Careful", "role_ids": [role]})
    group = mesh.call(f"{USERS}GroupService/CreateGroup", careful, token=owner.token).id
    joining = group_service_pb2.AddGroupMembersRequest(id=group, user_ids=[by_group.id])
    mesh.call(f"{USERS}GroupService/AddGroupMembers", joining, token=owner.token)
    policy(mesh, owner, mfa_requirement=BY_ROLE, mfa_role_ids=[role])
    assert contacts(mesh, log_in(mesh, by_group).access_token) == "ASSURANCE_NEEDED"
    assert contacts(mesh, log_in(mesh, other).access_token) == "OK"


def test_sessions_last_as_long_as_the_tenant_says_also_those_that_are_there(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    before, kept = log_in(mesh, owner), log_in(mesh, owner)
    policy(mesh, owner, session_idle=Duration(seconds=600), session_life=Duration(seconds=1_500))
    begun = log_in(mesh, owner).session
    assert begun.expire_time.ToMicroseconds() - begun.create_time.ToMicroseconds() == 600_000_000
    later(mesh, 500)
    kept = refresh(mesh, kept.refresh_token)
    later(mesh, 500)
    assert answered(lambda: refresh(mesh, before.refresh_token)) == "SESSION_ENDED"
    kept = refresh(mesh, kept.refresh_token)
    later(mesh, 499)
    kept = refresh(mesh, kept.refresh_token)
    later(mesh, 2)
    assert answered(lambda: refresh(mesh, kept.refresh_token)) == "SESSION_ENDED", "its life is over, however used"


def test_new_passwords_are_as_long_as_the_tenant_says(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    token = log_in(mesh, owner).access_token
    policy(mesh, owner, password_min_length=len(OTHER) + 1)
    assert answered(lambda: change(mesh, token, OTHER)) == "INVALID_ARGUMENT"
    assert answered(lambda: accept(mesh, owner, OTHER)) == "INVALID_ARGUMENT"
    assert answered(lambda: accept(mesh, owner, f"{OTHER}-2")) == "OK"
    assert answered(lambda: change(mesh, token, f"{OTHER}-2")) == "OK"


def accept(mesh: LocalMesh, owner: Member, password: str) -> Any:
    """A person who was invited, and now comes with this password."""
    sent = invitation_service_pb2.CreateInvitationRequest(
        invitation={"email": f"invited-{len(password)}@example.com", "role": resources_pb2.ROLE_VIEWER}
    )
    made = mesh.call(f"{USERS}InvitationService/CreateInvitation", sent, token=owner.token)
    link = mesh.host("users").environment.capabilities.mint(
        "invitations.accept",
        owner.tenant,
        made.id,
        expires_us=made.expire_time.ToMicroseconds(),
        single_use=True,
    )
    request = invitation_service_pb2.AcceptInvitationRequest(token=link, password=password, display_name="Ada")
    return mesh.call(f"{USERS}InvitationService/AcceptInvitation", request)


def test_programs_sign_in_by_no_password_and_are_sent_no_link_for_one(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    email = f"program@{owner.slug}.example"
    program = resources_pb2.User(email=email, display_name="Sync", kind=resources_pb2.User.KIND_PROGRAM)
    program.state, program.role = resources_pb2.User.STATE_ACTIVE, resources_pb2.ROLE_MEMBER
    mesh.insert(owner.tenant, program, password_hash=hash_password(PASSWORD), epoch=1)
    as_program = replace(owner, email=email)
    assert answered(lambda: log_in(mesh, as_program)) == "CREDENTIALS_INVALID"
    ask(mesh, owner.slug, email)
    ask(mesh, owner.slug, owner.email)
    asked = [event for _, event in mesh.events("users") if event.tenant == owner.tenant]
    kind = events_pb2.PasswordResetRequested
    sent = [kind.FromString(event.data).email for event in asked if event.type == kind.DESCRIPTOR.full_name]
    assert sent == [owner.email]
