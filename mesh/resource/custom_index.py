"""Values of custom fields in the side tables: one row per resource and indexed field, also where there is no value.

A row for each makes filters and orders plain joins, and NOT a complement. Owns the rows; knows nothing of definitions.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, delete, select

from mesh.contract.failure import Failure
from mesh.store.errors import UniqueViolation
from mesh.store.mesh_tables import custom_numbers, custom_texts
from mesh.store.statement import TENANT, Statement, any_of, insert_ignore, upsert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from google.protobuf.struct_pb2 import Struct
    from sqlalchemy import Table

    from mesh.resource.custom_rules import Field
    from mesh.runtime.call import Write

CHUNK = 500
"""Rows that one transaction of a build touches."""

# What a row says where there is no value: smaller than every value, and no value itself.
NO_TEXT = ""
NO_NUMBER = -sys.float_info.max
ABSENT: frozenset[str | float] = frozenset({NO_TEXT, NO_NUMBER})

_TABLES = (custom_texts, custom_numbers)
_UPSERT = {t.name: upsert(t, key=["slot", "id"], set=["value", "single"], name=f"keep {t.name}") for t in _TABLES}
_FILL = {t.name: insert_ignore(t, ["slot", "id"], name=f"fill {t.name}") for t in _TABLES}


def _some(table: Table) -> Statement:
    key = (table.c.tenant_id == TENANT, table.c.slot == bindparam("slot"))
    return Statement(
        select(table.c.id).where(*key).limit(bindparam("limit", type_=BigInteger)), name=f"some {table.name}"
    )


def _remove(table: Table) -> Statement:
    key = (table.c.tenant_id == TENANT, table.c.slot == bindparam("slot"), any_of(table.c.id, "ids"))
    return Statement(delete(table).where(*key), name=f"remove {table.name}")


def _drop(table: Table) -> Statement:
    key = (table.c.tenant_id == TENANT, any_of(table.c.slot, "slots"), table.c.id == bindparam("id"))
    return Statement(delete(table).where(*key), name=f"drop {table.name}")


def _holders(table: Table) -> Statement:
    key = (table.c.tenant_id == TENANT, table.c.slot == bindparam("slot"), any_of(table.c.value, "wanted"))
    return Statement(select(table.c.value, table.c.id).where(*key, table.c.single), name=f"holders {table.name}")


_HOLDERS = {table.name: _holders(table) for table in _TABLES}
_DROP = {table.name: _drop(table) for table in _TABLES}
_SOME = [_some(table) for table in _TABLES]
_REMOVE = [_remove(table) for table in _TABLES]


def stored(field: Field, values: Struct) -> str | float:
    """The value of a field as its row holds it."""
    if field.key not in values.fields:
        return NO_NUMBER if field.numeric else NO_TEXT
    value = values.fields[field.key]
    kind = value.WhichOneof("kind")
    if field.numeric:
        return float(value.bool_value if kind == "bool_value" else value.number_value)
    return str(value.string_value)


def keep(write: Write, fields: Sequence[Field], identity: str, before: Struct | None, after: Struct) -> None:
    """Write the rows of a resource that is new (`before` is None) or whose values change.

    Raises:
        Failure: ALREADY_EXISTS naming a unique field whose value another resource has.
    """
    for field in fields:
        if before is None or stored(field, before) != stored(field, after):
            row = _row(field, identity, after)
            if row["single"] or field.unique:
                # At once: a value that is given up may go to another resource in the same write.
                _keep_single(write, field, row)
            else:
                # Nothing in this write reads it: it goes with the commit, in the same round trip.
                write.transaction.defer(_UPSERT[_table(field).name], **row)


def _keep_single(write: Write, field: Field, row: dict[str, Any]) -> None:
    try:
        write.write(_UPSERT[_table(field).name], **row)
    except UniqueViolation as error:
        path = f"custom.{field.key}"
        fields = {path: "is used by another resource"}
        raise Failure("ALREADY_EXISTS", fields=fields, metadata={"fields": path}) from error


def fill(write: Write, field: Field, resources: Sequence[tuple[str, Struct]]) -> None:
    """Write the rows of resources that have none for this field yet; what a newer write has put there stays."""
    write.write_many(_FILL[_table(field).name], [_row(field, identity, values) for identity, values in resources])


def holders(
    read: Callable[..., Sequence[Sequence[Any]]], field: Field, wanted: Iterable[str | float]
) -> dict[str | float, str]:
    """By value of a unique field, the id of the resource that has it."""
    found = read(_HOLDERS[_table(field).name], slot=field.slot, wanted=sorted(wanted))
    return {row[0]: row[1] for row in found}


def drop(write: Write, fields: Sequence[Field], identity: str) -> None:
    """Remove the rows of a resource."""
    slots: dict[str, list[str]] = {}
    for field in fields:
        slots.setdefault(_table(field).name, []).append(field.slot)
    for name, several in slots.items():
        write.write(_DROP[name], slots=several, id=identity)


def clear(write: Write, slot: str) -> bool:
    """Remove some rows of a slot; whether there may be more."""
    more = False
    for some, remove in zip(_SOME, _REMOVE, strict=True):
        ids = [row[0] for row in write.read(some, slot=slot, limit=CHUNK)]
        if ids:
            write.write(remove, slot=slot, ids=ids)
        more = more or len(ids) == CHUNK
    return more


def _table(field: Field) -> Table:
    return custom_numbers if field.numeric else custom_texts


def _row(field: Field, identity: str, values: Struct) -> dict[str, Any]:
    value = stored(field, values)
    present = value not in ABSENT
    return {"slot": field.slot, "id": identity, "value": value, "single": field.unique and present}
