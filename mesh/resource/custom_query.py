"""Custom fields in one filter and order: which side tables join the list, and what is compared in them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, literal, select

from mesh.contract.failure import invalid
from mesh.resource.custom_index import NO_NUMBER, NO_TEXT
from mesh.resource.custom_rules import parse_text
from mesh.store.mesh_tables import custom_numbers, custom_texts
from mesh.store.statement import TENANT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Table

    from mesh.contract.filters import Comparison
    from mesh.resource.custom_rules import Field

PREFIX = "custom."
_HIGHEST = "\U0010ffff"


class CustomQuery:
    """Collects the custom fields of one request.

    Each gets a name `custom0`, `custom1` ..., so that statements can be kept by their shape for all tenants; the field
    itself is a parameter.
    """

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields
        self._names: dict[str, str] = {}
        self._slots: list[str] = []
        self._kinds: list[bool] = []

    @property
    def shape(self) -> tuple[bool, ...]:
        """Per side table that joins, whether it is the one of numbers."""
        return tuple(self._kinds)

    def parameters(self) -> dict[str, str]:
        """The slots, by the names that joins() gives them."""
        return {f"c{number}": slot for number, slot in enumerate(self._slots)}

    def name(self, path: str, place: str) -> str:
        """The name of a field in this query.

        Raises:
            Failure: INVALID_ARGUMENT on `place`, where the field is unknown, not filterable or not ready yet.
        """
        return self._use(self._field(path, place))

    def _use(self, field: Field) -> str:
        name = self._names.get(field.key)
        if name is None:
            name = self._names[field.key] = f"custom{len(self._slots)}"
            self._slots.append(field.slot)
            self._kinds.append(field.numeric)
        return name

    def _field(self, path: str, place: str) -> Field:
        field = self._fields.get(path.removeprefix(PREFIX))
        if field is None:
            raise invalid(place, f"there is no field {path!r}")
        if not field.indexed:
            raise invalid(place, f"{path!r} is not filterable")
        if not field.ready:
            raise invalid(place, f"{path!r} is still being prepared for filters and orders")
        return field

    def bind(self, term: Comparison, values: list[Any]) -> tuple[Any, ...]:
        """The shape of a comparison; what it compares with is appended to `values`.

        Raises:
            Failure: INVALID_ARGUMENT on `filter`.
        """
        field = self._field(term.field, "filter")
        name = self._use(field)
        absent: Any = NO_NUMBER if field.numeric else NO_TEXT
        if term.operator == ":":
            if term.value != "*":
                raise invalid("filter", f"`:` is only understood as `{term.field}:*`, which asks for presence")
            values.append(absent)
            return (">", name)
        if not field.numeric and term.quoted and term.operator == "=" and term.value.endswith("*"):
            values += [term.value[:-1], term.value[:-1] + _HIGHEST]
            return ("prefix", name)
        value = absent if term.value == "" else _value(field, term)
        if term.operator in ("<", "<="):
            values += [absent, value]
            return ("And", (">", name), (term.operator, name))
        values.append(value)
        return (term.operator, name)


class CustomColumns(CustomQuery):
    """The custom fields of one filter, read by subqueries in place of joins, so that it can stand beside others.

    Each keeps its path as its name; `used` tells which there are.
    """

    def __init__(self, fields: Mapping[str, Field]) -> None:
        super().__init__(fields)
        self.used: dict[str, Field] = {}

    def _use(self, field: Field) -> str:
        name = f"{PREFIX}{field.key}"
        self.used[name] = field
        return name


def column(table: Any, field: Field) -> ColumnElement[Any]:
    """The value of a custom field of the row of a table, or of an alias of it, as its side table holds it."""
    side = (custom_numbers if field.numeric else custom_texts).alias()
    value = select(side.c.value).where(
        side.c.tenant_id == TENANT, side.c.slot == literal(field.slot), side.c.id == table.c.id
    )
    absent = NO_NUMBER if field.numeric else NO_TEXT
    return func.coalesce(value.correlate(table).scalar_subquery(), literal(absent), type_=side.c.value.type)


def _value(field: Field, term: Comparison) -> Any:
    if field.choices:
        if term.value not in field.choices:
            raise invalid("filter", f"{term.field} has no choice {term.value!r}, at character {term.position + 1}")
        return term.value
    try:
        value = parse_text(field, term.value)
    except ValueError as error:
        raise invalid("filter", f"{term.field} {error}, at character {term.position + 1}") from None
    if value is None:
        return NO_NUMBER if field.numeric else NO_TEXT
    return float(value) if field.numeric else value


def joined(shape: Sequence[bool]) -> dict[str, Any]:
    """The side tables of a shape, under the names that a query gives its fields."""
    tables: list[Table] = [custom_numbers if numeric else custom_texts for numeric in shape]
    return {f"custom{number}": _alias(table, f"custom{number}") for number, table in enumerate(tables)}


@cache
def _alias(table: Table, name: str) -> Any:
    return table.alias(name)  # one object per name: an alias made again would be another table to SQL


def joins(table: Table, shape: Sequence[bool]) -> list[ColumnElement[bool]]:
    """What ties each side table of a shape to the tenant, the field and the resource."""
    conditions: list[ColumnElement[bool]] = []
    for number, alias in enumerate(joined(shape).values()):
        slot = bindparam(f"c{number}", type_=alias.c.slot.type)
        conditions += [alias.c.tenant_id == TENANT, alias.c.slot == slot, alias.c.id == table.c.id]
    return conditions
