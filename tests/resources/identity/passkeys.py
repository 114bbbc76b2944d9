"""What tests of passkeys do again and again: a device that registers, logs in and proves, over the RPCs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict, ParseDict
from rapport.users.v1 import passkey_service_pb2

from mesh.testing.authenticator import Authenticator

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

PASSKEYS = "/rapport.users.v1.PasskeyService/"
ORIGIN = "http://localhost:8080"


def plain(options: Any) -> dict[str, Any]:
    """Options as they are in JSON: what is empty is there too."""
    told: dict[str, Any] = MessageToDict(options, always_print_fields_with_no_presence=True)
    return told


def ask(mesh: LocalMesh, name: str, token: str = "", credential: Any = None, **fields: Any) -> Any:
    """The reply to a method; a credential is given as browsers write it, with fields that nobody reads."""
    request = getattr(passkey_service_pb2, f"{name}Request")(**fields)
    if credential is not None:
        ParseDict(credential, request.credential, ignore_unknown_fields=True)
    return mesh.call(f"{PASSKEYS}{name}", request, token=token)


class Keeper:
    """Somebody's device in front of the product's page."""

    def __init__(self, mesh: LocalMesh, **device: Any) -> None:
        self.mesh = mesh
        self.device = Authenticator(**{"origin": ORIGIN, **device})

    def made(self, token: str) -> Any:
        """What the browser answers when a passkey is to be registered."""
        options = ask(self.mesh, "BeginPasskeyRegistration", token).options
        return self.device.create(plain(options))

    def register(self, who: Member | str, name: str = "") -> Any:
        """The reply to a registration."""
        token = who if isinstance(who, str) else who.token
        return ask(self.mesh, "RegisterPasskey", token, self.made(token), display_name=name)

    def proof(self) -> Any:
        """What the browser answers when somebody logs in."""
        return self.device.get(plain(ask(self.mesh, "BeginPasskeyLogIn").options))

    def log_in(self, proof: Any = None) -> Any:
        """The reply to a log-in."""
        return ask(self.mesh, "LogInWithPasskey", credential=proof or self.proof())

    def second(self, pending: str) -> Any:
        """What the browser answers when a log-in is to be completed."""
        request = passkey_service_pb2.BeginPasskeyCompletionRequest(token=pending)
        options = self.mesh.call(f"{PASSKEYS}BeginPasskeyCompletion", request).options
        return self.device.get(plain(options))

    def complete(self, pending: str, proof: Any = None) -> Any:
        """The reply to a log-in that is completed."""
        request = passkey_service_pb2.CompleteLogInWithPasskeyRequest(token=pending)
        ParseDict(proof or self.second(pending), request.credential, ignore_unknown_fields=True)
        return self.mesh.call(f"{PASSKEYS}CompleteLogInWithPasskey", request)

    def again(self, token: str) -> Any:
        """What the browser answers when a session is to be verified."""
        return self.device.get(plain(ask(self.mesh, "BeginPasskeyVerification", token).options))

    def verify(self, token: str, proof: Any = None, **fields: str) -> Any:
        """The reply to a session that is verified."""
        return ask(self.mesh, "VerifySessionWithPasskey", token, proof or self.again(token), **fields)
