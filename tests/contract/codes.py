"""Who has a second factor, and the codes that their devices show."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from rapport.users.v1 import factor_service_pb2, resources_pb2, session_service_pb2

from mesh.testing.local import PASSWORD
from services.users.domain.codes import STEP_SECONDS, code_at

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

_FACTORS = "/rapport.users.v1.FactorService/"


class Devices:
    """Makes second factors through the RPCs, as a user with a device does."""

    def __init__(self, mesh: LocalMesh) -> None:
        self._mesh = mesh
        self._pending: dict[str, str] = {}

    def begun(self, who: Member) -> str:
        """The code that confirms a secret which somebody has just been shown."""
        request = factor_service_pb2.BeginTotpRequest(password=PASSWORD)
        reply = self._mesh.call(f"{_FACTORS}BeginTotp", request, token=who.token)
        return self._code(base64.b32decode(reply.secret), 0)

    def confirmed(self, who: Member) -> str:
        """The next code of somebody whose secret is confirmed."""
        request = factor_service_pb2.BeginTotpRequest(password=PASSWORD)
        secret = base64.b32decode(self._mesh.call(f"{_FACTORS}BeginTotp", request, token=who.token).secret)
        first = factor_service_pb2.ConfirmTotpRequest(code=self._code(secret, 0))
        self._mesh.call(f"{_FACTORS}ConfirmTotp", first, token=who.token)
        return self._code(secret, 1)

    def pending(self, of: Member) -> str:
        """The token of a log-in that waits for a code: of somebody of the tenant who does it for the first time."""
        who = self._mesh.member(of, resources_pb2.ROLE_OWNER)
        code = self.confirmed(who)
        request = session_service_pb2.LogInRequest(tenant=who.slug, email=who.email, password=PASSWORD)
        token: str = self._mesh.call("/rapport.users.v1.SessionService/LogIn", request).pending_token
        self._pending[of.tenant] = code
        return token

    def completing(self, of: Member) -> str:
        """The code for the log-in that was the last one to wait in a tenant."""
        return self._pending[of.tenant]

    def _code(self, secret: bytes, ahead: int) -> str:
        now = self._mesh.host("users").environment.wall.now_us() // 1_000_000
        return code_at(secret, now // STEP_SECONDS + ahead)
