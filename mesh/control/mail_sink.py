"""The mail server of a mesh that was named none: a real one, which keeps mails for people to look at and sends nothing.

It is a process of its own, started as `python -m mesh.control.mail_sink PORT FOLDER`, and listens on loopback alone.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mesh.control import plan
from mesh.control.child import Program
from mesh.control.mailbox import LARGEST, Mailbox
from mesh.runtime.clock import SystemClock
from mesh.runtime.ending import Ending
from mesh.runtime.ports import free_port
from mesh.runtime.settings import LOOPBACK

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session

    from mesh.control.kept import KeptChildren

SINK = "mail"
GRACE = 2.0
_RANK = plan.RANK + 1
_SECONDS = 1.0


def folder(home: Path) -> Path:
    """Where its mails are."""
    return home / "mail"


def begin(children: KeptChildren, home: Path, python_path: str) -> str:
    """Start it, and return its URL; it answers a moment later."""
    if SINK in children:
        # The control plane before ended before it had said on which port.
        children.finish([SINK], GRACE)
        children.forget(SINK)
    port = free_port()
    command = (sys.executable, "-m", "mesh.control.mail_sink", str(port), str(folder(home)))
    environment = {"PYTHONPATH": python_path, "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}
    children.start(Program(SINK, command, environment, home, plan.log_file(home, SINK), _RANK))
    return f"smtp://{LOOPBACK}:{port}"


def answers(url: str) -> bool:
    """Whether somebody listens there."""
    parts = urlsplit(url)
    try:
        socket.create_connection((str(parts.hostname), parts.port or 0), _SECONDS).close()
    except OSError:
        return False
    return True


class Keeping:
    """What is done with a mail: it is kept."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._clock = SystemClock()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        """Keep it; the answer to whoever sent it."""
        del server, session
        content = envelope.original_content or b""
        recipients = [str(each) for each in envelope.rcpt_tos]
        await asyncio.to_thread(self._mailbox.keep, envelope.mail_from or "", recipients, content, self._clock.now_us())
        return "250 kept"


def main() -> None:
    """Listen until SIGTERM."""
    from aiosmtpd.controller import Controller

    ending = Ending()
    port, where = int(sys.argv[1]), Path(sys.argv[2])
    controller = Controller(
        Keeping(Mailbox(where)),
        hostname=LOOPBACK,
        port=port,
        ident="Rapport keeps mails",
        data_size_limit=LARGEST,
        enable_SMTPUTF8=True,
    )
    controller.start()
    ending.wait()
    controller.stop()


if __name__ == "__main__":
    main()
