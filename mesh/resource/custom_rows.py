"""Values of custom fields in resources that are decided one after the other, before any is written: rows of a file.

Owns what is refused for the sake of values that others hold, in the database or in a row before; writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.protobuf.struct_pb2 import Struct

from mesh.contract.failure import Failure
from mesh.resource.custom_index import ABSENT, holders, stored
from mesh.resource.custom_rules import normalise, read_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mesh.resource.custom_rules import Field


class CustomRows:
    """The values of the rows of one write, in their order."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self._unique = [field for field in fields.values() if field.unique]
        self._holders: dict[tuple[str, str | float], str] = {}

    def read_texts(self, resource: Any) -> None:
        """Turn values that are all texts, as cells of a file are, into what they stand for.

        Raises:
            Failure: INVALID_ARGUMENT naming the values, as in `custom.industry`.
        """
        if resource.HasField("custom"):
            read_texts(self._fields, resource.custom)

    def refused(self, values: Struct) -> list[str]:
        """The keys of values that a resource which has none of them could not get."""
        found = []
        for key in values.fields:
            one = Struct()
            one.fields[key].CopyFrom(values.fields[key])
            try:
                normalise({key: self._fields[key]} if key in self._fields else {}, None, one)
            except Failure:
                found.append(key)
        return found

    def learn(self, read: Callable[..., Sequence[Sequence[Any]]], resources: Sequence[Any]) -> None:
        """Find out who has the unique values that these resources bring: a statement for each unique field."""
        for field in self._unique:
            wanted = {stored(field, each.custom) for each in resources} - ABSENT
            found = holders(read, field, wanted) if wanted else {}
            self._holders.update({(field.slot, value): identity for value, identity in found.items()})

    def holder(self, key: str, resource: Any) -> str:
        """Id of the one that has a resource's value of a unique field, as far as learned; empty where none has."""
        field = self._fields.get(key)
        return self._holders.get((field.slot, stored(field, resource.custom)), "") if field is not None else ""

    def holding(self) -> set[str]:
        """Ids of all that have unique values, as far as learned."""
        return set(self._holders.values())

    def stand(self, resource: Any) -> None:
        """Hold the unique values of a resource that stands in the place of the one in the database against the rows."""
        self._holders = {place: identity for place, identity in self._holders.items() if identity != resource.id}
        for field in self._unique:
            value = stored(field, resource.custom)
            if value not in ABSENT:
                self._holders[field.slot, value] = resource.id

    def take(self, before: Any, after: Any) -> None:
        """Check a resource, changed from `before` or new, and hold its unique values against the rows that follow.

        A value that a row gives up is not free for another row of the same write.

        Raises:
            Failure: INVALID_ARGUMENT or ALREADY_EXISTS naming the values, as in `custom.industry`.
        """
        normalise(self._fields, None if before is None else before.custom, after.custom)
        if not after.custom.fields:
            after.ClearField("custom")
        held = {(field.slot, stored(field, after.custom)): field.key for field in self._unique}
        held = {place: key for place, key in held.items() if place[1] not in ABSENT}
        taken = [key for place, key in held.items() if self._holders.get(place, after.id) != after.id]
        if taken:
            fields = {f"custom.{key}": "is used by another resource" for key in taken}
            raise Failure("ALREADY_EXISTS", fields=fields, metadata={"fields": ",".join(fields)})
        self._holders.update(dict.fromkeys(held, after.id))
