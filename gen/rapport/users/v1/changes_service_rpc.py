"""Typed Python of rapport.users.v1.ChangesService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import changes_service_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ChangesServiceMethods(Protocol):
    """What the service implements of ChangesService beyond its standard methods."""

    def read_user_changes(self, call: Call, request: changes_service_pb2.ReadUserChangesRequest) -> Iterator[changes_service_pb2.UserChange]: ...

    def read_custom_role_changes(self, call: Call, request: changes_service_pb2.ReadCustomRoleChangesRequest) -> Iterator[changes_service_pb2.CustomRoleChange]: ...

    def read_group_changes(self, call: Call, request: changes_service_pb2.ReadGroupChangesRequest) -> Iterator[changes_service_pb2.GroupChange]: ...

    def read_team_changes(self, call: Call, request: changes_service_pb2.ReadTeamChangesRequest) -> Iterator[changes_service_pb2.TeamChange]: ...

    def read_invitation_changes(self, call: Call, request: changes_service_pb2.ReadInvitationChangesRequest) -> Iterator[changes_service_pb2.InvitationChange]: ...

    def read_session_changes(self, call: Call, request: changes_service_pb2.ReadSessionChangesRequest) -> Iterator[changes_service_pb2.SessionChange]: ...

    def read_passkey_changes(self, call: Call, request: changes_service_pb2.ReadPasskeyChangesRequest) -> Iterator[changes_service_pb2.PasskeyChange]: ...

    def read_api_key_changes(self, call: Call, request: changes_service_pb2.ReadApiKeyChangesRequest) -> Iterator[changes_service_pb2.ApiKeyChange]: ...

    def read_impersonation_changes(self, call: Call, request: changes_service_pb2.ReadImpersonationChangesRequest) -> Iterator[changes_service_pb2.ImpersonationChange]: ...

    def read_publishable_key_changes(self, call: Call, request: changes_service_pb2.ReadPublishableKeyChangesRequest) -> Iterator[changes_service_pb2.PublishableKeyChange]: ...

    def read_oauth_client_changes(self, call: Call, request: changes_service_pb2.ReadOauthClientChangesRequest) -> Iterator[changes_service_pb2.OauthClientChange]: ...

    def read_identity_provider_changes(self, call: Call, request: changes_service_pb2.ReadIdentityProviderChangesRequest) -> Iterator[changes_service_pb2.IdentityProviderChange]: ...

    def read_upstream_link_changes(self, call: Call, request: changes_service_pb2.ReadUpstreamLinkChangesRequest) -> Iterator[changes_service_pb2.UpstreamLinkChange]: ...

    def read_audit_export_changes(self, call: Call, request: changes_service_pb2.ReadAuditExportChangesRequest) -> Iterator[changes_service_pb2.AuditExportChange]: ...


class ChangesServiceClient:
    """Calls ChangesService."""

    AREA = "rapport.users.v1.ChangesService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def read_user_changes(self, request: changes_service_pb2.ReadUserChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.UserChange]:
        """ReadUserChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadUserChanges", request, changes_service_pb2.UserChange, timeout)

    def read_custom_role_changes(self, request: changes_service_pb2.ReadCustomRoleChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.CustomRoleChange]:
        """ReadCustomRoleChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadCustomRoleChanges", request, changes_service_pb2.CustomRoleChange, timeout)

    def read_group_changes(self, request: changes_service_pb2.ReadGroupChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.GroupChange]:
        """ReadGroupChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadGroupChanges", request, changes_service_pb2.GroupChange, timeout)

    def read_team_changes(self, request: changes_service_pb2.ReadTeamChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.TeamChange]:
        """ReadTeamChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadTeamChanges", request, changes_service_pb2.TeamChange, timeout)

    def read_invitation_changes(self, request: changes_service_pb2.ReadInvitationChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.InvitationChange]:
        """ReadInvitationChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadInvitationChanges", request, changes_service_pb2.InvitationChange, timeout)

    def read_session_changes(self, request: changes_service_pb2.ReadSessionChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.SessionChange]:
        """ReadSessionChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadSessionChanges", request, changes_service_pb2.SessionChange, timeout)

    def read_passkey_changes(self, request: changes_service_pb2.ReadPasskeyChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.PasskeyChange]:
        """ReadPasskeyChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadPasskeyChanges", request, changes_service_pb2.PasskeyChange, timeout)

    def read_api_key_changes(self, request: changes_service_pb2.ReadApiKeyChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ApiKeyChange]:
        """ReadApiKeyChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadApiKeyChanges", request, changes_service_pb2.ApiKeyChange, timeout)

    def read_impersonation_changes(self, request: changes_service_pb2.ReadImpersonationChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.ImpersonationChange]:
        """ReadImpersonationChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadImpersonationChanges", request, changes_service_pb2.ImpersonationChange, timeout)

    def read_publishable_key_changes(self, request: changes_service_pb2.ReadPublishableKeyChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.PublishableKeyChange]:
        """ReadPublishableKeyChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadPublishableKeyChanges", request, changes_service_pb2.PublishableKeyChange, timeout)

    def read_oauth_client_changes(self, request: changes_service_pb2.ReadOauthClientChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.OauthClientChange]:
        """ReadOauthClientChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadOauthClientChanges", request, changes_service_pb2.OauthClientChange, timeout)

    def read_identity_provider_changes(self, request: changes_service_pb2.ReadIdentityProviderChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.IdentityProviderChange]:
        """ReadIdentityProviderChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadIdentityProviderChanges", request, changes_service_pb2.IdentityProviderChange, timeout)

    def read_upstream_link_changes(self, request: changes_service_pb2.ReadUpstreamLinkChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.UpstreamLinkChange]:
        """ReadUpstreamLinkChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadUpstreamLinkChanges", request, changes_service_pb2.UpstreamLinkChange, timeout)

    def read_audit_export_changes(self, request: changes_service_pb2.ReadAuditExportChangesRequest, *, timeout: float | None = None) -> Iterator[changes_service_pb2.AuditExportChange]:
        """ReadAuditExportChanges, within `timeout` seconds at most."""
        return self._caller.stream("/rapport.users.v1.ChangesService/ReadAuditExportChanges", request, changes_service_pb2.AuditExportChange, timeout)
