"""The validate link: the rules that stand in the contract, checked before anything is done."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from mesh.contract.failure import Failure, invalid

if TYPE_CHECKING:
    import protovalidate
    from google.protobuf.descriptor import Descriptor
    from google.protobuf.message import Message

_MAX_REPORTED = 20
# The ranges are those of RFC 3339: years 1 to 9999, and as much to both sides.
_TIMES = {
    "google.protobuf.Timestamp": "is not a time between the years 1 and 9999",
    "google.protobuf.Duration": "is not a duration of at most 10,000 years",
}


def parse(kind: type[Message], data: bytes) -> Message:
    """The message in these bytes.

    Raises:
        Failure: INVALID_ARGUMENT, where they are none, or where they hold what no field rule speaks of and nothing can
            be done with: a text with NUL, which PostgreSQL does not take, a time or a duration out of its range.
    """
    try:
        message = kind.FromString(data)
    except Exception:  # noqa: BLE001  # the parser's own error type is not public
        raise invalid("request", "is not a message of the method") from None
    # Most messages hold neither such a byte nor a time, and then no field is looked at.
    if b"\x00" in data or _has_times(kind.DESCRIPTOR):
        path, fault = _unfit(message)
        if fault:
            raise invalid(path, fault)
    return message


@cache
def _has_times(descriptor: Descriptor) -> bool:
    """Whether a message of the type may hold a time or a duration, at any depth."""
    seen, left = set(), [descriptor]
    while left:
        kind = left.pop()
        if kind.full_name in _TIMES:
            return True
        if kind.full_name not in seen:
            seen.add(kind.full_name)
            left.extend(field.message_type for field in kind.fields if field.message_type)
    return False


def _unfit(message: Message) -> tuple[str, str]:
    """The path of the first value that is of no use, and what is wrong with it; empty texts where there is none."""
    for field, value in message.ListFields():
        many = field.is_repeated and not (field.message_type and field.message_type.GetOptions().map_entry)
        for number, item in enumerate(value if many else [value]):
            path = f"{field.name}[{number}]" if many else str(field.name)
            if isinstance(item, str) and "\x00" in item:
                return path, "holds the character NUL"
            if hasattr(item, "ListFields"):
                if item.DESCRIPTOR.full_name in _TIMES and not _in_range(item):
                    return path, _TIMES[item.DESCRIPTOR.full_name]
                inner, fault = _unfit(item)
                if fault:
                    return f"{path}.{inner}", fault
    return "", ""


def _in_range(time: Any) -> bool:
    try:
        time.ToMicroseconds()
    except ValueError:
        return False
    return True


def validate(validator: protovalidate.Validator, message: Message) -> None:
    """Check the field rules of a message.

    Raises:
        Failure: INVALID_ARGUMENT with every broken rule by field path.
    """
    violations = validator.collect_violations(message)
    if violations:
        fields = {
            _path(violation): str(violation.proto.message) or "is not valid" for violation in violations[:_MAX_REPORTED]
        }
        raise Failure("INVALID_ARGUMENT", fields=fields)


def _path(violation: protovalidate.Violation) -> str:
    """The path of a violation, as in `contact.emails[1].address`."""
    path = ""
    for element in violation.proto.field.elements if violation.proto.field else ():
        path += f".{element.field_name}" if path else str(element.field_name)
        subscript = element.subscript
        if subscript is not None:
            path += f"[{subscript.value}]"
    return path or "request"
