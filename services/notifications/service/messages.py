"""MessageService: what is asked to be sent, by services and by events, and the outcomes that somebody found out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rapport.notifications.v1 import message_service_pb2, resources_pb2
from sqlalchemy import LargeBinary, Text, bindparam, select, update

from mesh.contract.etags import etag
from mesh.contract.failure import invalid
from mesh.resource.attempts import begin_attempt, forget_attempt
from mesh.resource.writing import NO_FACTS, change, locked
from mesh.store.statement import TENANT, Statement
from services.notifications.domain.delivery import FAILED, QUEUED, SENT, UNKNOWN, outcome_known
from services.notifications.domain.templates import Asked, Template, asked_by, check_asked
from services.notifications.service.templates import event_class
from services.notifications.tables import messages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, View, Write

KIND = "mail"
_ONE = (messages.c.tenant_id == TENANT, messages.c.id == bindparam("message"))
_GIVEN = Statement(select(messages.c.data, messages.c.link_id).where(*_ONE), name="get what a message was given")
_FORGET = Statement(
    update(messages)
    .where(*_ONE)
    .values(data=bindparam("nothing", type_=LargeBinary), link_id=bindparam("nowhere", type_=Text)),
    name="forget what a message was given",
)
_Settled = message_service_pb2.SettleMessageRequest
_STATES = {_Settled.OUTCOME_SENT: SENT, _Settled.OUTCOME_FAILED: FAILED, _Settled.OUTCOME_SEND_AGAIN: QUEUED}


def given(view: View, identity: str) -> tuple[Mapping[str, str], str]:
    """What the template of a message was given, and the id that its link is for."""
    ((data, link_id),) = view.read(_GIVEN, message=identity)
    return json.loads(bytes(data) or b"{}"), link_id


def forget(write: Write, identity: str) -> None:
    """Keep no longer what a message was given: it will not be written again."""
    write.write(_FORGET, message=identity, nothing=b"", nowhere="")


class MessageMethods:
    """The methods of MessageService that are no standard ones, and the messages that events ask for."""

    def __init__(self, message: Resource[resources_pb2.Message], templates: Mapping[str, Template]) -> None:
        self._message = message
        self._templates = templates

    def send_message(self, call: Call, request: message_service_pb2.SendMessageRequest) -> resources_pb2.Message:
        """The message, which waits to be sent."""
        data = {each.name: each.value for each in request.data}
        if len(data) < len(request.data):
            raise invalid("data", "has a name twice")
        who = request.recipient
        asked = Asked(who.email, who.display_name, request.locale, request.link_id, data)
        template = check_asked(self._templates.get(request.template), asked)
        with call.commit() as commit:
            return commit.reply(self._queue(commit, template, asked, commit.now_us))

    def settle_message(self, call: Call, request: message_service_pb2.SettleMessageRequest) -> resources_pb2.Message:
        """The message as somebody says that it ended, or that it shall be sent again."""
        state = _STATES[request.outcome]

        with call.commit() as commit:

            def settle(message: resources_pb2.Message) -> None:
                if message.state != UNKNOWN:
                    raise outcome_known(message)
                message.state = state
                if state == SENT:
                    message.send_time.FromMicroseconds(commit.now_us)

            row = locked(commit, self._message, request.id)
            after, changed = change(commit, self._message, row, settle, NO_FACTS, given=request.etag)
            if state == QUEUED:
                begin_attempt(commit, KIND, request.id)
            else:
                forget_attempt(commit, request.id)
                forget(commit, request.id)
            commit.audit(f"messages/{request.id}", changed)
            return commit.reply(after)

    def effects(self) -> dict[str, Callable[[Write, Event], None]]:
        """By the full name of each event that asks for messages, how they are queued."""
        names = {name for template in self._templates.values() for name in template.triggers}
        return {name: self._effect(name) for name in sorted(names)}

    def _effect(self, name: str) -> Callable[[Write, Event], None]:
        message = event_class(name)
        asking = [
            (template, template.triggers[name]) for template in self._templates.values() if name in template.triggers
        ]

        def queue(write: Write, event: Event) -> None:
            said = message.FromString(event.data)
            for template, trigger in asking:
                asked = asked_by(trigger, said)
                if asked.email:
                    self._queue(write, template, asked, event.time_us)

        return queue

    def _queue(self, write: Write, template: Template, asked: Asked, since_us: int) -> resources_pb2.Message:
        """A new message, worth sending for as long as its template says, counted from when it was asked for."""
        message = resources_pb2.Message(
            id=write.environment.ids.new("msg"),
            etag=etag(1),
            template=template.name,
            template_version=template.version,
            email=asked.email,
            display_name=asked.display_name,
            locale=asked.locale,
            state=QUEUED,
        )
        message.create_time.FromMicroseconds(write.now_us)
        message.update_time.FromMicroseconds(write.now_us)
        message.expire_time.FromMicroseconds(since_us + template.life_us)
        message = self._message.decide(None, message, None)
        kept = json.dumps(asked.data, ensure_ascii=False).encode()
        self._message.insert(write, [message], data=kept, link_id=asked.link_id)
        begin_attempt(write, KIND, message.id)
        return message


def sources(templates: Mapping[str, Template]) -> Sequence[str]:
    """The services whose events ask for messages."""
    return sorted({event.split(".")[1] for template in templates.values() for event in template.triggers})
