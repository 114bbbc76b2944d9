"""The validate link: the rules that stand in the contract, checked before anything is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.contract.failure import Failure, invalid

if TYPE_CHECKING:
    import protovalidate
    from google.protobuf.message import Message

_MAX_REPORTED = 20


def parse(kind: type[Message], data: bytes) -> Message:
    """The message in these bytes.

    Raises:
        Failure: INVALID_ARGUMENT, where they are none, or a text holds NUL, which PostgreSQL does not take.
    """
    try:
        message = kind.FromString(data)
    except Exception:  # noqa: BLE001  # the parser's own error type is not public
        raise invalid("request", "is not a message of the method") from None
    # Most messages have no such byte at all, and then no field is looked at.
    path = _text_with_nul(message) if b"\x00" in data else ""
    if path:
        raise invalid(path, "holds the character NUL")
    return message


def _text_with_nul(message: Message) -> str:
    """The path of the first text that holds NUL; nothing where there is none."""
    for field, value in message.ListFields():
        many = field.is_repeated and not (field.message_type and field.message_type.GetOptions().map_entry)
        for number, item in enumerate(value if many else [value]):
            path = f"{field.name}[{number}]" if many else str(field.name)
            if isinstance(item, str) and "\x00" in item:
                return path
            if hasattr(item, "ListFields"):
                inner = _text_with_nul(item)
                if inner:
                    return f"{path}.{inner}"
    return ""


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
