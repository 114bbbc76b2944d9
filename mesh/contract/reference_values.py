"""What a reference field holds, as one text: the same for a single and a repeated one."""

from __future__ import annotations

from typing import Any


def held(resource: Any, field: str) -> str:
    """The id in a field of a resource, or the ids with commas between them; empty: none."""
    value = getattr(resource, field)
    return value if isinstance(value, str) else ",".join(value)


def put(resource: Any, field: str, value: str) -> None:
    """Let a field hold what held() told of it."""
    resource.ClearField(field)
    if not value:
        return
    if resource.DESCRIPTOR.fields_by_name[field].is_repeated:
        getattr(resource, field).extend(value.split(","))
    else:
        setattr(resource, field, value)


def replaced(value: str, from_id: str, to_id: str) -> str:
    """What is held with one id in place of another, or without it; none stands twice."""
    ids = (to_id if each == from_id else each for each in value.split(","))
    return ",".join(each for each in dict.fromkeys(ids) if each)
