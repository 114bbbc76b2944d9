"""Typed Python of rapport.users.v1.InvitationService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import invitation_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class InvitationServiceMethods(Protocol):
    """What the service implements of InvitationService beyond its standard methods."""

    def resend_invitation(self, call: Call, request: invitation_service_pb2.ResendInvitationRequest) -> resources_pb2.Invitation: ...

    def revoke_invitation(self, call: Call, request: invitation_service_pb2.RevokeInvitationRequest) -> resources_pb2.Invitation: ...

    def accept_invitation(self, call: Call, request: invitation_service_pb2.AcceptInvitationRequest) -> invitation_service_pb2.AcceptInvitationResponse: ...

    def mint_invitation_token(self, call: Call, request: invitation_service_pb2.MintInvitationTokenRequest) -> invitation_service_pb2.MintInvitationTokenResponse: ...


class InvitationServiceClient:
    """Calls InvitationService."""

    AREA = "rapport.users.v1.InvitationService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_invitation(self, request: invitation_service_pb2.GetInvitationRequest, *, timeout: float | None = None) -> resources_pb2.Invitation:
        """GetInvitation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.InvitationService/GetInvitation", request, resources_pb2.Invitation, timeout)

    def list_invitations(self, request: invitation_service_pb2.ListInvitationsRequest, *, timeout: float | None = None) -> invitation_service_pb2.ListInvitationsResponse:
        """ListInvitations, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.InvitationService/ListInvitations", request, invitation_service_pb2.ListInvitationsResponse, timeout)

    def create_invitation(self, request: invitation_service_pb2.CreateInvitationRequest, *, timeout: float | None = None) -> resources_pb2.Invitation:
        """CreateInvitation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.InvitationService/CreateInvitation", request, resources_pb2.Invitation, timeout)

    def resend_invitation(self, request: invitation_service_pb2.ResendInvitationRequest, *, timeout: float | None = None) -> resources_pb2.Invitation:
        """ResendInvitation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.InvitationService/ResendInvitation", request, resources_pb2.Invitation, timeout)

    def revoke_invitation(self, request: invitation_service_pb2.RevokeInvitationRequest, *, timeout: float | None = None) -> resources_pb2.Invitation:
        """RevokeInvitation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.InvitationService/RevokeInvitation", request, resources_pb2.Invitation, timeout)

    def accept_invitation(self, request: invitation_service_pb2.AcceptInvitationRequest, *, timeout: float | None = None) -> invitation_service_pb2.AcceptInvitationResponse:
        """AcceptInvitation, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.InvitationService/AcceptInvitation", request, invitation_service_pb2.AcceptInvitationResponse, timeout)

    def mint_invitation_token(self, request: invitation_service_pb2.MintInvitationTokenRequest, *, timeout: float | None = None) -> invitation_service_pb2.MintInvitationTokenResponse:
        """MintInvitationToken, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.InvitationService/MintInvitationToken", request, invitation_service_pb2.MintInvitationTokenResponse, timeout)
