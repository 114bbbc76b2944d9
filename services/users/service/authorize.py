"""The authorization endpoint and its pages: who signs in to a client, and whether it may work for them.

Nothing is kept between the pages but the request itself, which each form sends along and which is read anew each time.
A code is a capability that stands nowhere until it is used, so that looking at the endpoint changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from rapport.users.v1 import session_service_pb2
from sqlalchemy import Text, bindparam, select

from mesh.contract.failure import Failure
from mesh.store.statement import TENANT, Statement, upsert
from services.users.domain.authorization import (
    Asked,
    Refused,
    Standing,
    Step,
    Unanswerable,
    answered,
    check_return,
    go_on,
    next_step,
    read_asked,
    read_query,
)
from services.users.domain.devices import plain
from services.users.domain.oauth_clients import origin_of, wishes_of
from services.users.oauth_tables import oauth_consents
from services.users.service import browser as pages
from services.users.service.authorization_codes import mint_code
from services.users.service.browser import Browser, browser_of, new_browser, read_fields, send_to, sent_by
from services.users.service.complete import KIND as COMPLETE
from services.users.service.oauth_clients import tenant_of
from services.users.service.refresh import family_of
from services.users.service.terms import terms_of
from services.users.tables import users

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.api import httpbody_pb2
    from rapport.users.v1 import openid_service_pb2, resources_pb2

    from mesh.runtime.call import Call
    from services.users.service.complete import CompleteLogIn
    from services.users.service.devices import Devices
    from services.users.service.log_in import LogIn
    from services.users.service.oauth_clients import Clients
    from services.users.service.second_factors import SecondFactors
    from services.users.service.sessions import Sessions

_CONSENT = Statement(
    select(oauth_consents.c.scopes).where(
        oauth_consents.c.tenant_id == TENANT,
        oauth_consents.c.user_id == bindparam("user"),
        oauth_consents.c.client_id == bindparam("client"),
    ),
    name="get consent",
)
_ALLOW = upsert(oauth_consents, key=["user_id", "client_id"], set=["scopes", "update_us"], name="keep consent")
_EMAIL = Statement(
    select(users.c.email).where(users.c.tenant_id == TENANT, users.c.id == bindparam("id", type_=Text)),
    name="get address",
)
_SECOND_US = 1_000_000
_LONGEST = {"email": 254, "password": 200, "code": 20}
_WRONG = "The e-mail address or the password is wrong."
_TOO_WEAK = "Your organisation asks for a second factor, and you have none. Set one up in Rapport, then try again."
_TOO_MANY = "There were too many tries. Please wait a while."


@dataclass(frozen=True, slots=True)
class _Visit:
    """A browser with a request that makes sense. session: the user's own, if it goes on; standing: what it tells.

    device: the code of the device that waits, where it comes for one.
    """

    query: str
    client: resources_pb2.OauthClient
    asked: Asked
    browser: Browser
    session: resources_pb2.Session | None
    standing: Standing
    slug: str
    place: str
    device: str = ""

    def answer(self, **values: str) -> str:
        """Where the browser goes with these values."""
        return answered(self.asked.redirect_uri, {**values, "state": self.asked.state})


class Authorization:
    """The methods Authorize, ShowDevice, SignIn, CompleteSignIn and AnswerConsent."""

    def __init__(
        self,
        clients: Clients,
        sessions: Sessions,
        log_in: LogIn,
        complete: CompleteLogIn,
        factors: SecondFactors,
        devices: Devices,
    ) -> None:
        self._clients = clients
        self._sessions = sessions
        self._session = sessions.resource
        self._log_in = log_in
        self._complete = complete
        self._factors = factors
        self._devices = devices

    def authorize(self, call: Call, request: openid_service_pb2.AuthorizeRequest) -> httpbody_pb2.HttpBody:
        """The next page, or the way back to the client."""
        del request
        query = call.door.query if call.door is not None else ""
        return self._with(call, query, lambda visit: self._next(call, visit), devices=False)

    def show_device(self, call: Call, request: openid_service_pb2.ShowDeviceRequest) -> httpbody_pb2.HttpBody:
        """The page that asks for the code of a device, or the next one for it."""
        del request
        query = call.door.query if call.door is not None else ""
        if not query:
            return pages.show(call, 200, "device", place="Rapport", wrong="")
        return self._with(call, query, lambda visit: self._next(call, visit))

    def sign_in(self, call: Call, request: openid_service_pb2.SignInRequest) -> httpbody_pb2.HttpBody:
        """The way on for who has signed in, else the page again."""
        fields = read_fields(request.form)

        def check(visit: _Visit) -> httpbody_pb2.HttpBody:
            email = fields.get("email", "")
            sent = session_service_pb2.LogInRequest(tenant=visit.slug, email=email, password=fields.get("password", ""))
            if not sent_by(call, visit.browser, fields) or _too_long(fields):
                return self._ask_password(call, visit, "Please try again.", email)
            try:
                begun = self._log_in(call, sent)
            except Failure as failure:
                return self._ask_password(call, visit, _words(failure), email)
            if visit.session is not None:
                self._sessions.follow(call, visit.session, begun.session)
            browser = new_browser(call, visit.browser.tenant, begun.session.id, begun.session.assurance_level)
            return _once_more(call, visit, browser, {"login", "select_account"})

        return self._with(call, fields.get("request", ""), check)

    def complete_sign_in(self, call: Call, request: openid_service_pb2.CompleteSignInRequest) -> httpbody_pb2.HttpBody:
        """The way on for who has given the right code, else the page again."""
        fields = read_fields(request.form)

        def check(visit: _Visit) -> httpbody_pb2.HttpBody:
            if not sent_by(call, visit.browser, fields) or visit.session is None or _too_long(fields):
                return self._next(call, visit)
            capabilities, ends_us = call.environment.capabilities, visit.session.expire_time.ToMicroseconds()
            tenant, session_id = visit.browser.tenant, visit.session.id
            token = capabilities.mint(COMPLETE, tenant, session_id, expires_us=ends_us, single_use=False)
            call.hold(capabilities.check(COMPLETE, token, call.environment.clock.now_us()))
            try:
                done = self._complete(call, session_service_pb2.CompleteLogInRequest(code=fields.get("code", "")))
            except Failure as failure:
                return self._ask_code(call, visit, _words(failure))
            browser = new_browser(call, tenant, session_id, done.session.assurance_level)
            return _once_more(call, visit, browser, {"login", "select_account"})

        return self._with(call, fields.get("request", ""), check)

    def answer_consent(self, call: Call, request: openid_service_pb2.AnswerConsentRequest) -> httpbody_pb2.HttpBody:
        """The way on for who allows it, else the way back to the client."""
        fields = read_fields(request.form)

        def decide(visit: _Visit) -> httpbody_pb2.HttpBody:
            step = next_step(visit.asked, visit.client, visit.standing)
            if not sent_by(call, visit.browser, fields) or visit.session is None or step is not Step.CONSENT:
                return self._next(call, visit)
            allowed, user_id = fields.get("answer") == "allow", visit.session.user_id
            if visit.device:
                return self._answer_device(call, visit, user_id, allowed=allowed)
            if not allowed:
                raise Refused("access_denied", "The user does not allow it.")
            scopes = sorted({*visit.standing.consented, *visit.asked.scopes})
            with call.commit() as commit:
                kept = {"scopes": " ".join(scopes), "update_us": commit.now_us}
                commit.write(_ALLOW, user_id=user_id, client_id=visit.client.id, **kept)
                commit.audit(f"oauth-clients/{visit.client.id}", ["scopes"], principal=user_id)
                return commit.reply(_once_more(call, visit, None, {"consent"}))

        return self._with(call, fields.get("request", ""), decide)

    def _answer_device(self, call: Call, visit: _Visit, user_id: str, *, allowed: bool) -> httpbody_pb2.HttpBody:
        """What the device is told is kept; the browser is done."""
        text = "You can go on there." if allowed else "It can do nothing for you."
        with call.commit() as commit:
            self._devices.say(commit, visit.device, visit.browser.session_id, allowed=allowed)
            commit.audit(f"oauth-clients/{visit.client.id}", principal=user_id)
            heading = "Your device is signed in" if allowed else "Your device is not signed in"
            return commit.reply(pages.say(call, 200, heading, text))

    def _with(
        self, call: Call, query: str, go: Callable[[_Visit], httpbody_pb2.HttpBody], *, devices: bool = True
    ) -> httpbody_pb2.HttpBody:
        """What comes of a request: a page where it cannot be answered, an answer to the client where it is refused.

        devices: whether it may be one with the code of a device; where codes are guessed, calls are few.
        """
        try:
            sent = read_query(query)
            if devices and "user_code" in sent:
                return self._at_device(call, query, sent["user_code"], go)
            client = self._client(call, sent)
            address = check_return(sent, client)
            try:
                visit = self._visit(call, query, client, read_asked(sent, client))
                return go(visit)
            except Refused as refusal:
                told = {"error": refusal.error, "error_description": refusal.description}
                told |= {"state": sent.get("state", "")[:1000], "iss": call.environment.public_url}
                return send_to(call, answered(address, told))
        except Unanswerable as fault:
            return pages.say(call, 400, "This does not lead anywhere", fault.description)

    def _at_device(
        self, call: Call, query: str, typed: str, go: Callable[[_Visit], httpbody_pb2.HttpBody]
    ) -> httpbody_pb2.HttpBody:
        """The same for a device that waits; its user is always asked, as the code may have come from anybody."""
        waiting = self._devices.find(call, typed)
        client = self._clients.find(call, waiting.client_id) if waiting is not None else None
        if waiting is None or client is None:
            return pages.show(call, 404, "device", place="Rapport", wrong="No device waits with this code.")
        asked = Asked(client.client_id, "", "", waiting.scopes.split(" "), "", "", frozenset({"consent"}), -1, "")
        return go(replace(self._visit(call, query, client, asked), device=plain(typed)))

    def _client(self, call: Call, sent: Mapping[str, str]) -> resources_pb2.OauthClient:
        client = self._clients.find(call, sent.get("client_id", ""))
        if client is None:
            raise Unanswerable("The client is unknown.")
        return client

    def _visit(self, call: Call, query: str, client: resources_pb2.OauthClient, asked: Asked) -> _Visit:
        slug, place = self._clients.tenant_names(call, client)
        browser = browser_of(call, tenant_of(client))
        session, standing = None, Standing(signed_in=False)
        if browser.session_id:
            call.hold(browser.held)
            session = self._going_on(call, browser)
        if session is not None:
            standing = self._standing(call, session, client)
        return _Visit(query, client, asked, browser, session, standing, slug, place)

    def _going_on(self, call: Call, browser: Browser) -> resources_pb2.Session | None:
        """The session of the browser, if it has not ended and its cookie is the one that it has now."""
        rows = call.read(self._session.by_id, id=browser.session_id)
        if not rows:
            return None
        session = self._session.build(self._session.message, rows[0])
        family, _ = family_of(call, session)
        over = family.ended or family.present_us <= call.environment.clock.now_us()
        return None if over or session.assurance_level > browser.level else session

    def _standing(self, call: Call, session: resources_pb2.Session, client: resources_pb2.OauthClient) -> Standing:
        rows = call.read(_CONSENT, user=session.user_id, client=client.id)
        last_us = max((factor.verify_time.ToMicroseconds() for factor in session.factors), default=0)
        level = session.assurance_level
        return Standing(
            signed_in=True,
            needs_code=level < 2 and self._factors.needed(call, session.user_id),
            level=level,
            wanted=terms_of(call, session.user_id).wanted(session),
            age=(call.environment.clock.now_us() - last_us) // _SECOND_US,
            consented=str(rows[0][0]).split() if rows else (),
        )

    def _next(self, call: Call, visit: _Visit) -> httpbody_pb2.HttpBody:
        step = next_step(visit.asked, visit.client, visit.standing)
        if step is Step.SIGN_IN:
            return self._ask_password(call, visit, "", visit.asked.login_hint, status=200)
        if step is Step.SECOND_FACTOR:
            return self._ask_code(call, visit, "", status=200)
        if step is Step.TOO_WEAK:
            text = (
                f"{visit.place} asks for a second factor, and you have none yet. Set one up in Rapport, then try again."
            )
            return pages.say(call, 403, "A second factor is needed", text)
        if step is Step.CONSENT:
            return self._ask_consent(call, visit)
        session_id = visit.session.id if visit.session is not None else ""
        code = mint_code(call, visit.browser.tenant, visit.client, session_id, visit.asked)
        return send_to(call, visit.answer(code=code, iss=call.environment.public_url))

    def _ask_password(
        self, call: Call, visit: _Visit, wrong: str, email: str, *, status: int = 403
    ) -> httpbody_pb2.HttpBody:
        return self._show(call, status, "sign_in", visit, wrong=wrong, email=email)

    def _ask_code(self, call: Call, visit: _Visit, wrong: str, *, status: int = 403) -> httpbody_pb2.HttpBody:
        return self._show(call, status, "code", visit, wrong=wrong)

    def _ask_consent(self, call: Call, visit: _Visit) -> httpbody_pb2.HttpBody:
        user_id = visit.session.user_id if visit.session is not None else ""
        email = str(call.read(_EMAIL, id=user_id)[0][0])
        wishes = wishes_of(visit.asked.scopes)
        destination = "" if visit.device else origin_of(visit.asked.redirect_uri)
        shown = f"{visit.device[:4]}-{visit.device[4:]}" if visit.device else ""
        return self._show(
            call, 200, "consent", visit, wishes=wishes, email=email, destination=destination, device=shown
        )

    @staticmethod
    def _show(call: Call, status: int, name: str, visit: _Visit, **values: Any) -> httpbody_pb2.HttpBody:
        values |= {"client": visit.client.display_name or "a program", "place": visit.place, "request": visit.query}
        # Browsers look at where a form is redirected to as well, and in the end that is the client.
        leads_to = origin_of(visit.asked.redirect_uri) if visit.asked.redirect_uri else ""
        return pages.show(call, status, name, visit.browser, leads_to=leads_to, **values)


def _once_more(call: Call, visit: _Visit, browser: Browser | None, without: set[str]) -> httpbody_pb2.HttpBody:
    """Back to the endpoint, for what is next."""
    if visit.device:
        return send_to(call, f"/oauth/device?{urlencode({'user_code': visit.device})}", browser)
    return send_to(call, f"/oauth/authorize?{go_on(visit.query, without=without)}", browser)


def _too_long(fields: dict[str, str]) -> bool:
    return any(len(fields.get(name, "")) > longest for name, longest in _LONGEST.items())


def _words(failure: Failure) -> str:
    """What a page says of a refusal; what is nobody's fault here is one for the edge.

    Raises:
        Failure: the same.
    """
    known = {
        "CREDENTIALS_INVALID": _WRONG,
        "LOGIN_METHOD_REFUSED": "Your organisation does not let people sign in with a password.",
        "CODE_WRONG": "The code is wrong, or was used before.",
        "SESSION_ENDED": "This took too long. Please start again.",
        "RATE_LIMITED": _TOO_MANY,
    }
    if failure.reason not in known:
        raise failure
    return known[failure.reason]
