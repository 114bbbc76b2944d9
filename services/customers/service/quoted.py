"""Filters that quote a person: of views, segments, exports and searches. They stay, and ask for nobody there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from mesh.contract.traces import Tracer, digests
from mesh.resource.erased import NOBODY, unquoted
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rapport.mesh.v1 import subject_pb2

    from mesh.resource.resource import Resource
    from mesh.resource.subjects import Count
    from mesh.runtime.call import Call

_PAGE = 500
_KEY = b"of this search alone"
_NOTHING = f'id = "{NOBODY}"'


def tracer_of(subject: subject_pb2.Subject) -> Tracer:
    """What finds the addresses and numbers of a person, however they are written."""
    return Tracer(_KEY, digests(_KEY, (), subject.emails, subject.phones))


def without(text: str, subject: subject_pb2.Subject) -> str:
    """A filter with nobody in the person's place; where they are written in another way, one that finds nothing."""
    left = unquoted(text, [*subject.emails, *subject.phones])
    return _NOTHING if tracer_of(subject).is_in(left) else left


class Quoted:
    """The filters of these resources, each in a field `filter`."""

    def __init__(self, resources: Sequence[Resource[Any]]) -> None:
        self._resources = [(resource, _listing(resource)) for resource in resources]

    def erase(self, call: Call, subject: subject_pb2.Subject, count: Count) -> None:
        """Take the person out of all of them; those that named them are counted."""
        tracer = tracer_of(subject)
        for resource, listing in self._resources:
            after = ""
            while rows := call.read(listing, after=after):
                after = rows[-1][0]
                for identity, text in rows:
                    if tracer.is_in(text):
                        self._wipe(call, resource, identity, subject, count)

    @staticmethod
    def _wipe(call: Call, resource: Resource[Any], identity: str, subject: subject_pb2.Subject, count: Count) -> None:
        with call.service_write() as write:
            for row in write.read(resource.locked, id=identity):
                before = resource.build(resource.message, row)
                left = type(before)()
                left.CopyFrom(before)
                left.filter = without(before.filter, subject)
                resource.anonymise(write, before, left, row[0])
                count(write, "filters")


def _listing(resource: Resource[Any]) -> Statement:
    c = resource.table.c
    behind = c.id > bindparam("after", type_=TEXT)
    core = select(c.id, c.filter).where(c.tenant_id == TENANT, c.filter != "", behind).order_by(c.id).limit(_PAGE)
    return Statement(core, name=f"filters of {resource.contract.plural}")
