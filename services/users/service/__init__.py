"""users as a service: its areas, put together."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import events_pb2, resources_pb2

from mesh.contract.catalog import all_services
from mesh.resource.resource import Resource
from mesh.runtime.service import Deferred, Service
from services.users.domain.groups import decide_group
from services.users.domain.identity_providers import decide_provider
from services.users.domain.invitations import decide_invitation
from services.users.domain.keys import decide_api_key, decide_publishable_key
from services.users.domain.oauth_clients import decide_client
from services.users.domain.roles import decide_role
from services.users.domain.teams import decide_team
from services.users.domain.users import decide_user
from services.users.events import Sealer
from services.users.oauth_tables import identity_providers as provider_rows
from services.users.oauth_tables import oauth_clients as client_rows
from services.users.oauth_tables import upstream_links as link_rows
from services.users.service.access_tokens import AccessTokens
from services.users.service.api_keys import ApiKeyMethods, gather_api_key, gather_publishable_key
from services.users.service.audit import AuditMethods
from services.users.service.audit_exports import AuditExportMethods
from services.users.service.authorize import Authorization
from services.users.service.beginning import Beginning
from services.users.service.client_sessions import ClientSessions
from services.users.service.complete import CompleteLogIn
from services.users.service.devices import Devices
from services.users.service.directory import DirectoryMethods
from services.users.service.discovery import Discovery
from services.users.service.emails import EmailMethods
from services.users.service.exchange import Exchange
from services.users.service.factor_reset import FactorReset
from services.users.service.factors import FactorMethods
from services.users.service.forgetting import forget_user
from services.users.service.groups import GroupMethods, gather_group
from services.users.service.guesses import GuessCounts
from services.users.service.id_tokens import IdTokens
from services.users.service.identity_providers import (
    IdentityProviderMethods,
    Providers,
    forget_provider,
    gather_provider,
)
from services.users.service.impersonations import ImpersonationMethods
from services.users.service.invitations import InvitationMethods, gather_invitation
from services.users.service.log_in import LogIn
from services.users.service.membership import empty_group
from services.users.service.oauth import OAuthMethods
from services.users.service.oauth_clients import Clients, OauthClientMethods, gather_client
from services.users.service.openid import OpenIdMethods
from services.users.service.passkey_log_in import PasskeyLogIn
from services.users.service.passkey_methods import PasskeyMethods
from services.users.service.passkeys import Passkeys
from services.users.service.password_changes import PasswordMethods
from services.users.service.permissions import PermissionMethods
from services.users.service.provider_changes import settle_provider
from services.users.service.receipts import Receipts
from services.users.service.refresh import Refresh
from services.users.service.rights import gather_role
from services.users.service.second_factors import SecondFactors
from services.users.service.security_policy import SecurityPolicyMethods
from services.users.service.service_accounts import ServiceAccountMethods
from services.users.service.sessions import SessionMethods, Sessions
from services.users.service.teams import TeamMethods, gather_team, keep_tree, take_turn
from services.users.service.tenant_life import TenantLifeMethods
from services.users.service.tenants import TenantMethods
from services.users.service.upstream import Upstreams
from services.users.service.upstream_links import UpstreamLinks
from services.users.service.upstream_log_in import UpstreamLogIn, UpstreamMethods
from services.users.service.upstream_pages import UpstreamPages
from services.users.service.users import UserMethods, gather_user
from services.users.service.verify import VerifySession
from services.users.service.visits import Visits
from services.users.tables import (
    api_keys,
    audit_entries,
    custom_roles,
    groups,
    impersonations,
    invitations,
    publishable_keys,
    teams,
    users,
)
from services.users.tables import passkeys as passkey_rows
from services.users.tables import sessions as session_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.events.envelope import Event
    from mesh.runtime.call import Write
    from mesh.runtime.environment import Environment


@dataclass(frozen=True, slots=True)
class _Kept:
    """The resources that the methods share."""

    user: Resource[resources_pb2.User]
    session: Resource[resources_pb2.Session]
    passkey: Resource[resources_pb2.Passkey]
    role: Resource[resources_pb2.CustomRole]
    group: Resource[resources_pb2.Group]
    team: Resource[resources_pb2.Team]
    invitation: Resource[resources_pb2.Invitation]
    key: Resource[resources_pb2.ApiKey]
    publishable: Resource[resources_pb2.PublishableKey]
    client: Resource[resources_pb2.OauthClient]
    provider: Resource[resources_pb2.IdentityProvider]
    link: Resource[resources_pb2.UpstreamLink]
    impersonation: Resource[resources_pb2.Impersonation]
    entry: Resource[resources_pb2.AuditEntry]


def _kept() -> _Kept:
    return _Kept(
        user=Resource(resources_pb2.User, users, decide=decide_user, gather=gather_user, forget=forget_user),
        session=Resource(resources_pb2.Session, session_rows),
        passkey=Resource(resources_pb2.Passkey, passkey_rows),
        role=Resource(resources_pb2.CustomRole, custom_roles, decide=decide_role, gather=gather_role),
        group=Resource(resources_pb2.Group, groups, decide=decide_group, gather=gather_group, forget=empty_group),
        team=Resource(
            resources_pb2.Team, teams, decide=decide_team, gather=gather_team, settle=keep_tree, enter=take_turn
        ),
        invitation=Resource(resources_pb2.Invitation, invitations, decide=decide_invitation, gather=gather_invitation),
        key=Resource(resources_pb2.ApiKey, api_keys, decide=decide_api_key, gather=gather_api_key),
        publishable=Resource(
            resources_pb2.PublishableKey, publishable_keys, decide=decide_publishable_key, gather=gather_publishable_key
        ),
        client=Resource(resources_pb2.OauthClient, client_rows, decide=decide_client, gather=gather_client),
        provider=Resource(
            resources_pb2.IdentityProvider,
            provider_rows,
            decide=decide_provider,
            gather=gather_provider,
            settle=settle_provider,
            forget=forget_provider,
        ),
        link=Resource(resources_pb2.UpstreamLink, link_rows),
        impersonation=Resource(resources_pb2.Impersonation, impersonations),
        entry=Resource(resources_pb2.AuditEntry, audit_entries),
    )


def build(environment: Environment) -> Service:
    """The service over its environment."""
    kept = _kept()
    life, exporting, auditing = TenantLifeMethods(), AuditExportMethods(kept.entry), AuditMethods(kept.entry)
    inviting = InvitationMethods(kept.invitation, kept.user)
    tokens, guesses = AccessTokens(environment), GuessCounts(environment)
    sessions, directory = Sessions(kept.session), DirectoryMethods(environment)
    passwords = PasswordMethods(kept.user, sessions, guesses)
    exchange, id_tokens = Exchange(environment, tokens), IdTokens(environment)
    clients = Clients(kept.client, exchange)
    devices = Devices(clients)
    working = ClientSessions(kept.user, sessions, tokens, id_tokens, devices)
    steps = _steps(environment, kept, sessions, tokens, guesses)
    authorization, upstream = _pages(steps, clients, sessions, devices)
    people, grouping = UserMethods(kept.user), GroupMethods(kept.group, kept.user)
    methods: dict[str, object] = {
        "TenantService": TenantMethods(kept.user),
        "TenantLifeService": life,
        "SecurityPolicyService": SecurityPolicyMethods(),
        "AuditService": auditing,
        "AuditExportService": exporting,
        "UserService": people,
        "GroupService": grouping,
        "ScimService": Deferred(lambda: _scim(kept, people, grouping)),
        "PermissionService": PermissionMethods(),
        "TeamService": TeamMethods(kept.team, kept.user),
        "InvitationService": inviting,
        "ApiKeyService": ApiKeyMethods(kept.key, kept.user),
        "ServiceAccountService": ServiceAccountMethods(kept.user),
        "ImpersonationService": ImpersonationMethods(kept.impersonation, kept.user, tokens),
        "PasswordService": passwords,
        **_signing_in(environment, steps, kept, sessions, tokens, guesses),
        "OauthClientService": OauthClientMethods(kept.client, id_tokens),
        "OAuthService": OAuthMethods(exchange, tokens, directory, clients, working),
        "OpenIdService": OpenIdMethods(
            kept.user, authorization, clients, sessions, working, id_tokens, directory, upstream
        ),
        "DirectoryService": directory,
    }
    return Service(
        name="users",
        resources=[*(getattr(kept, each.name) for each in fields(kept)), exporting.exports],
        methods={f"rapport.users.v1.{area}": each for area, each in methods.items()},
        consumes=_effects(kept.entry, auditing, inviting, life, passwords, sessions),
        subscribes=all_services(),
        jobs=[exporting.files.kind],
        look_up=directory.find,
        keys=tokens.public_keys,
        exchange=exchange.token,
    )


def _scim(kept: _Kept, people: UserMethods, grouping: GroupMethods) -> object:
    # Its models take a second to be imported, and most processes are asked for none of it.
    from services.users.service.scim import ScimMethods

    return ScimMethods(kept.user, kept.group, people, grouping)


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps of a log-in, by whichever door people come."""

    factors: SecondFactors
    beginning: Beginning
    log_in: LogIn
    complete: CompleteLogIn
    upstreams: Upstreams
    upstream: UpstreamLogIn
    links: UpstreamLinks


def _steps(
    environment: Environment,
    kept: _Kept,
    sessions: Sessions,
    tokens: AccessTokens,
    guesses: GuessCounts,
) -> _Steps:
    user, factors, beginning = kept.user, SecondFactors(environment, guesses), Beginning(sessions, tokens)
    upstreams, links = Upstreams(Providers(kept.provider), Discovery(environment)), UpstreamLinks(kept.link, factors)
    return _Steps(
        factors,
        beginning,
        LogIn(user, beginning, guesses, factors),
        CompleteLogIn(user, sessions, factors, tokens),
        upstreams,
        UpstreamLogIn(user, upstreams, links, factors, beginning),
        links,
    )


def _pages(
    steps: _Steps, clients: Clients, sessions: Sessions, devices: Devices
) -> tuple[Authorization, UpstreamPages]:
    """The pages of the OpenID provider."""
    visits = Visits(clients, sessions, steps.factors, devices, steps.upstream, steps.links)
    return (
        Authorization(visits, sessions, steps.log_in, steps.complete, devices),
        UpstreamPages(visits, sessions, steps.upstreams, steps.upstream, steps.links),
    )


def _signing_in(
    environment: Environment,
    steps: _Steps,
    kept: _Kept,
    sessions: Sessions,
    tokens: AccessTokens,
    guesses: GuessCounts,
) -> dict[str, object]:
    """How people prove who they are, and the mesh what it has done; each step of SessionService has its own module."""
    user, passkeys, factors = kept.user, Passkeys(environment, kept.passkey), steps.factors
    verify, refresh = VerifySession(sessions, guesses, factors, tokens), Refresh(sessions, tokens)
    by_passkey = PasskeyLogIn(user, passkeys, factors, steps.beginning)
    reset = FactorReset(user, passkeys, factors, sessions, steps.links)
    return {
        "IdentityProviderService": IdentityProviderMethods(kept.provider),
        "UpstreamService": UpstreamMethods(steps.upstream, steps.links),
        "SessionService": SessionMethods(sessions, steps.log_in, steps.complete, verify, refresh, tokens),
        "FactorService": FactorMethods(factors, guesses, reset),
        "PasskeyService": PasskeyMethods(passkeys, factors, guesses, by_passkey, steps.complete, verify),
        "EmailService": EmailMethods(user, guesses),
        "ReceiptService": Receipts(environment),
    }


def _effects(
    entry: Resource[resources_pb2.AuditEntry],
    auditing: AuditMethods,
    inviting: InvitationMethods,
    life: TenantLifeMethods,
    passwords: PasswordMethods,
    sessions: Sessions,
) -> dict[str, Callable[[Write, Event], None]]:
    """By the full name of an event, what follows from it."""
    return {
        audit_pb2.AuditRecorded.DESCRIPTOR.full_name: Sealer(entry).seal,
        events_pb2.AuditOriginsDue.DESCRIPTOR.full_name: auditing.erase,
        events_pb2.InvitationDue.DESCRIPTOR.full_name: inviting.expire,
        events_pb2.TenantDeletionDue.DESCRIPTOR.full_name: life.end,
        events_pb2.PasswordResetWanted.DESCRIPTOR.full_name: passwords.want,
        events_pb2.SessionDue.DESCRIPTOR.full_name: sessions.expire,
    }
