"""A real mail server on loopback that misbehaves as it is told: refuses, stays silent, hangs up, at any step."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HANG_UP = "hang up"
"""Say nothing and close the connection."""
SILENCE = "silence"
"""Say nothing and keep it open, until the other side ends it."""
TAKE_AND_HANG_UP = "take and hang up"
"""Take the mail, and close the connection before saying so."""
TAKE_IN_SILENCE = "take in silence"
"""Take the mail, and never say so."""
_TAKES = (TAKE_AND_HANG_UP, TAKE_IN_SILENCE)
CONNECT, HELLO, FROM, TO, DATA, END = "CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "END"
_YES = {CONNECT: "220 ready", HELLO: "250-here\r\n250 8BITMIME", DATA: "354 go on", "QUIT": "221 bye"}
_LONGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that the server took."""

    sender: str
    recipient: str
    content: bytes


class MailServer:
    """What it took, in order, and how it will behave. Thread-safe."""

    def __init__(self, port: int, stopped: threading.Event) -> None:
        self.port = port
        self.taken: deque[Received] = deque(maxlen=1000)
        self.connections = 0
        self._stopped = stopped
        self._planned: dict[str, deque[str]] = {}
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """As SMTP_URL takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    def plan(self, step: str, *answers: str) -> None:
        """How it answers the next times that it comes to a step: with a line as `451 later`, or as the names above."""
        with self._lock:
            self._planned.setdefault(step, deque()).extend(answers)

    def answer(self, step: str) -> str:
        """What is said at a step now."""
        with self._lock:
            planned = self._planned.get(step)
            return planned.popleft() if planned else _YES.get(step, "250 fine")

    def to(self, address: str) -> list[Received]:
        """The mails to an address."""
        return [each for each in list(self.taken) if each.recipient == address]

    def wait(self) -> None:
        """Say nothing until the server ends, or long enough for whoever waits."""
        self._stopped.wait(120)


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    mails: MailServer

    def handle(self) -> None:
        self.mails.connections += 1
        sender = recipient = ""
        if not self._say(CONNECT):
            return
        while line := self.rfile.readline(_LONGEST):
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            step = verb.upper()
            address = rest.partition("<")[2].partition(">")[0]
            if not self._say(step) or step == "QUIT":
                return
            sender, recipient = (address, recipient) if step == FROM else (sender, address if step == TO else recipient)
            if step == DATA and self._asked and not self._receive(sender, recipient):
                return

    def _receive(self, sender: str, recipient: str) -> bool:
        lines = []
        while (line := self.rfile.readline(_LONGEST)) != b".\r\n":
            if not line:
                return False
            lines.append(line.removeprefix(b"."))
        answer = self.mails.answer(END)
        if answer in _TAKES or answer.startswith("2"):
            self.mails.taken.append(Received(sender, recipient, b"".join(lines)))
        return self._tell(answer)

    def _say(self, step: str) -> bool:
        return self._tell(self.mails.answer(step))

    def _tell(self, answer: str) -> bool:
        """Whether the connection goes on."""
        self._asked = answer.startswith("354")
        if answer in (HANG_UP, TAKE_AND_HANG_UP):
            return False
        if answer in (SILENCE, TAKE_IN_SILENCE):
            self.mails.wait()
            return False
        self.wfile.write(f"{answer}\r\n".encode())
        return True


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is none of the server's matter."""


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """A running server, for as long as the block lasts."""
    stopped = threading.Event()
    handler = type("Session", (_Session,), {})
    with _Server(("127.0.0.1", port), handler) as server:
        handler.mails = made = MailServer(int(server.server_address[1]), stopped)  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield made
        finally:
            stopped.set()
            with contextlib.suppress(OSError):
                server.shutdown()
            thread.join(10)
