"""The rules of fields that tenants define, and of their values: pure functions of what is given."""

from __future__ import annotations

import datetime
import math
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from rapport.type.v1 import custom_field_pb2 as kinds

from mesh.contract.failure import Failure, invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from google.protobuf.struct_pb2 import Struct, Value

MAX_FIELDS = 200
MAX_INDEXED = 50
MAX_CHOICES = 200
MAX_TEXT = 500
MAX_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Field:
    """A definition as values and queries need it: `choices` are all its keys, `open_choices` those not archived."""

    id: str
    key: str
    type: int
    generation: int
    ready: bool
    required: bool = False
    unique: bool = False
    filterable: bool = False
    choices: frozenset[str] = frozenset()
    open_choices: frozenset[str] = frozenset()

    @classmethod
    def of(cls, definition: Any) -> Field:
        """The field of a definition resource."""
        return cls(
            id=definition.id,
            key=definition.key,
            type=definition.type,
            generation=definition.generation,
            ready=definition.state == kinds.FIELD_STATE_ACTIVE,
            required=definition.required,
            unique=definition.unique,
            filterable=definition.filterable,
            choices=frozenset(choice.key for choice in definition.choices),
            open_choices=frozenset(choice.key for choice in definition.choices if not choice.archived),
        )

    @property
    def indexed(self) -> bool:
        """Whether its values stand in a side table, too."""
        return self.filterable or self.unique

    @property
    def slot(self) -> str:
        """The name of its rows there; another each time they are made anew."""
        return f"{self.id}.{self.generation}"

    @property
    def numeric(self) -> bool:
        """Whether its values are compared as numbers; all others are compared as texts."""
        return self.type in (kinds.FIELD_TYPE_NUMBER, kinds.FIELD_TYPE_BOOLEAN)


def decide_field(before: Any, after: Any, built_in: frozenset[str]) -> Any:
    """A definition as it will be kept. `built_in` are the names a key may not have.

    Raises:
        Failure: INVALID_ARGUMENT on the field at fault.
    """
    after.display_name = _tidy(after.display_name)
    if not after.display_name:
        raise invalid("display_name", "is required")
    if before is None:
        after.generation = 0
        if not after.key:
            raise invalid("key", "is required")
        if after.key in built_in:
            raise invalid("key", "is the name of a built-in field")
        if not after.type:
            raise invalid("type", "is required")
    _check_choices(after)
    if not _is_indexed(after):
        after.state = kinds.FIELD_STATE_ACTIVE
    elif before is None or before.HasField("delete_time") or not _is_indexed(before):
        after.generation += 1
        after.state = kinds.FIELD_STATE_BUILDING
    return after


def _is_indexed(definition: Any) -> bool:
    return bool(definition.filterable or definition.unique)


def _check_choices(after: Any) -> None:
    if (after.type == kinds.FIELD_TYPE_CHOICE) != bool(after.choices):
        raise invalid("choices", "belong to a field of the type CHOICE, which has at least one")
    for number, choice in enumerate(after.choices):
        choice.display_name = _tidy(choice.display_name)
        if choice.key in {other.key for other in after.choices[:number]}:
            raise invalid(f"choices[{number}].key", "stands twice")


def left_out(before: Any, after: Any) -> set[str]:
    """The choices that a change leaves out."""
    return {choice.key for choice in before.choices} - {choice.key for choice in after.choices}


def archive(before: Any, after: Any, used: set[str]) -> None:
    """Bring back choices that values are and that a change leaves out: they stay for these, and for nobody else.

    Raises:
        Failure: INVALID_ARGUMENT, where that makes too many choices.
    """
    for choice in before.choices:
        if choice.key in used:
            archived = after.choices.add()
            archived.CopyFrom(choice)
            archived.archived = True
    if len(after.choices) > MAX_CHOICES:
        raise invalid("choices", f"are more than {MAX_CHOICES}, with those that are archived")


def check_limits(others: Sequence[Field], new: Field) -> None:
    """Refuse a field beyond what a tenant may have beside the `others`.

    Raises:
        Failure: INVALID_ARGUMENT.
    """
    if len(others) >= MAX_FIELDS:
        raise invalid("key", f"would be one of more than {MAX_FIELDS} fields")
    if new.indexed and sum(other.indexed for other in others) >= MAX_INDEXED:
        raise invalid("filterable", f"is possible for {MAX_INDEXED} fields, with those that are unique")


def normalise(fields: Mapping[str, Field], before: Struct | None, after: Struct) -> None:
    """Tidy and check the values of a resource in place; `before` are those it has, None for a new resource.

    Values of fields that are hidden now (deleted definitions) stay as they are.

    Raises:
        Failure: INVALID_ARGUMENT naming every value at fault, as in `custom.industry`.
    """
    had = before.fields if before is not None else {}
    faults = {}
    for key in [key for key in after.fields if key not in had or after.fields[key] != had[key]]:
        try:
            _normalise_one(fields.get(key), after, key)
        except ValueError as error:
            faults[f"custom.{key}"] = str(error)
    for key in set(had) - set(fields):
        faults.pop(f"custom.{key}", None)
        after.fields[key].CopyFrom(had[key])
    for key, field in fields.items():
        if field.required and key not in after.fields and (before is None or key in had):
            faults.setdefault(f"custom.{key}", "is required")
    if faults:
        raise Failure("INVALID_ARGUMENT", fields=faults)


def _normalise_one(field: Field | None, values: Struct, key: str) -> None:
    value = normal_value(field, values.fields[key]) if field else _refuse("there is no such field")
    if value is None:
        del values.fields[key]
    else:
        values[key] = value


def read_texts(fields: Mapping[str, Field], values: Struct) -> None:
    """Turn values that are all texts into what they stand for, in place; those that say nothing vanish.

    Raises:
        Failure: INVALID_ARGUMENT naming every value at fault, as in `custom.industry`.
    """
    faults = {}
    for key in list(values.fields):
        try:
            value = parse_text(fields[key], values[key]) if key in fields else _refuse("there is no such field")
        except ValueError as error:
            faults[f"custom.{key}"] = str(error)
            continue
        if value is None:
            del values.fields[key]
        else:
            values[key] = value
    if faults:
        raise Failure("INVALID_ARGUMENT", fields=faults)


def normal_value(field: Field, value: Value) -> str | float | bool | None:
    """A value in the form it is kept in; None for one that says nothing.

    Raises:
        ValueError: the value does not fit the field; its text may be shown.
    """
    kind = value.WhichOneof("kind")
    if kind in (None, "null_value"):
        return None
    if field.type == kinds.FIELD_TYPE_NUMBER:
        return _number(value.number_value) if kind == "number_value" else _refuse("must be a number")
    if field.type == kinds.FIELD_TYPE_BOOLEAN:
        return bool(value.bool_value) if kind == "bool_value" else _refuse("must be true or false")
    text = value.string_value if kind == "string_value" else _refuse("must be a text")
    return parse_text(field, text)


def parse_text(field: Field, text: str) -> str | float | bool | None:
    """The value that a text stands for: in a value, in a filter, or in a column of an import.

    Raises:
        ValueError: as in normal_value().
    """
    text = text.strip()
    return _PARSERS[field.type](field, text) if text else None


def _text(_: Field, text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if len(text) > MAX_TEXT or "\x00" in text:
        _refuse(f"must have at most {MAX_TEXT} characters, and none that is zero")
    return text


def _date(_: Field, text: str) -> str:
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        _refuse("must be a day such as 2026-01-31")


def _time(_: Field, text: str) -> str:
    expected = "must be a time such as 2026-01-31T09:00:00Z"
    try:
        moment = datetime.datetime.fromisoformat(text)
        utc = moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        _refuse(expected)
    if moment.tzinfo is None:
        _refuse(expected)
    # One width, so that the order of the texts is that of the times.
    return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _choice(field: Field, text: str) -> str:
    if text not in field.open_choices:
        _refuse("must be the key of one of the field's choices")
    return text


def _boolean(_: Field, text: str) -> bool:
    return {"true": True, "false": False}[text] if text in ("true", "false") else _refuse("must be true or false")


def _number_text(_: Field, text: str) -> float:
    try:
        exact = Decimal(text)
    except ArithmeticError:
        _refuse("must be a number")
    if not exact.is_finite() or len(exact.normalize().as_tuple().digits) > MAX_DIGITS:
        _refuse(f"must have at most {MAX_DIGITS} digits")
    return _number(float(exact))


def _number(value: float) -> float:
    if not math.isfinite(value) or len(Decimal(repr(value)).normalize().as_tuple().digits) > MAX_DIGITS:
        _refuse(f"must have at most {MAX_DIGITS} digits")
    return value or 0.0


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


_PARSERS: Mapping[int, Callable[[Field, str], str | float | bool]] = {
    kinds.FIELD_TYPE_TEXT: _text,
    kinds.FIELD_TYPE_NUMBER: _number_text,
    kinds.FIELD_TYPE_BOOLEAN: _boolean,
    kinds.FIELD_TYPE_DATE: _date,
    kinds.FIELD_TYPE_TIME: _time,
    kinds.FIELD_TYPE_CHOICE: _choice,
}
