"""Reference rows: what a service knows, without asking, of the resources of others that its own refer to.

Owns the table `reference_rows`: it is fed by the owners' events, joined where a title is shown, and asked before a
reference is written. Moving references is the matter of mesh.resource.moves.
"""

from __future__ import annotations

import contextlib
import enum
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, case, false, func, select, update

from mesh.contract import reference_values
from mesh.contract.catalog import load_service
from mesh.contract.failure import Failure
from mesh.contract.references import references_of, titles_of
from mesh.events.owner import Owner
from mesh.resource import merged
from mesh.runtime.client import CallFailed
from mesh.store.mesh_tables import reference_rows
from mesh.store.statement import TENANT, Statement, any_of, insert_ignore
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from google.protobuf.message import Message
    from sqlalchemy import ColumnElement, Table

    from mesh.contract.references import ReferenceField
    from mesh.contract.resource import ResourceContract
    from mesh.runtime.call import View, Write

_c = reference_rows.c
_VALUES = ("title", "owner_id", "team_id", "state", "merged_into", "version")
_KEY = (_c.tenant_id == TENANT, _c.type == bindparam("of_type", type_=TEXT), _c.id == bindparam("of_id", type_=TEXT))
_INSERT = insert_ignore(reference_rows, ["type", "id"], name="insert reference row")
_RENEW = Statement(
    update(reference_rows)
    .where(*_KEY, _c.version < bindparam("new_version", type_=BigInteger))
    .values({name: bindparam(f"new_{name}", type_=_c[name].type) for name in _VALUES}),
    name="renew reference row",
)
_MERGE = Statement(
    # One that is there again has been told of later than this.
    update(reference_rows)
    .where(*_KEY, _c.state == bindparam("gone", type_=BigInteger))
    .values(merged_into=bindparam("into", type_=TEXT)),
    name="merge reference row",
)
_FIND = Statement(
    select(_c.type, _c.id, _c.title, _c.state).where(_c.tenant_id == TENANT, any_of(_c.id, "ids")),
    name="find reference rows",
)


class State(enum.IntEnum):
    """What may be done with a resource that is referred to."""

    ACTIVE = 1
    DELETED = 2
    INACTIVE = 3


@dataclass(frozen=True, slots=True)
class Target:
    """A resource that is referred to: what it is called, and whether new references to it may be made."""

    title: str
    usable: bool
    told: Any = None  # by its owner just now, at `version`; here it was not known
    version: int = 0
    into: str = ""  # id of what it has become part of, which is to be referred to instead


Known = dict[tuple[str, str], Target]
_NOTHING = Target("", usable=False)


def put(write: Write, contract: ResourceContract, resource: Any, version: int, *, deleted: bool = False) -> None:
    """Note what a resource of another service is like at a version; an older version changes nothing."""
    fields = contract.message.DESCRIPTOR.fields_by_name
    values = {
        "title": getattr(resource, contract.title_field),
        "owner_id": getattr(resource, contract.owner_field) if contract.owner_field else "",
        "team_id": resource.team_id if "team_id" in fields else "",
        "state": State.DELETED if deleted else _state(resource),
        "merged_into": resource.merged_into_id if contract.mergeable else "",
        "version": version,
    }
    renewed = {f"new_{name}": value for name, value in values.items()}
    if not write.write(_RENEW, of_type=contract.type, of_id=resource.id, **renewed):
        write.write(_INSERT, type=contract.type, id=resource.id, **values)


def merge(write: Write, kind: str, identity: str, into: str) -> None:
    """Note that a resource is part of another one now."""
    write.write(_MERGE, of_type=kind, of_id=identity, into=into, gone=State.DELETED)


def _state(resource: Any) -> State:
    fields = resource.DESCRIPTOR.fields_by_name
    if "delete_time" in fields and resource.HasField("delete_time"):
        return State.DELETED
    state = fields.get("state")
    if state is not None and state.enum_type is not None:
        value = state.enum_type.values_by_number.get(resource.state)
        if value is not None and value.name.endswith("_INACTIVE"):
            return State.INACTIVE
    return State.ACTIVE


def title_columns(table: Table, contract: ResourceContract) -> dict[str, ColumnElement[Any]]:
    """By field, the title of what a reference of the row names; empty where it names nothing that is known."""
    columns: dict[str, ColumnElement[Any]] = {}
    for name, field in titles_of(contract):
        row = reference_rows.alias()
        title = select(row.c.title).where(
            row.c.tenant_id == TENANT, row.c.type == field.target, row.c.id == table.c[field.name]
        )
        columns[name] = func.coalesce(title.correlate(table).scalar_subquery(), "", type_=TEXT)
    return columns


class References:
    """The references of one resource."""

    def __init__(self, contract: ResourceContract, table: Table) -> None:
        self._contract = contract
        self.fields = references_of(contract)
        # What a client says in a field that only the server sets is nobody's to be asked about.
        self._taken = tuple(field for field in self.fields if field.name not in contract.output_only)
        self._near = {f.target: _own_targets(f, table) for f in self.fields if f.service == contract.service}
        self._titles = titles_of(contract)
        self.title_fields = frozenset(name for name, _ in self._titles)
        self._owner = next((field for field in self.fields if field.name == contract.owner_field), None)

    def gather(self, view: View, sent: Iterable[Message]) -> Known:
        """What is known of everything that the resources sent refer to; the unknown is asked of its owner, once.

        Raises:
            Failure: UNAVAILABLE, where something is not known here and its owner is away.
        """
        wanted = {(field.target, i) for resource in sent for field in self._taken for i in _ids(resource, field)}
        asked = {i for _, i in wanted}
        if self._owner is not None and view.entry is not None and view.user_id:
            asked.add(view.user_id)
        if not asked:
            return {}
        far = {kind for kind, _ in wanted} - self._near.keys()
        found = _targets(view.read(_FIND, ids=sorted(asked))) if far or asked > {i for _, i in wanted} else {}
        for kind, statement in self._near.items():
            near = sorted(i for k, i in wanted if k == kind)
            if near:
                found.update({(kind, identity): Target("", usable=False) for identity in near})
                found.update(_targets((kind, *row) for row in view.read(statement, ids=near)))
        found.update(self._merged(view, wanted, found))
        for kind in {kind for kind, _ in wanted - found.keys()}:
            found.update(Asked(view).of(kind, sorted(i for k, i in wanted - found.keys() if k == kind)))
        self._ask_caller(view, found)
        return found

    @cached_property
    def _mergeable(self) -> frozenset[str]:
        known = {field.target: load_service(field.service).resources.get(field.target) for field in self.fields}
        return frozenset(kind for kind, contract in known.items() if contract is not None and contract.mergeable)

    def _merged(self, view: View, wanted: Collection[tuple[str, str]], found: Known) -> Known:
        """Of what is wanted and not usable, what has become part of something else, with that."""
        lost = [(k, i) for k, i in sorted(wanted) if k in self._mergeable and not found.get((k, i), _NOTHING).usable]
        into = merged.resolve_all(view.read, [identity for _, identity in lost]) if lost else {}
        more: Known = {}
        for kind, identity in lost:
            if identity in into:
                near = self._near.get(kind)
                rows = view.read(_FIND, ids=[into[identity]]) if near is None else view.read(near, ids=[into[identity]])
                more.update(_targets(rows if near is None else ((kind, *row) for row in rows)))
                more[kind, identity] = replace(more.get((kind, into[identity]), _NOTHING), into=into[identity])
        return more

    @cached_property
    def merging(self) -> frozenset[str]:
        """The prefixes of ids in these resources, and of their own, that may lead to something else."""
        own = {self._contract.prefix} if self._contract.mergeable else set()
        return frozenset(own | {load_service(k.partition(".")[0]).resources[k].prefix for k in self._mergeable})

    def follow(self, after: Any, known: Known) -> None:
        """Let references to what has become part of something else name that; none comes to stand twice."""
        for field in self.fields:
            ids = _ids(after, field)
            into = [known.get((field.target, identity), _NOTHING).into or identity for identity in ids]
            if into != ids:
                reference_values.put(after, field.name, ",".join(dict.fromkeys(into)))

    def _ask_caller(self, view: View, found: Known) -> None:
        """Who calls may come to be the owner; what is not known of them yet is asked where that can be."""
        me = view.user_id
        if not me or self._owner is None or view.entry is None or (self._owner.target, me) in found:
            return
        with contextlib.suppress(Failure):
            found.update(Asked(view).of(self._owner.target, [me]))

    def check(self, before: Message | None, after: Message, known: Known) -> None:
        """Refuse new references to what does not exist or is no longer in use. Those that stay are left alone.

        Raises:
            Failure: INVALID_ARGUMENT on the fields.
        """
        wrong = {}
        for field in self.fields:
            held = set(_ids(before, field)) if before is not None else set()
            for identity in _ids(after, field):
                target = known.get((field.target, identity))
                if identity not in held and target is not None and not target.usable:
                    wrong[field.name] = "is not there, or no longer in use"
        if wrong:
            raise Failure("INVALID_ARGUMENT", fields=wrong)

    def fill(self, write: Write, resources: Sequence[Message], known: Known) -> None:
        """Set the titles of what the resources refer to, and keep what had to be asked for."""
        for (kind, _), target in known.items():
            if target.told is not None:
                put(write, load_service(kind.partition(".")[0]).resources[kind], target.told, target.version)
        unknown = {i for r in resources for _, f in self._titles for i in _ids(r, f) if (f.target, i) not in known}
        if unknown:
            known = {**known, **_targets(write.read(_FIND, ids=sorted(unknown)))}
        for resource in resources:
            for name, field in self._titles:
                target = known.get((field.target, getattr(resource, field.name)), _NOTHING)
                setattr(resource, name, target.title)

    def without_titles(self, resource: Any) -> None:
        """Clear what is another service's to say: an event tells of this resource alone."""
        for name in self.title_fields:
            resource.ClearField(name)


def _own_targets(field: ReferenceField, table: Table) -> Statement:
    """Reads id, title and state of what the service itself owns; there the resource and no copy of it decides."""
    contract = load_service(field.service).resources[field.target]
    own = table.metadata.tables[contract.plural]
    deleted = own.c.delete_time.is_not(None) if contract.soft_delete else false()
    return Statement(
        select(
            own.c.id,
            own.c[contract.title_field],
            case((deleted, int(State.DELETED)), else_=int(State.ACTIVE)),
        ).where(own.c.tenant_id == TENANT, any_of(own.c.id, "ids")),
        name=f"find {contract.plural}",
    )


def _ids(resource: Any, field: ReferenceField) -> Sequence[str]:
    held = getattr(resource, field.name)
    if field.repeated:
        return list(held)
    return [held] if held else []


def _targets(rows: Iterable[Sequence[Any]]) -> Known:
    return {(kind, identity): Target(title, state == State.ACTIVE) for kind, identity, title, state in rows}


class Asked:
    """What owners say of resources that have not been heard of here, each on its own; as this service, for all of it.

    Nothing is kept here: the row follows with the write that rests on it, so that the next one need not ask.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._owner = Owner(view.environment.caller)

    def of(self, kind: str, ids: Sequence[str]) -> Known:
        """What becomes known; those that do not exist are unusable.

        Raises:
            Failure: UNAVAILABLE, where the owner is away.
        """
        contract = load_service(kind.partition(".")[0]).resources[kind]
        found: Known = {(kind, identity): Target("", usable=False) for identity in ids}
        view = self._view
        try:
            changes = self._owner.known(contract, view.identity.tenant, ids, view.remaining())
        except CallFailed as failed:
            raise Failure("UNAVAILABLE", retry_after=1) from failed
        for change in changes:
            told = getattr(change, contract.singular)
            usable = _state(told) is State.ACTIVE
            found[kind, told.id] = Target(getattr(told, contract.title_field), usable, told, change.sequence)
        return found
