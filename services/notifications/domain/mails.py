"""Mails: a message's template rendered, and the bytes that a mail server is handed.

Whatever a message is given is data: HTML is escaped, templates run in a sandbox, and nothing reaches a header that
could begin another one.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING

import idna
from jinja2 import BaseLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from services.notifications.domain.templates import Wording

_SUBJECT = 200
"""Characters; longer ones are cut, as every client would."""


class AddressFault(ValueError):
    """An address that no mail can be sent to."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The frames that the paragraphs of every mail stand in, as Jinja: of HTML and of plain text."""

    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a mail says."""

    subject: str
    text: str
    html: str


def render(wording: Wording, layout: Layout, *, language: str, data: Mapping[str, str], link: str) -> Rendered:
    """A wording with its data. `link` is a URL; empty where there is none.

    Raises:
        jinja2.TemplateError: the wording speaks of what is not there.
    """
    plain, escaped = _engine(escapes=False), _engine(escapes=True)
    data = {name: one_line(value) for name, value in data.items()}
    subject = one_line(plain.from_string(wording.subject).render(data))

    def framed(engine: ImmutableSandboxedEnvironment, frame: str) -> str:
        paragraphs = [engine.from_string(each).render(data).strip() for each in wording.paragraphs]
        if engine is escaped:
            # Rendered with escapes above; escaping them again would show the escapes.
            paragraphs = [engine.filters["safe"](each) for each in paragraphs]
        action = one_line(plain.from_string(wording.action).render(data))
        return engine.from_string(frame).render(
            subject=subject, paragraphs=paragraphs, action=action, link=link, language=language
        )

    return Rendered(subject, framed(plain, layout.text), framed(escaped, layout.html))


@cache
def _engine(*, escapes: bool) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=BaseLoader(), undefined=StrictUndefined, autoescape=escapes, trim_blocks=True, lstrip_blocks=True
    )


def one_line(text: str) -> str:
    """A text fit for a header: one line without control characters, of bounded length."""
    spaced = "".join(" " if char.isspace() else char for char in text)
    kept = "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cs", "Co", "Cn"))
    return " ".join(kept.split())[:_SUBJECT]


def to_ascii(address: str) -> str:
    """An address with its domain as the DNS knows it (IDNA 2008); the local part is left as it is.

    Raises:
        AddressFault: there is no such domain, or the address would end the line it stands in.
    """
    local, at, domain = address.rpartition("@")
    if not at or not local or any(char.isspace() or unicodedata.category(char) == "Cc" for char in address):
        raise AddressFault
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        raise AddressFault from None


def compose(
    rendered: Rendered,
    *,
    sender: str,
    sender_name: str,
    recipient: str,
    recipient_name: str,
    message_id: str,
    date: datetime.datetime,
    language: str,
) -> bytes:
    """The mail, with CRLF. Addresses are ASCII but for the local part; `message_id` is without its brackets.

    It bears no List-Unsubscribe: what these messages tell is owed to their recipients.
    """
    mail = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    mail["Subject"] = rendered.subject
    mail["From"] = _address(sender_name, sender)
    mail["To"] = _address(recipient_name, recipient)
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = f"<{message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(rendered.text, cte="quoted-printable")
    mail.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    # Last: what is set before goes with the first part alone.
    mail["Content-Language"] = language
    return mail.as_bytes()


def _address(name: str, address: str) -> Address:
    return Address(one_line(name), addr_spec=address)
