"""Filters of SCIM as filters of lists (AIP-160), as far as the database can answer them.

What is translated says exactly the same; for the rest the resources are looked through. So a translation is all that a
filter says, or a part of it that everything asked for keeps to.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scim2_models.path import CompareOperator, Comparison, LogicalExpr, LogicalOperator, Not, ValuePath

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scim2_models.path import FilterNode

_ORDER = {"eq": "=", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}
_CORE = "urn:ietf:params:scim:schemas:core:2.0:"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A filter for the database; empty: all. `whole`: it says everything that the filter of SCIM says."""

    text: str
    whole: bool


def quoted(value: str) -> str | None:
    """A text as a filter compares with it; None for one that it cannot, as `*` at the end asks for a prefix."""
    if value.endswith("*") or "\x00" in value:
        return None
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def narrowed(node: FilterNode | None, terms: Mapping[str, Callable[[str, object], str | None]]) -> Narrowed:
    """What of a filter the database can answer.

    terms: by attribute in lower case, a function from an operator of SCIM and a value to a term; None: not this one.
    """
    if node is None:
        return Narrowed("", whole=True)
    text = _exact(node, terms)
    if text is not None:
        return Narrowed(text, whole=True)
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_:
        parts = [narrowed(each, terms).text for each in node.terms]
        return Narrowed(" AND ".join(part for part in parts if part), whole=False)
    return Narrowed("", whole=False)


def _exact(node: FilterNode, terms: Mapping[str, Callable[[str, object], str | None]]) -> str | None:
    """The same filter for the database, in parentheses; None where there is none."""
    if isinstance(node, LogicalExpr):
        parts = [_exact(each, terms) for each in node.terms]
        if any(part is None for part in parts):
            return None
        word = " AND " if node.op is LogicalOperator.and_ else " OR "
        return f"({word.join(part for part in parts if part)})"
    if isinstance(node, Not):
        inner = _exact(node.expr, terms)
        return None if inner is None else f"(NOT {inner})"
    if isinstance(node, ValuePath):
        return _of_value(node, terms)
    if isinstance(node, Comparison):
        make = terms.get(_name(node))
        made = make(str(node.op), node.value) if make else None
        return None if made is None else f"({made})"
    return None


def _of_value(node: ValuePath, terms: Mapping[str, Callable[[str, object], str | None]]) -> str | None:
    """As in `members[value eq "..."]`: a single term on the value."""
    inner = node.val_filter
    if node.sub_attr or not isinstance(inner, Comparison) or _name(inner) != "value":
        return None
    make = terms.get(str(node.attr_path).lower())
    made = make(str(inner.op), inner.value) if make else None
    return None if made is None else f"({made})"


def _name(node: Comparison) -> str:
    name = str(node.attr_path)
    return (name.rpartition(":")[2] if name.lower().startswith(_CORE.lower()) else name).lower()


def _text(field: str, *, folded: bool = False) -> Callable[[str, object], str | None]:
    def term(op: str, value: object) -> str | None:
        literal = quoted(value.lower() if folded else value) if isinstance(value, str) else None
        return f"{field} = {literal}" if op == CompareOperator.eq and value and literal else None

    return term


def _name_of_user(op: str, value: object) -> str | None:
    literal = quoted(value.lower()) if isinstance(value, str) else None
    if op != CompareOperator.eq or not value or literal is None:
        return None
    return f"user_name = {literal} OR (NOT user_name:* AND email = {literal})"


def _state(op: str, value: object) -> str | None:
    if op not in (CompareOperator.eq, CompareOperator.ne) or not isinstance(value, bool):
        return None
    return f"state {'=' if value == (op == CompareOperator.eq) else '!='} STATE_ACTIVE"


def _time(field: str) -> Callable[[str, object], str | None]:
    def term(op: str, value: object) -> str | None:
        try:
            moment = datetime.datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None
        if op not in _ORDER or moment is None or moment.tzinfo is None:
            return None
        return f'{field} {_ORDER[op]} "{moment.isoformat()}"'

    return term


_SHARED = {
    "id": _text("id"),
    "externalid": _text("external_id"),
    "meta.created": _time("create_time"),
    "meta.lastmodified": _time("update_time"),
}
OF_USERS = {
    **_SHARED,
    "username": _name_of_user,
    "emails": _text("email", folded=True),
    "emails.value": _text("email", folded=True),
    "active": _state,
}
OF_GROUPS = _SHARED
