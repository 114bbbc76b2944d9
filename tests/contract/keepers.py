"""Who has a passkey, and what their browsers answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict, ParseDict
from rapport.users.v1 import passkey_service_pb2, resources_pb2, session_service_pb2

from mesh.testing.authenticator import Authenticator
from mesh.testing.local import PASSWORD

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from mesh.testing.local import LocalMesh, Member

_PASSKEYS = "/rapport.users.v1.PasskeyService/"
_ORIGIN = "http://localhost:8080"


class Keepers:
    """Makes and proves passkeys through the RPCs, as a browser with a device does."""

    def __init__(self, mesh: LocalMesh) -> None:
        self._mesh = mesh
        self._pending: dict[str, tuple[Authenticator, str]] = {}

    def made(self, who: Member) -> Any:
        """A passkey that somebody's device has made, to be registered."""
        return self._made(Authenticator(_ORIGIN), who)

    def verifying(self, who: Member) -> Any:
        """What verifies the session of somebody who has a passkey now."""
        device = self._registered(who)
        options = self._ask("BeginPasskeyVerification", token=who.token).options
        return _typed(device.get(_plain(options)), passkey_service_pb2.AuthenticationCredential())

    def logging_in(self, of: Member) -> Any:
        """What somebody of the tenant logs in with, who does it for the first time."""
        device = self._registered(self._mesh.member(of, resources_pb2.ROLE_OWNER))
        options = self._ask("BeginPasskeyLogIn").options
        return _typed(device.get(_plain(options)), passkey_service_pb2.AuthenticationCredential())

    def pending(self, of: Member) -> str:
        """The token of a log-in that waits for a passkey: of somebody of the tenant who does it for the first time."""
        who = self._mesh.member(of, resources_pb2.ROLE_OWNER)
        device = self._registered(who)
        request = session_service_pb2.LogInRequest(tenant=who.slug, email=who.email, password=PASSWORD)
        token: str = self._mesh.call("/rapport.users.v1.SessionService/LogIn", request).pending_token
        self._pending[of.tenant] = device, token
        return token

    def completing(self, of: Member) -> Any:
        """What completes the log-in that was the last one to wait in a tenant."""
        device, token = self._pending[of.tenant]
        request = passkey_service_pb2.BeginPasskeyCompletionRequest(token=token)
        options = self._mesh.call(f"{_PASSKEYS}BeginPasskeyCompletion", request).options
        return _typed(device.get(_plain(options)), passkey_service_pb2.AuthenticationCredential())

    def _registered(self, who: Member) -> Authenticator:
        device = Authenticator(_ORIGIN)
        request = passkey_service_pb2.RegisterPasskeyRequest(credential=self._made(device, who))
        self._mesh.call(f"{_PASSKEYS}RegisterPasskey", request, token=who.token)
        return device

    def _made(self, device: Authenticator, who: Member) -> Any:
        options = self._ask("BeginPasskeyRegistration", token=who.token).options
        return _typed(device.create(_plain(options)), passkey_service_pb2.RegistrationCredential())

    def _ask(self, name: str, token: str = "") -> Any:
        request = getattr(passkey_service_pb2, f"{name}Request")()
        return self._mesh.call(f"{_PASSKEYS}{name}", request, token=token)


def _plain(options: Message) -> dict[str, Any]:
    """Options as they are in JSON: what is empty is there too."""
    told: dict[str, Any] = MessageToDict(options, always_print_fields_with_no_presence=True)
    return told


def _typed(answer: dict[str, Any], message: Message) -> Message:
    return ParseDict(answer, message, ignore_unknown_fields=True)
