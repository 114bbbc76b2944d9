"""Everything that a service holds of a person, page by page, as the person is to read it."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from rapport.mesh.v1 import subject_pb2
from rapport.policy.v1 import policy_pb2

from mesh.contract.failure import invalid
from mesh.contract.resource import sensitivity
from mesh.resource.subjects import KEEP, declared
from mesh.store.mesh_tables import MESH
from mesh.store.statement import key_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from google.protobuf.message import Message

    from mesh.resource.subjects import Held
    from mesh.runtime.call import Call
    from mesh.runtime.service import Service

PAGE = 200
_LARGEST = 2 << 20
"""Bytes of records after which a page ends."""


class Reading:
    """Reads what one service holds of persons."""

    def __init__(self, service: Service) -> None:
        # What the mesh keeps for itself is made from the rest.
        self._held = [held for held in declared(service) if held.table.name not in MESH.tables]
        self._beside = service.beside_subjects

    def page(
        self, call: Call, subject: subject_pb2.Subject, cursor: str
    ) -> tuple[list[subject_pb2.SubjectRecord], str]:
        """Some records, and where the next page begins; empty at the end.

        Raises:
            Failure: INVALID_ARGUMENT, for a cursor of something else.
        """
        table, needle, after = _place(cursor)
        if not cursor:
            beside = [_record(kind, found) for kind, found in self._beside.read(call, subject)]
            return beside, _cursor(0, 0, [])
        if table >= len(self._held):
            return [], ""
        held = self._held[table]
        texts = held.needles(subject)
        if needle >= len(texts):
            return [], _cursor(table + 1, 0, [])
        text = texts[needle]
        if after and len(after) != len(held.keys):
            raise invalid("cursor", "is not one of this method")
        statement = held.go_on if after else held.find
        rows = call.read(statement, text=text, raw=text.encode(), limit=PAGE, **key_parameters(after))
        records, size = [], 0
        for row in rows:
            if not _holds(held, row, texts[:needle]):
                records.append(_record(held.kind, _told(held, row, set(texts))))
                size += len(records[-1].json)
            if size > _LARGEST:
                return records, _cursor(table, needle, list(row[held.width :]))
        full = len(rows) == PAGE
        return records, _cursor(table, needle if full else needle + 1, list(rows[-1][held.width :]) if full else [])


def _place(cursor: str) -> tuple[int, int, list[Any]]:
    if not cursor:
        return 0, 0, []
    wrong = invalid("cursor", "is not one of this method")
    try:
        table, needle, after = json.loads(cursor)
        keys = list(after)
    except (ValueError, TypeError, RecursionError):
        raise wrong from None
    if not (isinstance(table, int) and isinstance(needle, int) and min(table, needle) >= 0):
        raise wrong
    if not all(isinstance(each, (str, int)) for each in keys):
        raise wrong
    return table, needle, keys


def _cursor(table: int, needle: int, after: Sequence[Any]) -> str:
    return json.dumps([table, needle, list(after)])


def _record(kind: str, found: Any) -> subject_pb2.SubjectRecord:
    return subject_pb2.SubjectRecord(kind=kind, json=json.dumps(found, ensure_ascii=False))


def _holds(held: Held, row: Sequence[Any], texts: Iterable[str]) -> bool:
    """Whether the record was told already, for another of the texts that the person is found by."""
    told = list(texts)
    if not told:
        return False
    if held.resource is None:
        values = dict(zip(held.names, row, strict=False))
        return any(values[name] in told for name in held.columns)
    record = held.resource.build(held.resource.message, row[: held.width])
    return any(each in told for name in held.columns for each in _values(record, name))


def _values(record: Any, name: str) -> list[Any]:
    value = getattr(record, name)
    return list(value) if record.DESCRIPTOR.fields_by_name[name].is_repeated else [value]


def _told(held: Held, row: Sequence[Any], own: set[str]) -> dict[str, Any]:
    """The record in JSON; of others it names nobody."""
    if held.resource is None:
        values = zip(held.names, row, strict=False)
        return {name: _plain(value, held.table.c[name].info.get("message")) for name, value in values}
    record: Any = held.resource.build(held.resource.message, row[: held.width])
    if held.erasure == KEEP:
        for descriptor in record.DESCRIPTOR.fields:
            if sensitivity(descriptor) != policy_pb2.SENSITIVITY_UNSPECIFIED:
                record.ClearField(descriptor.name)
    for name in held.columns:
        if record.DESCRIPTOR.fields_by_name[name].is_repeated:
            left = [each for each in getattr(record, name) if each in own]
            record.ClearField(name)
            getattr(record, name).extend(left)
    record.ClearField("etag")
    told: dict[str, Any] = json_format.MessageToDict(record, preserving_proto_field_name=True)
    return told


def _plain(value: Any, message: type[Message] | None) -> Any:
    """A value as JSON has it; bytes of a message, as the column declares it, in its own JSON."""
    if not isinstance(value, (bytes, memoryview)):
        return value
    if message is None:
        return base64.b64encode(bytes(value)).decode()
    return json_format.MessageToDict(message.FromString(bytes(value)), preserving_proto_field_name=True)
