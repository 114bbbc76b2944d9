"""notifications as a service: its areas, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.notifications.v1 import resources_pb2

from mesh.contract.catalog import load
from mesh.resource.resource import Resource
from mesh.runtime.service import Service
from services.notifications.domain.delivery import decide_message
from services.notifications.service.messages import MessageMethods, sources
from services.notifications.service.sending import Sending
from services.notifications.service.templates import read_layout, read_templates
from services.notifications.tables import messages

if TYPE_CHECKING:
    from mesh.runtime.environment import Environment


def build(environment: Environment) -> Service:
    """The service over its environment."""
    del environment
    message = Resource(resources_pb2.Message, messages, decide=decide_message)
    templates = read_templates()
    methods = MessageMethods(message, templates)
    sending = Sending(message, templates, read_layout(), load().minting())
    return Service(
        name="notifications",
        resources=[message],
        methods={"rapport.notifications.v1.MessageService": methods},
        consumes=methods.effects(),
        subscribes=sources(templates),
        attempts=[sending.attempts],
    )
