"""Fields that tenants define for a resource whose contract says `custom_fields`: definitions, values, preparation.

A service declares a second resource, the definition, and hands both to CustomFields; everything else is here and in the
modules custom_*. Values stand in the resource's field `custom`; indexed ones also in the side tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.mesh.v1.custom_field_pb2 import FieldBuildContinued
from rapport.type.v1 import custom_field_pb2 as kinds
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, SmallInteger, bindparam, select

from mesh.contract.failure import Failure
from mesh.contract.resource import resource_contract
from mesh.resource.custom_definitions import Definitions
from mesh.resource.custom_index import CHUNK, clear, drop, fill, keep
from mesh.resource.custom_query import PREFIX, CustomQuery
from mesh.resource.custom_rows import CustomRows
from mesh.resource.custom_rules import Field, archive, check_limits, decide_field, left_out, normalise
from mesh.resource.resource import Resource
from mesh.resource.table import fragment, resource_table, text
from mesh.runtime.call import Write
from mesh.store.statement import TENANT, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from google.protobuf.message import Message
    from google.protobuf.struct_pb2 import Struct
    from sqlalchemy import MetaData, Table

    from mesh.events.envelope import Event
    from mesh.runtime.call import Call, View


_LOOKED_AT = 5_000
"""Resources that are read to find out whether a choice is used; where there are more it is taken for used."""


def definition_table(message: type[Message], metadata: MetaData) -> Table:
    """The table of a definition resource.

    Raises:
        ValueError: the message is not declared a resource.
    """
    contract = resource_contract(message.DESCRIPTOR)
    if contract is None:
        msg = f"{message.DESCRIPTOR.full_name} is not declared a resource"
        raise ValueError(msg)
    flags = [Column(name, Boolean, nullable=False) for name in ("required", "filterable", "unique", "personal")]
    return resource_table(
        message,
        metadata,
        text("key"),
        text("display_name"),
        Column("type", SmallInteger, nullable=False),
        fragment("choices"),
        *flags,
        Column("state", SmallInteger, nullable=False),
        Column("generation", Integer, nullable=False),
        Index(f"{contract.plural}_key", "tenant_id", "key", unique=True),
        Index(f"{contract.plural}_by_key", "tenant_id", "key", "id"),
    )


def _nobody_uses(write: Write, key: str) -> None:
    """What is asked about the uses of fields that nothing else names."""
    del write, key


class CustomFields:
    """The custom fields of the resource `of`, kept in `table`, with definitions of the type `definition`.

    `definitions` is the resource that the service serves beside the one that has the fields.

    `release(write, key)` comes before a field is deleted, or cannot be filtered by any more; it refuses where the field
    is in use.
    """

    def __init__(
        self,
        of: type[Message],
        table: Table,
        definition: type[Message],
        definitions: Table,
        *,
        release: Callable[[Write, str], None] = _nobody_uses,
    ) -> None:
        contract = resource_contract(of.DESCRIPTOR)
        if contract is None or not contract.custom_fields:
            msg = f"{of.DESCRIPTOR.full_name} is not declared a resource with custom_fields"
            raise ValueError(msg)
        self.type = contract.type
        self._message = of
        self._release = release
        self._built_in = frozenset(of.DESCRIPTOR.fields_by_name)
        self.definitions: Resource[Any] = Resource(
            definition, definitions, decide=self._decide_definition, settle=self._settle_definition
        )
        columns = self.definitions.columns
        live = (definitions.c.tenant_id == TENANT, definitions.c.delete_time.is_(None))
        self._live = Statement(select(*columns).where(*live), name=f"live {definitions.name}")
        self._known = Definitions(self.type, self._load)
        self._chunk = Statement(
            select(table.c.id, table.c.custom)
            .where(table.c.tenant_id == TENANT, table.c.id > bindparam("cursor"))
            .order_by(table.c.id)
            .limit(bindparam("limit", type_=BigInteger)),
            name=f"values of {table.name}",
        )

    def _load(self, read: Callable[..., Sequence[Any]]) -> list[Any]:
        return [self.definitions.build(self.definitions.message, row) for row in read(self._live)]

    # ---- values

    def settle(self, write: Write, before: Any, after: Any) -> None:
        """Check the values of a resource that is written, and keep their rows; called with the write already open.

        Raises:
            Failure: INVALID_ARGUMENT or ALREADY_EXISTS naming the values, as in `custom.industry`.
        """
        if before is None or before.custom != after.custom:
            fields = self._known.for_writing(write)
            had = None if before is None else before.custom
            # Most tenants have none, and no resource of theirs has a value.
            if fields or had is not None or after.HasField("custom"):
                normalise(fields, had, after.custom)
                keep(write, [field for field in fields.values() if field.indexed], after.id, had, after.custom)
        if after.HasField("custom") and not after.custom.fields:
            after.ClearField("custom")

    def inheritable(self, reader: Call | Write, resource: Any) -> None:
        """Take out of a resource the values that no other one could get now, as of deleted fields."""
        refused = self.rows(reader).refused(resource.custom)
        for key in refused:
            del resource.custom.fields[key]
        if not resource.custom.fields:
            resource.ClearField("custom")

    def free(self, write: Write, resource: Any) -> list[str]:
        """Take out of a resource that comes back the unique values that others have by now; their paths."""
        rows, taken = self.rows(write), []
        rows.learn(write.read, [resource])
        try:
            rows.take(resource, resource)
        except Failure as failure:
            if failure.reason != "ALREADY_EXISTS":
                raise
            taken = failure.metadata["fields"].split(",")
        for path in taken:
            del resource.custom.fields[path.partition(".")[2]]
        if not resource.custom.fields:
            resource.ClearField("custom")
        return taken

    def bring_back(self, write: Write, resource: Any) -> None:
        """Keep the rows of a resource that comes back with the values that it had.

        Raises:
            Failure: ALREADY_EXISTS naming a unique field whose value another resource has.
        """
        fields = self._known.for_writing(write)
        keep(write, [field for field in fields.values() if field.indexed], resource.id, None, resource.custom)

    def forget(self, write: Write, identity: str) -> None:
        """Remove the rows of a resource that is purged."""
        drop(write, [field for field in self._known.for_writing(write).values() if field.indexed], identity)

    def rows(self, reader: Call | Write) -> CustomRows:
        """For resources that are decided together: in a write, by the fields as they stay until it ends."""
        known = self._known
        return CustomRows(known.for_writing(reader) if isinstance(reader, Write) else known.for_reading(reader))

    def hide(self, call: Call, resources: Sequence[Any]) -> None:
        """Take the values of deleted fields out of resources that a caller is going to see."""
        held = [resource for resource in resources if resource.HasField("custom")]
        if not held:
            return
        fields = self._known.for_reading(call)
        for resource in held:
            values = resource.custom.fields
            for key in [key for key in values if key not in fields]:
                del values[key]
            if not values:
                resource.ClearField("custom")

    def fixed(self, write: Write) -> Mapping[str, Field]:
        """The fields of the write's tenant by key, as they are and stay until it ends."""
        return self._known.for_writing(write)

    def fields(self, view: View) -> Mapping[str, Field]:
        """The fields of the caller's tenant by key, at most 5 seconds old."""
        return self._known.for_reading(view)

    def names(self, view: View) -> Mapping[str, str]:
        """What the fields of the caller's tenant are called, by key."""
        return {definition.key: definition.display_name for definition in self._load(view.read)}

    def query(self, call: Call, *texts: str) -> CustomQuery | None:
        """What a filter and an order that name custom fields are made with; None where they name none."""
        return CustomQuery(self.fields(call)) if any(PREFIX in each for each in texts) else None

    # ---- definitions

    def _decide_definition(self, before: Any, after: Any, facts: None) -> Any:
        del facts
        return decide_field(before, after, self._built_in)

    def _settle_definition(self, write: Write, before: Any, after: Any) -> None:
        self._known.change(write)
        deleted = after.HasField("delete_time")
        new = before is None or before.HasField("delete_time")
        if before is not None:
            self._archive_used(write, before, after)
        field = Field.of(after)
        if not deleted and (new or (field.indexed and not Field.of(before).indexed)):
            check_limits([other for other in self._known.of_this_write(write) if other.id != field.id], field)
        if not new and (deleted or (Field.of(before).indexed and not field.indexed)):
            self._release(write, after.key)
        if before is not None and Field.of(before).indexed and (deleted or not field.indexed):
            self._continue(write, FieldBuildContinued(slot=Field.of(before).slot), after.id)
        if not deleted and field.indexed and not field.ready:
            if before is not None and field.generation == before.generation:
                return
            cursor = self._fill(write, field, "")
            if cursor is None:
                after.state = kinds.FIELD_STATE_ACTIVE
            else:
                self._continue(write, FieldBuildContinued(field_id=field.id, slot=field.slot, cursor=cursor), field.id)

    def _archive_used(self, write: Write, before: Any, after: Any) -> None:
        """Keep the choices that a change leaves out and that are used, or may be where there is much to look at."""
        used = left_out(before, after)
        if not used:
            return
        rows = write.read(self._chunk, cursor="", limit=_LOOKED_AT + 1)
        if len(rows) <= _LOOKED_AT:
            values = [self._values(part).fields for _, part in rows]
            used &= {held[after.key].string_value for held in values if after.key in held}
        archive(before, after, used)

    # ---- preparation

    def _fill(self, write: Write, field: Field, cursor: str) -> str | None:
        """Make the rows of the next resources; the id of the last one, None where none is left."""
        rows = write.read(self._chunk, cursor=cursor, limit=CHUNK)
        fill(write, field, [(identity, self._values(part)) for identity, part in rows])
        return rows[-1][0] if len(rows) == CHUNK else None

    def _values(self, part: bytes) -> Struct:
        values: Struct = self._message.FromString(part).custom
        return values

    def _continue(self, write: Write, step: FieldBuildContinued, identity: str) -> None:
        step.resource = self.type
        write.publish(f"{self.definitions.contract.collection}/{identity}/build", 0, step)

    def build(self, write: Write, event: Event) -> None:
        """One step of preparing a field, or of removing what an earlier preparation left."""
        step = FieldBuildContinued.FromString(event.data)
        if step.resource != self.type:
            return
        identity = event.aggregate.split("/")[1]
        if not step.field_id:
            if clear(write, step.slot):
                self._continue(write, step, identity)
            return
        rows = write.read(self.definitions.locked, id=step.field_id)
        self._known.change(write)  # behind the lock of the row, as in every other write of a definition
        before = self.definitions.build(self.definitions.message, rows[0]) if rows else None
        if before is None or before.HasField("delete_time") or Field.of(before).slot != step.slot:
            return
        cursor = self._fill(write, Field.of(before), step.cursor)
        if cursor is not None:
            self._continue(write, FieldBuildContinued(field_id=step.field_id, slot=step.slot, cursor=cursor), identity)
            return
        after = self.definitions.message()
        after.CopyFrom(before)
        after.state = kinds.FIELD_STATE_ACTIVE
        self.definitions.update(write, "Updated", before, after, rows[0][0])


def builds(*customs: CustomFields) -> dict[str, Callable[[Write, Event], None]]:
    """What a service with custom fields consumes of its own events."""

    def build(write: Write, event: Event) -> None:
        for custom in customs:
            custom.build(write, event)

    return {FieldBuildContinued.DESCRIPTOR.full_name: build}
