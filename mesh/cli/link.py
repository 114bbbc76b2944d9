"""`mesh link`: makes the secret of a link that a person would get by e-mail, for a mesh that sends none.

The owner of the link's service makes it, asked with the operator's own certificate; this command signs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.users.v1 import email_service_pb2, invitation_service_pb2, password_service_pb2

from mesh.cli.outcome import BadUsage, Failed, instance_port
from mesh.contract.failure import Failure
from mesh.control.certificates import OPERATOR
from mesh.runtime.client import Caller, CallFailed
from mesh.runtime.credentials import channel
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence

    from mesh.runtime.settings import Settings

EXAMPLES = ("mesh link invitation ten_... inv_...",)
_OWNER = "users"
# What makes the secret of a link, by what the link is for.
_KINDS: Mapping[str, tuple[str, Any, Any]] = {
    "invitation": (
        "/rapport.users.v1.InvitationService/MintInvitationToken",
        invitation_service_pb2.MintInvitationTokenRequest,
        invitation_service_pb2.MintInvitationTokenResponse,
    ),
    "email": (
        "/rapport.users.v1.EmailService/MintEmailConfirmationToken",
        email_service_pb2.MintEmailConfirmationTokenRequest,
        email_service_pb2.MintEmailConfirmationTokenResponse,
    ),
    "password": (
        "/rapport.users.v1.PasswordService/MintPasswordResetToken",
        password_service_pb2.MintPasswordResetTokenRequest,
        password_service_pb2.MintPasswordResetTokenResponse,
    ),
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("kind", choices=tuple(_KINDS), help="what the link is for")
    parser.add_argument("tenant", help="id of the tenant, as in ten_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D")
    what = "id of the invitation, or of the user whose address or password it is about; of several, one secret a line"
    parser.add_argument("ids", nargs="+", metavar="id", help=what)


def run(arguments: argparse.Namespace) -> int:
    """Print the secrets and nothing else, so that this can stand inside another command."""
    settings = read_settings()
    if settings.production:
        msg = "in production links are sent by e-mail only"
        raise BadUsage(msg)
    for secret in secrets_of(settings, arguments.kind, arguments.tenant, arguments.ids):
        print(secret)
    return 0


def secrets_of(settings: Settings, kind: str, tenant: str, ids: Sequence[str]) -> Iterator[str]:
    """The secrets of a tenant's links of a kind, by what they are for.

    Raises:
        NotRunning: their owner does not run here.
        Failed: there is no such open link, or the owner does not answer.
    """
    port = instance_port(settings, _OWNER)
    path, request, reply = _KINDS[kind]
    caller = Caller(lambda _: channel(settings.certificates(OPERATOR.name), settings.host, port, _OWNER))
    try:
        for identity in ids:
            yield caller.unary(path, request(id=identity), reply, None, tenant=tenant).token
    except CallFailed as failed:
        msg = f"there is no such open {kind} ({failed.code.name})"
        raise Failed(msg) from failed
    except Failure as failure:
        msg = f"{_OWNER} does not answer ({failure.reason})"
        raise Failed(msg) from failure
    finally:
        caller.close()
