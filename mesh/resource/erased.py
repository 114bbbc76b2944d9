"""Persons who were erased: what comes late and tells of one has no effect any more.

Owns the table `erased_subjects`. An event may still be under way when its person is erased, in Redis or with a process
that was frozen: the inbox takes it at its turn, and its effect is left out.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from mesh.contract.catalog import load_service
from mesh.store.mesh_tables import erased_subjects
from mesh.store.statement import TENANT, Statement, any_of, insert_ignore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from google.protobuf.message import Message

    from mesh.contract.resource import ResourceContract
    from mesh.events.envelope import Event
    from mesh.runtime.call import Write

    Effect = Callable[[Write, Event], None]

_c = erased_subjects.c
_ID = re.compile(rb"[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}")
_EVENT = re.compile(r"rapport\.(\w+)\.v1\.(\w+?)(Created|Updated|Deleted|Undeleted)")
_FIND = Statement(select(_c.id).where(_c.tenant_id == TENANT, any_of(_c.id, "ids")), name="find erased persons")
_NOTE = insert_ignore(erased_subjects, ["id"], name="note erased person")
NOBODY = "erased"
"""What stands in a text where somebody stood who was erased."""
# What is left of a resource in an event about somebody who was erased.
_LEFT = frozenset({"id", "etag", "create_time", "update_time", "delete_time", "merged_into_id"})


def note(write: Write, ids: Sequence[str]) -> None:
    """From here on these are erased."""
    write.write_many(_NOTE, [{"id": each, "time_us": write.now_us} for each in ids])


def among(read: Callable[..., Sequence[Sequence[Any]]], ids: Sequence[str]) -> frozenset[str]:
    """Those of the ids whose persons were erased."""
    return frozenset(row[0] for row in read(_FIND, ids=list(ids))) if ids else frozenset()


def guarded(effects: Mapping[str, Effect], *, hears_deletions: bool = False) -> dict[str, Effect]:
    """The effects, which events about somebody who was erased have none of; that one is gone may be heard."""
    return {kind: _guard(kind, effect, hears_deletions) if _about(kind) else effect for kind, effect in effects.items()}


def _guard(kind: str, effect: Effect, hears_deletions: bool) -> Effect:  # noqa: FBT001
    if hears_deletions and kind.endswith("Deleted"):
        return effect

    def run(write: Write, event: Event) -> None:
        named = sorted({each.decode() for each in _ID.findall(event.data)})
        if not among(write.read, named):
            effect(write, event)

    return run


@cache
def _about(kind: str) -> ResourceContract | None:
    """The resource that an event of this type tells of, if what it says may be about persons."""
    match = _EVENT.fullmatch(kind)
    if match is None:
        return None
    resources = load_service(match[1]).resources
    found = resources.get(f"{match[1]}.rapport/{match[2]}")
    return found if found is not None and found.subject is not None else None


def redacted(kind: str, data: bytes, service: str, quoted: Sequence[str]) -> bytes:
    """What is left of an event when a person is erased who stands in it.

    Of one about persons it is which resource it tells of; in one about another resource of this service, which quotes
    the person by these texts, nobody stands in their place. Others are as they were.
    """
    match, contract = _EVENT.fullmatch(kind), _about(kind)
    if match is None or (contract is None and match[1] != service):
        return data
    message: Any = _message(kind).FromString(data)
    if contract is None:
        _unquote(message, quoted)
    else:
        resource = getattr(message, contract.singular)
        for field, _ in resource.ListFields():
            if field.name not in _LEFT:
                resource.ClearField(field.name)
        message.ClearField("previous")
    return bytes(message.SerializeToString())


def unquoted(text: str, quoted: Iterable[str]) -> str:
    """A text in which nobody stands in the place of these."""
    for each in sorted(quoted, key=len, reverse=True):
        text = re.sub(re.escape(each), NOBODY, text, flags=re.IGNORECASE)
    return text


def _unquote(message: Any, quoted: Sequence[str]) -> None:
    for field, value in message.ListFields():
        if field.type == field.TYPE_STRING and not field.is_repeated:
            setattr(message, field.name, unquoted(value, quoted))
        elif field.message_type and not field.is_repeated:
            _unquote(value, quoted)


@cache
def _message(kind: str) -> type[Message]:
    """The class of an event, which may tell of what is no resource, as a tenant is none."""
    package, _, name = kind.rpartition(".")
    files = (importlib.import_module(f"{package}.{file}_pb2") for file in ("resource_events", "events"))
    found: type[Message] = next(getattr(file, name) for file in files if hasattr(file, name))
    return found
