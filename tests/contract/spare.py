"""Callers who are signed in for one call each: of methods by which the caller's own sessions may end."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import grpc
from rapport.users.v1 import resources_pb2

from mesh.contract.method import AccessKind
from mesh.testing.local import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.contract.method import MethodContract
    from mesh.testing.local import LocalMesh, Member
    from tests.contract.codes import Devices
    from tests.contract.keepers import Keepers

_USERS = "rapport.users.v1"
_WITH_PASSWORD = (
    *("BeginTotp", "ChangeEmail", "ChangePassword", "RemoveTotp", "ReplaceRecoveryCodes", "VerifySession"),
    "VerifySessionWithPasskey",
)


def spends_caller(method: MethodContract) -> bool:
    """Whether a call is about the caller's own credentials, and may end what the caller is signed in with."""
    return method.access.kind is AccessKind.SELF and method.rate == "CREDENTIAL"


def _proof(request: Any) -> str:
    """By what a request tells who can send it."""
    if isinstance(request, bytes):
        return ""
    credential = getattr(request, "credential", None)
    return str(credential.id if credential is not None else getattr(request, "code", ""))


class Spare:
    """Owners beside the first one of each tenant, who wait to call."""

    def __init__(self, mesh: LocalMesh) -> None:
        self._mesh = mesh
        self._waiting: dict[str, list[Member]] = defaultdict(list)
        self._by_code: dict[tuple[str, str], Member] = {}

    def prepare(self, of: Member) -> None:
        """Have one wait: when the call comes, a cell may count what is asked of the store."""
        self._waiting[of.tenant].append(self._mesh.member(of, resources_pb2.ROLE_OWNER))

    def values(self, of: Member, devices: Devices, keepers: Keepers) -> dict[str, Callable[[], Any]]:
        """What requests hold that the one who was prepared last will send, by full name of the field."""
        found: dict[str, Callable[[], Any]] = {
            f"{_USERS}.{name}Request.password": lambda: PASSWORD for name in _WITH_PASSWORD
        }
        found[f"{_USERS}.ConfirmTotpRequest.code"] = lambda: self._held(of, devices.begun)
        for name in ("RemoveTotp", "ReplaceRecoveryCodes"):
            found[f"{_USERS}.{name}Request.code"] = lambda: self._held(of, devices.confirmed)
        found[f"{_USERS}.RegisterPasskeyRequest.credential"] = lambda: self._held(of, keepers.made)
        found[f"{_USERS}.VerifySessionWithPasskeyRequest.credential"] = lambda: self._held(of, keepers.verifying)
        return found

    def _held(self, of: Member, made: Callable[[Member], Any]) -> Any:
        """A code or a credential that the one who was prepared last holds, and sends again when the request is sent."""
        who = self._waiting[of.tenant][-1]
        proof = made(who)
        self._by_code[of.tenant, getattr(proof, "id", proof)] = who
        return proof

    def _next(self, request: Any, of: Member) -> Member:
        waiting = self._waiting[of.tenant]
        code = _proof(request)
        holder = self._by_code.get((of.tenant, code))
        if holder is not None and holder in waiting:
            return holder
        if not waiting:
            self.prepare(of)
        return waiting[-1]

    def call(self, method: MethodContract, request: Any, of: Member) -> Any:
        """The reply to one of the tenant, who calls no more once there was an effect."""
        waiting, who = self._waiting[of.tenant], self._next(request, of)
        try:
            reply = self._mesh.call(method, request, token=who.token)
        except grpc.RpcError as error:
            if error.code() is grpc.StatusCode.PERMISSION_DENIED:  # type: ignore[attr-defined]  # grpc is untyped
                # A wrong password was counted; after some more of them the right one has to wait.
                waiting.remove(who)
            raise
        if not method.reads_only:
            waiting.remove(who)
        return reply
