"""Messages that break exactly one field rule of an otherwise valid message, for every rule there is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mesh.testing.messages import is_output_only, places, rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from buf.validate import validate_pb2

    from mesh.testing.messages import Place

_ID_RULE = re.compile(r"^this\.id\.matches\(")


@dataclass(frozen=True, slots=True)
class Breakage:
    """An invalid message, the rule that it breaks, and the path that the refusal must name."""

    path: str
    rule: str
    message: Any


def breakages(valid: Any) -> Iterator[Breakage]:
    """For every rule of every field that `valid` holds, a copy that breaks it and no other."""
    for place in places(valid):
        if not is_output_only(place.field):
            yield from _broken(valid, place)


def _broken(valid: Any, place: Place) -> Iterator[Breakage]:
    rules = rules_of(place.field)
    if rules.required:
        yield _with(valid, place, "required", None)
    for rule in rules.cel:
        yield _break_expression(valid, place, rule)
    if place.field.is_repeated:
        yield from _break_repeated(valid, place, rules.repeated)
        return
    for name, value in _values(rules, str(getattr(place.reach(valid), place.field.name))):
        if value or not rules.ignore:
            yield _with(valid, place, name, value)


def _with(valid: Any, place: Place, rule: str, value: Any, path: str = "") -> Breakage:
    broken = type(valid)()
    broken.CopyFrom(valid)
    place.set(broken, value)
    return Breakage(path or place.path, rule, broken)


def _break_expression(valid: Any, place: Place, rule: validate_pb2.Rule) -> Breakage:
    """CEL is broken where its form is known: a message's `id` must match a pattern."""
    assert _ID_RULE.match(rule.expression), f"{place.path}: no sample breaks {rule.expression}"
    broken = type(valid)()
    broken.CopyFrom(valid)
    getattr(place.reach(broken), place.field.name).id = "x"
    return Breakage(place.path, rule.id, broken)


def _break_repeated(valid: Any, place: Place, rules: validate_pb2.RepeatedRules) -> Iterator[Breakage]:
    held = list(getattr(place.reach(valid), place.field.name))
    for name, count in (("min_items", rules.min_items - 1), ("max_items", rules.max_items + 1)):
        if rules.HasField(name) and held:
            broken = type(valid)()
            broken.CopyFrom(valid)
            items = getattr(place.reach(broken), place.field.name)
            del items[:]
            items.extend((held * count)[: max(count, 0)])
            yield Breakage(place.path, name, broken)
    if rules.HasField("items") and held and not place.field.message_type:
        for name, value in _values(rules.items, str(held[0])):
            yield _with(valid, place, f"items.{name}", value, f"{place.path}[0]")


def _values(rules: validate_pb2.FieldRules, valid: str) -> Iterator[tuple[str, Any]]:
    """Values that break one rule each."""
    kind = rules.WhichOneof("type")
    if kind == "string":
        yield from _texts(rules.string, valid)
    elif kind == "enum":
        yield "defined_only", 2**31 - 1
    elif kind == "bytes":
        if rules.bytes.min_len:
            yield "min_len", b"x" * (rules.bytes.min_len - 1)
        if rules.bytes.max_len:
            yield "max_len", b"x" * (rules.bytes.max_len + 1)
    elif kind:
        numbers = getattr(rules, kind)
        for name, step in (("gt", 0), ("gte", -1), ("lt", 0), ("lte", 1)):
            if kind != "repeated" and numbers.HasField(name):
                yield name, getattr(numbers, name) + step


def _texts(rules: validate_pb2.StringRules, valid: str) -> Iterator[tuple[str, str]]:
    if rules.min_len:
        yield "min_len", valid[: rules.min_len - 1]
    if rules.max_len:
        domain = ".".join(["x" * 60] * (rules.max_len // 61)) + ".example.com"
        yield "max_len", f"a@{domain}".ljust(rules.max_len + 1, "x") if rules.email else "x" * (rules.max_len + 1)
    if rules.pattern:
        # A `$` that also matched before a last line feed would let the second one through.
        yield "pattern", f"{valid}?"
        yield "pattern", f"{valid}\n"
    if rules.email:
        yield "email", "no address"
    if rules.uuid:
        yield "uuid", "no uuid"
