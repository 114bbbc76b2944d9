"""What becomes of a resource when a change of many fields is taken back and others have changed it since: pure.

Each field decides for itself: what still holds what the change left there holds again what it held before; what was
changed since stays as it is. Of lists each element decides, and of custom fields each value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import Message

from mesh.contract.masks import apply_mask

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from google.protobuf.struct_pb2 import Struct

M = TypeVar("M", bound=Message)
_STRUCT = "google.protobuf.Struct"


def taken_back(before: M, after: M, now: M, derived: Collection[str]) -> tuple[M, list[str]]:
    """The resource `now` with the change from `before` to `after` taken back, and the paths that stay as they are.

    `derived` are fields that follow from others or from elsewhere: they are taken back where nobody changed them, and
    never told of.
    """
    result: Any = type(now)()
    result.CopyFrom(now)
    kept: list[str] = []
    for field in now.DESCRIPTOR.fields:
        name = field.name
        was, left, is_now = (_value(each, name) for each in (before, after, now))
        if left in (was, is_now):
            if left != was:
                apply_mask(result, before, [name])
        elif is_now == was or name in derived:
            continue
        elif field.message_type and field.message_type.full_name == _STRUCT:
            kept += [f"{name}.{key}" for key in _keys(*(getattr(each, name) for each in (before, after, result)))]
        elif field.is_repeated:
            rest, later = _elements(was, left, is_now)
            result.ClearField(name)
            getattr(result, name).extend(rest)
            kept += [name] if later else []
        else:
            kept.append(name)
    made: M = result
    return made, kept


def _value(resource: Any, name: str) -> Any:
    field = resource.DESCRIPTOR.fields_by_name[name]
    if field.is_repeated:
        return list(getattr(resource, name))
    present = resource.HasField(name) if field.has_presence else True
    return getattr(resource, name) if present else None


def _keys(before: Struct, after: Struct, result: Struct) -> list[str]:
    """Take values back in `result`; the keys of those that stay."""
    kept = []
    for key in sorted({*before.fields, *after.fields}):
        was, left, is_now = (_held(each, key) for each in (before, after, result))
        if was in (left, is_now):
            continue
        if is_now != left:
            kept.append(key)
        elif was is None:
            del result.fields[key]
        else:
            result.fields[key].CopyFrom(was)
    return kept


def _held(values: Struct, key: str) -> Any:
    return values.fields[key] if key in values.fields else None  # noqa: SIM401  # a map of messages makes what it lacks


def _elements(was: Sequence[Any], left: Sequence[Any], is_now: Sequence[Any]) -> tuple[list[Any], bool]:
    """The elements that remain, and whether some of them are of later changes."""
    lost = [each for each in was if each not in left]
    rest = [each for each in is_now if each in was or each not in left]
    later = any(each not in was for each in rest)
    return [*(each for each in lost if each not in rest), *rest], later
