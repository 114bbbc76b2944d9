"""Signing in to other programs with Rapport, through the real edge, with a standard client and a plain browser."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx
import pytest

from mesh.testing.company import Company, found
from mesh.testing.eventually import eventually
from tests.journeys.relying_party import (
    CALLBACK,
    SIGNED_OUT,
    Browser,
    Program,
    brought_back,
    discovered,
    look,
    register,
    without,
)

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company(mesh: RunningMesh) -> Company:
    return found(mesh, f"openid-{uuid.uuid4().hex[:8]}")


@pytest.fixture(scope="module")
def program(company: Company) -> Program:
    return register(company)


def signed_in(company: Company, program: Program, scope: str = "openid profile email") -> tuple[Browser, dict]:
    """A browser in which the owner has signed in, and the tokens that the program got by that."""
    browser = Browser(program.url)
    address, verifier = program.begin(scope)
    return browser, program.redeem(browser.allow(address, company.owner.email), verifier)


@pytest.mark.shows("openid.sign-in")
def test_people_sign_in_to_a_program_that_then_works_for_them(company: Company, program: Program) -> None:
    browser = Browser(program.url)
    address, verifier = program.begin("openid profile email contacts.read offline_access", nonce="n-1", state="s 1")
    page = browser.sign_in(address, company.owner.email)
    assert "wants to work for you" in page.text
    assert "Look at contacts" in page.text
    back = brought_back(browser.send(page, answer="allow"))
    assert (back["state"], back["iss"]) == ("s 1", program.url)

    tokens = program.redeem(back, verifier)
    assert tokens["scope"].split() == ["openid", "profile", "email", "contacts.read", "offline_access"]
    claims = program.claims(tokens["id_token"])
    assert (claims["sub"], claims["nonce"], claims["email"]) == (company.owner.id, "n-1", company.owner.email)
    assert (claims["acr"], claims["amr"]) == ("1", ["pwd"])
    with program.speaks(token=tokens) as client:
        told = client.get(discovered(program.url)["userinfo_endpoint"]).json()
    assert told["sub"] == company.owner.id
    assert told["email"] == company.owner.email

    token = tokens["access_token"]
    assert look(program.url, token) == 200
    assert look(program.url, token, "/v1/companies") == 403, "what was not asked for"
    assert look(program.url, token, "/v1/sessions") == 403, "what is the user's own"
    assert look(program.url, token, "/v1/oauth-clients") == 403

    again, verifier = program.begin("openid contacts.read", prompt="none")
    assert program.redeem(brought_back(browser.go(again)), verifier)["id_token"], "nobody is asked twice"


@pytest.mark.shows("openid.refresh")
def test_refresh_tokens_go_on_and_one_that_comes_twice_ends_all(company: Company, program: Program) -> None:
    _, tokens = signed_in(company, program, "openid contacts.read offline_access")
    with program.speaks(token=tokens) as client:
        renewed = client.refresh_token(discovered(program.url)["token_endpoint"], tokens["refresh_token"])
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert look(program.url, renewed["access_token"]) == 200
    narrow = program.post(
        "/oauth/token", grant_type="refresh_token", refresh_token=renewed["refresh_token"], scope="openid"
    ).json()
    assert narrow["scope"] == "openid"
    assert look(program.url, narrow["access_token"]) == 403

    stolen = program.post("/oauth/token", grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    eventually(lambda: look(program.url, renewed["access_token"]) == 401, within=10, of="the family has ended")
    after = program.post("/oauth/token", grant_type="refresh_token", refresh_token=narrow["refresh_token"])
    assert after.json()["error"] == "invalid_grant"


@pytest.mark.shows("openid.codes")
def test_a_code_works_once_for_its_client_with_all_that_belongs_to_it(company: Company, program: Program) -> None:
    browser = Browser(program.url)
    address, verifier = program.begin("openid contacts.read")
    back = browser.allow(address, company.owner.email)
    other, guest = register(company), register(company, public=True)
    sent = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": CALLBACK}
    wrong = [
        program.post("/oauth/token", **sent, code_verifier="x" * 43),
        program.post("/oauth/token", **(sent | {"redirect_uri": CALLBACK + "/"}), code_verifier=verifier),
        program.post("/oauth/token", **(sent | {"code": back["code"][:-2]}), code_verifier=verifier),
        other.post("/oauth/token", **sent, code_verifier=verifier),
        guest.post("/oauth/token", **sent, code_verifier=verifier),
    ]
    assert [(each.status_code, each.json()["error"]) for each in wrong] == [(400, "invalid_grant")] * 5
    assert program.post("/oauth/token", **sent).json()["error"] == "invalid_request", "the verifier is missing"
    unproven = httpx.post(
        f"{program.url}/oauth/token",
        data={**sent, "code_verifier": verifier, "client_id": program.client_id},
        timeout=15,
    )
    assert (unproven.status_code, unproven.json()["error"]) == (401, "invalid_client")

    tokens = program.redeem(back, verifier)
    assert look(program.url, tokens["access_token"]) == 200
    again = program.post("/oauth/token", **sent, code_verifier=verifier)
    assert again.json()["error"] == "invalid_grant"
    eventually(lambda: look(program.url, tokens["access_token"]) == 401, within=10, of="what the code gave has ended")


@pytest.mark.shows("openid.redirects")
def test_nobody_is_sent_where_the_client_has_not_said(company: Company, program: Program) -> None:
    address, _ = program.begin()
    for wrong in (
        without(address, redirect_uri="https://evil.example/callback"),
        without(address, redirect_uri=CALLBACK + "?x=1"),
        without(address, redirect_uri=CALLBACK.upper()),
        without(address, "redirect_uri"),
        without(address, client_id="oc_0"),
        without(address, "client_id"),
        address + "&redirect_uri=https%3A%2F%2Fevil.example",
    ):
        answer = httpx.get(wrong, timeout=15)
        assert (answer.status_code, "location" in answer.headers) == (400, False), wrong
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.shows("openid.redirects")
def test_a_wrong_request_is_answered_to_the_client(company: Company, program: Program) -> None:
    address, _ = program.begin(state="s")
    for wrong, error in (
        (without(address, "code_challenge"), "invalid_request"),
        (without(address, code_challenge_method="plain"), "invalid_request"),
        (without(address, "code_challenge_method"), "invalid_request"),
        (without(address, response_type="token"), "unsupported_response_type"),
        (without(address, scope="openid users.write"), "invalid_scope"),
        (without(address, "scope"), "invalid_scope"),
        (without(address, request="x"), "request_not_supported"),
        (without(address, prompt="none login"), "invalid_request"),
        (without(address, prompt="none"), "login_required"),
    ):
        back = brought_back(httpx.get(wrong, timeout=15))
        assert (back["error"], back["state"], back["iss"]) == (error, "s", program.url), wrong


@pytest.mark.shows("openid.pages")
def test_a_form_that_another_page_made_does_nothing(company: Company) -> None:
    program = register(company)
    browser = Browser(program.url)
    address, _ = program.begin(state="mine")
    page = browser.go(address)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    refused = browser.send(page, email=company.owner.email, password="granite-walrus-47-lantern", csrf="0" * 64)
    assert refused.status_code == 403
    elsewhere = Browser(program.url).send(page, email=company.owner.email, password="granite-walrus-47-lantern")
    assert elsewhere.status_code == 403, "without the cookie of the browser it was made for"
    wrong = browser.send(page, email=company.owner.email, password="wrong")
    assert wrong.status_code == 403
    assert "wrong" in wrong.text

    consent = browser.send(page, email=company.owner.email, password="granite-walrus-47-lantern")
    forged = browser.send(consent, answer="allow", csrf="0" * 64)
    assert "wants to work for you" in forged.text, "it is asked again"
    assert brought_back(browser.send(consent, answer="deny"))["error"] == "access_denied"


def test_who_is_asked_to_sign_in_again_does(company: Company, program: Program) -> None:
    browser, tokens = signed_in(company, program, "openid contacts.read")
    first = program.claims(tokens["id_token"])["auth_time"]
    for more in ({"prompt": "login"}, {"max_age": "0"}):
        address, verifier = program.begin("openid contacts.read", **more)
        back = brought_back(browser.sign_in(address, company.owner.email))
        assert program.claims(program.redeem(back, verifier)["id_token"])["auth_time"] >= first
    assert program.post("/oauth/introspect", token=tokens["access_token"]).json()["active"], "it goes on"
    page = browser.go(f"{discovered(program.url)['end_session_endpoint']}?client_id={program.client_id}")
    assert "You are signed out" in browser.send(page).text
    assert program.post("/oauth/introspect", token=tokens["access_token"]).json() == {"active": False}


@pytest.mark.shows("openid.endings")
def test_a_token_is_worth_what_it_is_worth_until_it_is_revoked(company: Company, program: Program) -> None:
    _, tokens = signed_in(company, program, "openid contacts.read offline_access")
    other = register(company)
    for name in ("access_token", "refresh_token"):
        known = program.post("/oauth/introspect", token=tokens[name]).json()
        assert (known["active"], known["sub"], known["client_id"]) == (True, company.owner.id, program.client_id)
        assert other.post("/oauth/introspect", token=tokens[name]).json() == {"active": False}
        assert other.post("/oauth/revoke", token=tokens[name]).status_code == 200
    assert look(program.url, tokens["access_token"]) == 200, "nobody ends another client's tokens"
    assert program.post("/oauth/introspect", token="nonsense").json() == {"active": False}

    assert program.post("/oauth/revoke", token=tokens["refresh_token"]).status_code == 200
    assert program.post("/oauth/introspect", token=tokens["access_token"]).json() == {"active": False}
    eventually(lambda: look(program.url, tokens["access_token"]) == 401, within=10, of="the token is refused")


@pytest.mark.shows("openid.endings")
def test_signing_out_ends_what_lasts_as_long_as_the_browser_does(company: Company, program: Program) -> None:
    browser, tokens = signed_in(company, program, "openid contacts.read")
    ends = discovered(program.url)["end_session_endpoint"]
    stranger = {"client_id": program.client_id, "post_logout_redirect_uri": "https://evil.example/"}
    assert httpx.get(f"{ends}?{urlencode(stranger)}", timeout=15).status_code == 400
    query = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": SIGNED_OUT, "state": "x"}
    page = browser.go(f"{ends}?{urlencode(query)}")
    assert "Sign out of Rapport?" in page.text
    assert look(program.url, tokens["access_token"]) == 200, "looking at the page ends nothing"
    answer = browser.send(page)
    assert answer.headers["location"] == f"{SIGNED_OUT}?state=x"
    eventually(lambda: look(program.url, tokens["access_token"]) == 401, within=10, of="the client's session ends")
    refused = program.post("/oauth/token", grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert refused.json()["error"] == "invalid_grant"
    address, _ = program.begin(prompt="none")
    assert brought_back(browser.go(address))["error"] == "login_required"


@pytest.mark.shows("openid.clients")
def test_a_client_that_is_deleted_or_of_another_company_gets_nothing(company: Company, mesh: RunningMesh) -> None:
    program = register(company)
    _, tokens = signed_in(company, program, "openid contacts.read")
    stranger = found(mesh, f"openid-{uuid.uuid4().hex[:8]}")
    assert stranger.owner.send("GET", f"/v1/oauth-clients/{program.id}").status_code == 404
    page = Browser(program.url).sign_in(program.begin()[0], stranger.owner.email)
    assert page.status_code == 403, "nobody of another company signs in to it"

    rotated = company.owner.ask("POST", f"/v1/oauth-clients/{program.id}:rotate", {"overlap": "60s"})
    later = Program(program.url, program.id, program.client_id, rotated["secret"])
    for each in (program, later):
        assert each.post("/oauth/introspect", token="x").json() == {"active": False}, "both secrets work for a while"
    company.owner.ask("DELETE", f"/v1/oauth-clients/{program.id}")
    eventually(lambda: look(program.url, tokens["access_token"]) == 401, within=10, of="its tokens are refused")
    assert later.post("/oauth/introspect", token="x").status_code == 401
    assert httpx.get(without(discovered(program.url)["authorization_endpoint"]), timeout=15).status_code == 400


@pytest.mark.shows("openid.endings")
def test_the_user_takes_back_what_a_client_was_allowed(company: Company, program: Program) -> None:
    _, tokens = signed_in(company, program, "openid contacts.read offline_access")
    sessions = company.owner.ask("GET", "/v1/sessions")["sessions"]
    of_client = next(each for each in sessions if each["clientId"] == program.id)
    assert "contacts.read" in of_client["scopes"]
    company.owner.ask("DELETE", f"/v1/sessions/{of_client['id']}")
    eventually(lambda: look(program.url, tokens["access_token"]) == 401, within=10, of="the client is shut out")
