"""Whom identity providers know: how users are linked to their accounts there, and let go of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, session_service_pb2, upstream_service_pb2
from sqlalchemy import BigInteger, bindparam, select, update

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.resource.mapping import read_columns
from mesh.resource.writing import NO_FACTS, change, deleting, unknown
from mesh.runtime import audit, capabilities
from mesh.store.errors import UniqueViolation
from mesh.store.statement import TENANT, Statement
from services.users.domain.policy import filled
from services.users.oauth_tables import identity_providers, upstream_links
from services.users.service.identity_providers import OPEN
from services.users.service.security_policy import read_policy
from services.users.service.sessions import check_user, hold_user
from services.users.service.upstream import LIFE_US
from services.users.service.ways import ways_to_sign_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, Write
    from mesh.runtime.capabilities import Capability
    from services.users.service.second_factors import SecondFactors
    from services.users.service.upstream import Arrived

PROPOSAL = "identity-providers.link"
_c = upstream_links.c
_ACCOUNT = (
    _c.tenant_id == TENANT,
    _c.identity_provider_id == bindparam("provider"),
    _c.subject == bindparam("subject"),
    _c.delete_time.is_(None),
)
_USE = Statement(
    update(upstream_links)
    .where(*_ACCOUNT, _c.user_id == bindparam("user"))
    .values(last_use_time=bindparam("now", type_=BigInteger)),
    name="use upstream link",
)
_HOLD_ALL = Statement(
    select(*read_columns(upstream_links, resources_pb2.UpstreamLink))
    .where(_c.tenant_id == TENANT, _c.user_id == bindparam("user"), _c.delete_time.is_(None))
    .order_by(_c.id)
    .with_for_update(),
    name="hold links of user",
)
_THERE = Statement(
    select(identity_providers.c.sequence)
    .where(identity_providers.c.tenant_id == TENANT, identity_providers.c.id == bindparam("provider"), *OPEN)
    # Shared: many may sign in at once.
    .with_for_update(read=True),
    name="hold identity provider",
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An account at a provider that a user is to say of that it is theirs."""

    held: Capability
    provider_id: str
    subject: str


def link_token(call: Call, tenant: str, arrived: Arrived, user_id: str) -> session_service_pb2.LogInResponse:
    """What a user proves with, once they have signed in, that the account at a provider is theirs."""
    said = json.dumps([arrived.provider.id, arrived.person.subject, user_id], separators=(",", ":"))
    ends_us = call.environment.clock.now_us() + LIFE_US
    token = call.environment.capabilities.mint(PROPOSAL, tenant, said, expires_us=ends_us, single_use=True)
    return session_service_pb2.LogInResponse(link_token=token)


class UpstreamLinks:
    """The links in one database, and the methods of UpstreamService that are about them."""

    def __init__(self, link: Resource[resources_pb2.UpstreamLink], factors: SecondFactors) -> None:
        self.resource = link
        self._factors = factors

    def add(self, commit: Commit, user_id: str, provider_id: str, subject: str) -> resources_pb2.UpstreamLink:
        """A new link, recorded beside what the call is about.

        Raises:
            UniqueViolation: the account has been linked since.
        """
        link = resources_pb2.UpstreamLink(
            id=commit.environment.ids.new(self.resource.contract.prefix),
            etag=etag(1),
            user_id=user_id,
            identity_provider_id=provider_id,
        )
        for moment in (link.create_time, link.update_time):
            moment.FromMicroseconds(commit.now_us)
        self.resource.insert(commit, [link], subject=subject)
        contract = commit.call.contract
        if contract.audit != _CREATED:
            audit.note(commit, _CREATED, contract.full_name, f"upstream-links/{link.id}", [])
        return link

    def remove_all(self, write: Write, user_id: str) -> None:
        """Remove the links of a user."""
        for row in write.read(_HOLD_ALL, user=user_id):
            change(write, self.resource, row, deleting(write.now_us), NO_FACTS, kind="Deleted")

    @staticmethod
    def use(commit: Commit, user_id: str, provider_id: str, subject: str) -> None:
        """Note that a link was used.

        Raises:
            Failure: UPSTREAM_ANSWER_WRONG, where it was removed since it was found.
        """
        if not commit.write(_USE, user=user_id, provider=provider_id, subject=subject, now=commit.now_us):
            raise Failure("UPSTREAM_ANSWER_WRONG", metadata={"cause": "again"})

    @staticmethod
    def hold(commit: Commit, provider: resources_pb2.IdentityProvider, *, unchanged: bool) -> None:
        """Hold a provider that was read before it was asked, which takes its time; `unchanged`: its rules matter.

        Raises:
            Failure: UPSTREAM_ANSWER_WRONG, where nobody signs in through it any more, or it has other rules by now.
        """
        rows = commit.read(_THERE, provider=provider.id)
        if not rows or (unchanged and etag(rows[0][0]) != provider.etag):
            raise Failure("UPSTREAM_ANSWER_WRONG", metadata={"cause": "again"})

    @staticmethod
    def proposal(call: Call, token: str, tenant: str, user_id: str) -> Proposal:
        """What a token is of, which this user of a tenant was told to prove.

        Raises:
            Failure: LINK_REFUSED.
        """
        try:
            held = call.environment.capabilities.check(PROPOSAL, token, call.environment.clock.now_us())
        except Failure:
            raise Failure("LINK_REFUSED") from None
        provider_id, subject, meant = json.loads(held.subject)
        if (held.tenant, meant) != (tenant, user_id):
            raise Failure("LINK_REFUSED")
        return Proposal(held, provider_id, subject)

    def is_meant(self, call: Call, token: str, tenant: str, user_id: str) -> bool:
        """Whether it is this user whom a token is for."""
        try:
            self.proposal(call, token, tenant, user_id)
        except Failure:
            return False
        return True

    def take_up(self, commit: Commit, proposal: Proposal, user_id: str) -> resources_pb2.UpstreamLink:
        """The link that was proposed.

        Raises:
            Failure: LINK_REFUSED, where the provider is gone by now, or the token was used.
            UniqueViolation: the account has been linked since.
        """
        try:
            capabilities.use(commit, proposal.held)
        except Failure:
            raise Failure("LINK_REFUSED") from None
        hold_user(commit, user_id)
        if not commit.read(_THERE, provider=proposal.provider_id):
            raise Failure("LINK_REFUSED")
        return self.add(commit, user_id, proposal.provider_id, proposal.subject)

    def link_upstream(
        self, call: Call, request: upstream_service_pb2.LinkUpstreamRequest
    ) -> resources_pb2.UpstreamLink:
        """The caller's new link."""
        user_id = check_user(call)
        self._factors.check_assured(call, user_id)
        proposal = self.proposal(call, request.link_token, call.identity.tenant, user_id)
        try:
            with call.commit() as commit:
                link = self.take_up(commit, proposal, user_id)
                commit.audit(f"upstream-links/{link.id}")
                return commit.reply(link)
        except UniqueViolation:
            raise Failure("LINK_REFUSED") from None

    def delete_upstream_link(
        self, call: Call, request: upstream_service_pb2.DeleteUpstreamLinkRequest
    ) -> resources_pb2.UpstreamLink:
        """The link, which lets nobody in any more; removing it again changes nothing.

        Raises:
            Failure: LAST_WAY_IN.
        """
        user_id = check_user(call)
        with call.commit() as commit:
            hold_user(commit, user_id)
            mine = self.resource.scopes.writable(call)
            rows: Sequence[Any] = commit.read(self.resource.lock(mine), id=request.id, **mine.parameters)
            if not rows:
                raise unknown(self.resource, request.id)
            mark = deleting(commit.now_us)
            after, changed = change(commit, self.resource, rows[0], mark, NO_FACTS, given=request.etag, kind="Deleted")
            allowed = set(filled(read_policy(commit)[0]).login_methods)
            if changed and not allowed & ways_to_sign_in(commit, user_id):
                raise Failure("LAST_WAY_IN")
            commit.audit(f"upstream-links/{request.id}", changed)
            return commit.reply(after)


_CREATED = "upstream_link.created"
