"""Looking for a person in all that a service keeps, row by row: who looks knows nothing but digests.

It trusts no declaration: addresses and numbers are looked for in every column of every tenant table, in events and
replies that are kept, and in files. Ids are looked for where persons are declared to stand; an id alone tells nobody.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, bindparam, select

from mesh.contract.failure import invalid
from mesh.resource.file_parts import Files
from mesh.resource.subjects import KEEP, declared, of_users
from mesh.store.mesh_tables import MESH, inbox_waiting, outbox, reference_rows
from mesh.store.statement import TENANT, Statement, behind, key_parameters
from mesh.store.tables import TENANT_COLUMN, is_tenant_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table

    from mesh.contract.traces import Tracer
    from mesh.runtime.call import Call
    from mesh.runtime.service import Service

_PAGE = 500
_SECONDS = 5.0
"""How long one batch may take; the rest is for the next."""
_MOST = 100


class _Scan:
    """One table: its rows by their key, and the columns in which ids of persons stand."""

    def __init__(self, table: Table, ids: frozenset[str], kind: str) -> None:
        self.kind, self.ids = kind, ids
        self.keys = [column for column in table.primary_key if column.name != TENANT_COLUMN]
        self.columns = [column for column in table.columns if column.name != TENANT_COLUMN]
        of_tenant = (
            table.c.tenant_id == TENANT if is_tenant_table(table) else table.c.tenant == bindparam("whose", type_=Text)
        )
        self.fenced = is_tenant_table(table)
        base = select(*self.keys, *self.columns).order_by(*self.keys).limit(_PAGE)
        self.first = Statement(base.where(of_tenant), name=f"scan {table.name}")
        self.next = Statement(base.where(and_(of_tenant, behind(self.keys))), name=f"scan on {table.name}")

    def page(self, call: Call, after: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The next rows: their keys, then their columns."""
        whose = {} if self.fenced else {"whose": call.identity.tenant}
        return call.read(self.next if after else self.first, **whose, **key_parameters(after))

    def holds(self, row: Sequence[Any], tracer: Tracer) -> bool:
        """Whether a row holds something of the person."""
        values = row[len(self.keys) :]
        for column, value in zip(self.columns, values, strict=True):
            if column.name in self.ids and isinstance(value, str) and value and tracer.is_named(value):
                return True
            if tracer.is_in(value):
                return True
        return False


class Finding:
    """Looks through one service."""

    def __init__(self, service: Service) -> None:
        # That one who is gone is gone stands in the reference rows, with nothing but the id.
        named = {
            held.table.name: frozenset(held.columns)
            for held in declared(service)
            if held.erasure != KEEP and held.table is not reference_rows
        }
        own = {table.name: table for r in service.resources for table in r.table.metadata.tables.values()}
        people = of_users(service)
        # Where people are the tenant's own users, only what is declared to be about others is looked at.
        tables = {**MESH.tables, **own}
        self._scans = [
            _Scan(table, named.get(name, frozenset()), name.replace("_", "-"))
            for name, table in sorted(tables.items())
            if (is_tenant_table(table) or table in (outbox, inbox_waiting)) and (not people or name in named)
        ]
        self._files = not people

    def batch(self, call: Call, tracer: Tracer, cursor: str) -> tuple[list[str], int, str]:
        """Names of what was found, how many rows were looked at, and where to go on; empty at the end.

        Raises:
            Failure: INVALID_ARGUMENT, for a cursor of something else.
        """
        place, after = _place(cursor)
        found: list[str] = []
        rows_seen, ends = 0, time.monotonic() + min(_SECONDS, call.remaining() / 2)
        while place < len(self._scans):
            scan = self._scans[place]
            if after and len(after) != len(scan.keys):
                raise invalid("cursor", "is not one of this method")
            rows = scan.page(call, after)
            rows_seen += len(rows)
            for row in rows:
                if len(found) < _MOST and scan.holds(row, tracer):
                    found.append(f"{scan.kind}/{'/'.join(map(_shown, row[: len(scan.keys)]))}")
            if len(rows) == _PAGE:
                after = list(rows[-1][: len(scan.keys)])
            else:
                place, after = place + 1, []
            if time.monotonic() >= ends:
                return found, rows_seen, json.dumps([place, [_kept(each) for each in after]])
        left = self._in_files(call, tracer, after, ends, found) if self._files else []
        return found, rows_seen, json.dumps([place, left]) if left else ""

    @staticmethod
    def _in_files(call: Call, tracer: Tracer, after: Sequence[Any], ends: float, found: list[str]) -> list[Any]:
        """Look through files from a place on, and add what is found; where to go on, nothing at the end."""
        behind, offset = _within(after)
        blobs, tenant = call.environment.blobs, call.identity.tenant
        files = Files(blobs, tenant, blobs.list(tenant))
        for key in (each for each in files.keys if each > behind or (each == behind and offset)):
            behind, offset = key, offset if key == behind else 0
            if len(found) < _MOST:
                told, offset = _in_file(call, files, key, tracer, offset, ends)
                found += [f"files/{key}"] if told else []
            if offset or time.monotonic() >= ends:
                return [behind, offset]
        return []


def _in_file(call: Call, files: Files, key: str, tracer: Tracer, offset: int, ends: float) -> tuple[bool, int]:
    """Whether the person stands in a file from an offset on, and where to go on in it; 0 where that is its end."""
    if not offset and any(map(tracer.is_in_file, files.seams(key))):
        return True, 0
    for piece, onward in files.pieces(key, offset):
        call.remaining()
        if tracer.is_in_file(piece):
            return True, 0
        if time.monotonic() >= ends:
            return False, onward
    return False, 0


def _within(after: Sequence[Any]) -> tuple[str, int]:
    """The file that a cursor is at, and where in it to go on; 0 where it was looked through.

    Raises:
        Failure: INVALID_ARGUMENT.
    """
    key, offset = after if len(after) == 2 else ("", 0)
    if len(after) not in (0, 2) or not isinstance(key, str) or not isinstance(offset, int) or offset < 0:
        raise invalid("cursor", "is not one of this method")
    return key, offset


def _place(cursor: str) -> tuple[int, list[Any]]:
    if not cursor:
        return 0, []
    wrong = invalid("cursor", "is not one of this method")
    try:
        place, after = json.loads(cursor)
        found = [_read(each) for each in after]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise wrong from None
    if not isinstance(place, int) or place < 0:
        raise wrong
    return place, found


def _kept(value: Any) -> Any:
    return {"hex": bytes(value).hex()} if isinstance(value, (bytes, memoryview)) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        return bytes.fromhex(str(value["hex"]))
    if not isinstance(value, (str, int)):
        raise TypeError
    return value


def _shown(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value)
