"""Asking for messages, sending them, and seeing what became of them."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rapport.notifications.v1 import message_service_pb2, resources_pb2

from mesh.resource.attempt_runner import AttemptRunner
from mesh.runtime.client import TENANT_HEADER
from mesh.runtime.mail_route import MAIL_FROM, mail_route
from services.notifications.domain.delivery import LONGEST_PAUSE_US

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member
    from mesh.testing.mail_server import MailServer

NUMBERS = itertools.count(1)
MESSAGES = "/rapport.notifications.v1.MessageService/"
LINKS = "https://crm.example.com"
_State = resources_pb2.Message.State


def send(mesh: LocalMesh, owner: Member, email: str, request_id: str = "", template: str = "email-changed") -> Any:
    request = message_service_pb2.SendMessageRequest(request_id=request_id, template=template)
    request.recipient.email = email
    for name in ("tenant_name", "display_name"):
        request.data.add(name=name, value=f"<{name}>")
    claim = [(TENANT_HEADER, owner.tenant)]
    return mesh.call(f"{MESSAGES}SendMessage", request, identity="customers", metadata=claim)


def message(mesh: LocalMesh, owner: Member, identity: str) -> Any:
    request = message_service_pb2.GetMessageRequest(id=identity)
    return mesh.call(f"{MESSAGES}GetMessage", request, token=owner.token)


def of(mesh: LocalMesh, owner: Member, email: str) -> list[Any]:
    request = message_service_pb2.ListMessagesRequest(filter=f'email = "{email}"')
    return list(mesh.call(f"{MESSAGES}ListMessages", request, token=owner.token).messages)


def runner(mesh: LocalMesh, server: MailServer) -> AttemptRunner:
    """A worker of its own, which hands mails to this server."""
    environment = dataclasses.replace(
        mesh.host("notifications").environment, mail=mail_route(server.url, MAIL_FROM, LINKS)
    )
    return AttemptRunner(mesh.service("notifications").attempts, environment)


def work(mesh: LocalMesh, server: MailServer) -> None:
    worker = runner(mesh, server)
    while worker.turn():
        pass


def later(mesh: LocalMesh, microseconds: int = LONGEST_PAUSE_US) -> None:
    mesh.clock.advance(timedelta(microseconds=microseconds))


def told(found: Any) -> tuple[str, str, int, int]:
    return _State.Name(found.state).removeprefix("STATE_"), found.reason, found.reply_code, found.tries


def fresh() -> str:
    return f"person-{next(NUMBERS)}@example.com"
