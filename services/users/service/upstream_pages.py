"""The pages from `/oauth/authorize` to an identity provider and back, and of whether an account there is the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.contract.failure import Failure
from mesh.store.errors import UniqueViolation
from services.users.domain.authorization import Step, Unanswerable, next_step, read_query
from services.users.domain.identity_providers import redirect_uri_of
from services.users.domain.upstream import wrong
from services.users.service import browser as pages
from services.users.service.browser import new_browser, read_fields, send_to, sent_by
from services.users.service.upstream import Back
from services.users.service.visits import once_more

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.api import httpbody_pb2
    from rapport.users.v1 import openid_service_pb2

    from mesh.runtime.call import Call
    from services.users.service.browser import Browser
    from services.users.service.sessions import Sessions
    from services.users.service.upstream import Away, Upstreams
    from services.users.service.upstream_links import UpstreamLinks
    from services.users.service.upstream_log_in import UpstreamLogIn
    from services.users.service.visits import Visit, Visits

LONGEST_REQUEST = 3000
"""Of a request that is taken along to a provider and back: the state holds it, and addresses have their limits."""
_NOT_SIGNED_IN = "You are not signed in"
_SAID: dict[str, str] = {
    "state": "This took too long, or was used before.",
    "browser": "This began in another browser. Please begin again in this one.",
    "access_denied": "You did not agree there, or nobody signed in.",
    "auth_time": "You have to sign in there once more, and the provider does not say that you have.",
    "client": "Your organisation's settings for it are not right. Please tell your administrator.",
    "again": "Something has changed meanwhile. Please try again.",
    "email": "It does not say that your e-mail address is confirmed.",
    "domain": "It is not for addresses of your domain.",
    "user": "You may not sign in at the moment. Please ask your administrator.",
    "unknown": "Your organisation does not know you. Please ask your administrator to invite you.",
}


class UpstreamPages:
    """The methods BeginUpstream, ShowUpstreamAnswer, TakeUpstreamAnswer and AnswerLink."""

    def __init__(
        self, visits: Visits, sessions: Sessions, upstreams: Upstreams, log_in: UpstreamLogIn, links: UpstreamLinks
    ) -> None:
        self._visits = visits
        self._sessions = sessions
        self._upstreams = upstreams
        self._log_in = log_in
        self._links = links

    def begin_upstream(self, call: Call, request: openid_service_pb2.BeginUpstreamRequest) -> httpbody_pb2.HttpBody:
        """The way to the provider."""

        def go(visit: Visit) -> httpbody_pb2.HttpBody:
            tenant, browser = visit.browser.tenant, visit.browser
            provider = self._upstreams.providers.find(call, tenant, request.id)
            address = self._upstreams.address(
                call,
                tenant,
                provider,
                binding=browser.value,
                redirect_uri=redirect_uri_of(call.environment.public_url, provider.id),
                request=visit.query,
                again="login" in visit.asked.prompts
                or visit.asked.max_age >= 0
                # Before an account is linked, who they are is to be proven anew.
                or self._visits.proposed(call, visit) is not None,
                hint=visit.asked.login_hint,
            )
            return send_to(call, address, browser)

        try:
            asked = _taken_along(read_query(_query(call)).get("request", ""))
        except Unanswerable as fault:
            return pages.say(call, 400, "This does not lead anywhere", fault.description)
        return self._saying(call, asked, lambda: self._visits.answer(call, asked, go))

    def show_upstream_answer(
        self, call: Call, request: openid_service_pb2.ShowUpstreamAnswerRequest
    ) -> httpbody_pb2.HttpBody:
        """The page to go on from, or what went wrong."""
        sent = _query(call)

        def show() -> httpbody_pb2.HttpBody:
            away, back = self._back(call, sent)
            # Where one provider is to answer, another one has nothing to say (RFC 9700, section 4.4).
            if away.provider_id != request.id:
                raise wrong("state")

            def go(visit: Visit) -> httpbody_pb2.HttpBody:
                if not away.begun_with(visit.browser.value):
                    raise wrong("browser")
                if back.error:
                    raise wrong("access_denied" if back.error == "access_denied" else "error")
                name = self._log_in.name(call, away.tenant, away.provider_id)
                return self._visits.show(call, 200, "upstream", visit, provider=name, sent=sent)

            return self._visits.answer(call, away.request, go)

        return self._saying(call, self._request(call, sent), show)

    def take_upstream_answer(
        self, call: Call, request: openid_service_pb2.TakeUpstreamAnswerRequest
    ) -> httpbody_pb2.HttpBody:
        """The way on for who is signed in by it, or what went wrong."""
        fields = read_fields(request.form)
        sent = fields.get("sent", "")

        def take() -> httpbody_pb2.HttpBody:
            away, back = self._back(call, sent)

            def go(visit: Visit) -> httpbody_pb2.HttpBody:
                if not sent_by(call, visit.browser, fields):
                    raise wrong("browser")
                arrived = self._upstreams.arrived(call, back, visit.browser.value)
                begun = self._log_in.arrive(call, arrived)
                if begun.link_token:
                    return once_more(call, visit, self._proposing(call, visit, begun.link_token), set())
                if visit.session is not None:
                    self._sessions.follow(call, visit.session, begun.session)
                session, link = begun.session, visit.browser.link
                browser = new_browser(call, away.tenant, session.id, session.assurance_level, link)
                return once_more(call, visit, browser, {"login", "select_account"})

            return self._visits.answer(call, away.request, go)

        return self._saying(call, self._request(call, sent), take)

    def answer_link(self, call: Call, request: openid_service_pb2.AnswerLinkRequest) -> httpbody_pb2.HttpBody:
        """The way on, when an account is linked or was left."""
        fields = read_fields(request.form)

        def decide(visit: Visit) -> httpbody_pb2.HttpBody:
            proposal = self._visits.proposed(call, visit)
            ready = next_step(visit.asked, visit.client, visit.standing) in (Step.CONSENT, Step.CODE)
            if not sent_by(call, visit.browser, fields) or visit.session is None or proposal is None or not ready:
                return self._visits.next(call, visit)
            user_id, browser = visit.session.user_id, visit.browser
            done = new_browser(call, browser.tenant, browser.session_id, browser.level)
            if fields.get("answer") != "link":
                return once_more(call, visit, done, set())
            if not self._visits.is_recent(visit):
                return self._visits.next(call, visit)
            try:
                with call.commit() as commit:
                    link = self._links.take_up(commit, proposal, user_id)
                    commit.audit(f"upstream-links/{link.id}", principal=user_id)
                    return commit.reply(once_more(call, visit, done, set()))
            except UniqueViolation:
                raise Failure("LINK_REFUSED") from None

        asked = fields.get("request", "")
        return self._saying(call, asked, lambda: self._visits.answer(call, asked, decide))

    def _proposing(self, call: Call, visit: Visit, token: str) -> Browser:
        """A browser that takes a proposal along; who is signed in as somebody else there signs in anew."""
        tenant, session = visit.browser.tenant, visit.session
        if session is None or not self._links.is_meant(call, token, tenant, session.user_id):
            return new_browser(call, tenant, link=token)
        return new_browser(call, tenant, session.id, visit.browser.level, token)

    def _back(self, call: Call, sent: str) -> tuple[Away, Back]:
        """What an answer is to, and what it says.

        Raises:
            Failure: UPSTREAM_ANSWER_WRONG.
        """
        try:
            told = read_query(sent)
        except Unanswerable:
            raise wrong("query") from None
        back = Back(*(told.get(name, "") for name in ("state", "code", "iss", "error")))
        return self._upstreams.away(call, back.state), back

    def _request(self, call: Call, sent: str) -> str:
        """The request that an answer belongs to; nothing where it cannot be told."""
        try:
            return self._back(call, sent)[0].request
        except Failure:
            return ""

    @staticmethod
    def _saying(call: Call, asked: str, act: Callable[[], httpbody_pb2.HttpBody]) -> httpbody_pb2.HttpBody:
        """What comes of it, or a page that says what went wrong, with the way back to where people sign in."""
        try:
            return act()
        except Failure as failure:
            status, text = _words(failure)
            # A request of a device is the code that its user has typed.
            place = "device" if "user_code=" in asked else "authorize"
            return pages.say(call, status, _NOT_SIGNED_IN, text, back=f"/oauth/{place}?{asked}" if asked else "")


def _taken_along(asked: str) -> str:
    if len(asked) > LONGEST_REQUEST:
        raise Unanswerable("The request is too long to be taken along to another provider.")
    return asked


def _query(call: Call) -> str:
    return call.door.query if call.door is not None else ""


def _words(failure: Failure) -> tuple[int, str]:
    """The status of a page, and what it says of a refusal; what is nobody's fault here is one for the edge.

    Raises:
        Failure: the same.
    """
    known: dict[str, tuple[int, str]] = {
        "UPSTREAM_UNKNOWN": (404, "Nobody signs in through this provider any more."),
        "UPSTREAM_UNAVAILABLE": (503, "The provider cannot be asked at the moment. Please try again in a while."),
        "UPSTREAM_ANSWER_WRONG": (403, "The answer of the provider was not accepted. Please try again."),
        "UPSTREAM_PERSON_REFUSED": (403, "Your organisation does not let you in by this provider."),
        "LOGIN_METHOD_REFUSED": (403, "Your organisation does not let people sign in through a provider."),
        "LINK_REFUSED": (403, "The account cannot be linked. Please try again."),
        "RATE_LIMITED": (429, "There were too many tries. Please wait a while."),
    }
    if failure.reason not in known:
        raise failure
    status, text = known[failure.reason]
    cause = failure.metadata.get("cause", "")
    # For whoever has set the provider up; it is a word of ours, and none that came from there.
    return status, _SAID.get(cause) or (f"{text} ({cause})" if cause else text)
