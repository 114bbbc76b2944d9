"""People who come from an identity provider, and the provider."""

from __future__ import annotations

import atexit
import json
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import resources_pb2, upstream_service_pb2

from mesh.testing.openid_provider import CLIENT_ID, Provider, openid_provider
from services.users.service.discovery import Discovery
from services.users.service.upstream import Upstreams
from services.users.service.upstream_links import PROPOSAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.testing.local import Member
    from tests.contract.world import World

_USERS = "rapport.users.v1"
_TEN_MINUTES_US = 600_000_000


@cache
def _provider() -> Provider:
    """One for all worlds of the process."""
    stack = ExitStack()
    provider = stack.enter_context(openid_provider())
    provider.checks_client = False
    # Cells send the same request again, to see what becomes of it here.
    provider.takes_codes_once = False
    atexit.register(stack.close)
    return provider


def provider_fields() -> Mapping[str, Callable[[], Any]]:
    """What an identity provider holds, by full name of the field."""
    return {
        f"{_USERS}.IdentityProvider.issuer": lambda: _provider().url,
        f"{_USERS}.IdentityProvider.client_id": lambda: CLIENT_ID,
        f"{_USERS}.IdentityProvider.scopes": lambda: ["openid", "email"],
        f"{_USERS}.BeginUpstreamLogInRequest.redirect_uri": lambda: "https://matrix.example/back",
    }


class Arrivals:
    """Who comes, in a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        environment = world.mesh.host("users").environment
        providers: Any = None  # addresses are made of those that are handed in
        self.upstreams = Upstreams(providers, Discovery(environment))

    def values(self, owner: Member) -> Mapping[str, Callable[[], Any]]:
        """What is of a tenant, by full name of the field."""
        return {
            f"{_USERS}.FindUpstreamsRequest.tenant": lambda: owner.slug,
            f"{_USERS}.BeginUpstreamLogInRequest.tenant": lambda: owner.slug,
            f"{_USERS}.LogInWithUpstreamRequest.answer": lambda: self._answer(owner),
            f"{_USERS}.LinkUpstreamRequest.link_token": lambda: self.proposal(owner, owner.id),
        }

    def provider(self, owner: Member) -> Any:
        """A new provider of a tenant."""
        identity = self._world.fresh(self._world.by_prefix["idp"], owner)
        return self._world.read(self._world.by_prefix["idp"], identity, owner)

    def proposal(self, owner: Member, user_id: str) -> str:
        """The token by which a user says that an account is theirs."""
        environment = self._world.mesh.host("users").environment
        said = json.dumps([self.provider(owner).id, f"subject-{next(self._world.numbers)}", user_id])
        ends_us = environment.clock.now_us() + _TEN_MINUTES_US
        return environment.capabilities.mint(PROPOSAL, owner.tenant, said, expires_us=ends_us, single_use=True)

    def linked(self, owner: Member, provider_id: str) -> str:
        """The subject of another owner of the tenant, whom the provider knows."""
        who = self._world.mesh.member(owner, resources_pb2.ROLE_OWNER)
        subject = f"subject-{next(self._world.numbers)}"
        link = resources_pb2.UpstreamLink(user_id=who.id, identity_provider_id=provider_id)
        self._world.mesh.insert(owner.tenant, link, subject=subject)
        return subject

    @staticmethod
    def comes_back(address: str, subject: str) -> dict[str, str]:
        """What the browser of somebody brings back from an address at the provider."""
        return _provider().arrive(address, subject, email="somebody@matrix.example", email_verified=True)

    def _answer(self, owner: Member) -> Any:
        provider = self.provider(owner)
        request = upstream_service_pb2.BeginUpstreamLogInRequest(
            tenant=owner.slug, identity_provider_id=provider.id, redirect_uri="https://matrix.example/back"
        )
        begun = self._world.mesh.call(f"/{_USERS}.UpstreamService/BeginUpstreamLogIn", request)
        back = self.comes_back(begun.authorization_uri, self.linked(owner, provider.id))
        return upstream_service_pb2.UpstreamAnswer(
            login_token=begun.login_token, identity_provider_id=provider.id, **back
        )
