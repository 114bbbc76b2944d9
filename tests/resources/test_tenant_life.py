"""The end of tenants and of users' work: asked for, taken back, due; and an owner always stays."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import (
    api_key_service_pb2,
    directory_service_pb2,
    events_pb2,
    invitation_service_pb2,
    resources_pb2,
    session_service_pb2,
    tenant_life_service_pb2,
    tenant_service_pb2,
    user_service_pb2,
)

from mesh.contract import catalog
from mesh.contract.method import AccessKind
from mesh.runtime import erasing
from mesh.runtime.call import Call
from mesh.store.mesh_tables import MESH
from mesh.store.tables import is_tenant_table
from mesh.testing.local import PASSWORD
from tests.contract.refusals import refusal_of
from tests.contract.world import first
from tests.resources.test_groups import add, group, reason

if TYPE_CHECKING:
    from mesh.contract.method import MethodContract
    from mesh.testing.local import LocalMesh, Member

LIFE = "/rapport.users.v1.TenantLifeService/"
USERS = "/rapport.users.v1.UserService/"
OWNER, MEMBER = resources_pb2.ROLE_OWNER, resources_pb2.ROLE_MEMBER
State = resources_pb2.Tenant.State
NUMBERS = itertools.count(1)


def works(mesh: LocalMesh, by: Member) -> Any:
    """A call in each of two services."""
    mesh.call(f"{USERS}GetCurrentUser", user_service_pb2.GetCurrentUserRequest(), token=by.token)
    listed = contact_service_pb2.ListContactsRequest()
    return mesh.call("/rapport.customers.v1.ContactService/ListContacts", listed, token=by.token)


def log_in(mesh: LocalMesh, as_: Member) -> Any:
    request = session_service_pb2.LogInRequest(tenant=as_.slug, email=as_.email, password=PASSWORD)
    return mesh.call("/rapport.users.v1.SessionService/LogIn", request)


def state(mesh: LocalMesh, by: Member) -> Any:
    request = tenant_service_pb2.GetCurrentTenantRequest()
    return mesh.call("/rapport.users.v1.TenantService/GetCurrentTenant", request, token=by.token).state


def suspend(mesh: LocalMesh, slug: str, verb: str = "Suspend") -> Any:
    """What the operator of the product does."""
    request = getattr(tenant_life_service_pb2, f"{verb}TenantRequest")(slug=slug)
    changed = mesh.call(f"{LIFE}{verb}Tenant", request, identity="operator")
    mesh.deliver()
    return changed


def delete(mesh: LocalMesh, by: Member, slug: str = "") -> Any:
    request = tenant_life_service_pb2.DeleteTenantRequest(slug=slug or by.slug, comment="We merge.")
    changed = mesh.call(f"{LIFE}DeleteTenant", request, token=by.token)
    mesh.deliver()
    return changed


def undelete(mesh: LocalMesh, by: Member) -> Any:
    return mesh.call(f"{LIFE}UndeleteTenant", tenant_life_service_pb2.UndeleteTenantRequest(), token=by.token)


def test_a_suspended_tenant_is_told_so_and_nobody_gets_in(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("life-suspended")
    key = resources_pb2.ApiKey(grants=[{"permission": "contacts.read", "scope": directory_service_pb2.SCOPE_ALL}])
    request = api_key_service_pb2.CreateApiKeyRequest(api_key=key)
    secret = mesh.call("/rapport.users.v1.ApiKeyService/CreateApiKey", request, token=owner.token).secret
    exchange = mesh.service("users").exchange
    assert exchange is not None
    works(mesh, owner)

    assert suspend(mesh, owner.slug).state == State.STATE_SUSPENDED

    assert reason(lambda: works(mesh, owner)) == "TENANT_SUSPENDED"
    listed = contact_service_pb2.ListContactsRequest()
    path = "/rapport.customers.v1.ContactService/ListContacts"
    assert reason(lambda: mesh.call(path, listed, token=owner.token)) == "TENANT_SUSPENDED"
    assert reason(lambda: log_in(mesh, owner)) == "CREDENTIALS_INVALID"
    assert exchange(secret) is None
    # A token that would not have been good anyway is told nothing more.
    ada = mesh.sign_up("life-bystander")
    works(mesh, ada)

    assert suspend(mesh, owner.slug, "Resume").state == State.STATE_ACTIVE
    works(mesh, owner)
    log_in(mesh, owner)


def test_nobody_joins_a_suspended_tenant_by_an_invitation(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("life-joined")
    sent = invitation_service_pb2.CreateInvitationRequest(invitation={"email": "ada@joined.example"})
    invited = mesh.call("/rapport.users.v1.InvitationService/CreateInvitation", sent, token=owner.token)
    token = mesh.host("users").environment.capabilities.mint(
        "invitations.accept",
        owner.tenant,
        invited.id,
        expires_us=invited.expire_time.ToMicroseconds(),
        single_use=True,
    )

    def accept() -> Any:
        request = invitation_service_pb2.AcceptInvitationRequest(token=token, password=PASSWORD)
        return mesh.call("/rapport.users.v1.InvitationService/AcceptInvitation", request)

    suspend(mesh, owner.slug)
    assert reason(accept) == "TENANT_SUSPENDED"
    suspend(mesh, owner.slug, "Resume")
    assert accept().user.email == "ada@joined.example"


BY_LINK = [method for method in catalog.load().methods.values() if method.access.kind is AccessKind.CAPABILITY]


def test_no_link_of_any_kind_does_anything_while_its_tenant_is_suspended(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("life-links")
    until = mesh.clock.now_us() + 10**12

    def follow(method: MethodContract) -> str:
        capabilities = mesh.host(method.service).environment.capabilities
        kind = method.access.capability
        request = method.request()
        request.token = capabilities.mint(kind, owner.tenant, owner.id, expires_us=until, single_use=False)
        return str(reason(lambda: first(mesh.call(method, request))))

    assert len({method.service for method in BY_LINK}) > 1
    suspend(mesh, owner.slug)
    before = {service: mesh.dump(service) for service in mesh.services}
    assert {method.full_name: follow(method) for method in BY_LINK} == {
        method.full_name: "TENANT_SUSPENDED" for method in BY_LINK
    }
    assert {service: mesh.dump(service) for service in mesh.services} == before
    suspend(mesh, owner.slug, "Resume")
    # The same links are looked at again, and found to be of nothing.
    assert "TENANT_SUSPENDED" not in {follow(method) for method in BY_LINK}
    delete(mesh, owner)
    mesh.clock.advance(timedelta(days=31))
    mesh.deliver()
    until = mesh.clock.now_us() + 10**12
    assert {follow(method) for method in BY_LINK} == {"CAPABILITY_INVALID"}


def test_suspension_is_the_operators_alone_and_knows_its_tenants(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("life-door")
    request = tenant_life_service_pb2.SuspendTenantRequest(slug=owner.slug)
    for identity, token in (("edge", owner.token), ("customers", ""), ("edge", "")):
        refused = lambda: mesh.call(f"{LIFE}SuspendTenant", request, identity=identity, token=token)  # noqa: B023, E731
        assert reason(refused) in ("UNAUTHENTICATED", "PERMISSION_DENIED")
    assert state(mesh, owner) == State.STATE_ACTIVE
    assert reason(lambda: suspend(mesh, "life-nobody")) == "NOT_FOUND"


def test_a_tenant_ends_thirty_days_after_its_owner_asked(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("life-ended")
    other, clerk = mesh.member(owner, OWNER), mesh.member(owner, MEMBER)
    assert reason(lambda: delete(mesh, clerk)) == "PERMISSION_DENIED"
    assert reason(lambda: delete(mesh, owner, "life-else")) == "INVALID_ARGUMENT"

    asked = delete(mesh, owner)
    assert asked.state == State.STATE_DELETING
    assert asked.purge_time.seconds - asked.delete_time.seconds == 30 * 24 * 3600
    # Asking again neither moves the day nor tells anybody twice.
    assert delete(mesh, other).purge_time == asked.purge_time
    told = [event for _, event in mesh.events("users") if event.type.endswith("TenantDeletionRequested")]
    mails = [events_pb2.TenantDeletionRequested.FromString(e.data) for e in told if e.tenant == owner.tenant]
    assert sorted(mail.email for mail in mails) == sorted([owner.email, other.email])

    mesh.clock.advance(timedelta(days=29))
    mesh.deliver()
    works(mesh, clerk)
    mesh.clock.advance(timedelta(days=2))
    mesh.deliver()
    for each in (owner, other, clerk):
        assert reason(lambda each=each: works(mesh, each)) == "UNAUTHENTICATED"  # type: ignore[misc]
        assert reason(lambda each=each: log_in(mesh, each)) == "CREDENTIALS_INVALID"  # type: ignore[misc]
    assert reason(lambda: suspend(mesh, owner.slug)) == "TENANT_STATE"
    assert reason(lambda: suspend(mesh, owner.slug, "Resume")) == "TENANT_STATE"


def held(mesh: LocalMesh, tenant: str) -> dict[str, int]:
    """By table, how many rows of a tenant there are in all databases, in tables that are tenants'."""
    found = {}
    for service in mesh.services:
        tables = {**MESH.tables, **mesh.host(service).store.metadata.tables}
        for name, rows in mesh.dump(service).items():
            if name in tables and is_tenant_table(tables[name]):
                found[f"{service}.{name}"] = sum(tenant in row for row in rows)
    return found


def test_a_deleted_tenant_is_erased_everywhere_and_no_other(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "BATCH", 3)
    owner, other = mesh.sign_up("life-erased"), mesh.sign_up("life-beside")
    for by in (owner, other):
        for _ in range(5):
            request = contact_service_pb2.CreateContactRequest(contact={"family_name": "Kept"})
            mesh.call("/rapport.customers.v1.ContactService/CreateContact", request, token=by.token)
        add(mesh, by, group(mesh, by), by.id)
    mesh.deliver()
    delete(mesh, owner)
    beside = held(mesh, other.tenant)
    mesh.clock.advance(timedelta(days=30, seconds=1))
    mesh.deliver()
    assert sum(held(mesh, owner.tenant).values()) > 10
    mesh.clock.advance(timedelta(days=2))
    mesh.deliver()
    assert {name: count for name, count in held(mesh, owner.tenant).items() if count} == {}
    # Of the other one nothing is gone but what had its time.
    left = held(mesh, other.tenant)
    passing = {name for name in beside if name.endswith((".idempotency_keys", ".used_capabilities"))}
    assert {name: left[name] for name in left.keys() - passing} == {n: beside[n] for n in beside.keys() - passing}
    works(mesh, other)
    assert reason(lambda: mesh.sign_up("life-erased")) == "SLUG_TAKEN"


def test_a_deletion_is_taken_back_and_its_day_passes(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("life-kept")
    other = mesh.member(owner, OWNER)
    delete(mesh, owner)
    assert undelete(mesh, other).state == State.STATE_ACTIVE
    undelete(mesh, other)
    mesh.clock.advance(timedelta(days=10))
    # The second deletion has a day of its own, on which the timer of the first has no say.
    again = delete(mesh, owner)
    mesh.clock.advance(timedelta(days=21))
    mesh.deliver()
    works(mesh, owner)
    # A suspension in between leaves the day as it is.
    suspend(mesh, owner.slug)
    resumed = suspend(mesh, owner.slug, "Resume")
    assert (resumed.state, resumed.purge_time) == (State.STATE_DELETING, again.purge_time)
    mesh.clock.advance(timedelta(days=10))
    mesh.deliver()
    assert reason(lambda: works(mesh, owner)) == "UNAUTHENTICATED"


def user_call(mesh: LocalMesh, by: Member, verb: str, of: Member, **more: Any) -> Any:
    request = getattr(user_service_pb2, f"{verb}UserRequest", None) or user_service_pb2.SetUserRoleRequest
    path = f"{USERS}{verb}User" if verb != "Demote" else f"{USERS}SetUserRole"
    role = {"role": MEMBER} if verb == "Demote" else {}
    changed = mesh.call(path, request(id=of.id, **role, **more), token=by.token)
    mesh.deliver()
    return changed


def test_a_suspended_user_keeps_what_is_theirs_and_comes_back(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("life-user")
    ada = mesh.member(owner, MEMBER)
    request = contact_service_pb2.CreateContactRequest(contact={"family_name": "Kept"})
    contact = mesh.call("/rapport.customers.v1.ContactService/CreateContact", request, token=ada.token)

    assert user_call(mesh, owner, "Suspend", ada).state == resources_pb2.User.STATE_SUSPENDED
    assert reason(lambda: works(mesh, ada)) == "UNAUTHENTICATED"
    assert reason(lambda: log_in(mesh, ada)) == "CREDENTIALS_INVALID"
    got = contact_service_pb2.GetContactRequest(id=contact.id)
    kept = mesh.call("/rapport.customers.v1.ContactService/GetContact", got, token=owner.token)
    assert kept.owner_id == ada.id

    user_call(mesh, owner, "Reactivate", ada)
    # Her sessions ended; she logs in anew.
    assert reason(lambda: works(mesh, ada)) == "UNAUTHENTICATED"
    log_in(mesh, ada)
    user_call(mesh, owner, "Deactivate", ada)
    assert user_call(mesh, owner, "Suspend", ada).state == resources_pb2.User.STATE_INACTIVE


@pytest.mark.parametrize("verb", ["Demote", "Suspend", "Deactivate", "Delete"])
def test_owners_do_not_end_their_own_ownership_and_the_last_one_stays(mesh: LocalMesh, verb: str) -> None:
    owner = mesh.sign_up(f"life-{verb.lower()}")
    assert reason(lambda: user_call(mesh, owner, verb, owner)) == "LAST_OWNER"
    other = mesh.member(owner, OWNER)
    assert reason(lambda: user_call(mesh, owner, verb, owner)) == "SELF_DEMOTION"
    user_call(mesh, other, verb, owner)
    assert reason(lambda: user_call(mesh, other, verb, other)) == "LAST_OWNER"


def end(mesh: LocalMesh, by: Member, verb: str, of: Member) -> str:
    """Why somebody could not; nothing where they could."""
    try:
        user_call(mesh, by, verb, of)
    except grpc.RpcError as error:
        return refusal_of(error).reason.rpartition("/")[2]
    return ""


@pytest.mark.parametrize("verb", ["Demote", "Suspend", "Deactivate", "Delete"])
def test_of_two_owners_who_end_each_other_at_once_one_is_refused(
    mesh: LocalMesh, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are let pass as owners before either writes."""
    owner = mesh.sign_up(f"life-race-{next(NUMBERS)}")
    other = mesh.member(owner, OWNER)
    barrier, commit = threading.Barrier(2), Call.commit

    def together(call: Call, *arguments: Any) -> Any:
        if call.contract.area.endswith(".UserService") and not call.contract.reads_only:
            barrier.wait(5)
        return commit(call, *arguments)

    monkeypatch.setattr(Call, "commit", together)
    monkeypatch.setattr(type(mesh), "deliver", lambda mesh: None)
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(end, mesh, owner, verb, other), pool.submit(end, mesh, other, verb, owner)]
        outcomes = [call.result() for call in calls]
    assert sorted(outcomes) == ["", "LAST_OWNER"]
    left = owner if outcomes[0] == "" else other
    users = mesh.call(f"{USERS}ListUsers", user_service_pb2.ListUsersRequest(), token=left.token).users
    active = resources_pb2.User.STATE_ACTIVE
    assert [user.id for user in users if user.role == OWNER and user.state == active] == [left.id]
