"""Browsers that come with an authorization request: what is known of them, and which page comes next.

Nothing is kept between the pages but the request itself, which each form sends along and which is read anew each time.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from sqlalchemy import Text, bindparam, select

from mesh.contract.failure import Failure
from mesh.store.statement import TENANT, Statement
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
from services.users.service.browser import Browser, browser_of, send_to
from services.users.service.oauth_clients import tenant_of
from services.users.service.refresh import family_of
from services.users.service.terms import terms_of
from services.users.tables import users

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.api import httpbody_pb2
    from rapport.users.v1 import resources_pb2

    from mesh.runtime.call import Call
    from services.users.service.devices import Devices
    from services.users.service.oauth_clients import Clients
    from services.users.service.second_factors import SecondFactors
    from services.users.service.sessions import Sessions
    from services.users.service.upstream_links import Proposal, UpstreamLinks
    from services.users.service.upstream_log_in import UpstreamLogIn

_CONSENT = Statement(
    select(oauth_consents.c.scopes).where(
        oauth_consents.c.tenant_id == TENANT,
        oauth_consents.c.user_id == bindparam("user"),
        oauth_consents.c.client_id == bindparam("client"),
    ),
    name="get consent",
)
_EMAIL = Statement(
    select(users.c.email).where(users.c.tenant_id == TENANT, users.c.id == bindparam("id", type_=Text)),
    name="get address",
)
_SECOND_US = 1_000_000
_LINKS_WITHIN = 600
"""How old the last proof may be, in seconds, of who says that an account elsewhere is theirs."""


@dataclass(frozen=True, slots=True)
class Visit:
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


class Visits:
    """The way of a browser through the pages."""

    def __init__(
        self,
        clients: Clients,
        sessions: Sessions,
        factors: SecondFactors,
        devices: Devices,
        upstream: UpstreamLogIn,
        links: UpstreamLinks,
    ) -> None:
        self._clients = clients
        self._session = sessions.resource
        self._factors = factors
        self._devices = devices
        self._upstream = upstream
        self._links = links

    def answer(
        self, call: Call, query: str, go: Callable[[Visit], httpbody_pb2.HttpBody], *, devices: bool = True
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
        self, call: Call, query: str, typed: str, go: Callable[[Visit], httpbody_pb2.HttpBody]
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

    def _visit(self, call: Call, query: str, client: resources_pb2.OauthClient, asked: Asked) -> Visit:
        slug, place = self._clients.tenant_names(call, client)
        browser = browser_of(call, tenant_of(client))
        session, standing = None, Standing(signed_in=False)
        if browser.session_id:
            call.hold(browser.held)
            session = self._going_on(call, browser)
        if session is not None:
            standing = self._standing(call, session, client)
        return Visit(query, client, asked, browser, session, standing, slug, place)

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

    def proposed(self, call: Call, visit: Visit) -> Proposal | None:
        """The account at a provider that the browser's user has still to say of whether it is theirs, if any."""
        if not visit.browser.link or visit.session is None:
            return None
        with suppress(Failure):
            return self._links.proposal(call, visit.browser.link, visit.browser.tenant, visit.session.user_id)
        return None

    @staticmethod
    def is_recent(visit: Visit) -> bool:
        """Whether the user has just proven who they are, as they do before an account is linked."""
        return visit.standing.age <= _LINKS_WITHIN

    def next(self, call: Call, visit: Visit) -> httpbody_pb2.HttpBody:
        """The page that is next, or the way back to the client."""
        step = next_step(visit.asked, visit.client, visit.standing)
        if step is Step.SIGN_IN:
            return self.ask_password(call, visit, "", visit.asked.login_hint, status=200)
        if step is Step.SECOND_FACTOR:
            return self.ask_code(call, visit, "", status=200)
        if step is Step.TOO_WEAK:
            text = (
                f"{visit.place} asks for a second factor, and you have none yet. Set one up in Rapport, then try again."
            )
            return pages.say(call, 403, "A second factor is needed", text)
        proposal = None if visit.asked.silent else self.proposed(call, visit)
        if proposal is not None:
            return self._ask_link(call, visit, proposal)
        return self._ask_consent(call, visit) if step is Step.CONSENT else self.give_code(call, visit)

    def give_code(self, call: Call, visit: Visit) -> httpbody_pb2.HttpBody:
        """The way back to the client, with its code."""
        session_id = visit.session.id if visit.session is not None else ""
        code = mint_code(call, visit.browser.tenant, visit.client, session_id, visit.asked)
        return send_to(call, visit.answer(code=code, iss=call.environment.public_url))

    def ask_password(
        self, call: Call, visit: Visit, wrong: str, email: str, *, status: int = 403
    ) -> httpbody_pb2.HttpBody:
        """The sign-in page, with what was wrong the last time, and whom it may be."""
        sent = quote(visit.query, safe="")
        upstreams = [
            {"name": name, "address": f"/oauth/upstream/{identity}?request={sent}"}
            for identity, name in self._upstream.shown(call, visit.browser.tenant)
        ]
        linking = bool(visit.browser.link)
        values = {"wrong": wrong, "email": email, "upstreams": upstreams, "linking": linking}
        return self.show(call, status, "sign_in", visit, **values)

    def ask_code(self, call: Call, visit: Visit, wrong: str, *, status: int = 403) -> httpbody_pb2.HttpBody:
        """The page that asks for the code of a second factor."""
        return self.show(call, status, "code", visit, wrong=wrong)

    def _ask_link(self, call: Call, visit: Visit, proposal: Proposal) -> httpbody_pb2.HttpBody:
        if not self.is_recent(visit):
            return self.ask_password(call, visit, "", "", status=200)
        name = self._upstream.name(call, visit.browser.tenant, proposal.provider_id)
        return self.show(call, 200, "link", visit, provider=name, email=self._email(call, visit))

    def _ask_consent(self, call: Call, visit: Visit) -> httpbody_pb2.HttpBody:
        wishes = wishes_of(visit.asked.scopes)
        destination = "" if visit.device else origin_of(visit.asked.redirect_uri)
        shown = f"{visit.device[:4]}-{visit.device[4:]}" if visit.device else ""
        values = {"wishes": wishes, "email": self._email(call, visit), "destination": destination, "device": shown}
        return self.show(call, 200, "consent", visit, **values)

    @staticmethod
    def _email(call: Call, visit: Visit) -> str:
        return str(call.read(_EMAIL, id=visit.session.user_id if visit.session is not None else "")[0][0])

    @staticmethod
    def show(call: Call, status: int, name: str, visit: Visit, **values: Any) -> httpbody_pb2.HttpBody:
        """A page of this visit, whose form comes back to it."""
        values |= {"client": visit.client.display_name or "a program", "place": visit.place, "request": visit.query}
        # Browsers look at where a form is redirected to as well, and in the end that is the client.
        leads_to = origin_of(visit.asked.redirect_uri) if visit.asked.redirect_uri else ""
        return pages.show(call, status, name, visit.browser, leads_to=leads_to, **values)


def once_more(call: Call, visit: Visit, browser: Browser | None, without: set[str]) -> httpbody_pb2.HttpBody:
    """Back to the endpoint, for what is next."""
    if visit.device:
        return send_to(call, f"/oauth/device?{urlencode({'user_code': visit.device})}", browser)
    return send_to(call, f"/oauth/authorize?{go_on(visit.query, without=without)}", browser)
