"""How audit entries are written to files: as rows of cells, or as one JSON object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from google.protobuf import json_format

if TYPE_CHECKING:
    from rapport.users.v1 import resources_pb2

COLUMNS = (
    *("position", "id", "create_time", "action", "method", "principal_id", "actor_id", "resource", "changed_paths"),
    *("request_id", "address", "user_agent", "changes", "origin_salt", "origin_digest", "digest"),
)


def cells(entry: resources_pb2.AuditEntry) -> list[str]:
    """The row of an entry, as `COLUMNS` names its cells; digests in hex, changes as JSON."""
    return [_cell(entry, name) for name in COLUMNS]


def line(entry: resources_pb2.AuditEntry) -> bytes:
    """An entry as one line of JSON, as the API gives it."""
    found = json_format.MessageToDict(entry)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _cell(entry: resources_pb2.AuditEntry, name: str) -> str:
    if name == "create_time":
        return str(entry.create_time.ToJsonString())
    if name == "changed_paths":
        return " ".join(entry.changed_paths)
    if name == "changes":
        told = [json_format.MessageToDict(change) for change in entry.changes]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else ""
    value = getattr(entry, name)
    return value.hex() if isinstance(value, bytes) else str(value)
