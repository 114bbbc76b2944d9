"""API keys: what one is worth now, whose rights bound it, and how fast it ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from google.api import httpbody_pb2
from rapport.customers.v1 import contact_service_pb2
from rapport.users.v1 import (
    api_key_service_pb2,
    directory_service_pb2,
    oauth_service_pb2,
    resources_pb2,
    user_service_pb2,
)

from mesh.contract.failure import Failure
from mesh.runtime.rate import Buckets
from mesh.testing.forged import other_end
from mesh.testing.local import LocalMesh, Member
from services.users.domain import keys as rules
from services.users.service import exchange
from tests.resources.conftest import refused

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS = "/rapport.users.v1.ApiKeyService/"
USERS = "/rapport.users.v1.UserService/"
CONTACTS = "/rapport.customers.v1.ContactService/"
ALL, OWN = directory_service_pb2.SCOPE_ALL, directory_service_pb2.SCOPE_OWN


@pytest.fixture(autouse=True)
def asked_each_time() -> Iterator[None]:
    """What was found is not believed for any time."""
    with mock.patch.object(exchange, "BELIEVED_SECONDS", 0.0):
        yield


@pytest.fixture(autouse=True)
def nothing_guessed(mesh: LocalMesh) -> None:
    """Every test begins with all guesses left: they are counted for the whole process, whatever test made them."""
    mesh.service("users").exchange.__self__._strangers = Buckets()


def make(mesh: LocalMesh, by: Member, *, ends_in: int = 0, **grants: int) -> api_key_service_pb2.CreateApiKeyResponse:
    key = resources_pb2.ApiKey(display_name="sync")
    for permission, scope in grants.items():
        key.grants.add(permission=permission.replace("__", "."), scope=directory_service_pb2.Scope.ValueType(scope))
    if ends_in:
        key.expire_time.FromMicroseconds(mesh.clock.now_us() + ends_in * 1_000_000)
    made: Any = mesh.call(f"{KEYS}CreateApiKey", api_key_service_pb2.CreateApiKeyRequest(api_key=key), token=by.token)
    return made  # type: ignore[no-any-return]


def token(mesh: LocalMesh, secret: str) -> str | None:
    exchanged = mesh.service("users").exchange
    assert exchanged is not None
    return exchanged(secret)


def create(mesh: LocalMesh, secret: str, **fields: str) -> Any:
    held = token(mesh, secret)
    assert held is not None
    request = contact_service_pb2.CreateContactRequest(contact={"family_name": "Keyed", **fields})
    return mesh.call(f"{CONTACTS}CreateContact", request, token=held)


def refusal(failure: Any) -> str:
    return str(failure.value.code().name)


def test_a_key_does_what_it_was_given_for_its_user_and_no_more(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("keys-given")
    made = make(mesh, owner, contacts__read=ALL, contacts__write=OWN)

    contact = create(mesh, made.secret)

    assert contact.owner_id == owner.id, "what a key makes belongs to its user"
    held = token(mesh, made.secret) or ""
    request = contact_service_pb2.DeleteContactRequest(id=contact.id)
    with pytest.raises(grpc.RpcError) as failure:
        mesh.call(f"{CONTACTS}DeleteContact", request, token=held)
    assert refusal(failure) == "PERMISSION_DENIED"
    records = [event for _, event in mesh.events("customers") if made.api_key.id.encode() in event.data]
    assert any(owner.id.encode() in event.data for event in records), "the audit record names the key and its user"


def test_nobody_makes_a_key_that_may_do_more_than_they(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("keys-more")
    made = make(mesh, owner, **{"api-keys__write": ALL, "contacts__read": ALL})
    # A key makes no keys: it would live on in them.
    keyed = Member(owner.tenant, owner.slug, made.api_key.id, "", token(mesh, made.secret) or "")
    with pytest.raises(grpc.RpcError) as failure:
        make(mesh, keyed, contacts__read=ALL)
    assert refusal(failure) == "PERMISSION_DENIED"
    with pytest.raises(grpc.RpcError) as failure:
        make(mesh, owner, contacts__dream=ALL)
    assert refusal(failure) == "INVALID_ARGUMENT"


def test_a_key_that_was_revoked_has_expired_or_is_forged_is_exchanged_for_nothing(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("keys-ended")
    made = make(mesh, owner, contacts__read=ALL)
    short = make(mesh, owner, ends_in=60, contacts__read=ALL)
    forged = (other_end(made.secret), "rk_", "rk_x", "", made.secret + "0")
    assert [token(mesh, each) for each in forged] == [None] * len(forged)
    assert token(mesh, made.secret)
    assert token(mesh, short.secret)

    mesh.clock.advance(timedelta(seconds=61))
    assert token(mesh, short.secret) is None
    assert token(mesh, made.secret)
    mesh.call(f"{KEYS}DeleteApiKey", api_key_service_pb2.DeleteApiKeyRequest(id=made.api_key.id), token=owner.token)
    assert token(mesh, made.secret) is None


def test_a_secret_that_was_replaced_works_until_the_overlap_ends(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("keys-rotated")
    made = make(mesh, owner, contacts__read=ALL)
    request = api_key_service_pb2.RotateApiKeyRequest(id=made.api_key.id)
    second = mesh.call(f"{KEYS}RotateApiKey", request, token=owner.token)
    assert token(mesh, made.secret)
    assert token(mesh, second.secret)
    mesh.clock.advance(timedelta(days=1, seconds=1))
    assert token(mesh, made.secret) is None
    assert token(mesh, second.secret)

    request.overlap.seconds = 0
    request.overlap.SetInParent()
    third = mesh.call(f"{KEYS}RotateApiKey", request, token=owner.token)
    assert token(mesh, second.secret) is None
    assert token(mesh, third.secret)
    assert third.api_key.hint == third.secret[-4:]


def test_a_key_ends_with_its_users_work_and_comes_back_with_it(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("keys-user")
    colleague = mesh.member(owner, resources_pb2.ROLE_OWNER)
    made = make(mesh, colleague, contacts__read=ALL)
    held = token(mesh, made.secret) or ""
    listed = contact_service_pb2.ListContactsRequest()
    mesh.call(f"{CONTACTS}ListContacts", listed, token=held)

    request = user_service_pb2.DeactivateUserRequest(id=colleague.id, successor_id=owner.id)
    mesh.call(f"{USERS}DeactivateUser", request, token=owner.token)
    mesh.deliver()
    assert token(mesh, made.secret) is None
    with pytest.raises(grpc.RpcError) as failure:
        mesh.call(f"{CONTACTS}ListContacts", listed, token=held)
    assert refusal(failure) == "UNAUTHENTICATED"

    again = user_service_pb2.ReactivateUserRequest(id=colleague.id)
    mesh.call(f"{USERS}ReactivateUser", again, token=owner.token)
    assert token(mesh, made.secret)


def check_bounds(mesh: LocalMesh, slug: str) -> None:
    """What its user may not do any more, a key may not either."""
    owner = mesh.sign_up(slug)
    colleague = mesh.member(owner, resources_pb2.ROLE_OWNER)
    made = make(mesh, colleague, contacts__read=ALL, contacts__write=ALL)
    create(mesh, made.secret)
    request = user_service_pb2.SetUserRoleRequest(id=colleague.id, role=resources_pb2.ROLE_VIEWER)
    mesh.call(f"{USERS}SetUserRole", request, token=owner.token)
    mesh.deliver()
    with pytest.raises(grpc.RpcError) as failure:
        create(mesh, made.secret)
    assert refusal(failure) == "PERMISSION_DENIED"


def test_a_key_may_never_do_more_than_its_user(mesh: LocalMesh) -> None:
    check_bounds(mesh, "keys-bounds")


def test_a_directory_that_believed_the_key_alone_would_be_noticed(
    mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.users.service import directory

    assert directory.within is rules.within
    monkeypatch.setattr(directory, "within", lambda given, held: given)
    with pytest.raises(pytest.fail.Exception):
        check_bounds(mesh, "keys-unbound")


def test_use_is_noted_now_and_then_and_costs_no_write_a_call(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("keys-used")
    made = make(mesh, owner, contacts__read=ALL)

    def written() -> int:
        with mesh.statements("users") as asked:
            token(mesh, made.secret)
        return asked.count("transaction")

    assert [written() for _ in range(3)] == [1, 0, 0]
    mesh.clock.advance(timedelta(minutes=11))
    assert [written() for _ in range(3)] == [1, 0, 0]
    got = mesh.call(f"{KEYS}GetApiKey", api_key_service_pb2.GetApiKeyRequest(id=made.api_key.id), token=owner.token)
    assert abs(got.last_use_time.ToMicroseconds() - mesh.clock.now_us()) < 600_000_000


def test_what_was_found_is_believed_for_seconds_only(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "BELIEVED_SECONDS", 60.0)
    assert exchange.TOKEN_SECONDS <= 300
    owner = mesh.sign_up("keys-believed")
    made = make(mesh, owner, contacts__read=ALL)
    first = token(mesh, made.secret)
    with mesh.statements("users") as asked:
        assert token(mesh, made.secret) == first
    assert asked == []


def test_who_tries_too_many_secrets_is_told_to_wait_and_known_keys_are_not(mesh: LocalMesh) -> None:
    owner = mesh.sign_up("keys-guessed")
    made = make(mesh, owner, contacts__read=ALL)
    guess = made.secret[:30] + "0" * 52

    def guess_often() -> None:
        for _ in range(1000):
            token(mesh, guess)

    with pytest.raises(Failure, match="RATE_LIMITED"):
        guess_often()
    assert token(mesh, made.secret)


def test_the_token_endpoint_counts_secrets_that_are_none_as_the_edge_does(mesh: LocalMesh) -> None:
    form = b"grant_type=client_credentials&client_id=key_1&client_secret=rk_1"
    body = httpbody_pb2.HttpBody(content_type="application/x-www-form-urlencoded", data=form)
    request = oauth_service_pb2.IssueTokenRequest(form=body)

    def ask() -> Any:
        return mesh.call("/rapport.users.v1.OAuthService/IssueToken", request)

    assert b"invalid_client" in ask().data
    with mock.patch.object(exchange.Exchange, "refuse", side_effect=Failure("RATE_LIMITED", retry_after=1)):
        assert refused(ask) is grpc.StatusCode.RESOURCE_EXHAUSTED
