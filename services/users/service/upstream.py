"""The way to an identity provider and back: what the browser takes there, and what its answer is worth.

Nothing is kept on the way. The state says by itself what it was made for, and works once. It is bound to a secret that
whoever began holds, a browser in its cookie or a program: nonce and code verifier follow from both, so that who sees
one of them can do nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from mesh.contract import base64url
from mesh.contract.failure import Failure
from mesh.runtime.outbound import OutboundError
from services.users.domain.authorization import answered, challenge_of
from services.users.domain.upstream import (
    Expected,
    Person,
    UnknownKeyError,
    check_anew,
    check_answer,
    check_id_token,
    read_json,
    read_person,
    unavailable,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rapport.users.v1 import resources_pb2

    from mesh.runtime.call import Call
    from mesh.runtime.capabilities import Capability
    from services.users.domain.upstream import Configuration
    from services.users.service.discovery import Discovery
    from services.users.service.identity_providers import Providers

STATE = "identity-providers.state"
LIFE_US = 600 * 1_000_000
"""How long somebody may be away."""
_KEPT_BACK = 1.0
"""Seconds of a call that are left for what follows from the provider's answer."""
_OK, _BROKEN = 200, 500


@dataclass(frozen=True, slots=True)
class Back:
    """What a browser brings back."""

    state: str
    code: str = ""
    iss: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """What a state says: which provider of which tenant somebody is at, and what for.

    request: that of the pages, empty for a program's; bound: the digest of the secret that it was begun with. since:
    when it was begun, in seconds since 1970, where the user is to sign in there anew; 0: they need not.
    """

    held: Capability
    provider_id: str
    bound: str
    redirect_uri: str
    request: str
    since: int

    @property
    def tenant(self) -> str:
        """The tenant."""
        return self.held.tenant

    def begun_with(self, binding: str) -> bool:
        """Whether this secret began it."""
        return hmac.compare_digest(self.bound.encode(), _short(binding).encode())


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody whom a provider has signed in. The state is used up in the write that follows from it.

    user_id: the user who is linked to the account; empty: nobody yet.
    """

    away: Away
    provider: resources_pb2.IdentityProvider
    person: Person
    user_id: str


class Upstreams:
    """The providers as they are asked."""

    def __init__(self, providers: Providers, discovery: Discovery) -> None:
        self.providers = providers
        self._discovery = discovery

    def address(
        self,
        call: Call,
        tenant: str,
        provider: resources_pb2.IdentityProvider,
        *,
        binding: str,
        redirect_uri: str,
        request: str = "",
        again: bool = False,
        hint: str = "",
    ) -> str:
        """Where the browser has to go. again: the user is to be asked who they are, signed in there or not.

        Raises:
            Failure: UPSTREAM_UNAVAILABLE.
        """
        configuration = self._discovery.configuration(provider.issuer, tenant, _seconds(call))
        environment = call.environment
        since = environment.wall.now_us() // 1_000_000 if again else 0
        said = [provider.id, _short(binding), redirect_uri, request, since]
        subject = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
        ends_us = environment.clock.now_us() + LIFE_US
        state = environment.capabilities.mint(STATE, tenant, subject, expires_us=ends_us, single_use=True)
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(provider.scopes),
            "state": state,
            "nonce": _derived(binding, state, "nonce"),
            "code_challenge": challenge_of(_derived(binding, state, "verifier")),
            "code_challenge_method": "S256",
            "prompt": "login" if again else "",
            # Who is asked by it has to say when that was (OpenID Connect Core 1.0, section 3.1.2.1).
            "max_age": "0" if again else "",
            "login_hint": hint,
        }
        return answered(configuration.authorization_endpoint, asked)

    @staticmethod
    def away(call: Call, state: str) -> Away:
        """What a state says that was made here, and is not over.

        Raises:
            Failure: UPSTREAM_ANSWER_WRONG.
        """
        try:
            held = call.environment.capabilities.check(STATE, state, call.environment.clock.now_us())
        except Failure:
            raise wrong("state") from None
        return Away(held, *json.loads(held.subject))

    def arrived(self, call: Call, back: Back, binding: str) -> Arrived:
        """Who somebody is that comes back with an answer, as the provider tells by itself.

        Raises:
            Failure: UPSTREAM_ANSWER_WRONG, UPSTREAM_UNKNOWN, UPSTREAM_UNAVAILABLE.
        """
        away = self.away(call, back.state)
        if not away.begun_with(binding):
            raise wrong("browser")
        provider = self.providers.find(call, away.tenant, away.provider_id)
        configuration = self._discovery.configuration(provider.issuer, away.tenant, _seconds(call))
        check_answer(configuration, back.iss, back.error)
        if not back.code:
            raise wrong("code")
        given = self._redeem(call, away, provider, configuration, back.code, _derived(binding, back.state, "verifier"))
        now = call.environment.wall.now_us() // 1_000_000
        nonce = _derived(binding, back.state, "nonce")
        expected = Expected(provider.issuer, provider.client_id, nonce, now)
        claims = self._claims(call, away.tenant, configuration, given.get("id_token"), expected)
        check_anew(claims, away.since)
        user_id = self.providers.linked(call, away.tenant, provider.id, claims["sub"])
        # Who is known need not say who they are.
        person = read_person(claims) if user_id else self._person(call, away.tenant, configuration, claims, given)
        return Arrived(away, provider, person, user_id)

    def _redeem(
        self,
        call: Call,
        away: Away,
        provider: resources_pb2.IdentityProvider,
        configuration: Configuration,
        code: str,
        verifier: str,
    ) -> Mapping[str, Any]:
        """The answer of the token endpoint to a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": away.redirect_uri,
            "code_verifier": verifier,
        }
        headers, secret = {}, self.providers.secret(call, away.tenant, provider.id)
        if secret and configuration.basic:
            # Each half is written as in a form (RFC 6749, section 2.3.1).
            pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"
            headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": provider.client_id, **({"client_secret": secret} if secret else {})}
        try:
            answer = call.environment.outbound.post(
                configuration.token_endpoint, form, tenant=away.tenant, seconds=_seconds(call), headers=headers
            )
        except OutboundError as fault:
            raise unavailable(f"tokens: {fault}") from None
        if answer.status >= _BROKEN:
            raise unavailable(f"tokens: status {answer.status}")
        if answer.status != _OK:
            error = read_json(answer.body).get("error")
            # What an administrator can set right is told from what nobody can.
            raise wrong("client" if error in ("invalid_client", "unauthorized_client") else "code")
        return read_json(answer.body)

    def _claims(
        self, call: Call, tenant: str, configuration: Configuration, token: object, expected: Expected
    ) -> Mapping[str, Any]:
        """What an ID token says, by the keys that are known, else by those that the provider has now."""
        keys = self._discovery.keys(configuration, tenant, _seconds(call))
        try:
            return check_id_token(token, keys, expected)
        except UnknownKeyError:
            keys = self._discovery.keys(configuration, tenant, _seconds(call), again=True)
        try:
            return check_id_token(token, keys, expected)
        except UnknownKeyError:
            raise wrong("key") from None

    @staticmethod
    def _person(
        call: Call, tenant: str, configuration: Configuration, claims: Mapping[str, Any], given: Mapping[str, Any]
    ) -> Person:
        """Who it is; what the ID token does not say of the address, the userinfo endpoint does."""
        token = given.get("access_token")
        if "email" in claims or not configuration.userinfo_endpoint or not isinstance(token, str):
            return read_person(claims)
        headers = {"authorization": f"Bearer {token}"}
        if not headers["authorization"].isprintable() or not token.isascii():
            raise wrong("access_token")
        try:
            answer = call.environment.outbound.get(
                configuration.userinfo_endpoint, tenant=tenant, seconds=_seconds(call), headers=headers
            )
        except OutboundError as fault:
            raise unavailable(f"userinfo: {fault}") from None
        if answer.status != _OK:
            raise unavailable(f"userinfo: status {answer.status}")
        return read_person(claims, read_json(answer.body))


def _seconds(call: Call) -> float:
    """How long a provider may take.

    Raises:
        Failure: DEADLINE_EXCEEDED, UPSTREAM_UNAVAILABLE, where no time is left for it.
    """
    left = call.remaining() - _KEPT_BACK
    if left <= 0:
        raise unavailable("time")
    return left


def _short(binding: str) -> str:
    return base64url.encode(hashlib.sha256(binding.encode()).digest()[:16])


def _derived(binding: str, state: str, purpose: str) -> str:
    """A secret of one sign-in: 43 characters, as a code verifier may have them (RFC 7636, section 4.1)."""
    return base64url.encode(hmac.digest(binding.encode(), f"{purpose} {state}".encode(), hashlib.sha256))
