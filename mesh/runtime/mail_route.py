"""Where mails are handed in, and from whom: what the settings of mail say."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

MAIL_FROM = "Rapport <no-reply@rapport.localhost>"


class Security(enum.Enum):
    """How the connection to a mail server is kept secret; the values are the schemes of its URL."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


_PORTS = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}


@dataclass(frozen=True, slots=True)
class MailRoute:
    """A mail server, who signs in there (empty: nobody), whom mails are from, and what their links begin with."""

    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    sender_name: str
    sender: str
    links: str


def mail_route(url: str, mail_from: str, links: str) -> MailRoute | None:
    """The route that these settings describe; None without a URL.

    Raises:
        ValueError: as of read_sender() and read_server().
    """
    name, sender = read_sender(mail_from)
    server = read_server(url)
    if server is None:
        return None
    security = Security(server.scheme)
    return MailRoute(
        host=str(server.hostname),
        port=server.port or _PORTS[security],
        security=security,
        user=unquote(server.username or ""),
        password=unquote(server.password or ""),
        sender_name=name,
        sender=sender,
        links=links,
    )


def read_sender(text: str) -> tuple[str, str]:
    """The name and the address of whom mails are from.

    Raises:
        ValueError: there is no address in it; the text says what is asked for, and does not repeat it.
    """
    name, sender = parseaddr(text)
    local, at, domain = sender.rpartition("@")
    if not local or not at or not domain or any(char < " " for char in text):
        msg = "must be an address, as in Rapport <no-reply@crm.example.com>"
        raise ValueError(msg)
    return name, sender


def read_server(url: str) -> SplitResult | None:
    """A mail server's URL, its scheme one of Security; None where there is none.

    Raises:
        ValueError: it is unusable; the text says what is asked for, and does not repeat it.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        Security(parts.scheme)
        _ = parts.port
        usable = bool(parts.hostname) and not parts.query and parts.path in ("", "/")
    except ValueError:
        usable = False
    if not usable:
        schemes = ", ".join(f"{each.value}://" for each in Security)
        msg = f"must be [user:password@]host[:port] after one of {schemes}"
        raise ValueError(msg)
    return parts
