"""Service accounts: users who are programs, and whose keys outlive the work of whoever made them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import grpc
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import (
    api_key_service_pb2,
    directory_service_pb2,
    email_service_pb2,
    resources_pb2,
    service_account_service_pb2,
    session_service_pb2,
    user_service_pb2,
)

from mesh.testing.local import PASSWORD
from tests.resources.conftest import refused
from tests.resources.test_groups import add, group, reason, role
from tests.resources.test_impersonation import begin
from tests.resources.test_tenant_life import user_call

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

ALL = directory_service_pb2.SCOPE_ALL
MEMBER, OWNER = resources_pb2.ROLE_MEMBER, resources_pb2.ROLE_OWNER
KEYS = "/rapport.users.v1.ApiKeyService/"


def program(mesh: LocalMesh, by: Member, **fields: Any) -> Any:
    request = service_account_service_pb2.CreateServiceAccountRequest(display_name="Nightly sync", **fields)
    return mesh.call("/rapport.users.v1.ServiceAccountService/CreateServiceAccount", request, token=by.token)


def key(mesh: LocalMesh, by: Member, account: str, *permissions: str) -> Any:
    made = resources_pb2.ApiKey(grants=[directory_service_pb2.Grant(permission=p, scope=ALL) for p in permissions])
    request = api_key_service_pb2.CreateApiKeyRequest(api_key=made, service_account_id=account)
    return mesh.call(f"{KEYS}CreateApiKey", request, token=by.token)


def token(mesh: LocalMesh, secret: str) -> str:
    exchange = mesh.service("users").exchange
    assert exchange is not None
    return exchange(secret) or ""


def create(mesh: LocalMesh, held: str) -> Any:
    request = contact_service_pb2.CreateContactRequest(contact={"family_name": "Synced"})
    return mesh.call("/rapport.customers.v1.ContactService/CreateContact", request, token=held)


def test_a_key_of_a_service_account_outlives_the_work_of_who_made_it(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("program-keys")
    maker = mesh.member(owner, OWNER)
    account = program(mesh, maker, role=MEMBER)
    made = key(mesh, maker, account.id, "contacts.write", "contacts.read")
    assert made.api_key.user_id == account.id
    assert create(mesh, token(mesh, made.secret)).owner_id == account.id

    user_call(mesh, owner, "Deactivate", maker)
    create(mesh, token(mesh, made.secret))

    # It is bound by what the account may, and ends with the account's work.
    demote = user_service_pb2.SetUserRoleRequest(id=account.id, role=resources_pb2.ROLE_VIEWER)
    mesh.call("/rapport.users.v1.UserService/SetUserRole", demote, token=owner.token)
    mesh.deliver()
    held = token(mesh, made.secret)
    assert refused(lambda: create(mesh, held)) is grpc.StatusCode.PERMISSION_DENIED
    user = type("Account", (), {"id": account.id})
    user_call(mesh, owner, "Suspend", user)  # type: ignore[arg-type]
    assert refused(lambda: create(mesh, held)) is grpc.StatusCode.UNAUTHENTICATED


def test_nobody_signs_in_as_a_program_or_takes_its_place_and_it_owns_nothing_of_the_tenant(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("program-nobody")
    account = program(mesh, owner, role=MEMBER)
    assert account.kind == resources_pb2.User.KIND_PROGRAM
    for password in (PASSWORD, "x" * 12):
        request = session_service_pb2.LogInRequest(tenant=owner.slug, email=account.email, password=password)
        log_in = lambda request=request: mesh.call("/rapport.users.v1.SessionService/LogIn", request)  # type: ignore[misc]  # noqa: E731
        assert reason(log_in) == "CREDENTIALS_INVALID"
    assert reason(lambda: program(mesh, owner, role=OWNER)) == "INVALID_ARGUMENT"
    lift = user_service_pb2.SetUserRoleRequest(id=account.id, role=OWNER)
    lifted = lambda: mesh.call("/rapport.users.v1.UserService/SetUserRole", lift, token=owner.token)  # noqa: E731
    assert reason(lifted) == "INVALID_ARGUMENT"
    moved = email_service_pb2.ChangeUserEmailRequest(id=account.id, email="x@y.example")
    move = lambda: mesh.call("/rapport.users.v1.EmailService/ChangeUserEmail", moved, token=owner.token)  # noqa: E731
    assert reason(move) == "INVALID_ARGUMENT"
    assert reason(lambda: begin(mesh, owner, account.id)) == "IMPERSONATION_REFUSED"


def test_nobody_makes_a_program_or_a_key_that_may_more_than_they(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("program-more")
    clerk = mesh.member(owner, resources_pb2.ROLE_UNSPECIFIED)
    grants = {"users__write": ALL, "api-keys__write": ALL}
    add(mesh, owner, group(mesh, owner, role(mesh, owner, **grants)), clerk.id)
    assert reason(lambda: program(mesh, clerk, role=MEMBER)) == "GRANT_EXCEEDS_OWN"
    strong = program(mesh, owner, role=MEMBER)
    assert reason(lambda: key(mesh, clerk, strong.id, "contacts.read")) == "GRANT_EXCEEDS_OWN"
    key(mesh, clerk, program(mesh, clerk).id, "users.write")
    for account in (owner.id, f"usr_{'0' * 26}"):
        assert reason(lambda account=account: key(mesh, owner, account)) == "INVALID_ARGUMENT"  # type: ignore[misc]
