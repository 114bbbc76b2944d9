"""Signing in to a program with Rapport through another provider, over the real edge, against `oidc-provider` of npm."""

from __future__ import annotations

import re
import uuid
from contextlib import contextmanager
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from mesh.runtime.ports import free_port
from mesh.testing.company import PASSWORD, Company, found
from tests.journeys import other_provider
from tests.journeys.other_provider import CLIENT_ID, CLIENT_SECRET
from tests.journeys.relying_party import CALLBACK, Program, look, register

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import Popen

    from mesh.testing.running import RunningMesh

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not other_provider.NPM, reason="npm is not installed"),
    pytest.mark.shows("upstream.sign-in", "upstream.pages"),
]
_FORM = re.compile(r"<form[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_LINK = re.compile(r'<a class="button second" href="([^"]+)">([^<]+)</a>')
_ABORT = re.compile(r'href="([^"]+/abort)"')


class Browser:
    """A browser that goes wherever it is sent, and ends at a page, or where the program would be."""

    def __init__(self) -> None:
        self.cookies = httpx.Cookies()

    def _ask(self, verb: str, address: str, fields: dict[str, str] | None = None) -> httpx.Response:
        with httpx.Client(timeout=20, cookies=self.cookies) as http:
            answer = http.request(verb, address, data=fields)
            self.cookies = http.cookies
        return answer

    def go(self, address: str) -> httpx.Response:
        return self._follow(self._ask("GET", address))

    def _follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect:
            address = urljoin(str(answer.url), answer.headers["location"])
            if address.startswith(CALLBACK):
                break
            answer = self._ask("GET", address)
        return answer

    def send(self, page: httpx.Response, **fields: str) -> httpx.Response:
        """What comes of the form on a page."""
        form = _FORM.search(page.text)
        assert form, page.text
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(form[2])}
        return self._follow(self._ask("POST", urljoin(str(page.url), unescape(form[1])), hidden | fields))

    def follow(self, page: httpx.Response, text: str) -> httpx.Response:
        """What a button leads to."""
        links = {name: unescape(address) for address, name in _LINK.findall(page.text)}
        return self.go(urljoin(str(page.url), links[text]))

    def agree(self, page: httpx.Response, email: str) -> httpx.Response:
        """Sign in at the provider, and let it tell who one is; the page that it sends back to."""
        return self.send(self.send(page, login=email, password="x"))


class Visit:
    """A program that somebody of a company signs in to, through the provider."""

    def __init__(self, company: Company, provider_id: str, running: Popen[str]) -> None:
        self.company, self.provider_id, self.running = company, provider_id, running
        self.program: Program = register(company)

    def away(self, browser: Browser, **more: str) -> tuple[httpx.Response, str]:
        """The provider's first page, and the verifier of the program's code."""
        address, verifier = self.program.begin("openid email contacts.read", **more)
        return browser.follow(browser.go(address), "Sign in with Other"), verifier

    def code(self, answer: httpx.Response) -> dict[str, str]:
        assert answer.is_redirect, f"{answer.status_code} {answer.text}"
        return dict(httpx.URL(answer.headers["location"]).params)


@contextmanager
def visits(company: Company, **rules: object) -> Iterator[Visit]:
    port = free_port()
    body = {"displayName": "Other", "issuer": f"http://127.0.0.1:{port}", "clientId": CLIENT_ID, **rules}
    made = company.owner.ask("POST", "/v1/identity-providers", body)
    kept = company.owner.ask("POST", f"/v1/identity-providers/{made['id']}:setSecret", {"clientSecret": CLIENT_SECRET})
    assert CLIENT_SECRET not in str(kept)
    with other_provider.other_provider(port, made["redirectUri"]) as running:
        yield Visit(company, made["id"], running)


@pytest.fixture
def company(mesh: RunningMesh) -> Company:
    return found(mesh, f"upstream-{uuid.uuid4().hex[:8]}")


def test_people_sign_in_through_another_provider_and_lose_their_way(company: Company) -> None:
    domain = f"{company.slug}.example"
    with visits(company, createsUsers=True, role="ROLE_MEMBER", domains=[domain]) as visit:
        first_visit_of_an_owner(visit)
        newcomer(visit, f"new@{domain}")
        wrong_turns(visit, f"new@{domain}")
        shut(visit, f"new@{domain}")


def first_visit_of_an_owner(visit: Visit) -> None:
    """Who has an account proves once that it is theirs, and is asked before it is linked."""
    owner, browser = visit.company.owner, Browser()
    page, verifier = visit.away(browser)
    back = browser.agree(page, owner.email)
    assert "Other has signed you in" in back.text
    assert visit.company.owner.ask("GET", "/v1/upstream-links")["upstreamLinks"] == [], (
        "looking at the page does nothing"
    )
    password = browser.send(back)
    assert "Somebody here has the address" in password.text
    question = browser.send(password, email=owner.email, password=PASSWORD)
    assert "Sign in with Other from now on?" in question.text
    consent = browser.send(question, answer="link")
    tokens = visit.program.redeem(visit.code(browser.send(consent, answer="allow")), verifier)
    assert visit.program.claims(tokens["id_token"])["sub"] == owner.id
    (link,) = owner.ask("GET", "/v1/upstream-links")["upstreamLinks"]
    assert link["identityProviderId"] == visit.provider_id

    again = Browser()
    page, verifier = visit.away(again)
    tokens = visit.program.redeem(visit.code(again.send(again.agree(page, owner.email))), verifier)
    assert visit.program.claims(tokens["id_token"])["sub"] == owner.id, "without a password"
    assert look(visit.program.url, tokens["access_token"]) == 200
    sessions = owner.ask("GET", "/v1/sessions")["sessions"]
    assert any(factor["kind"] == "KIND_UPSTREAM" for each in sessions for factor in each["factors"])


def newcomer(visit: Visit, email: str) -> None:
    """Who is of the domain becomes a user; who is not, or whose address is not confirmed, does not."""
    browser = Browser()
    page, verifier = visit.away(browser)
    consent = browser.send(browser.agree(page, email))
    assert email in consent.text
    tokens = visit.program.redeem(visit.code(browser.send(consent, answer="allow")), verifier)
    assert visit.program.claims(tokens["id_token"])["email"] == email
    for other, text in ((f"unsure-{email}", "is confirmed"), ("eve@elsewhere.example", "addresses of your domain")):
        browser = Browser()
        page, _ = visit.away(browser)
        refused = browser.send(browser.agree(page, other))
        assert (refused.status_code, text in refused.text) == (403, True), refused.text


def wrong_turns(visit: Visit, email: str) -> None:
    """Every one ends at a page that says what is the matter, and leads back."""
    browser = Browser()
    page, _ = visit.away(browser)
    abort = _ABORT.search(page.text)
    assert abort
    denied = browser.go(urljoin(str(page.url), abort[1]))
    assert (denied.status_code, "did not agree there" in denied.text) == (403, True)
    assert "Sign in to" in browser.follow(denied, "Back to the sign-in").text

    page, _ = visit.away(browser)
    back = browser.agree(page, email)
    elsewhere = Browser().go(str(back.url))
    assert (elsewhere.status_code, "another browser" in elsewhere.text) == (403, True)
    stranger = Browser().send(back)
    assert stranger.status_code == 403
    assert browser.send(back).is_redirect, "it goes on where it began"
    replayed = browser.send(back)
    assert replayed.status_code == 403
    assert "location" not in replayed.headers
    forged = browser.go(str(back.url).replace("state=", "state=A"))
    assert (forged.status_code, "took too long" in forged.text) == (403, True)
    place = urlsplit(str(back.url))
    other = f"{place.scheme}://{place.netloc}/oauth/upstream/idp_{'0' * 26}/answer?{place.query}"
    assert browser.go(other).status_code == 403, "one provider answers for no other one"


def shut(visit: Visit, email: str) -> None:
    """A user who may not work, a provider that is shut meanwhile, and one that is away."""
    owner = visit.company.owner
    user = next(each for each in owner.ask("GET", "/v1/users")["users"] if each["email"] == email)
    browser, late = Browser(), Browser()
    back = browser.agree(visit.away(browser)[0], email)
    waiting = late.agree(visit.away(late)[0], email)
    owner.ask("POST", f"/v1/users/{user['id']}:suspend", {})
    suspended = browser.send(back)
    assert (suspended.status_code, "may not sign in at the moment" in suspended.text) == (403, True)
    owner.ask("PATCH", f"/v1/identity-providers/{visit.provider_id}", {"enabled": False})
    gone = late.send(waiting)
    assert (gone.status_code, "Nobody signs in through this provider" in gone.text) == (404, True)
    assert "Sign in with Other" not in Browser().go(visit.program.begin()[0]).text
    owner.ask("PATCH", f"/v1/identity-providers/{visit.provider_id}", {"enabled": True})
    browser = Browser()
    back = browser.agree(visit.away(browser)[0], owner.email)
    visit.running.kill()
    visit.running.wait(10)
    away = browser.send(back)
    assert (away.status_code, "cannot be asked at the moment" in away.text) == (503, True)
