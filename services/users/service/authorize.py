"""The authorization endpoint and its pages: who signs in to a client, and whether it may work for them.

A code is a capability that stands nowhere until it is used, so that looking at the endpoint changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from rapport.users.v1 import session_service_pb2

from mesh.contract.failure import Failure
from mesh.store.statement import upsert
from services.users.domain.authorization import Refused, Step, Unanswerable, next_step, read_sent
from services.users.oauth_tables import oauth_consents
from services.users.service import browser as pages
from services.users.service.browser import new_browser, read_fields, send_to, sent_by
from services.users.service.complete import KIND as COMPLETE
from services.users.service.visits import once_more

if TYPE_CHECKING:
    from google.api import httpbody_pb2
    from rapport.users.v1 import openid_service_pb2

    from mesh.runtime.call import Call
    from services.users.service.complete import CompleteLogIn
    from services.users.service.devices import Devices
    from services.users.service.log_in import LogIn
    from services.users.service.sessions import Sessions
    from services.users.service.visits import Visit, Visits

_ALLOW = upsert(oauth_consents, key=["user_id", "client_id"], set=["scopes", "update_us"], name="keep consent")
_LONGEST = {"email": 254, "password": 200, "code": 20}
_WRONG = "The e-mail address or the password is wrong."
_TOO_MANY = "There were too many tries. Please wait a while."


class Authorization:
    """The methods Authorize, AuthorizeByForm, ShowDevice, SignIn, CompleteSignIn and AnswerConsent."""

    def __init__(
        self, visits: Visits, sessions: Sessions, log_in: LogIn, complete: CompleteLogIn, devices: Devices
    ) -> None:
        self._visits = visits
        self._sessions = sessions
        self._log_in = log_in
        self._complete = complete
        self._devices = devices
        self.authorize_device = devices.authorize_device

    def authorize(self, call: Call, request: openid_service_pb2.AuthorizeRequest) -> httpbody_pb2.HttpBody:
        """The next page, or the way back to the client."""
        del request
        query = call.door.query if call.door is not None else ""
        return self._visits.answer(call, query, lambda visit: self._visits.next(call, visit), devices=False)

    def authorize_by_form(
        self, call: Call, request: openid_service_pb2.AuthorizeByFormRequest
    ) -> httpbody_pb2.HttpBody:
        """The same request by GET, with which the browser sends its cookie."""
        try:
            sent = read_sent(request.form.content_type, request.form.data)
        except Unanswerable as fault:
            return pages.say(call, 400, "This does not lead anywhere", fault.description)
        return send_to(call, f"/oauth/authorize?{urlencode(sent)}")

    def show_device(self, call: Call, request: openid_service_pb2.ShowDeviceRequest) -> httpbody_pb2.HttpBody:
        """The page that asks for the code of a device, or the next one for it."""
        del request
        query = call.door.query if call.door is not None else ""
        if not query:
            return pages.show(call, 200, "device", place="Rapport", wrong="")
        return self._visits.answer(call, query, lambda visit: self._visits.next(call, visit))

    def sign_in(self, call: Call, request: openid_service_pb2.SignInRequest) -> httpbody_pb2.HttpBody:
        """The way on for who has signed in, else the page again."""
        fields = read_fields(request.form)

        def check(visit: Visit) -> httpbody_pb2.HttpBody:
            email = fields.get("email", "")
            sent = session_service_pb2.LogInRequest(tenant=visit.slug, email=email, password=fields.get("password", ""))
            if not sent_by(call, visit.browser, fields) or _too_long(fields):
                return self._visits.ask_password(call, visit, "Please try again.", email)
            try:
                begun = self._log_in(call, sent)
            except Failure as failure:
                return self._visits.ask_password(call, visit, _words(failure), email)
            if visit.session is not None:
                self._sessions.follow(call, visit.session, begun.session)
            level, link = begun.session.assurance_level, visit.browser.link
            browser = new_browser(call, visit.browser.tenant, begun.session.id, level, link)
            return once_more(call, visit, browser, {"login", "select_account"})

        return self._visits.answer(call, fields.get("request", ""), check)

    def complete_sign_in(self, call: Call, request: openid_service_pb2.CompleteSignInRequest) -> httpbody_pb2.HttpBody:
        """The way on for who has given the right code, else the page again."""
        fields = read_fields(request.form)

        def check(visit: Visit) -> httpbody_pb2.HttpBody:
            if not sent_by(call, visit.browser, fields) or visit.session is None or _too_long(fields):
                return self._visits.next(call, visit)
            capabilities, ends_us = call.environment.capabilities, visit.session.expire_time.ToMicroseconds()
            tenant, session_id = visit.browser.tenant, visit.session.id
            token = capabilities.mint(COMPLETE, tenant, session_id, expires_us=ends_us, single_use=False)
            call.hold(capabilities.check(COMPLETE, token, call.environment.clock.now_us()))
            try:
                done = self._complete(call, session_service_pb2.CompleteLogInRequest(code=fields.get("code", "")))
            except Failure as failure:
                return self._visits.ask_code(call, visit, _words(failure))
            browser = new_browser(call, tenant, session_id, done.session.assurance_level, visit.browser.link)
            return once_more(call, visit, browser, {"login", "select_account"})

        return self._visits.answer(call, fields.get("request", ""), check)

    def answer_consent(self, call: Call, request: openid_service_pb2.AnswerConsentRequest) -> httpbody_pb2.HttpBody:
        """The way on for who allows it, else the way back to the client."""
        fields = read_fields(request.form)

        def decide(visit: Visit) -> httpbody_pb2.HttpBody:
            step = next_step(visit.asked, visit.client, visit.standing)
            if not sent_by(call, visit.browser, fields) or visit.session is None or step is not Step.CONSENT:
                return self._visits.next(call, visit)
            allowed, user_id = fields.get("answer") == "allow", visit.session.user_id
            if visit.device:
                return self._answer_device(call, visit, user_id, allowed=allowed)
            if not allowed:
                raise Refused("access_denied", "The user does not allow it.")
            # Some are asked each time: what was allowed is not asked of the endpoint once more.
            answer = self._visits.give_code(call, visit)
            scopes = sorted({*visit.standing.consented, *visit.asked.scopes})
            with call.commit() as commit:
                kept = {"scopes": " ".join(scopes), "update_us": commit.now_us}
                commit.write(_ALLOW, user_id=user_id, client_id=visit.client.id, **kept)
                commit.audit(f"oauth-clients/{visit.client.id}", ["scopes"], principal=user_id)
                return commit.reply(answer)

        return self._visits.answer(call, fields.get("request", ""), decide)

    def _answer_device(self, call: Call, visit: Visit, user_id: str, *, allowed: bool) -> httpbody_pb2.HttpBody:
        """What the device is told is kept; the browser is done."""
        text = "You can go on there." if allowed else "It can do nothing for you."
        with call.commit() as commit:
            self._devices.say(commit, visit.device, visit.browser.session_id, allowed=allowed)
            commit.audit(f"oauth-clients/{visit.client.id}", principal=user_id)
            heading = "Your device is signed in" if allowed else "Your device is not signed in"
            return commit.reply(pages.say(call, 200, heading, text))


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
