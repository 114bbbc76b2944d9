"""Typed Python of rapport.users.v1.PasswordService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import password_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class PasswordServiceMethods(Protocol):
    """What the service implements of PasswordService beyond its standard methods."""

    def change_password(self, call: Call, request: password_service_pb2.ChangePasswordRequest) -> resources_pb2.User: ...

    def request_password_reset(self, call: Call, request: password_service_pb2.RequestPasswordResetRequest) -> password_service_pb2.RequestPasswordResetResponse: ...

    def reset_password(self, call: Call, request: password_service_pb2.ResetPasswordRequest) -> resources_pb2.User: ...

    def mint_password_reset_token(self, call: Call, request: password_service_pb2.MintPasswordResetTokenRequest) -> password_service_pb2.MintPasswordResetTokenResponse: ...


class PasswordServiceClient:
    """Calls PasswordService."""

    AREA = "rapport.users.v1.PasswordService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def change_password(self, request: password_service_pb2.ChangePasswordRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """ChangePassword, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasswordService/ChangePassword", request, resources_pb2.User, timeout)

    def request_password_reset(self, request: password_service_pb2.RequestPasswordResetRequest, *, timeout: float | None = None) -> password_service_pb2.RequestPasswordResetResponse:
        """RequestPasswordReset, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasswordService/RequestPasswordReset", request, password_service_pb2.RequestPasswordResetResponse, timeout)

    def reset_password(self, request: password_service_pb2.ResetPasswordRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """ResetPassword, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasswordService/ResetPassword", request, resources_pb2.User, timeout)

    def mint_password_reset_token(self, request: password_service_pb2.MintPasswordResetTokenRequest, *, timeout: float | None = None) -> password_service_pb2.MintPasswordResetTokenResponse:
        """MintPasswordResetToken, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasswordService/MintPasswordResetToken", request, password_service_pb2.MintPasswordResetTokenResponse, timeout)
