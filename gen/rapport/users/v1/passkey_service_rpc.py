"""Typed Python of rapport.users.v1.PasskeyService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import passkey_service_pb2
from rapport.users.v1 import resources_pb2
from rapport.users.v1 import session_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class PasskeyServiceMethods(Protocol):
    """What the service implements of PasskeyService beyond its standard methods."""

    def begin_passkey_registration(self, call: Call, request: passkey_service_pb2.BeginPasskeyRegistrationRequest) -> passkey_service_pb2.BeginPasskeyRegistrationResponse: ...

    def register_passkey(self, call: Call, request: passkey_service_pb2.RegisterPasskeyRequest) -> passkey_service_pb2.RegisterPasskeyResponse: ...

    def begin_passkey_log_in(self, call: Call, request: passkey_service_pb2.BeginPasskeyLogInRequest) -> passkey_service_pb2.BeginPasskeyLogInResponse: ...

    def log_in_with_passkey(self, call: Call, request: passkey_service_pb2.LogInWithPasskeyRequest) -> session_service_pb2.LogInResponse: ...

    def begin_passkey_completion(self, call: Call, request: passkey_service_pb2.BeginPasskeyCompletionRequest) -> passkey_service_pb2.BeginPasskeyCompletionResponse: ...

    def complete_log_in_with_passkey(self, call: Call, request: passkey_service_pb2.CompleteLogInWithPasskeyRequest) -> session_service_pb2.LogInResponse: ...

    def begin_passkey_verification(self, call: Call, request: passkey_service_pb2.BeginPasskeyVerificationRequest) -> passkey_service_pb2.BeginPasskeyVerificationResponse: ...

    def verify_session_with_passkey(self, call: Call, request: passkey_service_pb2.VerifySessionWithPasskeyRequest) -> session_service_pb2.VerifySessionResponse: ...


class PasskeyServiceClient:
    """Calls PasskeyService."""

    AREA = "rapport.users.v1.PasskeyService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def begin_passkey_registration(self, request: passkey_service_pb2.BeginPasskeyRegistrationRequest, *, timeout: float | None = None) -> passkey_service_pb2.BeginPasskeyRegistrationResponse:
        """BeginPasskeyRegistration, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/BeginPasskeyRegistration", request, passkey_service_pb2.BeginPasskeyRegistrationResponse, timeout)

    def register_passkey(self, request: passkey_service_pb2.RegisterPasskeyRequest, *, timeout: float | None = None) -> passkey_service_pb2.RegisterPasskeyResponse:
        """RegisterPasskey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/RegisterPasskey", request, passkey_service_pb2.RegisterPasskeyResponse, timeout)

    def get_passkey(self, request: passkey_service_pb2.GetPasskeyRequest, *, timeout: float | None = None) -> resources_pb2.Passkey:
        """GetPasskey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/GetPasskey", request, resources_pb2.Passkey, timeout)

    def list_passkeys(self, request: passkey_service_pb2.ListPasskeysRequest, *, timeout: float | None = None) -> passkey_service_pb2.ListPasskeysResponse:
        """ListPasskeys, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/ListPasskeys", request, passkey_service_pb2.ListPasskeysResponse, timeout)

    def update_passkey(self, request: passkey_service_pb2.UpdatePasskeyRequest, *, timeout: float | None = None) -> resources_pb2.Passkey:
        """UpdatePasskey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/UpdatePasskey", request, resources_pb2.Passkey, timeout)

    def delete_passkey(self, request: passkey_service_pb2.DeletePasskeyRequest, *, timeout: float | None = None) -> resources_pb2.Passkey:
        """DeletePasskey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/DeletePasskey", request, resources_pb2.Passkey, timeout)

    def begin_passkey_log_in(self, request: passkey_service_pb2.BeginPasskeyLogInRequest, *, timeout: float | None = None) -> passkey_service_pb2.BeginPasskeyLogInResponse:
        """BeginPasskeyLogIn, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/BeginPasskeyLogIn", request, passkey_service_pb2.BeginPasskeyLogInResponse, timeout)

    def log_in_with_passkey(self, request: passkey_service_pb2.LogInWithPasskeyRequest, *, timeout: float | None = None) -> session_service_pb2.LogInResponse:
        """LogInWithPasskey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/LogInWithPasskey", request, session_service_pb2.LogInResponse, timeout)

    def begin_passkey_completion(self, request: passkey_service_pb2.BeginPasskeyCompletionRequest, *, timeout: float | None = None) -> passkey_service_pb2.BeginPasskeyCompletionResponse:
        """BeginPasskeyCompletion, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/BeginPasskeyCompletion", request, passkey_service_pb2.BeginPasskeyCompletionResponse, timeout)

    def complete_log_in_with_passkey(self, request: passkey_service_pb2.CompleteLogInWithPasskeyRequest, *, timeout: float | None = None) -> session_service_pb2.LogInResponse:
        """CompleteLogInWithPasskey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/CompleteLogInWithPasskey", request, session_service_pb2.LogInResponse, timeout)

    def begin_passkey_verification(self, request: passkey_service_pb2.BeginPasskeyVerificationRequest, *, timeout: float | None = None) -> passkey_service_pb2.BeginPasskeyVerificationResponse:
        """BeginPasskeyVerification, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/BeginPasskeyVerification", request, passkey_service_pb2.BeginPasskeyVerificationResponse, timeout)

    def verify_session_with_passkey(self, request: passkey_service_pb2.VerifySessionWithPasskeyRequest, *, timeout: float | None = None) -> session_service_pb2.VerifySessionResponse:
        """VerifySessionWithPasskey, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.PasskeyService/VerifySessionWithPasskey", request, session_service_pb2.VerifySessionResponse, timeout)
