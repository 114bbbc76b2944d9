"""users as a service: its areas, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import events_pb2, resources_pb2

from mesh.contract.catalog import all_services
from mesh.resource.resource import Resource
from mesh.runtime.service import Service
from services.users.domain.invitations import decide_invitation
from services.users.domain.keys import decide_api_key, decide_publishable_key
from services.users.domain.roles import decide_role
from services.users.domain.teams import decide_team
from services.users.domain.users import decide_user
from services.users.events import Sealer
from services.users.service.access_tokens import AccessTokens
from services.users.service.api_keys import ApiKeyMethods, gather_api_key, gather_publishable_key
from services.users.service.complete import CompleteLogIn
from services.users.service.directory import DirectoryMethods
from services.users.service.emails import EmailMethods
from services.users.service.exchange import Exchange
from services.users.service.factors import FactorMethods
from services.users.service.guesses import GuessCounts
from services.users.service.invitations import InvitationMethods, gather_invitation
from services.users.service.log_in import LogIn
from services.users.service.oauth import OAuthMethods
from services.users.service.password_changes import PasswordMethods
from services.users.service.refresh import Refresh
from services.users.service.rights import gather_role
from services.users.service.second_factors import SecondFactors
from services.users.service.sessions import SessionMethods, Sessions
from services.users.service.teams import TeamMethods, gather_team, keep_tree, take_turn
from services.users.service.tenants import TenantMethods
from services.users.service.users import UserMethods, gather_user
from services.users.service.verify import VerifySession
from services.users.tables import (
    api_keys,
    audit_entries,
    custom_roles,
    invitations,
    publishable_keys,
    teams,
    users,
)
from services.users.tables import sessions as session_rows

if TYPE_CHECKING:
    from mesh.runtime.environment import Environment


def build(environment: Environment) -> Service:
    """The service over its environment."""
    user = Resource(resources_pb2.User, users, decide=decide_user, gather=gather_user)
    role = Resource(resources_pb2.CustomRole, custom_roles, decide=decide_role, gather=gather_role)
    team = Resource(
        resources_pb2.Team, teams, decide=decide_team, gather=gather_team, settle=keep_tree, enter=take_turn
    )
    invitation = Resource(resources_pb2.Invitation, invitations, decide=decide_invitation, gather=gather_invitation)
    key = Resource(resources_pb2.ApiKey, api_keys, decide=decide_api_key, gather=gather_api_key)
    publishable = Resource(
        resources_pb2.PublishableKey, publishable_keys, decide=decide_publishable_key, gather=gather_publishable_key
    )
    entry = Resource(resources_pb2.AuditEntry, audit_entries)
    inviting = InvitationMethods(invitation, user)
    tokens = AccessTokens(environment)
    sessions = Sessions(Resource(resources_pb2.Session, session_rows))
    guesses = GuessCounts(environment)
    factors = SecondFactors(environment, guesses)
    passwords = PasswordMethods(user, sessions, guesses)
    directory = DirectoryMethods(environment)
    exchange = Exchange(environment, tokens)
    return Service(
        name="users",
        resources=[user, sessions.resource, role, team, invitation, key, publishable, entry],
        methods={
            "rapport.users.v1.TenantService": TenantMethods(user),
            "rapport.users.v1.SessionService": _signing_in(user, sessions, tokens, guesses, factors),
            "rapport.users.v1.UserService": UserMethods(user),
            "rapport.users.v1.TeamService": TeamMethods(team, user),
            "rapport.users.v1.InvitationService": inviting,
            "rapport.users.v1.ApiKeyService": ApiKeyMethods(key),
            "rapport.users.v1.EmailService": EmailMethods(user, guesses),
            "rapport.users.v1.PasswordService": passwords,
            "rapport.users.v1.FactorService": FactorMethods(factors, guesses),
            "rapport.users.v1.OAuthService": OAuthMethods(exchange, tokens, directory),
            "rapport.users.v1.DirectoryService": directory,
        },
        consumes={
            audit_pb2.AuditRecorded.DESCRIPTOR.full_name: Sealer(entry).seal,
            events_pb2.InvitationDue.DESCRIPTOR.full_name: inviting.expire,
            events_pb2.PasswordResetWanted.DESCRIPTOR.full_name: passwords.want,
            events_pb2.SessionDue.DESCRIPTOR.full_name: sessions.expire,
        },
        subscribes=all_services(),
        look_up=directory.find,
        keys=tokens.public_keys,
        exchange=exchange.token,
    )


def _signing_in(
    user: Resource[resources_pb2.User],
    sessions: Sessions,
    tokens: AccessTokens,
    guesses: GuessCounts,
    factors: SecondFactors,
) -> SessionMethods:
    """The methods of SessionService, each step of which has a module of its own."""
    log_in = LogIn(user, sessions, tokens, guesses, factors)
    complete = CompleteLogIn(user, sessions, factors, tokens)
    verify = VerifySession(sessions, guesses, factors, tokens)
    return SessionMethods(sessions, log_in, complete, verify, Refresh(sessions, tokens), tokens)
