"""A resource as its service declares it: the message, the table, and the one rule every write goes through."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message
from sqlalchemy import bindparam, insert, select, update

from mesh.contract.masks import apply_mask
from mesh.contract.resource import resource_contract
from mesh.resource.listing import Listing
from mesh.resource.mapping import compile_builder, compile_values, stored_columns
from mesh.store.statement import TENANT, Statement, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Table

    from mesh.runtime.call import Call, Write

M = TypeVar("M", bound=Message)


def accept(before: Message | None, after: Any, facts: Any) -> Any:
    """The rule of a resource that has none."""
    del before, facts
    return after


def no_facts(call: Call, resources: Sequence[Message]) -> None:
    """The facts of a rule that needs none."""
    del call, resources


class Resource(Generic[M]):
    """One resource of a service.

    decide(before, after, facts) is the domain's rule: it normalises, checks and derives, and is called on every path by
    which a resource comes to be or changes; `before` is None for a new one. gather(call, resources) fetches the facts
    that it decides on, before the write begins. `unique` says for a unique key which field a clash is reported on.
    """

    def __init__(
        self,
        message: type[M],
        table: Table,
        *,
        decide: Callable[[M | None, M, Any], M] = accept,
        gather: Callable[[Call, Sequence[M]], Any] = no_facts,
    ) -> None:
        contract = resource_contract(message.DESCRIPTOR)
        if contract is None:
            msg = f"{message.DESCRIPTOR.full_name} is not declared a resource"
            raise ValueError(msg)
        self.contract = contract
        self.message = message
        self.table = table
        self.decide = decide
        self.gather = gather
        self.listing = Listing(table, message)
        self.build = compile_builder(table, message)
        self.values = compile_values(table, message)
        columns = stored_columns(table, message)
        self.own = [column.name for column in table.columns if column.name != "tenant_id"]
        key = (table.c.tenant_id == TENANT, table.c.id == bindparam("id"))
        name = contract.plural
        self.by_id = Statement(select(*columns).where(*key), name=f"get {name}")
        self.by_ids = Statement(
            select(*columns).where(table.c.tenant_id == TENANT, any_of(table.c.id, "ids")), name=f"batch get {name}"
        )
        self.locked = Statement(select(*columns).where(*key).with_for_update(), name=f"lock {name}")
        self._insert = Statement(insert(table), name=f"insert {name}")
        self._changing = self._changing_columns()
        changeable = {
            c.name: bindparam(f"new_{c.name}", type_=c.type) for c in table.columns if c.name in self._changing
        }
        self._update = Statement(update(table).where(*key).values(changeable), name=f"update {name}")
        self._events = {kind: self._event(kind) for kind in ("Created", "Updated", "Deleted", "Undeleted")}

    def _changing_columns(self) -> frozenset[str]:
        fields = self.message.DESCRIPTOR.fields_by_name
        return frozenset({"sequence", *self.own} & {"sequence", *fields} - {"id", "create_time"})

    def _event(self, kind: str) -> type[Message] | None:
        if self.contract.silent:
            return None
        module = importlib.import_module(f"{self.message.DESCRIPTOR.file.package}.resource_events_pb2")
        event: type[Message] = getattr(module, f"{self.contract.name}{kind}")
        return event

    def insert(self, write: Write, resources: Sequence[M], **hidden: Any) -> None:
        """Write new resources, each with its event. `hidden` values go to columns that are no fields."""
        rows = [{"sequence": 1, **self.values(resource), **hidden} for resource in resources]
        if len(rows) == 1:
            write.write(self._insert, **rows[0])
        else:
            write.write_many(self._insert, rows)
        for resource in resources:
            self._publish(write, "Created", resource, 1)

    def update(self, write: Write, kind: str, before: M, after: M, changed: Sequence[str], version: int) -> None:
        """Write a new version over one that is locked, with its event."""
        values = {f"new_{name}": value for name, value in self.values(after).items() if name in self._changing}
        write.write(self._update, id=self.id(before), new_sequence=version, **values)
        previous = self.message()
        apply_mask(previous, before, changed)
        self._publish(write, kind, after, version, changed_paths=list(changed), previous=previous)

    def _publish(self, write: Write, kind: str, resource: M, version: int, **more: Any) -> None:
        event = self._events[kind]
        if event is not None:
            aggregate = f"{self.contract.collection}/{self.id(resource)}"
            write.publish(aggregate, version, event(**{self.contract.singular: resource, **more}))

    @staticmethod
    def id(resource: Message) -> str:
        """The id of a resource."""
        return str(resource.id)
