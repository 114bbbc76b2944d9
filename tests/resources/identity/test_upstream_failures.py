"""Sign-ins through a provider that go wrong: forged, late, twice, or where the provider fails; on each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from mesh.testing.openid_provider import openid_provider
from services.users.service import discovery
from tests.resources.identity.signing_in import answered, later, tenant
from tests.resources.identity.upstreams import door

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh
    from mesh.testing.openid_provider import Provider

pytestmark = pytest.mark.shows("upstream.sign-in", "upstream.tokens")
WRONG = "UPSTREAM_ANSWER_WRONG"


def test_the_answer_must_be_the_one_that_was_asked_for(mesh: LocalMesh, there: Provider) -> None:
    owner, other = tenant(mesh), tenant(mesh)
    acme, beside = door(mesh, owner, there), door(mesh, owner, there)
    acme.link(owner, "ada")
    first, second = acme.answer("ada"), acme.answer("ada")
    for name, value in (
        ("login_token", second.login_token),
        ("state", second.state),
        ("state", first.state[:-2]),
        ("code", second.code),
        ("code", ""),
        ("iss", "https://evil.example"),
        ("iss", ""),
        ("error", "access_denied"),
        ("login_token", "x"),
        ("identity_provider_id", beside.id),
    ):
        changed = type(first)()
        changed.CopyFrom(first)
        setattr(changed, name, value)
        assert answered(lambda changed=changed: acme.send(changed)) == WRONG, name  # type: ignore[misc]
    third = acme.answer("ada")
    assert acme.send(third).user.id == owner.id
    there.takes_codes_once = False
    assert answered(lambda: acme.send(third)) == WRONG, "the state works once, whatever the provider does"
    assert acme.send(acme.answer("ada")).user.id == owner.id
    late = acme.answer("ada")
    later(mesh, 601)
    assert answered(lambda: acme.send(late)) == WRONG
    assert answered(lambda: acme.begin(tenant=other.slug)) == "UPSTREAM_UNKNOWN", "another tenant's provider"
    assert answered(lambda: acme.begin(tenant="nobody-here")) == "UPSTREAM_UNKNOWN"
    assert answered(lambda: acme.begin(redirect_uri="javascript:alert(1)")) == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    "claims", [{"nonce": "x"}, {"aud": "x"}, {"iss": "https://x.example"}, {"exp": 1}, {"azp": "x"}, {"iat": 1}]
)
def test_an_id_token_for_somebody_else_lets_nobody_in(mesh: LocalMesh, there: Provider, claims: dict[str, Any]) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    acme.link(owner, "ada")
    there.claims = claims
    assert answered(lambda: acme.log_in("ada")) == WRONG


def test_a_provider_changes_its_keys(mesh: LocalMesh, there: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    acme.link(owner, "ada")
    there.rotate()
    assert answered(lambda: acme.log_in("ada")) == WRONG, "keys are not asked for again within seconds"
    monkeypatch.setattr(discovery, "AGAIN_SECONDS", 0.0)
    asked = there.asked.count("/keys")
    assert acme.log_in("ada").access_token
    assert acme.log_in("ada").access_token
    assert there.asked.count("/keys") == asked + 1, "and kept"
    there.rotate()
    there.faults["/keys"] = (500, b"")
    assert answered(lambda: acme.log_in("ada")) == "UPSTREAM_UNAVAILABLE"


@pytest.mark.parametrize(
    ("path", "fault", "reason"),
    [
        ("/token", (500, b""), "UPSTREAM_UNAVAILABLE"),
        ("/token", (200, b"[]"), WRONG),
        ("/token", (200, b'{"id_token": 5}'), WRONG),
        ("/token", (200, b"x" * 300_000), "UPSTREAM_UNAVAILABLE"),
        ("/token", (302, b""), WRONG),
        ("/token", (401, b'{"error": "invalid_client"}'), WRONG),
        ("/me", (503, b""), "UPSTREAM_UNAVAILABLE"),
        ("/me", (200, b"<html>"), WRONG),
    ],
)
def test_a_provider_that_fails_is_told_from_one_that_lies(
    mesh: LocalMesh, there: Provider, path: str, fault: tuple[int, bytes], reason: str
) -> None:
    owner = tenant(mesh)
    acme = door(mesh, owner, there)
    acme.link(owner, "ada")
    there.faults[path] = fault
    assert answered(lambda: acme.log_in("new" if path == "/me" else "ada")) == reason


def test_a_provider_that_is_none_cannot_be_asked(mesh: LocalMesh, there: Provider) -> None:
    owner = tenant(mesh)
    well_known = "/.well-known/openid-configuration"
    for fault in ((404, b""), (200, b"{}"), (200, b'{"issuer": "https://evil.example"}'), (200, b"[" * 5000)):
        there.faults[well_known] = fault
        acme = door(mesh, owner, there)
        assert answered(lambda acme=acme: acme.begin()) == "UPSTREAM_UNAVAILABLE"  # type: ignore[misc]
    del there.faults[well_known]
    acme = door(mesh, owner, there)
    assert acme.begin().authorization_uri.startswith(f"{there.url}/authorize?")
    there.document = {"token_endpoint": "http://10.0.0.1/token"}
    with openid_provider() as within:
        within.document = {"jwks_uri": "http://169.254.169.254/latest"}
        assert answered(lambda: door(mesh, owner, within).begin()) == "UPSTREAM_UNAVAILABLE"
