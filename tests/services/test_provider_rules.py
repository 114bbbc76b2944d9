"""What an identity provider may be made by whom."""

from __future__ import annotations

from typing import Any

import pytest
from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.identity_providers import ProviderFacts, decide_provider

pytestmark = pytest.mark.shows("upstream.tokens")
ISSUER = "https://login.example"
FACTS = ProviderFacts(
    "https://crm.example", lambda url: url.startswith("https://"), held={"x.read": 3}, declared=["x.read"]
)


def provider(**fields: Any) -> resources_pb2.IdentityProvider:
    usual = {"id": "idp_1", "display_name": "Acme", "issuer": ISSUER, "client_id": "c"}
    return resources_pb2.IdentityProvider(**{**usual, **fields})


def test_a_provider_is_kept_with_its_defaults() -> None:
    made = decide_provider(None, provider(domains=["b.example", "a.example", "b.example"]), FACTS)
    assert (made.enabled, list(made.scopes)) == (True, ["openid", "email", "profile"])
    assert list(made.domains) == ["a.example", "b.example"]
    assert made.redirect_uri == "https://crm.example/oauth/upstream/idp_1/answer"
    assert not decide_provider(None, provider(enabled=False), FACTS).enabled
    assert list(decide_provider(None, provider(scopes=["email", "openid"]), FACTS).scopes) == ["openid", "email"]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"issuer": "http://login.example"}, "issuer"),
        ({"issuer": ISSUER + "?x=1"}, "issuer"),
        ({"issuer": ISSUER + "#"}, "issuer"),
        ({"display_name": ""}, "display_name"),
        ({"client_id": ""}, "client_id"),
        ({"role": resources_pb2.ROLE_OWNER}, "role"),
        ({"role_ids": ["rol_none"]}, "role_ids"),
        ({"links_by_email": True}, "links_by_email"),
        ({"vouches_for_emails": True}, "vouches_for_emails"),
    ],
)
def test_what_a_provider_cannot_be_is_told(fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(Failure) as refused:
        decide_provider(None, provider(**fields), FACTS)
    assert (refused.value.reason, list(refused.value.fields)) == ("INVALID_ARGUMENT", [fault])


@pytest.mark.parametrize("name", ["links_by_email", "vouches_for_emails"])
def test_who_decides_who_anybody_is_may_do_everything(name: str) -> None:
    less = ProviderFacts(FACTS.public_url, FACTS.allows, held={"x.read": 1}, declared=["x.read"])
    trusted = provider(domains=["a.example"], **{name: True})
    kept = decide_provider(None, trusted, FACTS)
    for before, after in (
        (None, trusted),
        (provider(domains=["a.example"]), trusted),
        (kept, provider(domains=["a.example", "b.example"], **{name: True})),
    ):
        with pytest.raises(Failure) as refused:
            decide_provider(before, after, less)
        assert refused.value.reason == "GRANT_EXCEEDS_OWN"
    off = decide_provider(kept, provider(domains=["a.example"], enabled=False, **{name: True}), less)
    assert not off.enabled, "whoever keeps providers shuts one"


CLERK = ProviderFacts(FACTS.public_url, FACTS.allows, {"rol_1": {"x.read": 3}}, {"x.read": 1}, ["x.read"])
CREATES = {"creates_users": True, "domains": ["a.example"]}


@pytest.mark.parametrize("roles", [{"role": resources_pb2.ROLE_VIEWER}, {"role_ids": ["rol_1"]}])
@pytest.mark.parametrize(
    ("had", "wanted"),
    [
        (CREATES, {**CREATES, "domains": ["a.example", "b.example"]}),
        (CREATES, {"creates_users": True}),
        ({}, {"creates_users": True}),
        ({**CREATES, "enabled": False}, {**CREATES, "enabled": True}),
    ],
)
def test_who_lets_more_people_have_roles_holds_them(
    roles: dict[str, Any], had: dict[str, Any], wanted: dict[str, Any]
) -> None:
    with pytest.raises(Failure) as refused:
        decide_provider(provider(**had, **roles), provider(**wanted, **roles), CLERK)
    assert refused.value.reason == "GRANT_EXCEEDS_OWN"
    narrower = provider(**{**wanted, **roles, "enabled": False, "domains": ["a.example"], "creates_users": False})
    assert decide_provider(provider(**had, **roles), narrower, CLERK)


@pytest.mark.parametrize("name", ["links_by_email", "vouches_for_emails", "vouches_for_mfa"])
def test_a_trusted_provider_is_opened_again_by_who_may_do_everything(name: str) -> None:
    trusted = {"domains": ["a.example"], name: True}
    for before in (provider(**trusted, enabled=False), provider(domains=["a.example"])):
        with pytest.raises(Failure) as refused:
            decide_provider(before, provider(**trusted, enabled=True), CLERK)
        assert refused.value.reason == "GRANT_EXCEEDS_OWN"
        assert decide_provider(before, provider(**trusted, enabled=True), FACTS).enabled
    assert decide_provider(None, provider(vouches_for_mfa=True), FACTS).vouches_for_mfa, "of any domain"
