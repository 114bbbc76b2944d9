"""Typed Python of rapport.users.v1.SecurityPolicyService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import security_policy_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class SecurityPolicyServiceMethods(Protocol):
    """What the service implements of SecurityPolicyService beyond its standard methods."""

    def get_security_policy(self, call: Call, request: security_policy_service_pb2.GetSecurityPolicyRequest) -> security_policy_service_pb2.SecurityPolicy: ...

    def update_security_policy(self, call: Call, request: security_policy_service_pb2.UpdateSecurityPolicyRequest) -> security_policy_service_pb2.SecurityPolicy: ...


class SecurityPolicyServiceClient:
    """Calls SecurityPolicyService."""

    AREA = "rapport.users.v1.SecurityPolicyService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_security_policy(self, request: security_policy_service_pb2.GetSecurityPolicyRequest, *, timeout: float | None = None) -> security_policy_service_pb2.SecurityPolicy:
        """GetSecurityPolicy, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SecurityPolicyService/GetSecurityPolicy", request, security_policy_service_pb2.SecurityPolicy, timeout)

    def update_security_policy(self, request: security_policy_service_pb2.UpdateSecurityPolicyRequest, *, timeout: float | None = None) -> security_policy_service_pb2.SecurityPolicy:
        """UpdateSecurityPolicy, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.SecurityPolicyService/UpdateSecurityPolicy", request, security_policy_service_pb2.SecurityPolicy, timeout)
