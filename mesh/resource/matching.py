"""Filters evaluated on messages: a row of a feed matches exactly where the condition of a list would find it.

Owns the second meaning of a filter's shape, the first being SQL (mesh.resource.filtering). It reads what the message
itself holds: titles of others and custom values are refused, since a feed does not tell when they change.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from mesh.contract.filters import And, Comparison, Filter, Not, Or, parse_filter
from mesh.contract.masks import apply_mask
from mesh.resource.filtering import bind, nullable
from mesh.resource.identity_keys import Held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from google.protobuf.message import Message
    from sqlalchemy import ColumnElement

    from mesh.resource.filtering import Shape
    from mesh.resource.resource import Resource

    Columns = Mapping[Any, ColumnElement[Any] | Held]
    Test = Callable[[Mapping[Any, Any]], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
# Moves with every change and is in no list of changed paths.
_ALWAYS_CHANGED = "update_time"


class Matching:
    """A filter over one resource.

    Raises:
        Failure: INVALID_ARGUMENT on `filter`.
    """

    def __init__(self, resource: Resource[Any], text: str) -> None:
        self._resource = resource
        tree = parse_filter(text)
        columns = resource.listing.plain
        values: list[Any] = []
        shape = bind(tree, resource.message.DESCRIPTOR, columns, values) if tree else ()
        self._test = test(shape, columns, iter(values)) if shape else None
        self._fields = frozenset(_fields(tree)) if tree else frozenset()

    def holds(self, resource: Message) -> bool:
        """Whether a resource matches."""
        return self._test is None or self._test(self._resource.values(resource))

    def may_have_held(self, now: Message, previous: Message | None, changed: Sequence[str]) -> bool:
        """Whether a resource may have matched before a change, of which `previous` holds what the fields held."""
        if self._test is None or previous is None or "*" in changed or _ALWAYS_CHANGED in self._fields:
            return True
        before = type(now)()
        before.CopyFrom(now)
        apply_mask(before, previous, changed)
        return self.holds(before)


def _fields(tree: Filter) -> Iterator[str]:
    match tree:
        case And(terms) | Or(terms):
            for term in terms:
                yield from _fields(term)
        case Not(term):
            yield from _fields(term)
        case Comparison():
            yield tree.field


def test(shape: Shape, columns: Columns, values: Iterator[Any]) -> Test:
    """What tells of the stored values of a resource whether they meet a shape; takes its values in their order.

    Of what is Held, the ids themselves stand among the stored values.
    """
    kind, *rest = shape
    if kind == "Not":
        negated = test(rest[0], columns, values)
        return lambda stored: not negated(stored)
    if kind in ("And", "Or"):
        terms = [test(term, columns, values) for term in rest]
        fold = all if kind == "And" else any
        return lambda stored: fold(term(stored) for term in terms)
    (name,) = rest
    column = columns[name]
    if isinstance(column, Held):
        sought = next(values)
        return lambda stored: sought in stored[name]
    absent = None if nullable(column) else column.type.python_type()
    if kind == "present":
        return lambda stored: stored[name] != absent
    value = next(values)
    if kind == "prefix":
        end = next(values)
        return lambda stored: stored[name] is not None and value <= stored[name] < end
    compare = _COMPARE[kind]
    # A field without a value is unequal to every value, and neither smaller nor greater.
    return lambda stored: kind == "!=" if stored[name] is None else bool(compare(stored[name], value))
