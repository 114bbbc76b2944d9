"""`mesh mail`: the mails that the sink has kept, of a mesh that hands its mails to no other server.

They are for people who try the mesh out; the secrets of their links are what they are for.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from mesh.cli import output
from mesh.cli.outcome import BadUsage, Failed
from mesh.control.mail_sink import folder
from mesh.control.mailbox import Mailbox
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from mesh.control.mailbox import Mail

EXAMPLES = ("mesh mail", "mesh mail --to ada@example.com -o json", "mesh mail --follow --seconds 1")
_LIST, _SHOW = "list", "show"
_PARTS = ("text", "html", "raw")
_TICK = 0.1
_COUNT = 20


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", nargs="?", choices=(_LIST, _SHOW), default=_LIST, help="default: list")
    parser.add_argument("id", nargs="?", type=int, help="of the mail to show; default: the newest")
    parser.add_argument("--part", choices=_PARTS, default="text", help="of the mail to show; default: text")
    parser.add_argument("--to", default="", metavar="ADDRESS", help="those to one address")
    parser.add_argument("-n", "--count", type=int, default=_COUNT, help=f"so many at most (default: {_COUNT})")
    parser.add_argument("--follow", action="store_true", help="show mails as they come, until interrupted")
    parser.add_argument("--seconds", type=float, help="follow for so long")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show mails, the newest first; followed ones as they come, as JSON one document a line.

    Raises:
        BadUsage: mails go to another server, or are kept nowhere. Failed: there is no such mail.
    """
    settings = read_settings()
    if settings.smtp_url or settings.production:
        msg = "mails are handed to the server of SMTP_URL, and not kept here"
        raise BadUsage(msg)
    if arguments.count < 1:
        msg = "--count must be 1 or more"
        raise BadUsage(msg)
    mailbox = Mailbox(folder(settings.home))
    to = arguments.to.lower()

    def wanted(mail: Mail) -> bool:
        return not to or mail.recipient.lower() == to

    if arguments.action == _SHOW:
        _show(_chosen(mailbox, arguments.id, wanted), arguments)
    elif arguments.follow:
        _follow(mailbox, wanted, arguments)
    else:
        output.show([told(mail) for mail in _newest(mailbox, wanted, arguments.count)], arguments.output)
    return 0


def told(mail: Mail) -> dict[str, Any]:
    """A mail in a list."""
    return {
        "id": mail.number,
        "time": output.rfc3339(mail.time_us),
        "to": mail.recipient,
        "subject": mail.subject,
        "links": mail.links(),
    }


def _newest(mailbox: Mailbox, wanted: Callable[[Mail], bool], count: int) -> list[Mail]:
    found: list[Mail] = []
    for number in mailbox.numbers():
        mail = mailbox.read(number)
        if mail is not None and wanted(mail):
            found.append(mail)
        if len(found) == count:
            break
    return found


def _chosen(mailbox: Mailbox, number: int | None, wanted: Callable[[Mail], bool]) -> Mail:
    newest = _newest(mailbox, wanted, 1) if number is None else []
    mail = mailbox.read(number) if number is not None else next(iter(newest), None)
    if mail is None:
        msg = "there is no such mail; `mesh mail` lists those that there are"
        raise Failed(msg)
    return mail


def _show(mail: Mail, arguments: argparse.Namespace) -> None:
    if arguments.output == output.JSON:
        parts = {"from": mail.sender, "text": mail.part("plain"), "html": mail.part("html")}
        output.print_json({**told(mail), **parts, "raw": mail.content.decode("utf-8", "replace")})
    elif arguments.part == "raw":
        print(_shown(mail.content.decode("utf-8", "replace").replace("\r\n", "\n")), end="")
    else:
        print(_shown(mail.part("html" if arguments.part == "html" else "plain")), end="")


def _shown(text: str) -> str:
    """A text without what a terminal would obey: anybody may have written it."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


def _follow(mailbox: Mailbox, wanted: Callable[[Mail], bool], arguments: argparse.Namespace) -> None:
    ends = time.monotonic() + arguments.seconds if arguments.seconds is not None else float("inf")
    last = max(mailbox.numbers(), default=0)
    while time.monotonic() < ends:
        for number in sorted(number for number in mailbox.numbers() if number > last):
            last = number
            mail = mailbox.read(number)
            if mail is None or not wanted(mail):
                continue
            line = told(mail)
            text = f"{line['time'][11:19]} {line['id']:>4} {line['to']} {line['subject']} {' '.join(line['links'])}"
            print(json.dumps(line) if arguments.output == output.JSON else text.rstrip(), flush=True)
        time.sleep(_TICK)
