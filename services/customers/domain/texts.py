"""Texts as they are kept."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from google.protobuf.message import Message


def tidy(text: str) -> str:
    """A text in composed form (NFC), without outer and doubled white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidy_fields(resource: Message, *names: str) -> None:
    """Tidy optional texts; one that is empty is left absent: the two mean the same."""
    kept: Any = resource
    for name in names:
        if kept.HasField(name):
            value = tidy(getattr(kept, name))
            if value:
                setattr(kept, name, value)
            else:
                kept.ClearField(name)
