"""What is nearly what was given out."""

from __future__ import annotations


def other_end(text: str) -> str:
    """The text with another last character, never the one it has."""
    return text[:-1] + ("A" if text[-1] != "A" else "B")
