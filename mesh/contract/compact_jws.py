"""Signed tokens in compact form (RFC 7515, section 3.1), read in the one spelling that we write them in.

JSON and base64 allow several spellings of the same content, and parsers differ in which of two they believe. Whatever
could be read in two ways is no token: a second member of the same name, NaN, bits behind the last byte, padding.
Signatures are checked elsewhere, over what is read here.
"""

from __future__ import annotations

import json
from typing import Any

from mesh.contract import base64url

_PARTS = 3


def read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token; nothing of it is proven yet.

    Raises:
        ValueError: it is none, or has another form.
    """
    parts = token.split(".", _PARTS)
    if len(parts) != _PARTS:
        msg = "a token has three parts"
        raise ValueError(msg)
    base64url.decode(parts[2])
    return _object(parts[0]), _object(parts[1])


def _object(part: str) -> dict[str, Any]:
    try:
        found = json.loads(
            base64url.decode(part).decode(), object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_refuse
        )
    except RecursionError:
        found = None
    if not isinstance(found, dict):
        msg = "header and claims are objects"
        raise ValueError(msg)  # noqa: TRY004  # of the token's form, not of an argument
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a member stands twice"
        raise ValueError(msg)
    return found


def _refuse(text: str) -> Any:
    msg = f"{text} is no whole number"
    raise ValueError(msg)
