"""Looking for a person in all that a service keeps, row by row: who looks knows nothing but digests.

It trusts no declaration: addresses and numbers are looked for in every column of every tenant table, in events and
replies that are kept, and in files. Ids are looked for where persons are declared to stand; an id alone tells nobody.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, bindparam, select, tuple_

from mesh.contract.failure import invalid
from mesh.resource.subjects import KEEP, declared, of_users
from mesh.store.mesh_tables import MESH, inbox_waiting, outbox, reference_rows
from mesh.store.statement import TENANT, Statement
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
_OVERLAP = 400
"""Characters of a file that are read again with what follows: what stands across two pieces is found all the same."""


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
        place = tuple_(*(bindparam(f"k{number}", type_=key.type) for number, key in enumerate(self.keys)))
        base = select(*self.keys, *self.columns).order_by(*self.keys).limit(_PAGE)
        self.first = Statement(base.where(of_tenant), name=f"scan {table.name}")
        self.next = Statement(base.where(and_(of_tenant, tuple_(*self.keys) > place)), name=f"scan on {table.name}")

    def page(self, call: Call, after: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """The next rows: their keys, then their columns."""
        place = {f"k{number}": value for number, value in enumerate(after)}
        whose = {} if self.fenced else {"whose": call.identity.tenant}
        return call.read(self.next if after else self.first, **whose, **place)

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
        keys = sorted(blob.key for blob in call.environment.blobs.list(call.identity.tenant)) if self._files else []
        for key in (each for each in keys if not after or each > after[0]):
            if time.monotonic() >= ends:
                return found, rows_seen, json.dumps([place, after])
            if len(found) < _MOST and _in_file(call, key, tracer):
                found.append(f"files/{key}")
            after = [key]
        return found, rows_seen, ""


def _in_file(call: Call, key: str, tracer: Tracer) -> bool:
    tail = ""
    for piece in call.environment.blobs.stream(call.identity.tenant, key):
        call.remaining()
        text = tail + piece.decode("utf-8", "replace")
        if tracer.is_in(text):
            return True
        tail = text[-_OVERLAP:]
    return False


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
