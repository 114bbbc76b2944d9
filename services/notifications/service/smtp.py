"""Hands one mail to a mail server, and tells what is known of it afterwards.

Until the line that ends a mail is sent, the server cannot have taken it, and whatever goes wrong may be tried again.
From then on only the server's word counts: without it nobody knows.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from typing import TYPE_CHECKING

from mesh.resource.attempts import Outcome, Verdict
from mesh.runtime.mail_route import Security
from services.notifications.domain.delivery import is_passing, is_refused, is_taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.mail_route import MailRoute

STEP_SECONDS = 20.0
"""The longest wait for one answer."""
WHOLE_SECONDS = 90.0
"""The longest that all of it may take, shorter than the lease of an attempt."""
_FAREWELL_SECONDS = 2.0
_CONTINUE = 354
_END = b".\r\n"
_DOTS = re.compile(rb"(?m)^\.")
_UTF8 = ("SMTPUTF8", "BODY=8BITMIME")


def deliver(route: MailRoute, sender: str, recipient: str, content: bytes) -> Outcome:
    """Try to send it once. content: a mail with CRLF that ends with one; addresses with ASCII domains."""
    try:
        server = _connect(route, sender)
    except smtplib.SMTPResponseException as refusal:
        return Outcome(Verdict.RETRY, "MAIL_SERVER_REFUSED", refusal.smtp_code)
    except (OSError, smtplib.SMTPException):
        return Outcome(Verdict.RETRY, "MAIL_SERVER_AWAY")
    with _bounded(server):
        try:
            return _envelope(server, sender, recipient) or _content(server, content)
        except (OSError, smtplib.SMTPException):
            return Outcome(Verdict.RETRY, "CONNECTION_LOST")


def _connect(route: MailRoute, sender: str) -> smtplib.SMTP:
    """A server that has greeted, over TLS and signed in to where the route says so."""
    name = sender.rpartition("@")[2]
    if route.security is Security.TLS:
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            route.host, route.port, local_hostname=name, timeout=STEP_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(route.host, route.port, local_hostname=name, timeout=STEP_SECONDS)
    try:
        server.ehlo_or_helo_if_needed()
        if route.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
        if route.user:
            server.login(route.user, route.password)
    except BaseException:
        server.close()
        raise
    return server


@contextlib.contextmanager
def _bounded(server: smtplib.SMTP) -> Iterator[None]:
    """Cut a connection that takes too long as a whole, and say goodbye to others."""
    connection = server.sock
    assert connection is not None

    def cut() -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE_SECONDS, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        with contextlib.suppress(OSError, smtplib.SMTPException):
            connection.settimeout(_FAREWELL_SECONDS)
            server.quit()
        server.close()


def _envelope(server: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
    """Say from whom and to whom; the outcome where the server does not want it, or None where it waits for the mail."""
    utf8 = not recipient.isascii()
    if utf8 and not server.has_extn("smtputf8"):
        return Outcome(Verdict.FAILED, "ADDRESS_UNSUPPORTED")
    code, _ = server.mail(sender, _UTF8 if utf8 else ())
    if not is_taken(code):
        return _refusal("SENDER_REFUSED", code)
    code, _ = server.rcpt(recipient)
    if not is_taken(code):
        return _refusal("RECIPIENT_REFUSED", code)
    code, _ = server.docmd("DATA")
    return None if code == _CONTINUE else _refusal("CONTENT_REFUSED", code)


def _content(server: smtplib.SMTP, content: bytes) -> Outcome:
    """Hand over the mail itself."""
    server.send(_DOTS.sub(b"..", content))
    try:
        server.send(_END)
        code, _ = server.getreply()
    except (OSError, smtplib.SMTPException):
        return Outcome(Verdict.UNKNOWN, "NO_ANSWER")
    if is_taken(code):
        return Outcome(Verdict.DONE, code=code)
    if is_passing(code) or is_refused(code):
        return _refusal("CONTENT_REFUSED", code)
    return Outcome(Verdict.UNKNOWN, "ANSWER_UNCLEAR", max(code, 0))


def _refusal(reason: str, code: int) -> Outcome:
    """A server that did not take it: for good, or for now."""
    return Outcome(Verdict.FAILED if is_refused(code) else Verdict.RETRY, reason, max(code, 0))
