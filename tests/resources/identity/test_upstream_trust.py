"""Who may change what a provider is trusted with, and what closing one does; on each engine."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from rapport.users.v1 import (
    custom_role_service_pb2,
    factor_service_pb2,
    identity_provider_service_pb2,
    passkey_service_pb2,
    resources_pb2,
    security_policy_service_pb2,
)

from mesh.testing.local import PASSWORD
from services.users.domain import identity_providers as rules
from services.users.service.passwords import hash_password
from services.users.service.upstream_log_in import UpstreamLogIn
from tests.resources.identity.passkeys import Keeper
from tests.resources.identity.signing_in import answered, log_in, policy, tenant
from tests.resources.identity.upstreams import PROVIDERS, Door, door

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.runtime.call import Call
    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.openid_provider import Provider
    from services.users.service.upstream import Arrived

pytestmark = pytest.mark.shows("upstream.sign-in")
UPSTREAM_ONLY = [security_policy_service_pb2.LOGIN_METHOD_UPSTREAM]
WRONG = "UPSTREAM_ANSWER_WRONG"


def domain(owner: Member) -> str:
    return owner.email.partition("@")[2]


def clear(acme: Door, *paths: str) -> None:
    request = identity_provider_service_pb2.UpdateIdentityProviderRequest(identity_provider={"id": acme.id})
    request.update_mask.paths.extend(paths)
    acme.mesh.call(f"{PROVIDERS}UpdateIdentityProvider", request, token=acme.owner.token)


def clerk(mesh: LocalMesh, owner: Member, *roles: str) -> Member:
    """A member who keeps providers, and may little else."""
    hashed = {"password_hash": hash_password(PASSWORD), "epoch": 1}
    state, role = resources_pb2.User.STATE_ACTIVE, resources_pb2.ROLE_VIEWER
    email = f"clerk@{owner.slug}.example"
    user = mesh.insert(owner.tenant, resources_pb2.User(email=email, role=role, role_ids=roles, state=state), **hashed)
    made = replace(owner, id=user.id, email=email)
    return replace(made, token=log_in(mesh, made).access_token)


def custom_role(mesh: LocalMesh, owner: Member, *permissions: str) -> str:
    grants = [{"permission": each, "scope": 3} for each in permissions]
    role = {"display_name": permissions[0], "grants": grants}
    made = custom_role_service_pb2.CreateCustomRoleRequest(custom_role=role)
    return str(mesh.call("/rapport.users.v1.CustomRoleService/CreateCustomRole", made, token=owner.token).id)


def test_who_keeps_providers_gives_nobody_the_roles_that_an_owner_wrote_there(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    keeping = custom_role(mesh, owner, "identity-providers.write", "identity-providers.read")
    beyond = custom_role(mesh, owner, "users.write")
    acme = door(mesh, owner, there, domains=["a.example"], creates_users=True, role_ids=[beyond])
    theirs = replace(acme, owner=clerk(mesh, owner, keeping))
    assert answered(lambda: theirs.change(domains=["a.example", "evil.example"])) == "GRANT_EXCEEDS_OWN"
    assert answered(lambda: clear(theirs, "domains")) == "GRANT_EXCEEDS_OWN"
    assert not theirs.change(enabled=False).enabled
    assert answered(lambda: theirs.change(enabled=True)) == "GRANT_EXCEEDS_OWN"
    assert acme.change(enabled=True).enabled


def test_a_tenant_has_so_many_providers_and_no_more_also_when_they_come_at_once(
    mesh: LocalMesh, there: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, other = tenant(mesh), tenant(mesh)
    kept = [door(mesh, owner, there) for _ in range(2)]
    monkeypatch.setattr(rules, "MOST_PROVIDERS", 4)
    with ThreadPoolExecutor(4) as pool:
        outcomes = Counter(pool.map(lambda _: answered(lambda: door(mesh, owner, there)), range(4)))
    assert outcomes == {"OK": 2, "TOO_MANY_PROVIDERS": 2}
    door(mesh, other, there)
    kept[0].change(enabled=False)
    assert answered(lambda: door(mesh, owner, there)) == "TOO_MANY_PROVIDERS", "one that is shut counts"
    gone = identity_provider_service_pb2.DeleteIdentityProviderRequest(id=kept[0].id)
    mesh.call(f"{PROVIDERS}DeleteIdentityProvider", gone, token=owner.token)
    door(mesh, owner, there)


def test_nobody_closes_the_only_way_that_they_have_left(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    acme.link(owner, "ada")
    policy(mesh, owner, login_methods=UPSTREAM_ONLY)
    delete = identity_provider_service_pb2.DeleteIdentityProviderRequest(id=acme.id)

    def close() -> Any:
        return mesh.call(f"{PROVIDERS}DeleteIdentityProvider", delete, token=owner.token)

    assert answered(close) == answered(lambda: acme.change(enabled=False)) == "LOCKS_OUT_CALLER"
    assert acme.log_in("ada").access_token
    policy(mesh, owner, login_methods=[security_policy_service_pb2.LOGIN_METHOD_PASSWORD, *UPSTREAM_ONLY])
    assert not acme.change(enabled=False).enabled
    assert acme.change(enabled=True).enabled
    old = acme.log_in("ada", auth_time=None)
    assert answered(lambda: mesh.call(f"{PROVIDERS}DeleteIdentityProvider", delete, token=old.access_token)) == (
        "ASSURANCE_NEEDED"
    )
    assert close().HasField("delete_time")


def test_the_last_passkey_stays_where_it_is_the_only_way(mesh: LocalMesh) -> None:
    owner = tenant(mesh)
    keeper = Keeper(mesh)
    passkey = keeper.register(owner).passkey
    token = keeper.verify(owner.token).access_token
    ways = [security_policy_service_pb2.LOGIN_METHOD_PASSKEY]
    policy(mesh, replace(owner, token=token), login_methods=ways)
    remove = passkey_service_pb2.DeletePasskeyRequest(id=passkey.id)
    delete = partial(mesh.call, "/rapport.users.v1.PasskeyService/DeletePasskey", remove, token=token)
    assert answered(delete) == "LAST_WAY_IN"
    policy(mesh, replace(owner, token=token), login_methods=[*ways, security_policy_service_pb2.LOGIN_METHOD_PASSWORD])
    assert answered(delete) == "OK"


@pytest.mark.parametrize("known", [True, False])
def test_a_provider_that_is_shut_while_it_is_asked_lets_nobody_in(
    mesh: LocalMesh, there: Provider, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there, creates_users=True)
    acme.link(owner, "ada")
    arrive = UpstreamLogIn.arrive

    def meanwhile(change: Callable[[], object]) -> str:
        def late(self: UpstreamLogIn, call: Call, arrived: Arrived) -> object:
            change()
            return arrive(self, call, arrived)

        answer = acme.answer("ada") if known else acme.answer("new", f"new@{domain(owner)}")
        with monkeypatch.context() as patch:
            patch.setattr(UpstreamLogIn, "arrive", late)
            return answered(lambda: acme.send(answer))

    assert meanwhile(lambda: acme.change(enabled=False)) == WRONG
    acme.change(enabled=True)
    assert meanwhile(lambda: acme.change(domains=["elsewhere.example"])) == ("OK" if known else WRONG)


def test_an_administrator_cuts_the_links_of_somebody_else(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme, member = door(mesh, owner, there), mesh.member(owner, resources_pb2.ROLE_MEMBER)
    acme.link(member, "mel")
    acme.link(owner, "ada")
    assert acme.log_in("mel").user.id == member.id
    request = factor_service_pb2.ResetUserFactorsRequest(id=member.id)
    mesh.call("/rapport.users.v1.FactorService/ResetUserFactors", request, token=owner.token)
    begun = acme.log_in("mel", member.email)
    assert not begun.access_token
    assert begun.link_token, "they are linked anew by a proof of their own"
    assert acme.log_in("ada").user.id == owner.id
