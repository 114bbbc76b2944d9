"""The folder in which the mail sink keeps mails: one file a mail, numbered as they came, the oldest removed.

The sink alone writes; whoever looks reads the files, also when nothing runs.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MOST = 500
LARGEST = 1 << 20
"""Bytes of one mail."""
_LINK = re.compile(r"https?://[^\s<>\"]+")
_END = ".eml"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it came. time_us: when, in microseconds since 1970."""

    number: int
    time_us: int
    sender: str
    recipient: str
    content: bytes

    def _read(self) -> Any:
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def subject(self) -> str:
        """Its subject, in one line."""
        text = str(self._read()["Subject"] or "")
        return " ".join("".join(char if char.isprintable() else " " for char in text).split())

    def part(self, kind: str) -> str:
        """What it says as `plain` or as `html`; empty where it does not."""
        body = self._read().get_body((kind,))
        try:
            return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
        except (LookupError, ValueError):
            # In a charset or an encoding that there is not.
            return ""

    def links(self) -> list[str]:
        """The links in it, each once."""
        return list(dict.fromkeys(_LINK.findall(self.part("plain") or self.part("html"))))


class Mailbox:
    """The mails below a folder, which is only its owner's to read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sender: str, recipients: list[str], content: bytes, time_us: int) -> None:
        """Keep a mail for each recipient, and remove those for which there is no room any more."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for recipient in recipients:
            number = max(self.numbers(), default=0) + 1
            head = f"{time_us} <{sender}> <{recipient}>\n".encode()
            fresh = self._folder / ".fresh"
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(head + content)
            fresh.replace(self._file(number))
        for number in self.numbers()[MOST:]:
            self._file(number).unlink(missing_ok=True)

    def numbers(self) -> list[int]:
        """The numbers of all mails, the newest first."""
        found = (file.name.removesuffix(_END) for file in self._folder.glob(f"*{_END}"))
        return sorted((int(name) for name in found if name.isdecimal()), reverse=True)

    def read(self, number: int) -> Mail | None:
        """A mail, or None where there is none of this number, or none any more."""
        try:
            head, _, content = self._file(number).read_bytes().partition(b"\n")
        except OSError:
            return None
        time_us, sender, recipient = head.decode().split(" ", 2)
        return Mail(number, int(time_us), sender.strip("<>"), recipient.strip("<>"), content)

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}{_END}"
