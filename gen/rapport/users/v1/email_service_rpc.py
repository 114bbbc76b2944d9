"""Typed Python of rapport.users.v1.EmailService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import email_service_pb2
from rapport.users.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class EmailServiceMethods(Protocol):
    """What the service implements of EmailService beyond its standard methods."""

    def change_email(self, call: Call, request: email_service_pb2.ChangeEmailRequest) -> resources_pb2.User: ...

    def change_user_email(self, call: Call, request: email_service_pb2.ChangeUserEmailRequest) -> resources_pb2.User: ...

    def confirm_email(self, call: Call, request: email_service_pb2.ConfirmEmailRequest) -> resources_pb2.User: ...

    def mint_email_confirmation_token(self, call: Call, request: email_service_pb2.MintEmailConfirmationTokenRequest) -> email_service_pb2.MintEmailConfirmationTokenResponse: ...


class EmailServiceClient:
    """Calls EmailService."""

    AREA = "rapport.users.v1.EmailService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def change_email(self, request: email_service_pb2.ChangeEmailRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """ChangeEmail, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.EmailService/ChangeEmail", request, resources_pb2.User, timeout)

    def change_user_email(self, request: email_service_pb2.ChangeUserEmailRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """ChangeUserEmail, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.EmailService/ChangeUserEmail", request, resources_pb2.User, timeout)

    def confirm_email(self, request: email_service_pb2.ConfirmEmailRequest, *, timeout: float | None = None) -> resources_pb2.User:
        """ConfirmEmail, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.EmailService/ConfirmEmail", request, resources_pb2.User, timeout)

    def mint_email_confirmation_token(self, request: email_service_pb2.MintEmailConfirmationTokenRequest, *, timeout: float | None = None) -> email_service_pb2.MintEmailConfirmationTokenResponse:
        """MintEmailConfirmationToken, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.EmailService/MintEmailConfirmationToken", request, email_service_pb2.MintEmailConfirmationTokenResponse, timeout)
