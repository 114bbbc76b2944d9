"""Typed Python of rapport.users.v1.FactorService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import factor_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class FactorServiceMethods(Protocol):
    """What the service implements of FactorService beyond its standard methods."""

    def get_factors(self, call: Call, request: factor_service_pb2.GetFactorsRequest) -> factor_service_pb2.GetFactorsResponse: ...

    def begin_totp(self, call: Call, request: factor_service_pb2.BeginTotpRequest) -> factor_service_pb2.BeginTotpResponse: ...

    def confirm_totp(self, call: Call, request: factor_service_pb2.ConfirmTotpRequest) -> factor_service_pb2.ConfirmTotpResponse: ...

    def remove_totp(self, call: Call, request: factor_service_pb2.RemoveTotpRequest) -> factor_service_pb2.RemoveTotpResponse: ...

    def replace_recovery_codes(self, call: Call, request: factor_service_pb2.ReplaceRecoveryCodesRequest) -> factor_service_pb2.ReplaceRecoveryCodesResponse: ...

    def reset_user_factors(self, call: Call, request: factor_service_pb2.ResetUserFactorsRequest) -> factor_service_pb2.ResetUserFactorsResponse: ...


class FactorServiceClient:
    """Calls FactorService."""

    AREA = "rapport.users.v1.FactorService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_factors(self, request: factor_service_pb2.GetFactorsRequest, *, timeout: float | None = None) -> factor_service_pb2.GetFactorsResponse:
        """GetFactors, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.FactorService/GetFactors", request, factor_service_pb2.GetFactorsResponse, timeout)

    def begin_totp(self, request: factor_service_pb2.BeginTotpRequest, *, timeout: float | None = None) -> factor_service_pb2.BeginTotpResponse:
        """BeginTotp, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.FactorService/BeginTotp", request, factor_service_pb2.BeginTotpResponse, timeout)

    def confirm_totp(self, request: factor_service_pb2.ConfirmTotpRequest, *, timeout: float | None = None) -> factor_service_pb2.ConfirmTotpResponse:
        """ConfirmTotp, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.FactorService/ConfirmTotp", request, factor_service_pb2.ConfirmTotpResponse, timeout)

    def remove_totp(self, request: factor_service_pb2.RemoveTotpRequest, *, timeout: float | None = None) -> factor_service_pb2.RemoveTotpResponse:
        """RemoveTotp, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.FactorService/RemoveTotp", request, factor_service_pb2.RemoveTotpResponse, timeout)

    def replace_recovery_codes(self, request: factor_service_pb2.ReplaceRecoveryCodesRequest, *, timeout: float | None = None) -> factor_service_pb2.ReplaceRecoveryCodesResponse:
        """ReplaceRecoveryCodes, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.FactorService/ReplaceRecoveryCodes", request, factor_service_pb2.ReplaceRecoveryCodesResponse, timeout)

    def reset_user_factors(self, request: factor_service_pb2.ResetUserFactorsRequest, *, timeout: float | None = None) -> factor_service_pb2.ResetUserFactorsResponse:
        """ResetUserFactors, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.FactorService/ResetUserFactors", request, factor_service_pb2.ResetUserFactorsResponse, timeout)
