"""What is kept of contacts to take imports and merges back, where it holds another person's address who is erased."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2
from rapport.mesh.v1 import references_pb2
from sqlalchemy import LargeBinary, and_, bindparam, or_, select, update

from mesh.contract.masks import apply_mask
from mesh.store.statement import TENANT, Statement, behind, contains, key_parameters
from services.customers.import_tables import contact_import_changes
from services.customers.service.quoted import tracer_of
from services.customers.tables import contact_merges

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rapport.mesh.v1 import subject_pb2
    from sqlalchemy import Table

    from mesh.contract.traces import Tracer
    from mesh.resource.subjects import Count
    from mesh.runtime.call import Call

_PAGE = 200
# Each list, what in its elements is a person's, and a list beside it, if any, that has the same in another spelling.
_LISTS = (("emails", "address", ""), ("phones", "number", "e164_phones"))
_ASCII = re.compile(r"[ -~]+")


class _Kept:
    """A table with such images in its columns, by their primary key."""

    def __init__(self, table: Table, wipes: Mapping[str, Callable[[bytes, Tracer], bytes]]) -> None:
        self.wipes = wipes
        self.keys = [column for column in table.primary_key if column.name != "tenant_id"]
        columns = [table.c[name] for name in wipes]
        holds = and_(table.c.tenant_id == TENANT, or_(*(contains(column, "raw", folded=True) for column in columns)))
        base = select(*self.keys, *columns).order_by(*self.keys).limit(_PAGE)
        self.first = Statement(base.where(holds), name=f"images in {table.name}")
        self.next = Statement(base.where(holds, behind(self.keys)), name=f"images on in {table.name}")
        same = [key == bindparam(f"k{number}", type_=key.type) for number, key in enumerate(self.keys)]
        same += [column == bindparam(f"old_{column.name}", type_=LargeBinary) for column in columns]
        left = {column.name: bindparam(f"new_{column.name}", type_=LargeBinary) for column in columns}
        core = update(table).where(table.c.tenant_id == TENANT, *same).values(left)
        self.keep = Statement(core, name=f"wipe images in {table.name}")


def erase_images(call: Call, subject: subject_pb2.Subject, count: Count) -> None:
    """Take the person out of all of them; those that held an address or a number of theirs are counted."""
    tracer = tracer_of(subject)
    for kept in _KEPT:
        for text in dict.fromkeys(map(_needle, (*subject.emails, *subject.phones))):
            after: Sequence[Any] = ()
            while rows := _page(call, kept, text, after):
                after = rows[-1][: len(kept.keys)]
                _wipe(call, kept, rows, tracer, count)


def _needle(text: str) -> str:
    """What all spellings of an address have: databases know of no case but that of ASCII."""
    return max(_ASCII.findall(text.lower()), key=len, default=text)


def _page(call: Call, kept: _Kept, text: str, after: Sequence[Any]) -> Sequence[Sequence[Any]]:
    return call.read(kept.next if after else kept.first, raw=text.encode(), **key_parameters(after))


def _wipe(call: Call, kept: _Kept, rows: Sequence[Sequence[Any]], tracer: Tracer, count: Count) -> None:
    told, width = [], len(kept.keys)
    for row in rows:
        old = {name: bytes(value) for name, value in zip(kept.wipes, row[width:], strict=True)}
        new = {name: kept.wipes[name](value, tracer) for name, value in old.items()}
        if new != old:
            told.append(
                key_parameters(row[:width])
                | {f"old_{name}": value for name, value in old.items()}
                | {f"new_{name}": value for name, value in new.items()}
            )
    if not told:
        return
    with call.service_write() as write:
        for _ in range(write.write_many(kept.keep, told)):
            count(write, "kept contacts")


def _contact(data: bytes, tracer: Tracer) -> bytes:
    """A contact without what is the person's; as it was where nothing is."""
    if not tracer.is_in(data):
        return data
    contact = resources_pb2.Contact.FromString(data)
    for name, text, other in _LISTS:
        elements: Any = getattr(contact, name)
        beside = getattr(contact, other) if other else []
        same = len(beside) == len(elements)
        for at in reversed(range(len(elements))):
            if tracer.is_in(getattr(elements[at], text)) or (same and tracer.is_in(beside[at])):
                del elements[at]
                if same:
                    del beside[at]
    for field, _ in contact.ListFields():
        alone = resources_pb2.Contact()
        apply_mask(alone, contact, [field.name])
        if tracer.is_in(alone.SerializeToString()):
            contact.ClearField(field.name)
    return bytes(contact.SerializeToString())


def _record(data: bytes, tracer: Tracer) -> bytes:
    record = references_pb2.MergeRecord.FromString(data)
    record.before, record.after = _contact(record.before, tracer), _contact(record.after, tracer)
    for part in record.parts:
        part.resource = _contact(part.resource, tracer)
    return bytes(record.SerializeToString()) if tracer.is_in(data) else data


_KEPT = (
    _Kept(contact_import_changes, {"before": _contact, "after": _contact}),
    _Kept(contact_merges, {"record": _record}),
)
