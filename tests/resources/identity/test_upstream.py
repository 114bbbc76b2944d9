"""Signing in through an identity provider: who gets in, who has to prove more, and what goes wrong; on each engine."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from google.protobuf.json_format import ParseDict
from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import (
    identity_provider_service_pb2,
    resources_pb2,
    security_policy_service_pb2,
    user_service_pb2,
)

from mesh.testing.openid_provider import CLIENT_SECRET
from tests.hygiene.sources import ROOT
from tests.resources.identity.passkeys import Keeper
from tests.resources.identity.signing_in import answered, later, log_in, policy, tenant, works
from tests.resources.identity.test_refresh import together
from tests.resources.identity.test_second_factors import Device, complete
from tests.resources.identity.upstreams import PROVIDERS, Door, ask, door

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.openid_provider import Provider

pytestmark = pytest.mark.shows("upstream.sign-in")
Kind = resources_pb2.Factor
UPSTREAM_ONLY = [security_policy_service_pb2.LOGIN_METHOD_UPSTREAM]
WRONG, REFUSED = "UPSTREAM_ANSWER_WRONG", "UPSTREAM_PERSON_REFUSED"


def domain(owner: Member) -> str:
    return owner.email.partition("@")[2]


def actions(mesh: LocalMesh, tenant_id: str) -> list[tuple[str, str]]:
    """What was recorded of a tenant, with the kind of thing that it was done to."""
    kind = audit_pb2.AuditRecorded
    own = [e for _, e in mesh.events("users") if e.tenant == tenant_id and e.type == kind.DESCRIPTOR.full_name]
    records = [kind.FromString(event.data) for event in own]
    return [(record.action, record.resource.partition("/")[0]) for record in records]


def test_a_user_proves_once_that_the_account_is_theirs_and_then_comes_by_it(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    begun = acme.log_in("ada-at-acme", owner.email.upper())
    assert (begun.access_token, begun.pending_token, begun.session.id) == ("", "", "")
    assert answered(lambda: ask(mesh, "LinkUpstream", "", link_token=begun.link_token)) == "UNAUTHENTICATED"
    stranger = mesh.member(owner, resources_pb2.ROLE_OWNER)
    assert answered(lambda: ask(mesh, "LinkUpstream", stranger.token, link_token=begun.link_token)) == "LINK_REFUSED"
    link = ask(mesh, "LinkUpstream", owner.token, link_token=begun.link_token)
    assert (link.user_id, link.identity_provider_id) == (owner.id, acme.id)
    assert answered(lambda: ask(mesh, "LinkUpstream", owner.token, link_token=begun.link_token)) == "LINK_REFUSED"

    again = acme.log_in("ada-at-acme")
    assert (again.user.id, again.session.assurance_level) == (owner.id, 1)
    assert [each.kind for each in again.session.factors] == [Kind.KIND_UPSTREAM]
    assert works(mesh, again.access_token)
    (kept,) = ask(mesh, "ListUpstreamLinks", owner.token).upstream_links
    assert kept.HasField("last_use_time")
    assert not ask(mesh, "ListUpstreamLinks", stranger.token).upstream_links
    told = actions(mesh, owner.tenant)
    assert ("upstream_link.created", "upstream-links") in told
    assert ("identity_provider.secret_set", "identity-providers") in told
    assert CLIENT_SECRET.encode() not in b"".join(event.data for _, event in mesh.events("users"))
    assert "ada-at-acme" not in str([event.data for _, event in mesh.events("users")])


def test_a_proposal_ends_and_an_account_is_one_users(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme, other = door(mesh, owner, there), mesh.member(owner, resources_pb2.ROLE_MEMBER)
    tokens = [acme.log_in("shared", who.email).link_token for who in (owner, other)]
    ask(mesh, "LinkUpstream", owner.token, link_token=tokens[0])
    assert answered(lambda: ask(mesh, "LinkUpstream", other.token, link_token=tokens[1])) == "LINK_REFUSED"
    token = acme.log_in("another", other.email).link_token
    later(mesh, 601)
    assert answered(lambda: ask(mesh, "LinkUpstream", other.token, link_token=token)) == "LINK_REFUSED"


def test_where_the_tenant_says_so_the_address_is_enough(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there, domains=[domain(owner)], links_by_email=True)
    assert answered(lambda: acme.log_in("ada", owner.email, email_verified=False)) == REFUSED
    assert acme.log_in("ada", owner.email).user.id == owner.id
    assert len(ask(mesh, "ListUpstreamLinks", owner.token).upstream_links) == 1
    acme.change(vouches_for_emails=True)
    member = mesh.member(owner, resources_pb2.ROLE_VIEWER)
    assert acme.log_in("mel", member.email, email_verified=None).user.id == member.id
    assert answered(lambda: acme.log_in("eve", "eve@elsewhere.example")) == REFUSED


def test_who_is_unknown_becomes_a_user_only_where_the_tenant_wants_it(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    newcomer = f"new@{domain(owner)}"
    assert answered(lambda: acme.log_in("new", newcomer)) == REFUSED
    acme.change(creates_users=True, role=resources_pb2.ROLE_VIEWER)
    there.told = {"sub": "new", "email": newcomer, "email_verified": True, "name": "Ada Lovelace", "given_name": "Ada"}
    begun = acme.log_in("new")
    assert (begun.user.email, begun.user.display_name, begun.user.given_name) == (newcomer, "Ada Lovelace", "Ada")
    assert begun.user.role == resources_pb2.ROLE_VIEWER
    assert works(mesh, begun.access_token)
    assert acme.log_in("new").user.id == begun.user.id
    assert {("user.provisioned", "users"), ("session.logged_in", "users")} <= set(actions(mesh, owner.tenant))
    long = f"{'x' * 60}@{'y' * 60}.{'y' * 60}.{domain(owner)}"
    assert len(acme.log_in("long", long).user.display_name) <= 200
    assert answered(lambda: acme.log_in("another")) == WRONG, "what is told is about somebody else"
    # Without a password the link is the only way in, until there is another one.
    (link,) = ask(mesh, "ListUpstreamLinks", begun.access_token).upstream_links
    assert answered(lambda: ask(mesh, "DeleteUpstreamLink", begun.access_token, id=link.id)) == "LAST_WAY_IN"
    Keeper(mesh).register(begun.access_token)
    assert ask(mesh, "DeleteUpstreamLink", begun.access_token, id=link.id).HasField("delete_time")
    assert acme.log_in("new").link_token, "it is a user's address by now"
    policy(mesh, owner, invitation_domains=["elsewhere.example"])
    assert answered(lambda: acme.log_in("two", f"two@{domain(owner)}")) == REFUSED


def test_two_first_sign_ins_at_once_make_one_user(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there, creates_users=True)
    email = f"twice@{domain(owner)}"
    answers = [acme.answer("twice", email) for _ in range(2)]
    outcomes = together(*(partial(answered, partial(acme.send, each)) for each in answers))
    assert "OK" in outcomes
    assert set(outcomes) <= {"OK", WRONG}
    users = [row for row in mesh.dump("users")["users"] if email in row]
    assert len(users) == 1


def test_a_provider_that_is_shut_meanwhile_lets_nobody_in(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    link = acme.link(owner, "ada")
    shown = lambda: [u.identity_provider_id for u in ask(mesh, "FindUpstreams", tenant=owner.slug).upstreams]  # noqa: E731
    assert shown() == [acme.id]
    answer, proposal = acme.answer("ada"), acme.log_in("two", owner.email).link_token
    acme.change(enabled=False)
    assert shown() == []
    assert answered(lambda: acme.send(answer)) == "UPSTREAM_UNKNOWN"
    assert answered(lambda: ask(mesh, "LinkUpstream", owner.token, link_token=proposal)) == "LINK_REFUSED"
    assert answered(acme.begin) == "UPSTREAM_UNKNOWN"
    acme.change(enabled=True)
    assert acme.log_in("ada").access_token
    delete = identity_provider_service_pb2.DeleteIdentityProviderRequest(id=acme.id)
    mesh.call(f"{PROVIDERS}DeleteIdentityProvider", delete, token=owner.token)
    assert answered(acme.begin) == "UPSTREAM_UNKNOWN"
    assert ask(mesh, "GetUpstreamLink", owner.token, id=link.id).id
    mesh.deliver()
    later(mesh, 31 * 86_400)
    mesh.deliver()
    left = mesh.dump("users")
    for table in ("identity_providers", "identity_provider_secrets", "upstream_links"):
        assert not [row for row in left[table] if owner.tenant in row], table


def test_who_may_not_work_does_not_come_by_another_door(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there, domains=[domain(owner)], links_by_email=True, creates_users=True)
    member = mesh.member(owner, resources_pb2.ROLE_VIEWER)
    assert acme.log_in("mel", member.email).access_token
    suspend = user_service_pb2.SuspendUserRequest(id=member.id)
    mesh.call("/rapport.users.v1.UserService/SuspendUser", suspend, token=owner.token)
    assert answered(lambda: acme.log_in("mel", member.email)) == REFUSED
    assert answered(lambda: acme.log_in("mel-again", member.email)) == REFUSED
    gone = mesh.member(owner, resources_pb2.ROLE_VIEWER)
    delete = user_service_pb2.DeleteUserRequest(id=gone.id)
    mesh.call("/rapport.users.v1.UserService/DeleteUser", delete, token=owner.token)
    assert answered(lambda: acme.log_in("gone", gone.email)) == REFUSED


def test_a_second_factor_of_ones_own_is_asked_for_still(
    mesh: LocalMesh, there: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    acme.link(owner, "ada")
    device = Device(mesh, owner, monkeypatch)
    device.confirm()
    begun = acme.log_in("ada", amr=["mfa"])
    assert not begun.access_token, "the tenant does not take the provider's word"
    done = complete(mesh, begun.pending_token, device.code())
    assert done.session.assurance_level == 2
    token = acme.log_in("second", owner.email).link_token
    assert answered(lambda: ask(mesh, "LinkUpstream", log_in(mesh, owner).access_token, link_token=token)) != "OK"
    assert ask(mesh, "LinkUpstream", done.access_token, link_token=token).id


def test_where_the_tenant_takes_its_word_a_provider_is_worth_two_factors(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there, vouches_for_mfa=True)
    acme.link(owner, "ada")
    policy(mesh, owner, mfa_requirement=security_policy_service_pb2.MFA_REQUIREMENT_ALL)
    assert acme.log_in("ada").session.assurance_level == 1
    begun = acme.log_in("ada", amr=["pwd", "mfa"])
    assert begun.session.assurance_level == 2
    assert works(mesh, begun.access_token)


def test_the_policy_decides_whether_people_come_this_way(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    assert answered(lambda: policy(mesh, owner, login_methods=UPSTREAM_ONLY)) == "LOCKS_OUT_CALLER"
    link = acme.link(owner, "ada")
    policy(mesh, owner, login_methods=UPSTREAM_ONLY)
    assert answered(lambda: log_in(mesh, owner)) == "LOGIN_METHOD_REFUSED"
    begun = acme.log_in("ada")
    assert works(mesh, begun.access_token)
    assert answered(lambda: ask(mesh, "DeleteUpstreamLink", begun.access_token, id=link.id)) == "LAST_WAY_IN"
    ways = [security_policy_service_pb2.LOGIN_METHOD_PASSWORD]
    request = security_policy_service_pb2.UpdateSecurityPolicyRequest(security_policy={"login_methods": ways})
    mesh.call("/rapport.users.v1.SecurityPolicyService/UpdateSecurityPolicy", request, token=begun.access_token)
    assert answered(lambda: acme.log_in("ada")) == "LOGIN_METHOD_REFUSED"
    assert not ask(mesh, "FindUpstreams", tenant=owner.slug).upstreams
    assert works(mesh, log_in(mesh, owner).access_token)


def test_a_proof_is_as_old_as_the_sign_in_at_the_provider(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    acme.link(owner, "ada")
    wall = mesh.host("users").environment.wall.now_us() // 1_000_000
    old = acme.log_in("ada", auth_time=wall - 7200)
    made = identity_provider_service_pb2.SetIdentityProviderSecretRequest(id=acme.id, client_secret=CLIENT_SECRET)
    set_secret = f"{PROVIDERS}SetIdentityProviderSecret"
    assert answered(lambda: mesh.call(set_secret, made, token=old.access_token)) == "ASSURANCE_NEEDED"
    fresh = acme.log_in("ada", auth_time=wall)
    assert answered(lambda: mesh.call(set_secret, made, token=fresh.access_token)) == "OK"
    untold = acme.log_in("ada", auth_time=None)
    assert answered(lambda: mesh.call(set_secret, made, token=untold.access_token)) == "ASSURANCE_NEEDED"


def test_who_is_to_sign_in_there_again_has_done_so(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    acme.link(owner, "ada")
    asked = acme.begin(again=True).authorization_uri
    assert "prompt=login" in asked
    assert "max_age=0" in asked
    wall = mesh.host("users").environment.wall.now_us() // 1_000_000
    assert acme.log_in("ada", again=True, auth_time=wall - 30).access_token
    for when in (wall - 120, None, "now", True):
        assert answered(lambda when=when: acme.log_in("ada", again=True, auth_time=when)) == WRONG  # type: ignore[misc]


def clear(acme: Door, *paths: str) -> None:
    request = identity_provider_service_pb2.UpdateIdentityProviderRequest(identity_provider={"id": acme.id})
    request.update_mask.paths.extend(paths)
    acme.mesh.call(f"{PROVIDERS}UpdateIdentityProvider", request, token=acme.owner.token)


def test_the_page_for_administrators_works_as_it_is_written(mesh: LocalMesh, there: Provider) -> None:
    blocks = re.findall(r"^```json\n(.*?)^```", (ROOT / "docs" / "sign-in.md").read_text(), re.MULTILINE | re.DOTALL)
    provider, secret, ways = (json.loads(block) for block in blocks)
    owner = tenant(mesh)
    create = identity_provider_service_pb2.CreateIdentityProviderRequest()
    # Of another place than the page's, where somebody answers.
    ParseDict({**provider, "issuer": there.url}, create.identity_provider)
    made = mesh.call(f"{PROVIDERS}CreateIdentityProvider", create, token=owner.token)
    set_secret = ParseDict({**secret, "id": made.id}, identity_provider_service_pb2.SetIdentityProviderSecretRequest())
    mesh.call(f"{PROVIDERS}SetIdentityProviderSecret", set_secret, token=owner.token)
    there.client = (provider["clientId"], secret["clientSecret"])
    acme = Door(mesh, owner, there, made.id)
    assert acme.log_in("ada", "ada@acme.example").user.role == resources_pb2.ROLE_VIEWER
    clear(acme, "domains")
    acme.link(owner, "owner")
    update = security_policy_service_pb2.UpdateSecurityPolicyRequest()
    ParseDict(ways, update.security_policy)
    mesh.call("/rapport.users.v1.SecurityPolicyService/UpdateSecurityPolicy", update, token=owner.token)
    assert answered(lambda: log_in(mesh, owner)) == "LOGIN_METHOD_REFUSED"
    assert acme.log_in("owner").access_token
