"""The user's browser at the OpenID provider: the cookie it is known by, the forms it sends, and the pages it is shown.

The cookie is a capability for the session of the user's own that began in the browser; each tenant has another.
It also is what a form is bound to: one that somebody else made lacks the digest of the cookie.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from http.cookies import CookieError, SimpleCookie
from importlib import resources
from typing import TYPE_CHECKING, Any

from google.api import httpbody_pb2
from jinja2 import Environment as Templates
from jinja2 import PackageLoader, StrictUndefined

from mesh.contract.failure import Failure
from services.users.domain.oauth import OAuthError, read_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mesh.runtime.call import Call
    from mesh.runtime.capabilities import Capability

KIND = "sessions.browser"
FORM_FIELDS = ("csrf", "request", "email", "password", "code", "answer", "sent")
_PACKAGE = "services.users"
_STYLE = (resources.files(_PACKAGE) / "pages" / "style.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_TEMPLATES = Templates(loader=PackageLoader(_PACKAGE, "pages"), autoescape=True, undefined=StrictUndefined)
_UNKEPT = {"cache-control": "no-store", "pragma": "no-cache"}


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser at one tenant: the value of its cookie, and the session behind it. `fresh`: it is to be given it.

    `level` is how sure the session was when the cookie was given. One that has come to more since has another cookie.
    `link`: a token to link an account at an identity provider with, once its user has signed in; empty: none.
    """

    tenant: str
    value: str
    held: Capability
    fresh: bool
    level: int = 0
    link: str = ""

    @property
    def session_id(self) -> str:
        """The user's session, or nothing."""
        return self.held.subject


def browser_of(call: Call, tenant: str) -> Browser:
    """The browser that a request comes from, known or not."""
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(call.door.headers.get("cookie", "") if call.door is not None else "")
    except CookieError:
        cookies.clear()
    kept = cookies.get(_name(tenant))
    try:
        found = _opened(call, kept.value if kept is not None else "")
    except Failure:
        return new_browser(call, tenant)
    return found if found.tenant == tenant else new_browser(call, tenant)


def new_browser(call: Call, tenant: str, session_id: str = "", level: int = 0, link: str = "") -> Browser:
    """A browser that gets another cookie, so that nobody knows it who knew the one before."""
    subject = f"{call.environment.ids.new_secret()}.{session_id}.{level}.{link}"
    value = call.environment.capabilities.mint(KIND, tenant, subject, expires_us=0, single_use=False)
    return replace(_opened(call, value), fresh=True)


def _opened(call: Call, value: str) -> Browser:
    held = call.environment.capabilities.check(KIND, value, call.environment.clock.now_us())
    # Cookies of earlier releases say less.
    _, session_id, level, link = (*held.subject.split("."), "", "")[:4]
    return Browser(held.tenant, value, replace(held, subject=session_id), fresh=False, level=int(level or 0), link=link)


def _name(tenant: str) -> str:
    return f"rapport_{tenant.partition('_')[2]}"


def csrf_of(call: Call, browser: Browser) -> str:
    """What a form of this browser holds."""
    return _digests(call, browser)[0]


def _digests(call: Call, browser: Browser) -> list[str]:
    keys = call.environment.secrets.keys("forms of browsers")
    return [hmac.digest(key, browser.value.encode(), hashlib.sha256).hex() for key in keys]


def sent_by(call: Call, browser: Browser, form: Mapping[str, str]) -> bool:
    """Whether a form was made for this browser."""
    sent = form.get("csrf", "")
    return any(hmac.compare_digest(sent.encode(), each.encode()) for each in _digests(call, browser))


def read_fields(form: httpbody_pb2.HttpBody) -> dict[str, str]:
    """The fields of a form; nothing where it is none."""
    try:
        return read_form(form.content_type, form.data, FORM_FIELDS)
    except OAuthError:
        return {}


def show(
    call: Call, status: int, name: str, browser: Browser | None = None, *, leads_to: str = "", **values: Any
) -> httpbody_pb2.HttpBody:
    """A page. leads_to: where its form may end up beside here, as a content security policy says it."""
    policy = (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self' {leads_to}".rstrip()
        + "; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        **_UNKEPT,
        "content-security-policy": policy,
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        **_given(call, browser),
    }
    call.answer(status, headers)
    csrf = csrf_of(call, browser) if browser is not None else ""
    page = _TEMPLATES.get_template(f"{name}.html").render(style=_STYLE, csrf=csrf, **values)
    return httpbody_pb2.HttpBody(content_type="text/html; charset=utf-8", data=page.encode())


def say(call: Call, status: int, heading: str, text: str, *, back: str = "") -> httpbody_pb2.HttpBody:
    """A page that says something and leads nowhere, or `back` to an address of one's own."""
    return show(call, status, "message", heading=heading, text=text, back=back, place="Rapport")


def send_to(call: Call, address: str, browser: Browser | None = None) -> httpbody_pb2.HttpBody:
    """A redirection, which every browser follows by GET."""
    call.answer(303, {**_UNKEPT, "location": address, "referrer-policy": "no-referrer", **_given(call, browser)})
    return httpbody_pb2.HttpBody(content_type="text/plain")


def _given(call: Call, browser: Browser | None) -> dict[str, str]:
    """The cookie, where the browser is to have another one. It ends with the browser, or before that its session."""
    if browser is None or not browser.fresh:
        return {}
    secure = "; Secure" if call.environment.public_url.startswith("https:") else ""
    return {"set-cookie": f"{_name(browser.tenant)}={browser.value}; Path=/oauth; HttpOnly; SameSite=Lax{secure}"}
