"""Messages made from their descriptors: valid ones, ones that break exactly one field rule, and random ones.

The rules are those of `buf.validate`. A rule that is not understood here is an error, so that no rule goes untested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from buf.validate import validate_pb2
from google.api import field_behavior_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.struct_pb2 import Struct
from hypothesis import Phase, find, settings
from hypothesis import strategies as st

from mesh.contract.catalog import message_class
from mesh.contract.resource import behaviors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from google.protobuf.descriptor import Descriptor
    from google.protobuf.message import Message

# What a name means where its rules do not tell; `{n}` is a number that no other sample has.
_BY_NAME: dict[str, Any] = {
    "slug": "sample-{n}",
    "time_zone": "Europe/Lisbon",
    "currency_code": "EUR",
    **dict.fromkeys(("new_password", "owner_password", "password"), "lantern-{n}-granite-walrus"),
    "number": "+61 2 {n}",
    "address": "sample-{n}@example.com",
    "host": "sample-{n}.example",
    "columns": "id",
    "region_code": "AU",
    "key": "sample_{n}",
    "fiscal_year_start": 7,
    # Left alone: they ask for something that a sample does not mean.
    **dict.fromkeys(("filter", "order_by", "page_token", "cursor", "etag", "request_id"), ""),
    "page_size": 0,
    "show_deleted": False,
    "validate_only": False,
    # Of a custom field: with them its tenant could have few, and no other resource without a value.
    **dict.fromkeys(("required", "filterable", "unique"), False),
}
# Fields that hold an id, and whose rules do not say of what.
_IDS_BY_NAME = {"principal_id": "usr"}
# In 2100: what is to end has not ended yet.
_FUTURE = 4_102_444_800
_ID = re.compile(r"^\^\(?([a-z]+)_\[")
_STRUCT = "google.protobuf.Struct"
_NUMBERS = ("int32", "int64", "uint32", "uint64", "sint32", "sint64", "float", "double")
_UNDERSTOOD = {
    "string": {"min_len", "max_len", "pattern", "email", "uuid"},
    "repeated": {"min_items", "max_items", "items"},
    **{kind: {"gt", "gte", "lt", "lte"} for kind in _NUMBERS},
    "enum": {"defined_only"},
    "bytes": {"min_len", "max_len"},
}


class UnknownRuleError(Exception):
    """A contract uses a field rule that samples cannot keep and breakages cannot break yet."""


def rules_of(field: FieldDescriptor) -> validate_pb2.FieldRules:
    """The field rules of a field.

    Raises:
        UnknownRuleError: some of them are not understood here.
    """
    rules: validate_pb2.FieldRules = field.GetOptions().Extensions[validate_pb2.field]
    _check(field, rules)
    return rules


def _check(field: FieldDescriptor, rules: validate_pb2.FieldRules) -> None:
    for part, value in rules.ListFields():
        if part.name in ("required", "ignore", "cel"):
            continue
        used = {rule.name for rule, _ in value.ListFields()}
        if used - _UNDERSTOOD.get(part.name, set()):
            msg = f"{field.full_name}: no sample is made for {part.name} {used}"
            raise UnknownRuleError(msg)
    if rules.repeated.HasField("items"):
        _check(field, rules.repeated.items)


def id_prefix(field: FieldDescriptor) -> str:
    """The prefix of the resource whose id a field holds, or nothing."""
    rules = rules_of(field)
    text = rules.repeated.items.string if field.is_repeated else rules.string
    match = _ID.match(text.pattern)
    return match[1] if match else _IDS_BY_NAME.get(field.name, "")


def is_output_only(field: FieldDescriptor) -> bool:
    """Whether only the server sets the field."""
    return field_behavior_pb2.OUTPUT_ONLY in behaviors(field)


class Samples:
    """Makes valid messages that fill every field a client may set.

    numbers: never gives the same one twice. ids(prefix, name): an id for a field of that name. values: by full name of
    a field, what to put there instead of a sample.
    """

    def __init__(
        self,
        numbers: Iterator[int],
        ids: Callable[[str, str], str],
        values: Mapping[str, Callable[[], Any]],
    ) -> None:
        self._numbers = numbers
        self._ids = ids
        self._values = values

    def message(self, kind: type[Message]) -> Any:
        """A valid message."""
        message = kind()
        for field in kind.DESCRIPTOR.fields:
            if is_output_only(field):
                continue
            if field.full_name in self._values:
                _put(message, field, self._values[field.full_name]())
            elif field.message_type:
                self._fill(message, field)
            elif field.is_repeated:
                items = getattr(message, field.name)
                count = max(1, rules_of(field).repeated.min_items)
                # No id: what it would name cannot be made now.
                items.extend(value for value in (self._scalar(field) for _ in range(count)) if value != "")
            else:
                setattr(message, field.name, self._scalar(field))
        return message

    def _fill(self, message: Message, field: FieldDescriptor) -> None:
        name = field.message_type.full_name
        if name in ("google.protobuf.FieldMask", _STRUCT):
            return
        if name == "google.api.HttpBody":
            body = getattr(message, field.name)
            body.content_type, body.data = "text/plain", b"sample %d" % next(self._numbers)
        elif field.is_repeated:
            for _ in range(max(1, rules_of(field).repeated.min_items)):
                getattr(message, field.name).append(self.message(message_class(field.message_type)))
        elif name == "google.type.Date":
            date = getattr(message, field.name)
            year = 1984 if field.name.startswith("end_") else 1980  # what ends began before
            date.year, date.month, date.day = year, 2, 1 + next(self._numbers) % 29
        elif field.name == "expire_time":
            getattr(message, field.name).seconds = _FUTURE + next(self._numbers)
        elif name in ("google.protobuf.Timestamp", "google.protobuf.Duration"):
            getattr(message, field.name).seconds = 1_000 + next(self._numbers)
        else:
            getattr(message, field.name).CopyFrom(self.message(message_class(field.message_type)))

    def _scalar(self, field: FieldDescriptor) -> Any:
        prefix = id_prefix(field)
        if prefix:
            return self._ids(prefix, field.name)
        if field.name in _BY_NAME:
            meant = _BY_NAME[field.name]
            return meant.format(n=next(self._numbers)) if isinstance(meant, str) else meant
        if field.type == FieldDescriptor.TYPE_STRING:
            return self._text(field)
        if field.type == FieldDescriptor.TYPE_ENUM:
            return field.enum_type.values[-1].number
        if field.type == FieldDescriptor.TYPE_BYTES:
            return b"sample %d" % next(self._numbers)
        return True if field.type == FieldDescriptor.TYPE_BOOL else self._number(field)

    def _number(self, field: FieldDescriptor) -> int:
        """A number that no other sample has, or within its bounds one that few have."""
        rules, number = rules_of(field), next(self._numbers)
        bounds = getattr(rules, rules.WhichOneof("type") or "", None)
        if bounds is None or not bounds.HasField("lte"):
            return number
        least = bounds.gte if bounds.HasField("gte") else 0
        return int(least + number % (bounds.lte - least + 1))

    def _text(self, field: FieldDescriptor) -> str:
        rules = rules_of(field).repeated.items.string if field.is_repeated else rules_of(field).string
        number = next(self._numbers)
        if rules.email:
            return f"sample-{number}@example.com"
        if rules.pattern:
            return _matching(rules.pattern)
        text = f"{field.name} {number}"
        return text[-rules.max_len :] if rules.max_len else text


def _put(message: Message, field: FieldDescriptor, value: Any) -> None:
    if field.is_repeated:
        getattr(message, field.name).extend(value)
    elif field.message_type:
        getattr(message, field.name).CopyFrom(value)
    else:
        setattr(message, field.name, value)


# The first text that is found will do; making it smaller is what takes time.
_FIRST = settings(phases=(Phase.generate,), database=None)


@cache
def _matching(pattern: str) -> str:
    return find(_pattern_strategy(pattern), lambda text: True, settings=_FIRST)


def _pattern_strategy(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern.removeprefix("^").removesuffix("$"), fullmatch=True)


@dataclass(frozen=True, slots=True)
class Place:
    """A field in a message that may be deep inside another: `path` as in `contact.emails[0].address`."""

    path: str
    field: FieldDescriptor
    reach: Callable[[Any], Any]

    def set(self, root: Any, value: Any) -> None:
        """Put a value there; None clears, and into a repeated field it goes as the first element."""
        message = self.reach(root)
        if value is None:
            message.ClearField(self.field.name)
        elif self.field.is_repeated:
            getattr(message, self.field.name)[0] = value
        else:
            setattr(message, self.field.name, value)


def places(message: Any, path: str = "", reach: Callable[[Any], Any] = lambda root: root) -> Iterator[Place]:
    """Every field of a message and of the messages it holds; of repeated ones the first."""
    for field in message.DESCRIPTOR.fields:
        where = f"{path}.{field.name}" if path else field.name
        yield Place(where, field, reach)
        if not field.message_type or field.message_type.full_name == _STRUCT:
            continue
        name = field.name
        if field.is_repeated and len(getattr(message, name)):
            inner: Callable[[Any], Any] = lambda root, name=name: getattr(reach(root), name)[0]  # type: ignore[misc]  # noqa: E731
            yield from places(getattr(message, name)[0], f"{where}[0]", inner)
        elif not field.is_repeated and message.HasField(name):
            inner = lambda root, name=name: getattr(reach(root), name)  # type: ignore[misc]  # noqa: E731
            yield from places(getattr(message, name), where, inner)


def strategy(descriptor: Descriptor, ids: Callable[[str], list[str]], *, depth: int = 4) -> st.SearchStrategy[Any]:
    """Random messages of the right shape: their fields keep most rules, and hold what a client might put there."""
    kind = message_class(descriptor)
    if descriptor.full_name == _STRUCT:
        return st.dictionaries(_TEXT, st.one_of(_TEXT, st.booleans(), st.floats(), st.none()), max_size=3).map(_struct)
    parts = {
        field.name: _field_strategy(field, ids, depth) for field in descriptor.fields if depth or not field.message_type
    }
    if descriptor.full_name in ("google.protobuf.Timestamp", "google.protobuf.Duration"):
        parts["nanos"] = st.integers(0, 999_999_999)
    return st.fixed_dictionaries({}, optional=parts).map(lambda values: kind(**values))


def _struct(values: Mapping[str, Any]) -> Struct:
    made = Struct()
    made.update(values)
    return made


def _field_strategy(field: FieldDescriptor, ids: Callable[[str], list[str]], depth: int) -> st.SearchStrategy[Any]:
    if field.name == "paths":
        one: st.SearchStrategy[Any] = st.one_of(st.sampled_from(["*", "id", "etag", "emails", "display_name"]), _TEXT)
    elif field.message_type:
        one = strategy(field.message_type, ids, depth=depth - 1)
    else:
        one = _scalar_strategy(field, ids)
    if not field.is_repeated:
        return one
    rules = rules_of(field).repeated
    return st.lists(one, min_size=min(rules.min_items, 3), max_size=3)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_FILTERS = st.lists(
    st.one_of(
        st.sampled_from(["id", "create_time", "email", "position", "family_name", "AND", "OR", "NOT", "-", "(", ")"]),
        st.sampled_from(["=", "!=", "<", ">", ":", "*", '"a*"', "'", "2026-01-01T00:00:00Z", "9" * 30, '"\x00"']),
        _TEXT,
    ),
    max_size=8,
).map(" ".join)
_ORDERS = st.sampled_from(["id", "id desc", "create_time desc", "update_time,id", "create_time asc, id desc", ",", "x"])
_NAMED: Mapping[str, st.SearchStrategy[str]] = {
    "filter": _FILTERS,
    "order_by": _ORDERS,
    "request_id": st.uuids().map(str),
    "address": st.emails(),
    "host": st.from_regex("[a-z]{1,10}[.](com|example|co[.]uk)", fullmatch=True),
}
_INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: st.integers(0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: st.integers(0, 2**64 - 1),
    FieldDescriptor.CPPTYPE_ENUM: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
    FieldDescriptor.CPPTYPE_DOUBLE: st.floats(),
    FieldDescriptor.CPPTYPE_FLOAT: st.floats(width=32),
}


def _scalar_strategy(field: FieldDescriptor, ids: Callable[[str], list[str]]) -> st.SearchStrategy[Any]:
    if field.type == FieldDescriptor.TYPE_BYTES:
        return st.binary(max_size=20)
    if field.type != FieldDescriptor.TYPE_STRING:
        return _INTEGERS[field.cpp_type]
    prefix = id_prefix(field)
    if prefix:
        known = ids(prefix)
        unknown = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26).map(f"{prefix}_".__add__)
        return st.one_of(st.sampled_from(known), unknown) if known else unknown
    named = _NAMED.get(field.name)
    rules = rules_of(field).repeated.items.string if field.is_repeated else rules_of(field).string
    if named is None and rules.pattern:
        named = _pattern_strategy(rules.pattern)
    if named is None and rules.email:
        named = st.emails()
    if named is None:
        named = _TEXT.map(lambda text: text.ljust(rules.min_len, "x"))
    # Mostly what the rules allow, so that handlers are reached; sometimes anything.
    return st.one_of(named, named, named, _TEXT)
