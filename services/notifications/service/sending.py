"""How a message is sent: written at the last moment, with a link whose secret is made then, and handed over."""

from __future__ import annotations

import datetime
import functools
import time
from typing import TYPE_CHECKING, Any

import grpc
from jinja2 import TemplateError

from mesh.contract.failure import Failure
from mesh.resource.attempts import AttemptKind, Outcome, Verdict
from mesh.resource.writing import NO_FACTS, change, locked
from mesh.runtime.call import View
from mesh.runtime.client import CallFailed
from mesh.runtime.identity import service_identity
from services.notifications.domain.delivery import FAILED, QUEUED, SENT, UNKNOWN, pause_us
from services.notifications.domain.mails import AddressFault, Layout, compose, render, to_ascii
from services.notifications.service.messages import KIND, forget, given
from services.notifications.service.smtp import deliver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rapport.notifications.v1 import resources_pb2

    from mesh.contract.method import MethodContract
    from mesh.resource.attempts import Attempt
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Write
    from mesh.runtime.mail_route import MailRoute
    from services.notifications.domain.templates import Template

_SECONDS = 15.0
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_STATES = {Verdict.DONE: SENT, Verdict.RETRY: QUEUED, Verdict.FAILED: FAILED, Verdict.UNKNOWN: UNKNOWN}
# What its owner says of a link that there is no use in sending.
_CLOSED = (grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.NOT_FOUND)


class Sending:
    """The attempts of messages. minting: by kind of capability, the method that makes the secret of its link."""

    def __init__(
        self,
        message: Resource[resources_pb2.Message],
        templates: Mapping[str, Template],
        layout: Layout,
        minting: Mapping[str, MethodContract],
    ) -> None:
        self._message = message
        self._templates = templates
        self._layout = layout
        self._minting = minting
        self.attempts = AttemptKind(
            name=KIND,
            prepare=self._prepare,
            settle=self._settle,
            pause=lambda attempt: pause_us(attempt.id, attempt.tries + 1),
        )

    def _prepare(self, attempt: Attempt) -> Callable[[], Outcome]:
        """The message written, ready to be handed over.

        Raises:
            Failure: UNAVAILABLE, where it may be sent later; else why it will not be: EXPIRED, LINK_CLOSED,
                ADDRESS_INVALID, TEMPLATE_CHANGED.
        """
        environment = attempt.environment
        view = View(environment, service_identity(environment.service, attempt.tenant, ""), time.monotonic() + _SECONDS)
        rows = view.read(self._message.by_id, id=attempt.id)
        message: resources_pb2.Message = self._message.build(self._message.message, rows[0])
        now_us = environment.clock.now_us()
        if message.expire_time.ToMicroseconds() <= now_us:
            raise Failure("EXPIRED")
        if environment.mail is None:
            raise Failure("UNAVAILABLE")
        try:
            sender, recipient = to_ascii(environment.mail.sender), to_ascii(message.email)
        except AddressFault:
            raise Failure("ADDRESS_INVALID") from None
        content = self._written(view, environment.mail, message, sender, recipient)
        return functools.partial(deliver, environment.mail, sender, recipient, content)

    def _written(
        self, view: View, route: MailRoute, message: resources_pb2.Message, sender: str, recipient: str
    ) -> bytes:
        template, (data, link_id) = self._templates.get(message.template), given(view, message.id)
        if template is None or template.data - set(data):
            raise Failure("TEMPLATE_CHANGED")
        language, wording = template.wording(message.locale)
        link = self._link(view, route, template.link, link_id, message.email) if template.link else ""
        try:
            rendered = render(wording, self._layout, language=language, data=data, link=link)
        except TemplateError:
            raise Failure("TEMPLATE_CHANGED") from None
        return compose(
            rendered,
            sender=sender,
            sender_name=route.sender_name,
            recipient=recipient,
            recipient_name=message.display_name,
            message_id=f"{message.id}@{sender.rpartition('@')[2]}",
            date=_EPOCH + datetime.timedelta(microseconds=view.environment.clock.now_us()),
            language=language,
        )

    def _link(self, view: View, route: MailRoute, kind: str, link_id: str, email: str) -> str:
        """The URL with a secret that its owner makes now. What follows `#` is told to no server by a browser."""
        method = self._minting[kind]
        request: Any = method.request
        try:
            minted: Any = view.environment.caller.unary(
                method.path, request(id=link_id), method.reply, None, tenant=view.identity.tenant
            )
        except CallFailed as failed:
            raise Failure("LINK_CLOSED" if failed.code in _CLOSED else "UNAVAILABLE") from failed
        if not _same_address(minted.email, email):
            # It was asked for this address, and is meant for another one now: whoever reads here must not get it.
            raise Failure("LINK_CLOSED")
        return f"{route.links}/links/{kind}#{minted.token}"

    def _settle(self, write: Write, attempt: Attempt, outcome: Outcome) -> None:
        """Note in the message what came of it."""

        def note(message: resources_pb2.Message) -> None:
            message.state = _STATES[outcome.verdict]
            message.reason, message.reply_code = outcome.reason, outcome.code
            message.tries = attempt.tries + 1
            if message.state == SENT:
                message.send_time.FromMicroseconds(write.now_us)

        change(write, self._message, locked(write, self._message, attempt.id), note, NO_FACTS)
        if outcome.verdict in (Verdict.DONE, Verdict.FAILED):
            forget(write, attempt.id)


def _same_address(one: str, other: str) -> bool:
    return one.lower() == other.lower()
