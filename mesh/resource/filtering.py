"""Filters as conditions with parameters only: a shape to build the statement from, and the values it is run with."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor import FieldDescriptor
from sqlalchemy import and_, bindparam, literal, not_, or_
from sqlalchemy.sql import operators

from mesh.contract.failure import invalid
from mesh.contract.filters import And, Comparison, Filter, Not, Or
from mesh.resource.custom_query import PREFIX
from mesh.resource.identity_keys import Held
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.protobuf.descriptor import Descriptor
    from sqlalchemy import ColumnElement

    from mesh.resource.custom_query import CustomQuery

# What a filter looks like without its values: hashable, so that statements can be kept by it.
Shape = tuple[Any, ...]

_HIGHEST = "\U0010ffff"
_COMPARE = {
    "=": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}


def bind(
    tree: Filter,
    message: Descriptor,
    columns: Mapping[str, ColumnElement[Any] | Held],
    values: list[Any],
    custom: CustomQuery | None = None,
) -> Shape:
    """Append the values of a tree to `values` and return the rest as its shape.

    Raises:
        Failure: INVALID_ARGUMENT on `filter`, where a field cannot be filtered by or a value does not fit its field.
    """
    match tree:
        case And(terms) | Or(terms):
            return (type(tree).__name__, *(bind(term, message, columns, values, custom) for term in terms))
        case Not(term):
            return ("Not", bind(term, message, columns, values, custom))
        case Comparison():
            if custom is not None and tree.field.startswith(PREFIX):
                return custom.bind(tree, values)
            if tree.field not in columns:
                possible = ", ".join(sorted(columns))
                raise invalid("filter", f"cannot filter by {tree.field!r}; possible: {possible}")
            column = columns[tree.field]
            if isinstance(column, Held):
                return _bind_held(tree, values)
            shape = _bind_comparison(tree, message.fields_by_name[tree.field], values)
            return _of_present(shape, message.fields_by_name[tree.field], column)


def _bind_held(term: Comparison, values: list[Any]) -> Shape:
    if term.operator != ":" or (term.value == "*" and not term.quoted):
        raise invalid("filter", f'{term.field} holds several; one is asked for by `{term.field}:"..."`')
    if "\x00" in term.value:
        raise invalid("filter", f"{term.field} holds no such value, at character {term.position + 1}")
    values.append(term.value)
    return ("holds", term.field)


def _of_present(shape: Shape, field: FieldDescriptor, column: ColumnElement[Any]) -> Shape:
    """An absent text is stored as an empty one, which sorts first and yet is smaller than nothing."""
    stored_empty = field.has_presence and not nullable(column) and column.type.python_type is str
    return ("And", ("present", field.name), shape) if stored_empty and shape[0] in ("<", "<=") else shape


def _bind_comparison(term: Comparison, field: FieldDescriptor, values: list[Any]) -> Shape:
    if term.operator == ":":
        if term.value != "*":
            raise invalid("filter", f"`:` is only understood as `{term.field}:*`, which asks for presence")
        return ("present", term.field)
    text = field.type == FieldDescriptor.TYPE_STRING
    if text and term.quoted and term.operator == "=" and term.value.endswith("*"):
        values += [term.value[:-1], term.value[:-1] + _HIGHEST]
        return ("prefix", term.field)
    values.append(_value(field, term))
    return (term.operator, term.field)


def condition(
    shape: Shape, columns: Mapping[str, ColumnElement[Any] | Held], numbers: Iterator[int]
) -> ColumnElement[bool]:
    """The condition of a shape; its values are the parameters f0, f1 ... in the order they were bound."""
    kind, *rest = shape
    if kind == "Not":
        return not_(condition(rest[0], columns, numbers))
    if kind in ("And", "Or"):
        terms = [condition(term, columns, numbers) for term in rest]
        return and_(*terms) if kind == "And" else or_(*terms)
    column = columns[rest[0]]
    if isinstance(column, Held):
        return column.holds(bindparam(f"f{next(numbers)}", type_=TEXT))
    if kind == "present":
        return column.is_not(None) if nullable(column) else column != literal(column.type.python_type())
    bound = bindparam(f"f{next(numbers)}", type_=column.type)
    if kind == "prefix":
        return and_(column >= bound, column < bindparam(f"f{next(numbers)}", type_=column.type))
    compared: ColumnElement[bool] = _COMPARE[kind](column, bound)
    if not nullable(column):
        return compared
    # A field without a value is unequal to every value, and neither smaller nor greater: two-valued also below NOT.
    return or_(column.is_(None), compared) if kind == "!=" else and_(column.is_not(None), compared)


def nullable(column: ColumnElement[Any]) -> bool:
    """Whether it may be without a value; what is computed never is."""
    return bool(getattr(column, "nullable", False))


def _value(field: FieldDescriptor, term: Comparison) -> Any:
    """The value of a comparison in the form its column stores."""
    try:
        return _parse(field, term)
    except (ValueError, KeyError, OverflowError):
        expected = _EXPECTED.get(field.message_type.full_name if field.message_type else field.type, "another value")
        raise invalid("filter", f"{term.field} is compared with {expected}, at character {term.position + 1}") from None


_EXPECTED: dict[object, str] = {
    "google.protobuf.Timestamp": "a time such as 2026-01-31T09:00:00Z",
    "google.protobuf.Duration": "a span such as 90s",
    "google.type.Date": "a day such as 2026-01-31",
    FieldDescriptor.TYPE_BOOL: "true or false",
    FieldDescriptor.TYPE_ENUM: "the name of a value",
    FieldDescriptor.TYPE_INT32: "a whole number",
    FieldDescriptor.TYPE_INT64: "a whole number",
    FieldDescriptor.TYPE_DOUBLE: "a number",
}


def _parse(field: FieldDescriptor, term: Comparison) -> Any:
    if field.message_type:
        return _PARSERS[field.message_type.full_name](term.value)
    if field.type == FieldDescriptor.TYPE_STRING:
        if "\x00" in term.value:
            raise ValueError
        return term.value
    if field.type == FieldDescriptor.TYPE_ENUM:
        return field.enum_type.values_by_name[term.value].number
    if field.type == FieldDescriptor.TYPE_BOOL:
        return {"true": True, "false": False}[term.value]
    if field.cpp_type in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
        number = float(term.value)
        if not math.isfinite(number):
            raise ValueError
        return number
    return _int64(int(term.value))


def _int64(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise OverflowError
    return value


def _time(text: str) -> int:
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(microseconds=1)


def _span(text: str) -> int:
    if not text.endswith("s"):
        raise ValueError
    return _int64(round(float(text[:-1]) * 1_000_000))


_PARSERS: dict[str, Any] = {
    "google.protobuf.Timestamp": _time,
    "google.protobuf.Duration": _span,
    "google.type.Date": lambda text: datetime.date.fromisoformat(text).isoformat(),
}
