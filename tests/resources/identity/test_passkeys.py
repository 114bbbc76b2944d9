"""Passkeys: registered by a device, and proven first, second and once more; on each engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import (
    factor_service_pb2,
    resources_pb2,
    security_policy_service_pb2,
    tenant_life_service_pb2,
    user_service_pb2,
)

from mesh.testing.local import PASSWORD
from services.users.domain import passkeys as rules
from services.users.domain.passkeys import handle_of
from tests.resources.identity.passkeys import Keeper, ask, plain
from tests.resources.identity.signing_in import answered, later, log_in, policy, refresh, tenant, unhurried, works
from tests.resources.identity.test_policy import contacts
from tests.resources.identity.test_refresh import together
from tests.resources.identity.test_second_factors import Device, complete
from tests.resources.identity.test_step_up import verify

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

Kind = resources_pb2.Factor
PASSKEY_ONLY = [security_policy_service_pb2.LOGIN_METHOD_PASSKEY]
USERS = "/rapport.users.v1.UserService/"


@pytest.fixture
def keeper(mesh: LocalMesh) -> Keeper:
    """A device that asks for a PIN."""
    return Keeper(mesh)


@pytest.fixture
def key(mesh: LocalMesh) -> Keeper:
    """A device that asks for nothing."""
    return Keeper(mesh, verifies=False)


def factors(mesh: LocalMesh, who: Member) -> Any:
    request = factor_service_pb2.GetFactorsRequest()
    return mesh.call("/rapport.users.v1.FactorService/GetFactors", request, token=who.token)


def copies_told(mesh: LocalMesh, tenant_id: str) -> list[str]:
    kind = audit_pb2.AuditRecorded
    records = [
        kind.FromString(event.data)
        for _, event in mesh.events("users")
        if event.tenant == tenant_id and event.type == kind.DESCRIPTOR.full_name
    ]
    return [each.resource for each in records if each.action == "passkey.copied"]


def test_a_passkey_is_registered_listed_renamed_and_removed(mesh: LocalMesh, keeper: Keeper) -> None:
    owner = tenant(mesh)
    made = keeper.register(owner, "  Work laptop ")
    assert len(made.recovery_codes) == 10
    passkey = made.passkey
    assert (passkey.display_name, passkey.user_id, passkey.user_verified) == ("Work laptop", owner.id, True)
    assert passkey.model == "00010203-0405-0607-0809-0a0b0c0d0e0f"
    assert list(passkey.transports) == ["hybrid", "internal"]
    assert not Keeper(mesh).register(verified(mesh, owner, keeper)).recovery_codes, "there are some already"
    assert len(ask(mesh, "ListPasskeys", owner.token).passkeys) == 2
    named = ask(mesh, "UpdatePasskey", owner.token, passkey={"id": passkey.id, "display_name": "Old laptop"})
    assert ask(mesh, "GetPasskey", owner.token, id=passkey.id).display_name == named.display_name == "Old laptop"
    state = factors(mesh, owner)
    assert (state.passkey_count, state.recovery_code_count) == (2, 10)
    proof, sure = keeper.proof(), verified(mesh, owner, keeper)
    for each in ask(mesh, "ListPasskeys", owner.token).passkeys:
        assert answered(lambda each=each: ask(mesh, "DeletePasskey", owner.token, id=each.id)) == "ASSURANCE_NEEDED"  # type: ignore[misc]
        ask(mesh, "DeletePasskey", sure, id=each.id)
    assert answered(lambda: keeper.log_in(proof)) == "CREDENTIALS_INVALID"
    state = factors(mesh, owner)
    assert (state.passkey_count, state.recovery_code_count) == (0, 0)
    assert works(mesh, log_in(mesh, owner).access_token), "the password is enough again"
    assert len(ask(mesh, "ListPasskeys", owner.token, show_deleted=True).passkeys) == 2


def verified(mesh: LocalMesh, who: Member, keeper: Keeper) -> str:
    """The token of somebody's session once a passkey was proven in it too."""
    return str(keeper.verify(who.token).access_token)


def test_passkeys_are_their_users_own(mesh: LocalMesh, keeper: Keeper) -> None:
    owner = tenant(mesh)
    member = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    passkey = keeper.register(member).passkey
    assert list(ask(mesh, "ListPasskeys", owner.token).passkeys) == []
    assert answered(lambda: ask(mesh, "GetPasskey", owner.token, id=passkey.id)) == "NOT_FOUND"
    assert keeper.log_in().user.id == member.id


def test_a_passkey_that_verified_its_user_is_two_factors_without_a_name_or_a_password(
    mesh: LocalMesh, keeper: Keeper
) -> None:
    owner, other = tenant(mesh), tenant(mesh)
    keeper.register(other)
    keeper.register(owner)
    begun = keeper.log_in()
    assert begun.user.id == owner.id
    assert begun.session.assurance_level == 2
    assert [(each.kind, each.user_verified) for each in begun.session.factors] == [(Kind.KIND_PASSKEY, True)]
    assert works(mesh, begun.access_token)
    assert answered(lambda: refresh(mesh, begun.refresh_token)) == "OK"
    (kept,) = ask(mesh, "ListPasskeys", begun.access_token).passkeys
    assert kept.last_use_time.ToMicroseconds() == begun.session.create_time.ToMicroseconds()
    policy(mesh, owner, mfa_requirement=security_policy_service_pb2.MFA_REQUIREMENT_ALL)
    assert contacts(mesh, keeper.log_in().access_token) == "OK"


def test_without_verification_it_is_one_factor(mesh: LocalMesh, key: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = tenant(mesh)
    key.register(owner)
    begun = key.log_in()
    assert begun.session.assurance_level == 1
    assert contacts(mesh, begun.access_token) == "OK"
    policy(mesh, owner, mfa_requirement=security_policy_service_pb2.MFA_REQUIREMENT_ALL)
    begun = key.log_in()
    assert contacts(mesh, begun.access_token) == "ASSURANCE_NEEDED"
    assert answered(lambda: key.register(begun.access_token)) == "ASSURANCE_NEEDED"
    assert answered(lambda: key.verify(begun.access_token)) == "PASSWORD_WRONG"
    proven = key.verify(begun.access_token, password=PASSWORD)
    assert proven.session.assurance_level == 2
    assert contacts(mesh, proven.access_token) == "OK"
    # With codes as well, a log-in waits for one, and another passkey does not do.
    second = Keeper(mesh, verifies=False)
    second.register(proven.access_token)
    device = Device(mesh, replace(owner, token=proven.access_token), monkeypatch)
    device.confirm()
    begun = key.log_in()
    assert not begun.access_token
    assert list(begun.second_factors) == [Kind.KIND_TOTP, Kind.KIND_RECOVERY_CODE]
    assert answered(lambda: second.complete(begun.pending_token)) == "PASSKEY_WRONG"
    done = complete(mesh, begun.pending_token, device.code())
    assert done.session.assurance_level == 2


def test_beside_a_password_any_passkey_completes_the_log_in(mesh: LocalMesh, key: Keeper) -> None:
    owner = tenant(mesh)
    codes = key.register(owner).recovery_codes
    begun = log_in(mesh, owner)
    assert (begun.access_token, begun.refresh_token) == ("", "")
    assert list(begun.second_factors) == [Kind.KIND_PASSKEY, Kind.KIND_RECOVERY_CODE]
    proof = key.second(begun.pending_token)
    done = key.complete(begun.pending_token, proof)
    assert done.session.assurance_level == 2
    assert [each.kind for each in done.session.factors] == [Kind.KIND_PASSWORD, Kind.KIND_PASSKEY]
    assert works(mesh, done.access_token)
    assert answered(lambda: key.complete(begun.pending_token, proof)) == "SESSION_ENDED"
    other = log_in(mesh, owner).pending_token
    assert answered(lambda: key.complete(other, proof)) == "PASSKEY_WRONG", "it was for another log-in"
    assert answered(lambda: complete(mesh, other, "000000")) == "CODE_WRONG"
    assert answered(lambda: complete(mesh, other, codes[0])) == "OK", "a lost key is made up for by a code"


def test_a_challenge_works_once_for_what_it_was_and_not_for_long(mesh: LocalMesh, keeper: Keeper) -> None:
    owner = tenant(mesh)
    registration = keeper.made(owner.token)
    strange = log_in(mesh, owner).access_token
    assert answered(lambda: ask(mesh, "RegisterPasskey", strange, registration)) == "PASSKEY_WRONG", "another session"
    ask(mesh, "RegisterPasskey", owner.token, registration)
    token = verified(mesh, owner, keeper)
    assert answered(lambda: ask(mesh, "RegisterPasskey", token, registration)) == "PASSKEY_WRONG"
    first = keeper.proof()
    assert answered(lambda: keeper.verify(owner.token, first)) == "PASSKEY_WRONG", "it was for a log-in"
    assert answered(lambda: keeper.log_in(keeper.again(owner.token))) == "CREDENTIALS_INVALID"
    proof = keeper.proof()
    assert answered(lambda: keeper.log_in(proof)) == "OK"
    assert answered(lambda: keeper.log_in(proof)) == "CREDENTIALS_INVALID"
    late = keeper.proof()
    later(mesh, 301)
    assert answered(lambda: keeper.log_in(late)) == "CREDENTIALS_INVALID"


def test_of_many_at_once_with_one_proof_one_gets_in(mesh: LocalMesh, keeper: Keeper) -> None:
    keeper.register(tenant(mesh))
    proof = keeper.proof()
    answers = together(*[lambda: keeper.log_in(proof) for _ in range(4)])
    assert sorted(each for each in answers if isinstance(each, str)) == ["CREDENTIALS_INVALID"] * 3


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://localhost:8080"},
        {"origin": "http://localhost:8081"},
        {"origin": "http://evil.localhost"},
        {"framed": True},
    ],
)
def test_other_pages_get_nowhere(mesh: LocalMesh, keeper: Keeper, change: dict[str, Any]) -> None:
    owner = tenant(mesh)
    keeper.register(owner)
    for name, value in change.items():
        setattr(keeper.device, name, value)
    assert answered(keeper.log_in) == "CREDENTIALS_INVALID"
    assert answered(lambda: keeper.verify(owner.token)) == "PASSKEY_WRONG"
    phished = Keeper(mesh, **change)
    token = log_in(mesh, tenant(mesh)).access_token
    assert answered(lambda: phished.register(token)) == "PASSKEY_WRONG"


def test_a_copy_is_refused_and_told_of_and_those_that_do_not_count_are_not_copies(
    mesh: LocalMesh, keeper: Keeper
) -> None:
    owner = tenant(mesh)
    passkey = keeper.register(owner).passkey
    copy = Keeper(mesh)
    copy.device = keeper.device.copied()
    assert answered(keeper.log_in) == "OK"
    assert copies_told(mesh, owner.tenant) == []
    assert answered(copy.log_in) == "CREDENTIALS_INVALID"
    assert copies_told(mesh, owner.tenant) == [f"passkeys/{passkey.id}"]
    assert answered(keeper.log_in) == "OK"
    copy.device = keeper.device.copied()
    keeper.verify(owner.token)
    assert answered(lambda: copy.verify(owner.token)) == "PASSKEY_WRONG"
    assert len(copies_told(mesh, owner.tenant)) == 2
    still = Keeper(mesh, counts=False)
    still.register(tenant(mesh))
    assert [answered(still.log_in) for _ in range(3)] == ["OK"] * 3


def test_who_is_not_there_is_refused_like_who_is_not_let_in(mesh: LocalMesh, keeper: Keeper) -> None:
    owner, other = tenant(mesh), tenant(mesh)
    member = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    keeper.register(member)
    (passkey,) = keeper.device.credentials
    right = passkey.handle
    nobody = "0" * 26
    for handle in (
        handle_of(f"ten_{nobody}", f"usr_{nobody}"),
        handle_of(owner.tenant, f"usr_{nobody}"),
        handle_of(owner.tenant, owner.id),
        handle_of(other.tenant, member.id),
        "AAAA",
        "",
    ):
        passkey.handle = handle
        assert answered(keeper.log_in) == "CREDENTIALS_INVALID"
    passkey.handle = right
    forged = keeper.proof()
    forged["response"]["signature"] = forged["response"]["signature"][:-8] + "AAAAAAAA"
    assert answered(lambda: keeper.log_in(forged)) == "CREDENTIALS_INVALID"
    suspend = tenant_life_service_pb2.SuspendTenantRequest(slug=owner.slug)
    mesh.call("/rapport.users.v1.TenantLifeService/SuspendTenant", suspend, identity="operator")
    assert answered(keeper.log_in) == "CREDENTIALS_INVALID"
    resume = tenant_life_service_pb2.ResumeTenantRequest(slug=owner.slug)
    mesh.call("/rapport.users.v1.TenantLifeService/ResumeTenant", resume, identity="operator")
    mesh.deliver()
    assert answered(keeper.log_in) == "OK"
    mesh.call(f"{USERS}DeactivateUser", user_service_pb2.DeactivateUserRequest(id=member.id), token=owner.token)
    assert answered(keeper.log_in) == "CREDENTIALS_INVALID"
    one, two = (plain(ask(mesh, "BeginPasskeyLogIn").options) for _ in range(2))
    assert one.pop("challenge") != two.pop("challenge")
    assert one == two
    assert one["allowCredentials"] == []


def test_a_user_has_so_many_passkeys_and_no_device_has_two(
    mesh: LocalMesh, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_PASSKEYS", 2)
    owner = tenant(mesh)
    keeper.register(owner)
    token = verified(mesh, owner, keeper)
    with pytest.raises(LookupError, match="InvalidStateError"):
        keeper.register(token)
    one, two = Keeper(mesh), Keeper(mesh)
    answers = [one.made(token), two.made(token)]
    assert answered(lambda: ask(mesh, "RegisterPasskey", token, answers[0])) == "OK"
    assert answered(lambda: ask(mesh, "RegisterPasskey", token, answers[1])) == "TOO_MANY_PASSKEYS"
    assert answered(lambda: two.made(token)) == "TOO_MANY_PASSKEYS"


def test_a_credential_that_somebody_has_is_not_registered_again(mesh: LocalMesh, keeper: Keeper) -> None:
    owner = tenant(mesh)
    member = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    keeper.register(owner)
    thief = Keeper(mesh)
    thief.device.next_id = keeper.device.credentials[0].id
    assert answered(lambda: thief.register(member)) == "PASSKEY_WRONG"
    answer = Keeper(mesh).made(member.token)
    answer["id"] = answer["rawId"] = keeper.made(log_in(mesh, tenant(mesh)).access_token)["id"]
    assert answered(lambda: ask(mesh, "RegisterPasskey", member.token, answer)) == "PASSKEY_WRONG"
    assert factors(mesh, member).passkey_count == 0


def test_another_factor_is_added_where_two_were_proven_and_lately(mesh: LocalMesh, keeper: Keeper) -> None:
    owner = tenant(mesh)
    before = log_in(mesh, owner)
    keeper.register(owner)
    assert answered(lambda: Keeper(mesh).register(before.access_token)) == "ASSURANCE_NEEDED"
    path, begin = "/rapport.users.v1.FactorService/BeginTotp", factor_service_pb2.BeginTotpRequest(password=PASSWORD)
    assert answered(lambda: mesh.call(path, begin, token=before.access_token)) == "ASSURANCE_NEEDED"
    assert answered(lambda: verify(mesh, before.access_token)) == "CODE_WRONG"
    proven = keeper.verify(before.access_token)
    assert proven.session.assurance_level == 2
    assert answered(lambda: mesh.call(path, begin, token=proven.access_token)) == "OK"
    later(mesh, 3_700)
    renewed = refresh(mesh, before.refresh_token).access_token
    assert answered(lambda: Keeper(mesh).register(renewed)) == "ASSURANCE_NEEDED"
    assert answered(lambda: Keeper(mesh).register(keeper.verify(renewed).access_token)) == "OK"


def test_where_passkeys_are_the_only_way_a_password_is_good_for_the_first_one(mesh: LocalMesh, keeper: Keeper) -> None:
    owner = tenant(mesh)
    member = mesh.member(owner, resources_pb2.ROLE_MEMBER)
    keeper.register(owner)
    policy(mesh, owner, login_methods=PASSKEY_ONLY)
    assert answered(lambda: log_in(mesh, owner)) == "LOGIN_METHOD_REFUSED"
    assert works(mesh, keeper.log_in().access_token)
    begun = log_in(mesh, member)
    assert contacts(mesh, begun.access_token) == "ASSURANCE_NEEDED"
    theirs = Keeper(mesh)
    theirs.register(begun.access_token)
    assert contacts(mesh, refresh(mesh, begun.refresh_token).access_token) == "ASSURANCE_NEEDED"
    assert contacts(mesh, theirs.verify(begun.access_token).access_token) == "OK"
    assert works(mesh, theirs.log_in().access_token)
    assert answered(lambda: log_in(mesh, member)) == "LOGIN_METHOD_REFUSED"


def test_a_tenant_without_passkeys_lets_nobody_in_by_them(mesh: LocalMesh, keeper: Keeper) -> None:
    owner = tenant(mesh)
    keeper.register(owner)
    policy(mesh, owner, login_methods=[security_policy_service_pb2.LOGIN_METHOD_PASSWORD])
    assert answered(keeper.log_in) == "LOGIN_METHOD_REFUSED"
    pending = log_in(mesh, owner).pending_token
    assert works(mesh, keeper.complete(pending).access_token), "as a second factor it does"


def test_no_key_and_no_challenge_is_told(mesh: LocalMesh, keeper: Keeper) -> None:
    owner = tenant(mesh)
    registration = keeper.made(owner.token)
    ask(mesh, "RegisterPasskey", owner.token, registration)
    keeper.log_in(proof := keeper.proof())
    unhurried(mesh)
    everything = str([event.data for name in mesh.services for _, event in mesh.events(name)])
    everything += mesh.access_log.read_text()
    for secret in (registration["response"]["clientDataJSON"], proof["response"]["signature"], proof["id"]):
        assert secret not in everything
