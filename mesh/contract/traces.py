"""What a person leaves in texts and bytes: ids, e-mail addresses and phone numbers, found by keyed digests alone.

Pure. In serialised messages the byte before a text tells its length and the one behind it the next field, and both may
read as part of it: a few readings of each find are tried, so that nothing is missed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ID, EMAIL, PHONE = "id", "email", "phone"
"""The kinds of traces."""
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\\x00-\x20\x7f]{1,70}@[^\s@<>\"(),:;\[\]\\\x00-\x20\x7f]{3,260}")
_PHONE = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){5,20}")
_NO_DIGIT = re.compile(r"\D")
_LEAST_DIGITS, _MOST_DIGITS = 6, 18
_AROUND = 2
"""How many bytes of a message may read as part of a text, before it and behind it."""
_UNREAD = "\ufffd"
# What parts a link, or ends a quoted text.
_PART = re.compile(r"[/?#&=|'`{}]")
_ESCAPED = "%40"
_END = re.compile(r"[^a-z0-9-]+$")


def digest(key: bytes, kind: str, value: str) -> bytes:
    """The keyed digest of a trace in its plain form."""
    return hmac.digest(key, f"{kind}\n{plain(kind, value)}".encode(), hashlib.sha256)


def plain(kind: str, value: str) -> str:
    """A trace as all spellings of it read: addresses in lower case, numbers as their digits."""
    if kind == EMAIL:
        return value.strip().casefold()
    return _NO_DIGIT.sub("", value) if kind == PHONE else value


def digests(key: bytes, ids: Iterable[str], emails: Iterable[str], phones: Iterable[str]) -> list[bytes]:
    """The digests of all traces of a person, each once."""
    traces = [*((ID, each) for each in ids), *((EMAIL, each) for each in emails), *((PHONE, each) for each in phones)]
    # What is hardly a number stands in too much that is none.
    told = [(kind, each) for kind, each in traces if kind != PHONE or len(plain(kind, each)) >= _LEAST_DIGITS]
    return sorted({digest(key, kind, each) for kind, each in told})


class Tracer:
    """Looks for whoever has these digests."""

    def __init__(self, key: bytes, wanted: Iterable[bytes]) -> None:
        self._key, self._wanted = key, frozenset(wanted)

    def is_named(self, identity: str) -> bool:
        """Whether it is an id of the person, or a name of it as `contacts/<id>`."""
        return digest(self._key, ID, identity.rpartition("/")[2]) in self._wanted

    def is_in(self, value: object) -> bool:
        """Whether an address or a number of the person stands in a text or in bytes."""
        if isinstance(value, (bytes, memoryview)):
            text = bytes(value).decode("utf-8", "replace")
        elif isinstance(value, str):
            text = value
        else:
            return False
        return any(digest(self._key, kind, each) in self._wanted for kind, each in _candidates(text))

    def is_in_file(self, data: bytes) -> bool:
        """Whether one stands in bytes of a file, in whichever way its characters are written."""
        return any(map(self.is_in, readings(data)))


def readings(data: bytes) -> Iterator[str]:
    """The texts that bytes of a file may be: UTF-8, else also Windows-1252; UTF-16 from either byte on."""
    text = data.decode("utf-8", "replace")
    yield text
    if _UNREAD in text:
        yield data.decode("windows-1252", "replace")
    if b"\0" in data:
        for start in (0, 1):
            for encoding in ("utf-16-le", "utf-16-be"):
                yield data[start:].decode(encoding, "replace")


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    """What may be an address, also as a part of a link: what parts one may stand in an address too."""
    for match in _EMAIL.finditer(text):
        found = _END.sub("", match[0].casefold())
        at = found.rfind("@")
        begins = {
            *range(min(_AROUND + 1, at)),
            *(part.end() for part in _PART.finditer(found, 0, at) if part.end() < at),
        }
        ends = {len(found) - behind for behind in range(_AROUND + 1)}
        first = _PART.search(found, at)
        if first is not None:
            ends.add(first.start())
        for begin in begins:
            for end in ends:
                yield EMAIL, found[begin:end]


def _candidates(text: str) -> Iterator[tuple[str, str]]:
    """What may be an address or a number in a text, in all readings."""
    if "@" in text:
        yield from _addresses(text)
    if _ESCAPED in text:
        yield from _addresses(unquote(text))
    for match in _PHONE.finditer(text):
        found = _NO_DIGIT.sub("", match[0])
        if _LEAST_DIGITS <= len(found) <= _MOST_DIGITS:
            for before in range(_AROUND):
                for behind in range(_AROUND + 1):
                    yield PHONE, found[before : len(found) - behind]
