"""The rules of OAuth clients: how they are known, where they may send people, and what they may ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from mesh.contract.rights import SCOPE_ALL
from services.users.domain.client_keys import Unproven, plain_keys
from services.users.domain.roles import check_held

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

OPENID, PROFILE, EMAIL, OFFLINE = "openid", "profile", "email", "offline_access"
IDENTITY_SCOPES = (OPENID, PROFILE, EMAIL, OFFLINE)
"""The scopes that are no permissions (OpenID Connect Core 1.0, sections 5.4 and 11)."""
_WISHES = {
    OPENID: "Know that it is you",
    PROFILE: "See your name",
    EMAIL: "See your e-mail address",
    OFFLINE: "Go on working for you when you are not there",
}
_VERBS = {"read": "Look at", "write": "Create and change", "delete": "Delete", "export": "Export"}
PUBLIC, CONFIDENTIAL = resources_pb2.OauthClient.TYPE_PUBLIC, resources_pb2.OauthClient.TYPE_CONFIDENTIAL
CODE, REFRESH, DEVICE = (
    resources_pb2.OauthClient.GRANT_TYPE_AUTHORIZATION_CODE,
    resources_pb2.OauthClient.GRANT_TYPE_REFRESH_TOKEN,
    resources_pb2.OauthClient.GRANT_TYPE_DEVICE_CODE,
)
_ID = r"[0-9A-HJKMNP-TV-Z]{26}"
_CLIENT_ID = re.compile(rf"oc_({_ID})_({_ID})")
# RFC 3986, without blanks, controls, quotes, backslashes and everything that is not ASCII.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_LOOPBACK = ("127.0.0.1", "::1")
_LOCAL = (*_LOOPBACK, "localhost")
_LOOPBACK_PORT = re.compile(r"http://(127\.0\.0\.1|\[::1\]):\d{1,5}(?=[/?]|$)")


@dataclass(frozen=True, slots=True)
class OauthClientFacts:
    """What a decision on a client rests on: the tenant, which permissions there are, and which the caller has."""

    tenant: str
    declared: Collection[str]
    held: Mapping[str, int] = field(default_factory=dict)


def client_id_of(tenant: str, identity: str) -> str:
    """What a client is known by: it names its tenant, as who comes with it has not signed in to any."""
    return f"oc_{tenant.partition('_')[2]}_{identity.partition('_')[2]}"


def read_client_id(client_id: str) -> tuple[str, str]:
    """The tenant and the id of the resource that a `client_id` names; nothing where it is none."""
    match = _CLIENT_ID.fullmatch(client_id)
    return (f"ten_{match[1]}", f"oac_{match[2]}") if match else ("", "")


def decide_client(
    before: resources_pb2.OauthClient | None, after: resources_pb2.OauthClient, facts: OauthClientFacts
) -> resources_pb2.OauthClient:
    """The client as it will be kept.

    Raises:
        Failure: INVALID_ARGUMENT for addresses that people cannot be sent to, scopes that there are not, and grants
            that do not go together. GRANT_EXCEEDS_OWN for one that asks nobody and may do more than the caller.
    """
    if before is None:
        after.type = after.type or CONFIDENTIAL
        after.client_id = client_id_of(facts.tenant, after.id)
    public = after.type == PUBLIC
    faults = {
        f"{name}[{place}]": fault
        for name in ("redirect_uris", "post_logout_redirect_uris")
        for place, uri in enumerate(getattr(after, name))
        if (fault := uri_fault(uri, public=public))
    }
    kept = set(before.scopes if before is not None else ()) | {*IDENTITY_SCOPES, *facts.declared}
    faults |= {
        f"scopes[{place}]": "is neither a scope of OpenID Connect nor a permission"
        for place, scope in enumerate(after.scopes)
        if scope not in kept
    }
    for name in ("redirect_uris", "post_logout_redirect_uris", "scopes", "grant_types"):
        if len(set(getattr(after, name))) < len(getattr(after, name)):
            faults[name] = "holds something twice"
    faults |= _grant_faults(after)
    if after.jwks:
        try:
            after.jwks = plain_keys(after.jwks)
        except Unproven as fault:
            faults["jwks"] = str(fault)
        if public:
            faults["jwks"] = "is for clients that can keep a secret"
    if faults:
        raise Failure("INVALID_ARGUMENT", fields=faults)
    if after.skips_consent:
        # Nobody is asked, so it gets nothing that those who set it up could not do themselves.
        asked = {scope: SCOPE_ALL for scope in after.scopes if scope in facts.declared}
        check_held(asked, facts.held, "scopes")
    return after


def _grant_faults(client: resources_pb2.OauthClient) -> dict[str, str]:
    grants = set(client.grant_types)
    if not client.scopes:
        return {"scopes": "needs one at least"}
    if 0 in grants:
        return {"grant_types": "names none"}
    if CODE in grants and not client.redirect_uris:
        return {"redirect_uris": "is needed for codes that a browser brings back"}
    if not grants & {CODE, DEVICE}:
        return {"grant_types": "needs a way to the first token"}
    if OFFLINE in client.scopes and REFRESH not in grants:
        return {"grant_types": "needs GRANT_TYPE_REFRESH_TOKEN for the scope offline_access"}
    return {}


def uri_fault(uri: str, *, public: bool) -> str:
    """What is wrong with an address to send people to; empty: nothing (RFC 6749, section 3.1.2; RFC 8252)."""
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no absolute URI"
    if not _URI.fullmatch(uri) or "*" in uri:
        return "is no absolute URI"
    if "#" in uri:
        return "has a fragment"
    if "@" in parts.netloc:
        return "names somebody"
    if parts.scheme in ("http", "https"):
        if not host:
            return "names no host"
        return "" if parts.scheme == "https" or host in _LOCAL else "needs https"
    # A scheme of one's own is a domain name in reverse, so that nobody else's program has it by chance.
    if public and "." in parts.scheme and not parts.netloc:
        return ""
    return "needs https" if not public else "has a scheme that is no domain name in reverse"


def registered(uri: str, known: Iterable[str], *, public: bool) -> bool:
    """Whether an address is one of those that a client has said; programs on devices listen on the port they get."""
    if uri in known:
        return True
    return public and bool(_LOOPBACK_PORT.match(uri)) and _portless(uri) in {_portless(each) for each in known}


def _portless(uri: str) -> str:
    return _LOOPBACK_PORT.sub(lambda match: f"http://{match[1]}", uri, count=1)


def origin_of(uri: str) -> str:
    """What a content security policy calls the place of an address: scheme, host and port, or the scheme alone."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else f"{parts.scheme}:"


def wishes_of(scopes: Iterable[str]) -> list[str]:
    """What scopes are to the people who are asked for them."""
    return [_WISHES.get(scope) or _of_permission(scope) for scope in scopes]


def _of_permission(scope: str) -> str:
    collection, _, verb = scope.partition(".")
    return f"{_VERBS.get(verb, verb)} {collection.replace('-', ' ')}"
