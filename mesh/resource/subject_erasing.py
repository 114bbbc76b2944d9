"""Erasing a person from a service, batch by batch: what is declared goes, or stays as a fact without the person.

What there is is looked for before the write, so that no other writer waits while tables are looked through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from google.protobuf.descriptor import FieldDescriptor
from rapport.mesh.v1 import subject_pb2
from rapport.policy.v1 import policy_pb2
from sqlalchemy import bindparam, delete, select

from mesh.contract.references import titles_of
from mesh.contract.resource import sensitivity
from mesh.resource import erased, subject_events
from mesh.resource.subject_events import BATCH
from mesh.resource.subjects import ANONYMISE, KEEP, declared, of_users
from mesh.store.mesh_tables import erased_counts
from mesh.store.statement import TENANT, Statement, upsert
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mesh.resource.subjects import BesideSubjects, Held
    from mesh.runtime.call import Call, Write
    from mesh.runtime.service import Service

_c = erased_counts.c
_OF_ERASURE = (_c.tenant_id == TENANT, _c.erasure_id == bindparam("erasure", type_=TEXT))
_COUNTS = Statement(select(_c.kind, _c.count).where(*_OF_ERASURE).order_by(_c.kind), name="counts of erasure")
_COUNT = upsert(erased_counts, key=["erasure_id", "kind"], set=["count"], name="count what was erased")


@dataclass(slots=True)
class Batch:
    """What was found of a person, and is to be erased in one write."""

    subject: subject_pb2.Subject
    unnoted: list[str]
    more: bool = False
    rows: list[tuple[Held, list[Sequence[Any]]]] = field(default_factory=list)
    kept: subject_events.Kept = field(default_factory=lambda: subject_events.Kept([], {}))

    def __bool__(self) -> bool:
        return bool(self.unnoted or self.more or self.rows or self.kept)


class Erasing:
    """Erases persons from one service."""

    def __init__(self, service: Service) -> None:
        self._held = [held for held in declared(service) if held.erasure != KEEP]
        self._beside: BesideSubjects = service.beside_subjects
        # Where people are the tenant's own users, addresses are theirs.
        self._users = of_users(service)
        self._removals = {held.table.name: _removal(held) for held in self._held if held.resource is None}

    def find(self, call: Call, subject: subject_pb2.Subject, erasure: str) -> Batch:
        """The next of what there is; what is beside is erased and counted at once.

        First of all it is noted that the person is erased, so that nothing comes after.

        Raises:
            Failure: CONFLICT, where something is at work with what is to be erased.
        """
        known = erased.among(call.read, subject.ids)
        batch = Batch(subject, [each for each in subject.ids if each not in known])
        if batch.unnoted:
            return batch
        batch.more = self._beside.erase(call, subject, lambda write, kind: self._count(write, erasure, {kind: 1}))
        if batch.more:
            return batch
        for held in self._held:
            found: dict[tuple[Any, ...], Sequence[Any]] = {}
            for text in held.needles(subject):
                for row in call.read(held.find, text=text, raw=text.encode(), limit=BATCH):
                    found[tuple(row[held.width :])] = row
            if found:
                batch.rows.append((held, list(found.values())[:BATCH]))
                if sum(len(rows) for _, rows in batch.rows) >= BATCH:
                    return batch
        kept = subject_pb2.Subject(ids=subject.ids) if self._users else subject
        batch.kept = subject_events.find(call, kept)
        return batch

    def erase(self, write: Write, batch: Batch, erasure: str) -> None:
        """Erase what was found, and count it."""
        counts: dict[str, int] = {}
        if batch.unnoted:
            erased.note(write, batch.unnoted)
        for held, rows in batch.rows:
            if held.resource is None:
                done = write.write_many(self._removals[held.table.name], [_key(held, row) for row in rows])
            else:
                done = sum(_erase(write, held, row[held.width], batch.subject) for row in rows)
            counts[held.kind] = counts.get(held.kind, 0) + done
        counts.update(subject_events.erase(write, batch.kept) if batch.kept else {})
        self._count(write, erasure, counts)

    def _count(self, write: Write, erasure: str, counts: Mapping[str, int]) -> None:
        before = dict(self.counts(write, erasure))
        for kind, count in counts.items():
            if count:
                write.write(_COUNT, erasure_id=erasure, kind=kind, count=before.get(kind, 0) + count)

    @staticmethod
    def counts(reader: Call | Write, erasure: str) -> list[tuple[str, int]]:
        """What an erasure has come to so far, by kind."""
        return [(row[0], row[1]) for row in reader.read(_COUNTS, erasure=erasure)]


def _removal(held: Held) -> Statement:
    which = (key == bindparam(f"of_{number}", type_=key.type) for number, key in enumerate(held.keys))
    core = delete(held.table).where(held.table.c.tenant_id == TENANT, *which)
    return Statement(core, name=f"erase person from {held.table.name}")


def _key(held: Held, row: Sequence[Any]) -> dict[str, Any]:
    return {f"of_{number}": value for number, value in enumerate(row[held.width :])}


def _erase(write: Write, held: Held, identity: str, subject: subject_pb2.Subject) -> int:
    """Erase one resource, where it is still there; how many there were."""
    resource = held.resource
    assert resource is not None
    resource.enter(write)
    for row in write.read(resource.locked, id=identity):
        before = resource.build(resource.message, row)
        if held.erasure == ANONYMISE:
            resource.anonymise(write, before, anonymous(held, before, subject), row[0])
        else:
            subject_events.forget_work(write, identity)
            resource.erased(write, before, row[0])
        return 1
    return 0


def anonymous(held: Held, before: Any, subject: subject_pb2.Subject) -> Any:
    """A resource without the person, and without whatever is personal: whose of several it is, nobody can tell."""
    assert held.resource is not None
    after = type(before)()
    after.CopyFrom(before)
    titles = {name for name, _ in titles_of(held.resource.contract)}
    for descriptor in after.DESCRIPTOR.fields:
        if sensitivity(descriptor) != policy_pb2.SENSITIVITY_UNSPECIFIED and descriptor.name not in titles:
            after.ClearField(descriptor.name)
    gone = set(held.needles(subject))
    for name in held.columns:
        descriptor = after.DESCRIPTOR.fields_by_name[name]
        if descriptor.is_repeated and descriptor.type == FieldDescriptor.TYPE_STRING:
            left = [each for each in getattr(after, name) if each not in gone]
            after.ClearField(name)
            getattr(after, name).extend(left)
        elif getattr(after, name) in gone:
            after.ClearField(name)
    return after
