"""How somebody whom an identity provider has signed in comes to a session, by whichever door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, upstream_service_pb2
from sqlalchemy import bindparam, select

from mesh.contract.failure import Failure, invalid
from mesh.runtime import capabilities
from mesh.store.errors import UniqueViolation
from mesh.store.statement import TENANT, Statement
from services.users.domain.identity_providers import rules_of
from services.users.domain.oauth_clients import uri_fault
from services.users.domain.policy import UPSTREAM, filled
from services.users.domain.sessions import level_of
from services.users.domain.upstream import LINK, PROVE, decide_arrival, refused, wrong
from services.users.service.newcomers import new_user
from services.users.service.security_policy import policy_of
from services.users.service.terms import terms_of
from services.users.service.upstream import Back
from services.users.service.upstream_links import link_token
from services.users.tables import tenants, users

if TYPE_CHECKING:
    from rapport.users.v1 import session_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit
    from services.users.service.beginning import Beginning
    from services.users.service.second_factors import SecondFactors
    from services.users.service.signing import SigningKey
    from services.users.service.upstream import Arrived, Upstreams
    from services.users.service.upstream_links import UpstreamLinks

_SECOND_US = 1_000_000
_UNTOLD_US = 3601 * _SECOND_US
"""The age of a sign-in whose provider does not say when it was: older than any proof that a method asks for."""
_TENANT = Statement(
    select(tenants.c.id).where(tenants.c.slug == bindparam("slug"), tenants.c.active), name="find tenant"
)
_HOLDER = Statement(
    select(users.c.id, users.c.state, users.c.delete_time, users.c.kind).where(
        users.c.tenant_id == TENANT, users.c.email == bindparam("email")
    ),
    name="find who has an address",
)
_WORKS = Statement(
    select(users.c.epoch)
    .where(
        users.c.tenant_id == TENANT,
        users.c.id == bindparam("user"),
        users.c.state == resources_pb2.User.STATE_ACTIVE,
        users.c.delete_time.is_(None),
        users.c.kind != resources_pb2.User.KIND_PROGRAM,
    )
    .with_for_update(),
    name="hold working person",
)


class UpstreamLogIn:
    """The methods that begin a session through a provider, and what the pages do alike."""

    def __init__(
        self,
        user: Resource[resources_pb2.User],
        upstreams: Upstreams,
        links: UpstreamLinks,
        factors: SecondFactors,
        beginning: Beginning,
    ) -> None:
        self._user = user
        self._upstreams = upstreams
        self._links = links
        self._factors = factors
        self._beginning = beginning

    def shown(self, call: Call, tenant: str) -> list[tuple[str, str]]:
        """Ids and names of the providers that people of a tenant may sign in through, by its policy too."""
        found = self._upstreams.providers.shown(call, tenant)
        return found if found and UPSTREAM in filled(policy_of(call, tenant)).login_methods else []

    def name(self, call: Call, tenant: str, provider_id: str) -> str:
        """What people call a provider; one that is closed by now is theirs all the same."""
        return dict(self._upstreams.providers.shown(call, tenant)).get(provider_id, "your provider")

    def find_upstreams(
        self, call: Call, request: upstream_service_pb2.FindUpstreamsRequest
    ) -> upstream_service_pb2.FindUpstreamsResponse:
        """The providers of a tenant."""
        reply = upstream_service_pb2.FindUpstreamsResponse()
        for identity, name in self.shown(call, _tenant(call, request.tenant)):
            reply.upstreams.add(identity_provider_id=identity, display_name=name)
        return reply

    def begin_upstream_log_in(
        self, call: Call, request: upstream_service_pb2.BeginUpstreamLogInRequest
    ) -> upstream_service_pb2.BeginUpstreamLogInResponse:
        """Where the browser has to go."""
        if uri_fault(request.redirect_uri, public=False):
            raise invalid("redirect_uri", "is no address that a browser can be sent to")
        tenant = _tenant(call, request.tenant)
        provider = self._upstreams.providers.find(call, tenant, request.identity_provider_id)
        token = call.environment.ids.new_secret()
        address = self._upstreams.address(
            call, tenant, provider, binding=token, redirect_uri=request.redirect_uri, again=request.again
        )
        return upstream_service_pb2.BeginUpstreamLogInResponse(authorization_uri=address, login_token=token)

    def log_in_with_upstream(
        self, call: Call, request: upstream_service_pb2.LogInWithUpstreamRequest
    ) -> session_service_pb2.LogInResponse:
        """A session with its tokens, one to be completed, or how the user proves that the account is theirs."""
        sent = request.answer
        # Where one provider is to answer, another one has nothing to say (RFC 9700, section 4.4).
        away = self._upstreams.away(call, sent.state)
        if away.provider_id != sent.identity_provider_id:
            # One that this tenant does not have is unknown.
            self._upstreams.providers.find(call, away.tenant, sent.identity_provider_id)
            raise wrong("state")
        back = Back(sent.state, sent.code, sent.iss, sent.error)
        return self.arrive(call, self._upstreams.arrived(call, back, sent.login_token))

    def arrive(self, call: Call, arrived: Arrived) -> session_service_pb2.LogInResponse:
        """What becomes of somebody whom a provider has signed in.

        Raises:
            Failure: UPSTREAM_PERSON_REFUSED, LOGIN_METHOD_REFUSED; UPSTREAM_ANSWER_WRONG for an answer that was used.
        """
        tenant, person = arrived.away.tenant, arrived.person
        holder, known = (arrived.user_id, True) if arrived.user_id else self._holder(call, tenant, person.email)
        fate = "" if arrived.user_id else self._fate(call, tenant, arrived, known=known)
        if fate == PROVE:
            return link_token(call, tenant, arrived, holder)
        key = self._beginning.key()
        try:
            with call.commit(tenant) as commit:
                _spend(commit, arrived)
                self._links.hold(commit, arrived.provider, unchanged=bool(fate))
                if fate and fate != LINK:
                    holder = new_user(commit, self._user, arrived).id
                if fate:
                    self._links.add(commit, holder, arrived.provider.id, person.subject)
                epoch = self._working(commit, holder)
                self._links.use(commit, holder, arrived.provider.id, person.subject)
                reply = self._begin(commit, key, holder, epoch, _factor(commit, arrived))
                commit.audit(f"users/{holder}", principal=holder)
                return commit.reply(reply)
        except UniqueViolation:
            # Somebody became a user, or was linked, since this was looked up.
            raise wrong("again") from None

    @staticmethod
    def _fate(call: Call, tenant: str, arrived: Arrived, *, known: bool | None) -> str:
        invited = policy_of(call, tenant).invitation_domains
        return decide_arrival(rules_of(arrived.provider), arrived.person, known=known, invited=invited)

    @staticmethod
    def _holder(call: Call, tenant: str, email: str) -> tuple[str, bool | None]:
        """Who has an address, and whether they may sign in; None: they may not."""
        rows = call.read(_HOLDER, tenant=tenant, email=email) if email else []
        if not rows:
            return "", False
        user_id, state, deleted, kind = rows[0]
        works = state == resources_pb2.User.STATE_ACTIVE and deleted is None
        return str(user_id), True if works and kind != resources_pb2.User.KIND_PROGRAM else None

    @staticmethod
    def _working(commit: Commit, user_id: str) -> int:
        """The epoch of a user who may sign in, held until the session has begun.

        Raises:
            Failure: UPSTREAM_PERSON_REFUSED for one who may not.
        """
        rows = commit.read(_WORKS, user=user_id)
        if not rows:
            raise refused("user")
        return int(rows[0][0])

    def _begin(
        self, commit: Commit, key: SigningKey, user_id: str, epoch: int, factor: resources_pb2.Factor
    ) -> session_service_pb2.LogInResponse:
        second = [] if level_of([factor]) > 1 else self._factors.kinds(commit, user_id)
        factors = 2 if second else level_of([factor])
        terms_of(commit, user_id).check_log_in(UPSTREAM, commit.now_us, factors=factors)
        (row,) = commit.read(self._user.by_id, id=user_id)
        user = self._user.build(resources_pb2.User, row)
        return self._beginning.begin(commit, key, user, epoch, factor, second)


class UpstreamMethods:
    """The methods of UpstreamService that are more than the standard ones."""

    def __init__(self, log_in: UpstreamLogIn, links: UpstreamLinks) -> None:
        self.find_upstreams = log_in.find_upstreams
        self.begin_upstream_log_in = log_in.begin_upstream_log_in
        self.log_in_with_upstream = log_in.log_in_with_upstream
        self.link_upstream = links.link_upstream
        self.delete_upstream_link = links.delete_upstream_link


def _factor(commit: Commit, arrived: Arrived) -> resources_pb2.Factor:
    """The proof that a provider's word is: as old as the sign-in there; where it does not tell, too old for anything.

    Somebody may have been signed in there for weeks. What needs a recent proof asks for `again`.
    """
    several = arrived.provider.vouches_for_mfa and arrived.person.several_proofs
    factor = resources_pb2.Factor(kind=resources_pb2.Factor.KIND_UPSTREAM, user_verified=several)
    when, wall_us = arrived.person.auth_time, commit.environment.wall.now_us()
    age_us = max(wall_us - when * _SECOND_US, 0) if when else _UNTOLD_US
    factor.verify_time.FromMicroseconds(max(commit.now_us - age_us, 0))
    return factor


def _spend(commit: Commit, arrived: Arrived) -> None:
    try:
        capabilities.use(commit, arrived.away.held)
    except Failure:
        raise wrong("state") from None


def _tenant(call: Call, slug: str) -> str:
    found = call.read(_TENANT, slug=slug)
    return str(found[0][0]) if found else ""
