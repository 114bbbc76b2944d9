"""users as a service: its areas, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import events_pb2, resources_pb2

from mesh.contract.catalog import all_services
from mesh.resource.resource import Resource
from mesh.runtime.service import Service
from services.users.domain.groups import decide_group
from services.users.domain.invitations import decide_invitation
from services.users.domain.keys import decide_api_key, decide_publishable_key
from services.users.domain.roles import decide_role
from services.users.domain.teams import decide_team
from services.users.domain.users import decide_user
from services.users.events import Sealer
from services.users.service.api_keys import ApiKeyMethods, gather_api_key, gather_publishable_key
from services.users.service.audit import AuditMethods
from services.users.service.audit_exports import AuditExportMethods
from services.users.service.directory import DirectoryMethods
from services.users.service.emails import EmailMethods
from services.users.service.exchange import Exchange
from services.users.service.groups import GroupMethods, gather_group
from services.users.service.impersonations import ImpersonationMethods
from services.users.service.invitations import InvitationMethods, gather_invitation
from services.users.service.membership import empty_group
from services.users.service.oauth import OAuthMethods
from services.users.service.permissions import PermissionMethods
from services.users.service.rights import gather_role
from services.users.service.security_policy import SecurityPolicyMethods
from services.users.service.service_accounts import ServiceAccountMethods
from services.users.service.sessions import SessionMethods
from services.users.service.teams import TeamMethods, gather_team, keep_tree, take_turn
from services.users.service.tenant_life import TenantLifeMethods
from services.users.service.tenants import TenantMethods
from services.users.service.users import UserMethods, gather_user
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

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.events.envelope import Event
    from mesh.runtime.call import Write
    from mesh.runtime.environment import Environment


def build(environment: Environment) -> Service:
    """The service over its environment."""
    user = Resource(resources_pb2.User, users, decide=decide_user, gather=gather_user)
    role = Resource(resources_pb2.CustomRole, custom_roles, decide=decide_role, gather=gather_role)
    group = Resource(resources_pb2.Group, groups, decide=decide_group, gather=gather_group, forget=empty_group)
    team = Resource(
        resources_pb2.Team, teams, decide=decide_team, gather=gather_team, settle=keep_tree, enter=take_turn
    )
    invitation = Resource(resources_pb2.Invitation, invitations, decide=decide_invitation, gather=gather_invitation)
    key = Resource(resources_pb2.ApiKey, api_keys, decide=decide_api_key, gather=gather_api_key)
    publishable = Resource(
        resources_pb2.PublishableKey, publishable_keys, decide=decide_publishable_key, gather=gather_publishable_key
    )
    impersonation = Resource(resources_pb2.Impersonation, impersonations)
    entry = Resource(resources_pb2.AuditEntry, audit_entries)
    life, exporting = TenantLifeMethods(), AuditExportMethods(entry)
    inviting = InvitationMethods(invitation, user)
    sessions = SessionMethods(environment, user)
    directory = DirectoryMethods(environment)
    exchange = Exchange(environment, sessions)
    methods: dict[str, object] = {
        "TenantService": TenantMethods(user),
        "TenantLifeService": life,
        "SecurityPolicyService": SecurityPolicyMethods(),
        "AuditService": AuditMethods(entry),
        "AuditExportService": exporting,
        "SessionService": sessions,
        "UserService": UserMethods(user),
        "GroupService": GroupMethods(group, user),
        "PermissionService": PermissionMethods(),
        "TeamService": TeamMethods(team, user),
        "InvitationService": inviting,
        "ApiKeyService": ApiKeyMethods(key, user),
        "ServiceAccountService": ServiceAccountMethods(user),
        "ImpersonationService": ImpersonationMethods(impersonation, user, sessions),
        "EmailService": EmailMethods(user),
        "OAuthService": OAuthMethods(exchange, sessions, directory),
        "DirectoryService": directory,
    }
    return Service(
        name="users",
        resources=[user, role, group, team, invitation, key, publishable, impersonation, entry, exporting.exports],
        methods={f"rapport.users.v1.{area}": each for area, each in methods.items()},
        consumes=_effects(entry, inviting, life),
        subscribes=all_services(),
        jobs=[exporting.files.kind],
        look_up=directory.find,
        keys=sessions.public_keys,
        exchange=exchange.token,
    )


def _effects(
    entry: Resource[resources_pb2.AuditEntry], inviting: InvitationMethods, life: TenantLifeMethods
) -> dict[str, Callable[[Write, Event], None]]:
    """By the full name of an event, what follows from it."""
    return {
        audit_pb2.AuditRecorded.DESCRIPTOR.full_name: Sealer(entry).seal,
        events_pb2.InvitationDue.DESCRIPTOR.full_name: inviting.expire,
        events_pb2.TenantDeletionDue.DESCRIPTOR.full_name: life.end,
    }
