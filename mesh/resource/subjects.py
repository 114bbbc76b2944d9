"""What a service holds of persons, as its contract and its tables declare it: where to look, and what becomes of it.

A resource says it with `subject`, a table that is no resource's with the columns that hold ids of persons. A table that
says nothing is looked through by nobody but VerifyContactErasure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rapport.policy.v1 import policy_pb2
from sqlalchemy import BigInteger, LargeBinary, and_, bindparam, or_, select

from mesh.resource.mapping import read_columns
from mesh.store.mesh_tables import MESH, merged_ids
from mesh.store.statement import TENANT, Statement, behind, contains
from mesh.store.tables import TENANT_COLUMN, is_tenant_table, subject_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rapport.mesh.v1 import subject_pb2
    from sqlalchemy import Column, Table

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Write
    from mesh.runtime.service import Service

DELETE, ANONYMISE, KEEP = policy_pb2.ERASURE_DELETE, policy_pb2.ERASURE_ANONYMISE, policy_pb2.ERASURE_KEEP


Count = Callable[["Write", str], None]
"""Counts one thing of a kind that is erased, in the write that does it."""


class BesideSubjects:
    """What a service holds of persons beside the rows of its database, as files; here nothing."""

    def read(self, call: Call, subject: subject_pb2.Subject) -> Sequence[tuple[str, Mapping[str, Any]]]:
        """What is held: its kind, and the record as JSON has it."""
        del call, subject
        return ()

    def erase(self, call: Call, subject: subject_pb2.Subject, count: Count) -> bool:
        """Erase some of it, each counted with the write that erases it, or before; whether there may be more.

        Done again it is harmless.

        Raises:
            Failure: CONFLICT, where something is at work with it, and has to come to its end first.
        """
        del call, subject, count
        return False


@dataclass(frozen=True)
class Held:
    """A table with records about persons. `resource` is whose it is, if any's; a person stands in `columns`."""

    table: Table
    columns: Mapping[str, Column[Any]]
    kind: str
    erasure: int
    resource: Resource[Any] | None = None

    @cached_property
    def keys(self) -> list[Column[Any]]:
        """The primary key without the tenant."""
        return [column for column in self.table.primary_key if column.name != TENANT_COLUMN]

    @cached_property
    def width(self) -> int:
        """How many columns of a found row are the record; its keys stand behind them."""
        return len(self._selected)

    @cached_property
    def names(self) -> list[str]:
        """The names of these columns, of a table that is no resource's."""
        return [column.name for column in self._selected]

    @cached_property
    def find(self) -> Statement:
        """Reads records that hold the parameter `text` (and as bytes `raw`), the first `limit` by their key."""
        return self._statement(continues=False)

    @cached_property
    def go_on(self) -> Statement:
        """The same behind the key `k0`, `k1`, ..."""
        return self._statement(continues=True)

    @cached_property
    def _selected(self) -> list[Any]:
        if self.resource is not None:
            return read_columns(self.table, self.resource.message)
        return [column for column in self.table.columns if column.name != TENANT_COLUMN]

    def _statement(self, *, continues: bool) -> Statement:
        holds = [
            contains(c, "raw") if isinstance(c.type, LargeBinary) else c == bindparam("text", type_=c.type)
            for c in self.columns.values()
        ]
        conditions = [self.table.c.tenant_id == TENANT, or_(*holds)]
        if continues:
            conditions.append(behind(self.keys))
        named = [key.label(f"key_{number}") for number, key in enumerate(self.keys)]
        core = select(*self._selected, *named).where(and_(*conditions)).order_by(*self.keys)
        return Statement(core.limit(bindparam("limit", type_=BigInteger)), name=f"find persons in {self.table.name}")

    def needles(self, subject: subject_pb2.Subject) -> list[str]:
        """What stands in the columns of a record about the person."""
        contract = self.resource.contract.subject if self.resource is not None else None
        if contract is None:
            return list(subject.ids)
        found = list(subject.ids) if contract.ids else []
        found += list(subject.emails) if contract.emails else []
        return found + ([f"contacts/{each}" for each in subject.ids] if contract.names else [])


def declared(service: Service) -> list[Held]:
    """All that a service holds of persons; the persons themselves last: who asks again after a failure finds them."""
    found, resources = [], {resource.table.name: resource for resource in service.resources}
    for resource in service.resources:
        subject = resource.contract.subject
        if subject is not None:
            columns = {name: resource.table.c[name] for name in subject.fields}
            found.append(Held(resource.table, columns, resource.contract.collection, subject.erasure, resource))
    tables = {**MESH.tables, **{t.name: t for r in service.resources for t in r.table.metadata.tables.values()}}
    for name, table in sorted(tables.items()):
        columns = {column: table.c[column] for column in subject_columns(table)} if is_tenant_table(table) else {}
        if columns and name not in resources:
            found.append(Held(table, columns, name, DELETE))
    return sorted(
        found, key=lambda held: held.table is merged_ids or (held.resource is not None and "id" in held.columns)
    )


def of_users(service: Service) -> bool:
    """Whether the people that a service tells of are the tenant's own users, as its tables say."""
    return any(resource.table.metadata.info.get("people") for resource in service.resources)
