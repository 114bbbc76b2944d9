"""How people stay signed in, sign out, and come to another password: through the edge."""

from __future__ import annotations

import base64
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from mesh.testing.authenticator import Authenticator
from mesh.testing.company import PASSWORD, found, good, reason
from mesh.testing.eventually import eventually

if TYPE_CHECKING:
    from mesh.testing.company import Company
    from mesh.testing.running import RunningMesh

OTHER = "quarry-otter-58-beacon"
TOLD_SECONDS = 5.0
ENDED = (401, "SESSION_ENDED")


def post(company: Company, path: str, body: Any, **headers: str) -> httpx.Response:
    return httpx.post(f"{company.mesh.url}{path}", json=body, headers=headers, timeout=30)


def log_in(company: Company, password: str = PASSWORD, email: str = "", **headers: str) -> httpx.Response:
    who = {"tenant": company.slug, "email": email or company.owner.email, "password": password}
    return post(company, "/v1/sessions:logIn", who, **headers)


def refresh(company: Company, token: str) -> httpx.Response:
    return post(company, "/v1/sessions:refresh", {"token": token})


def ask(company: Company, verb: str, path: str, token: str, body: Any = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"}
    return httpx.request(verb, f"{company.mesh.url}{path}", json=body, headers=headers, timeout=15)


def codes(company: Company, token: str) -> set[int]:
    """What the services answer to a bearer token."""
    return {ask(company, "GET", path, token).status_code for path in ("/v1/user", "/v1/contacts")}


def is_over(company: Company, token: str) -> None:
    """The token is refused by every service within five seconds."""
    eventually(lambda: codes(company, token) == {401}, within=TOLD_SECONDS, of="the end of the session being known")


@pytest.mark.shows("sessions.devices")
@pytest.mark.shows("sessions.end")
def test_devices_are_listed_and_signed_out_one_by_one_and_all_at_once(mesh: RunningMesh) -> None:
    company = found(mesh, "devices")
    here = good(log_in(company, **{"user-agent": "Desk/1.0"}))
    lost = good(log_in(company, **{"user-agent": "Phone/2.0", "x-envoy-external-address": "203.0.113.1"}))
    token = here["accessToken"]
    listed = {each["id"]: each for each in good(ask(company, "GET", "/v1/sessions", token))["sessions"]}
    assert listed[lost["session"]["id"]]["userAgent"] == "Phone/2.0"
    assert {each["address"] for each in listed.values()} == {"127.0.0.1"}, "the edge tells it, and nobody else"
    good(ask(company, "DELETE", f"/v1/sessions/{lost['session']['id']}", token))
    is_over(company, lost["accessToken"])
    assert reason(refresh(company, lost["refreshToken"])) == ENDED
    assert good(ask(company, "POST", "/v1/sessions:endOthers", token, {}))["endedCount"] == 1
    is_over(company, company.owner.token)
    assert codes(company, token) == {200}
    good(ask(company, "POST", "/v1/sessions:endAll", token, {}))
    is_over(company, token)


@pytest.mark.shows("sessions.refresh")
def test_a_session_goes_on_by_its_refresh_tokens_each_of_which_works_once(mesh: RunningMesh) -> None:
    company = found(mesh, "rotation")
    first = good(log_in(company))
    second = good(refresh(company, first["refreshToken"]))
    assert good(refresh(company, first["refreshToken"]))["refreshToken"] == second["refreshToken"], "two tabs"
    third = good(refresh(company, second["refreshToken"]))
    assert codes(company, third["accessToken"]) == {200}
    assert reason(refresh(company, first["refreshToken"])) == (401, "TOKEN_REUSED")
    assert reason(refresh(company, third["refreshToken"])) == ENDED
    is_over(company, third["accessToken"])

    def recorded() -> bool:
        entries = company.owner.ask("GET", "/v1/audit-entries?page_size=200")["auditEntries"]
        return any(each["action"] == "session.token_reused" for each in entries)

    eventually(recorded, of="the reuse being in the audit")


@pytest.mark.shows("sessions.race")
def test_fifty_refreshes_at_once_make_one_successor(mesh: RunningMesh) -> None:
    company = found(mesh, "fifty")
    token = good(log_in(company))["refreshToken"]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: refresh(company, token), range(50)))
    successors = {answer.json()["refreshToken"] for answer in answers if answer.is_success}
    assert len(successors) == 1
    assert {answer.status_code for answer in answers} <= {200, 409, 429, 503}
    assert refresh(company, successors.pop()).is_success


@pytest.mark.shows("sessions.password")
def test_a_password_is_changed_by_the_one_before_or_by_a_link(mesh: RunningMesh) -> None:
    company = found(mesh, "passwords")
    here, there = good(log_in(company)), good(log_in(company))
    change = {"password": PASSWORD, "newPassword": OTHER}
    wrong = ask(company, "POST", "/v1/user:changePassword", here["accessToken"], {**change, "password": "not this"})
    assert reason(wrong) == (403, "PASSWORD_WRONG")
    good(ask(company, "POST", "/v1/user:changePassword", here["accessToken"], change))
    is_over(company, there["accessToken"])
    assert codes(company, here["accessToken"]) == {200}
    answers = [
        post(company, "/v1/users:requestPasswordReset", {"tenant": tenant, "email": email})
        for tenant, email in (
            (company.slug, company.owner.email),
            (company.slug, "nobody@example.com"),
            ("no", "x@y.z"),
        )
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, "{}")}
    link = eventually(lambda: company.link("password", company.owner.id), of="the link being due")
    good(post(company, "/v1/users:resetPassword", {"token": link, "newPassword": PASSWORD}))
    is_over(company, here["accessToken"])
    assert reason(post(company, "/v1/users:resetPassword", {"token": link, "newPassword": OTHER})) == (
        400,
        "CAPABILITY_USED",
    )
    assert reason(log_in(company, OTHER)) == (401, "CREDENTIALS_INVALID")
    assert log_in(company).is_success


@pytest.mark.shows("sessions.lockout")
def test_who_guesses_waits_longer_each_time_also_after_a_restart(mesh: RunningMesh) -> None:
    company = found(mesh, "guessed")
    company.owner.ask("PATCH", "/v1/security-policy", {"lockoutAttempts": 5, "lockoutWait": "1s"})
    unknown = log_in(company, "not this", email="nobody@example.com")
    wrong = [log_in(company, "not this") for _ in range(5)]
    assert {answer.text for answer in (unknown, *wrong)} == {unknown.text}
    mesh.mesh("restart", "users")
    # A first one would be free; as the sixth it makes even the right password wait.
    eventually(lambda: log_in(company, "not this").status_code == 401)
    refused = log_in(company)
    assert (refused.status_code, refused.text) == (401, unknown.text)
    eventually(lambda: log_in(company).is_success, within=15, of="the wait being over")


@pytest.mark.shows("sessions.second-factor")
def test_a_log_in_with_a_second_factor_needs_a_code_of_the_device_or_one_kept_for_recovery(mesh: RunningMesh) -> None:
    company = found(mesh, "two-steps")
    begun = company.owner.ask("POST", "/v1/user/totp:begin", {"password": PASSWORD})
    device = TOTP(base64.b32decode(begun["secret"]), 6, SHA1(), 30)  # noqa: S303  # what devices know
    now = time.time()
    first = device.generate(int(now)).decode()
    kept = company.owner.ask("POST", "/v1/user/totp:confirm", {"code": first})["recoveryCodes"]
    pending = good(log_in(company))["pendingToken"]
    assert not log_in(company).json()["accessToken"]
    used = post(company, "/v1/sessions:completeLogIn", {"token": pending, "code": first})
    assert reason(used) == (403, "CODE_WRONG")
    code = device.generate(int(now) + 30).decode()
    done = good(post(company, "/v1/sessions:completeLogIn", {"token": pending, "code": code}))
    assert done["session"]["assuranceLevel"] == 2
    assert codes(company, done["accessToken"]) == {200}
    again = {"token": good(log_in(company))["pendingToken"], "code": kept[0]}
    good(post(company, "/v1/sessions:completeLogIn", again))
    assert company.owner.ask("GET", "/v1/user/factors")["recoveryCodeCount"] == 9


@pytest.mark.shows("sessions.sign-in-policy")
def test_who_signs_in_keeps_to_what_the_tenant_asks_for(mesh: RunningMesh) -> None:
    company = found(mesh, "asks-much")
    wanted = {"mfaRequirement": "MFA_REQUIREMENT_ALL", "passwordMinLength": 30, "sessionIdle": "600s"}
    company.owner.ask("PATCH", "/v1/security-policy", wanted)
    begun = good(log_in(company))
    token = begun["accessToken"]
    assert begun["session"]["expireTime"] < company.owner.ask("GET", "/v1/sessions")["sessions"][-1]["expireTime"]
    assert ask(company, "GET", "/v1/user", token).is_success
    refused = ask(company, "GET", "/v1/contacts", token)
    assert reason(refused) == (401, "ASSURANCE_NEEDED")
    assert 'acr_values="2"' in refused.headers["www-authenticate"]
    change = {"password": PASSWORD, "newPassword": OTHER}
    assert reason(ask(company, "POST", "/v1/user:changePassword", token, change)) == (400, "INVALID_ARGUMENT")
    secret = good(ask(company, "POST", "/v1/user/totp:begin", token, {"password": PASSWORD}))["secret"]
    code = TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(time.time())).decode()  # noqa: S303
    kept = good(ask(company, "POST", "/v1/user/totp:confirm", token, {"code": code}))["recoveryCodes"]
    proof = {"password": PASSWORD, "code": kept[0]}
    proven = good(ask(company, "POST", "/v1/sessions:verify", token, proof))
    assert codes(company, proven["accessToken"]) == {200}
    token, device = proven["accessToken"], browser(company)
    policy = {"loginMethods": ["LOGIN_METHOD_PASSKEY"]}
    refused = ask(company, "PATCH", "/v1/security-policy", token, policy)
    assert reason(refused) == (400, "LOCKS_OUT_CALLER"), "nobody could sign in to the tenant after it"
    register(company, token, device)
    good(ask(company, "PATCH", "/v1/security-policy", token, policy))
    assert reason(log_in(company)) == (403, "LOGIN_METHOD_REFUSED")
    begun = good(post(company, "/v1/sessions:beginPasskeyLogIn", {}))["options"]
    back = good(post(company, "/v1/sessions:logInWithPasskey", {"credential": device.get(begun)}))
    assert codes(company, back["accessToken"]) == {200}


def browser(company: Company, **device: Any) -> Authenticator:
    """A browser with a device, in front of a page of the product."""
    return Authenticator(f"http://localhost:{urlsplit(company.mesh.url).port}", **device)


def register(company: Company, token: str, device: Authenticator) -> Any:
    """The answer to a passkey that is registered, in the JSON of browsers as it comes."""
    options = good(ask(company, "POST", "/v1/passkeys:beginRegistration", token, {}))["options"]
    body = {"displayName": "Desk", "credential": device.create(options)}
    return good(ask(company, "POST", "/v1/passkeys:register", token, body))


@pytest.mark.shows("sessions.passkeys")
def test_a_passkey_signs_in_alone_completes_a_log_in_and_is_not_copied(mesh: RunningMesh) -> None:
    company = found(mesh, "keeps-keys")
    desk, key = browser(company), browser(company, verifies=False)
    kept = register(company, company.owner.token, desk)
    assert len(kept["recoveryCodes"]) == 10
    begun = good(post(company, "/v1/sessions:beginPasskeyLogIn", {}))["options"]
    proof = {"credential": desk.get(begun)}
    alone = good(post(company, "/v1/sessions:logInWithPasskey", proof))
    token = alone["accessToken"]
    assert (alone["session"]["assuranceLevel"], codes(company, token)) == (2, {200})
    assert reason(post(company, "/v1/sessions:logInWithPasskey", proof)) == (401, "CREDENTIALS_INVALID")
    register(company, token, key)
    waiting = good(log_in(company))
    assert waiting["secondFactors"] == ["KIND_PASSKEY", "KIND_RECOVERY_CODE"]
    pending = waiting["pendingToken"]
    wanted = good(post(company, "/v1/sessions:beginPasskeyCompletion", {"token": pending}))["options"]
    done = {"token": pending, "credential": key.get(wanted)}
    completed = good(post(company, "/v1/sessions:completeLogInWithPasskey", done))
    assert completed["session"]["assuranceLevel"] == 2
    copy = desk.copied()
    again = good(ask(company, "POST", "/v1/sessions:beginPasskeyVerification", token, {}))["options"]
    good(ask(company, "POST", "/v1/sessions:verifyWithPasskey", token, {"credential": desk.get(again)}))
    begun = good(post(company, "/v1/sessions:beginPasskeyLogIn", {}))["options"]
    stolen = post(company, "/v1/sessions:logInWithPasskey", {"credential": copy.get(begun)})
    assert reason(stolen) == (401, "CREDENTIALS_INVALID")
    entries = '/v1/audit-entries?filter=action="passkey.copied"'
    eventually(
        lambda: good(ask(company, "GET", entries, token)).get("auditEntries"), within=30, of="the copy being told"
    )
    (first, second) = good(ask(company, "GET", "/v1/passkeys?order_by=create_time", token))["passkeys"]
    assert (first["userVerified"], second["userVerified"]) == (True, False)
    good(ask(company, "DELETE", f"/v1/passkeys/{second['id']}", token))
    assert good(ask(company, "GET", "/v1/user/factors", token))["passkeyCount"] == 1


@pytest.mark.shows("sessions.lost-factors")
@pytest.mark.shows("sessions.sign-in-policy")
def test_lost_factors_are_taken_away_by_an_owner_and_told(mesh: RunningMesh) -> None:
    company = found(mesh, "lost-keys")
    ada = company.add("ada@lost-keys.example")
    register(company, ada.token, browser(company))
    assert not good(log_in(company, email=ada.email))["accessToken"]
    assert reason(ada.send("POST", f"/v1/users/{company.owner.id}:resetFactors", {}))[0] == 403
    company.owner.ask("POST", f"/v1/users/{ada.id}:resetFactors", {})
    is_over(company, ada.token)
    assert codes(company, good(log_in(company, email=ada.email))["accessToken"]) == {200}

    def told() -> list[str]:
        messages = company.owner.ask("GET", "/v1/messages?pageSize=200").get("messages", [])
        return [each["email"] for each in messages if each["template"] == "factors-reset"]

    eventually(lambda: told() == [ada.email], within=30, of="the mail")
    company.owner.ask("PATCH", "/v1/security-policy", {"mfaUserIds": [ada.id]})
    alone = good(log_in(company, email=ada.email))["accessToken"]
    assert reason(ask(company, "GET", "/v1/contacts", alone)) == (401, "ASSURANCE_NEEDED"), "others need none"
    assert codes(company, good(log_in(company))["accessToken"]) == {200}
