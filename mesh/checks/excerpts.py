"""The last errors of the logs, fit to be shown to others: what opens something, or names a person, is cut out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from mesh.edge.door import HEALTHZ
from mesh.runtime.variables import REDACTED

if TYPE_CHECKING:
    from pathlib import Path

_TAIL_BYTES = 64 << 10
_LINES = 5
_LONGEST = 300
# UNKNOWN, INTERNAL, UNAVAILABLE and DATA_LOSS: everything else is an answer to a caller.
_FAULTS = (2, 13, 14, 15)
_SERVER_FAULT = 500
_ORDINARY = re.compile(r" INFO | DEBUG ")
_SECRETS = (
    re.compile(r"(?<=://)[^\s/@]*:[^\s/@]+(?=@)"),  # of a URL
    re.compile(r"\beyJ[\w-]+(?:\.[\w-]+){1,2}"),  # tokens
    re.compile(r"\b(?:sk|pk|whk)_\w+"),  # keys of tenants
    re.compile(r"\b[0-9a-fA-F]{32,}\b"),  # keys and digests
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"),  # people
    re.compile(r"(?i)(?<=password[=:])\S+|(?<=secret[=:])\S+|(?<=token[=:])\S+|(?<=bearer )\S+"),
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*"),
)


def last_errors(folder: Path) -> dict[str, list[str]]:
    """By file, its last few lines that tell of something wrong, redacted."""
    found = {}
    for file in sorted(folder.glob("*.log")):
        with file.open("rb") as log:
            log.seek(max(0, file.stat().st_size - _TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        wrong = [redacted(line)[:_LONGEST] for line in lines if _tells(line)]
        if wrong:
            found[file.name] = wrong[-_LINES:]
    return found


def redacted(line: str) -> str:
    """The line without what looks like a secret or a person."""
    for pattern in _SECRETS:
        line = pattern.sub(REDACTED, line)
    return line


def _tells(line: str) -> bool:
    """Whether a line tells of something wrong; a call that was answered is nothing wrong."""
    try:
        told = json.loads(line)
    except ValueError:
        return bool(line.strip()) and not _ORDINARY.search(line)
    if not isinstance(told, dict):
        return True
    status = told.get("status", 0)
    asks = told.get("path") == HEALTHZ
    return told.get("code") in _FAULTS or (isinstance(status, int) and status >= _SERVER_FAULT and not asks)
