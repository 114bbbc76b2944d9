"""Other ways to sign in to programs: from another device, without a secret, and with a second factor."""

from __future__ import annotations

import base64
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from joserfc import jwt
from joserfc.jwk import OKPKey

from mesh.runtime.clock import SystemClock
from mesh.testing.company import PASSWORD, Company, found
from mesh.testing.forged import other_end
from tests.journeys.relying_party import CALLBACK, Browser, brought_back, discovered, look, register, without

if TYPE_CHECKING:
    from mesh.testing.running import RunningMesh

pytestmark = pytest.mark.slow
FORM = "application/x-www-form-urlencoded"
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def company(mesh: RunningMesh) -> Company:
    return found(mesh, f"openid-{uuid.uuid4().hex[:8]}")


@pytest.mark.shows("openid.device")
def test_a_device_is_signed_in_from_another_one(company: Company) -> None:
    program = register(company, grantTypes=["GRANT_TYPE_DEVICE_CODE", "GRANT_TYPE_REFRESH_TOKEN"], redirectUris=[])
    begun = program.post("/oauth/device-authorization", scope="openid contacts.read").json()
    assert len(begun["user_code"]) == 9
    ask = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": begun["device_code"]}
    assert program.post("/oauth/token", **ask).json()["error"] == "authorization_pending"
    assert program.post("/oauth/token", **ask).json()["error"] == "slow_down"
    other = register(company, grantTypes=["GRANT_TYPE_DEVICE_CODE"], redirectUris=[], scopes=("openid",))
    assert other.post("/oauth/token", **ask).json()["error"] == "invalid_grant", "another client's device"

    browser = Browser(program.url)
    assert "Code that your device shows" in browser.go(begun["verification_uri"]).text
    assert browser.go(f"{begun['verification_uri']}?user_code=BBBB-BBBB").status_code == 404
    page = browser.sign_in(begun["verification_uri_complete"], company.owner.email)
    assert begun["user_code"] in page.text, "the user compares the codes"
    assert "Your device is signed in" in browser.send(page, answer="allow").text
    assert browser.go(begun["verification_uri_complete"]).status_code == 404, "it is answered once"

    assert program.post("/oauth/token", **ask).json()["error"] == "slow_down", "it still has to wait"
    denied = program.post("/oauth/device-authorization", scope="openid").json()
    page = browser.go(denied["verification_uri_complete"])
    assert "not signed in" in browser.send(page, answer="deny").text
    ask["device_code"] = denied["device_code"]
    assert program.post("/oauth/token", **ask).json()["error"] == "access_denied"


@pytest.mark.shows("openid.impostors")
def test_a_program_on_a_device_needs_no_secret_and_listens_where_it_can(company: Company) -> None:
    program = register(company, public=True, redirectUris=["http://127.0.0.1/back"])
    browser = Browser(program.url)
    address, verifier = program.begin("openid contacts.read")
    here = "http://127.0.0.1:9/back"
    page = browser.sign_in(without(address, redirect_uri=here), company.owner.email)
    answer = browser.send(page, answer="allow")
    assert answer.headers["location"].startswith(f"{here}?code=")
    back = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    sent = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": here}
    assert program.post("/oauth/token", **sent).json()["error"] == "invalid_request"
    with_secret = program.post("/oauth/token", **sent, code_verifier=verifier, client_secret="x")
    assert with_secret.json()["error"] == "invalid_client", "a public client has nothing to prove it by"
    tokens = program.post("/oauth/token", **sent, code_verifier=verifier).json()
    assert look(program.url, tokens["access_token"]) == 200
    assert program.post("/oauth/introspect", token=tokens["access_token"]).status_code == 401

    again = browser.go(without(address, redirect_uri=here))
    assert "wants to work for you" in again.text, "any program of the machine might listen there"
    silent = browser.go(without(address, redirect_uri=here, prompt="none"))
    assert "error=consent_required" in silent.headers["location"]


@pytest.mark.shows("openid.sign-in")
def test_a_request_may_come_as_a_form_from_another_site(company: Company) -> None:
    program = register(company)
    browser = Browser(program.url)
    address, verifier = program.begin()
    browser.allow(address, company.owner.email)
    endpoint, _, query = address.partition("?")

    # What the browser sends with a form of another site holds no cookie: it is signed in all the same.
    asked = httpx.post(endpoint, data=dict(parse_qsl(query)), timeout=15)
    assert (asked.status_code, asked.headers["cache-control"]) == (303, "no-store")
    assert "set-cookie" not in asked.headers
    tokens = program.redeem(brought_back(browser.go(f"{program.url}{asked.headers['location']}")), verifier)
    assert program.claims(tokens["id_token"])["sub"]

    silent = httpx.post(endpoint, data={**dict(parse_qsl(query)), "prompt": "none"}, timeout=15)
    stranger = Browser(program.url).go(f"{program.url}{silent.headers['location']}")
    assert brought_back(stranger)["error"] == "login_required"
    unknown = httpx.post(endpoint, data={"client_id": "nobody"}, timeout=15, follow_redirects=True)
    assert (unknown.status_code, "The client is unknown" in unknown.text) == (400, True)
    for body in (f"{query}&state=again", "a=%ff", "x=" + "1" * 8_100):
        refused = httpx.post(endpoint, content=body, headers={"content-type": FORM}, timeout=15)
        assert (refused.status_code, "does not lead anywhere" in refused.text) == (400, True), body[:20]
    assert httpx.post(endpoint, json={"client_id": program.client_id}, timeout=15).status_code == 400


@pytest.mark.shows("openid.impostors")
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_a_program_proves_who_it_is_with_a_key_of_its_own(company: Company) -> None:
    keys = [OKPKey.generate_key("Ed25519", {"kid": name}) for name in ("mine", "another")]
    jwks = json.dumps({"keys": [keys[0].as_dict(private=False)]})
    grants = ["GRANT_TYPE_AUTHORIZATION_CODE", "GRANT_TYPE_DEVICE_CODE"]
    program = register(company, jwks=jwks, grantTypes=grants, scopes=("openid", "contacts.read"))
    assert "private_key_jwt" in discovered(program.url)["token_endpoint_auth_methods_supported"]

    def signed(key: OKPKey = keys[0], **claims: object) -> dict[str, str]:
        now = SystemClock().now_us() // 1_000_000
        said = {"iss": program.client_id, "sub": program.client_id, "aud": program.url, "exp": now + 60, **claims}
        header = {"alg": "EdDSA", "kid": "mine"}
        made = jwt.encode(header, {"jti": uuid.uuid4().hex, **said}, key, algorithms=["EdDSA"])
        return {"client_assertion": made, "client_assertion_type": JWT_BEARER}

    def ask(path: str, proof: dict[str, str], **form: str) -> httpx.Response:
        return httpx.post(f"{program.url}/oauth/{path}", data={**proof, **form}, timeout=15)

    browser = Browser(program.url)
    address, verifier = program.begin("openid contacts.read")
    back = browser.allow(address, company.owner.email)
    redeem = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": CALLBACK}
    tokens = ask("token", signed(aud=f"{program.url}/oauth/token"), code_verifier=verifier, **redeem).json()
    assert look(program.url, tokens["access_token"]) == 200
    assert ask("introspect", signed(), token=tokens["access_token"]).json()["active"]
    assert ask("device-authorization", signed(), scope="openid").status_code == 200
    assert ask("revoke", signed(), token=tokens["access_token"]).status_code == 200
    assert not ask("introspect", signed(), token=tokens["access_token"]).json()["active"]

    once = signed()
    with ThreadPoolExecutor(4) as pool:
        outcomes = pool.map(lambda _: ask("revoke", once, token="x").status_code, range(4))
        assert sorted(outcomes) == [200, 401, 401, 401], "an assertion is used once"
    again = signed()
    read = [ask("introspect", again, token="x").status_code for _ in range(2)]
    assert read == [200, 200], "what only reads may be sent again"
    for forged in (
        signed(keys[1]),
        signed(aud="https://other.example"),
        signed(exp=1),
        signed(sub=other_end(program.client_id)),
        {**signed(), "client_assertion_type": "other"},
        {"client_id": program.client_id, "client_secret": program.secret},
    ):
        refused = ask("introspect", forged, token="x")
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client"), forged
    both = ask("introspect", {**signed(), "client_secret": program.secret}, token="x")
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")
    elsewhere = ask("introspect", {**signed(), "client_id": register(company).client_id}, token="x")
    assert elsewhere.status_code == 401, "a client without keys has a secret"
    with_private = json.dumps({"keys": [keys[0].as_dict(private=True)]})
    told = company.owner.send("PATCH", f"/v1/oauth-clients/{program.id}", {"jwks": with_private})
    assert (told.status_code, "private key" in told.text) == (400, True)


@pytest.mark.shows("openid.sign-in")
def test_the_second_factor_that_a_tenant_wants_is_asked_for(mesh: RunningMesh) -> None:
    company = found(mesh, f"openid-{uuid.uuid4().hex[:8]}")
    program = register(company)
    person = company.add(f"ada@{company.slug}.example")
    secret = person.ask("POST", "/v1/user/totp:begin", {"password": PASSWORD})["secret"]
    device = TOTP(base64.b32decode(secret), 6, SHA1(), 30)  # noqa: S303  # what devices know
    code = device.generate(SystemClock().now_us() // 1_000_000)
    recovery = person.ask("POST", "/v1/user/totp:confirm", {"code": code.decode()})["recoveryCodes"]
    company.owner.ask("PATCH", "/v1/security-policy", {"mfaRequirement": "MFA_REQUIREMENT_ALL"})

    browser = Browser(program.url)
    address, verifier = program.begin()
    page = browser.sign_in(address, person.email)
    assert "Enter your code" in page.text
    page = browser.send(page, code="000000")
    assert page.status_code == 403
    silent, _ = program.begin(prompt="none")
    assert brought_back(browser.go(silent))["error"] == "login_required"
    back = brought_back(browser.send(browser.send(page, code=recovery[0]), answer="allow"))
    claims = program.claims(program.redeem(back, verifier)["id_token"])
    assert (claims["acr"], claims["amr"]) == ("2", ["pwd", "otp", "mfa"])

    weak = Browser(program.url).sign_in(address, company.owner.email)
    assert weak.status_code == 403
    assert "A second factor is needed" in weak.text
