"""A resource as its service declares it: the message, the table, and the one rule every write goes through."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message
from rapport.mesh.v1 import purge_pb2, references_pb2
from rapport.type.v1 import provenance_pb2
from sqlalchemy import BigInteger, bindparam, delete, insert, select, update

from mesh.contract.catalog import cleared
from mesh.contract.etags import etag
from mesh.contract.failure import below
from mesh.contract.masks import changed_paths, held
from mesh.contract.resource import required_contract
from mesh.resource import merged, move_order, provenance
from mesh.resource.defaults import accept, at_once, keep, needed, no_facts, nothing
from mesh.resource.listing import Listing
from mesh.resource.mapping import compile_builder, compile_values, read_columns
from mesh.resource.references import References
from mesh.resource.scopes import Breadth, Scopes, Sight
from mesh.store.statement import TENANT, Statement, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Table

    from mesh.resource.custom import CustomFields
    from mesh.resource.identity_keys import IdentityKeys
    from mesh.runtime.call import Call, View, Write

M = TypeVar("M", bound=Message)
PURGE = "purge"
"""Name of the timers of deleted resources."""


class Resource(Generic[M]):
    """One resource of a service.

    decide(before, after, facts) is the domain's rule: it normalises, checks and derives, and is called on every path by
    which a resource comes to be or changes; `before` is None for a new one. gather(view, resources) fetches the facts
    that it decides on, before the write begins.

    settle(write, before, after) comes after the rule, once in every write of a resource: it may still change `after`,
    and keeps what stands beside the row. Custom fields are settled before it, `keys` after it.

    enter(write) comes before rows are locked or made, for a rule over many of them: it waits for the write's turn.

    forget(write, id) removes what stands beside the row of a resource that vanishes for good.

    redundant(write, after): whether a resource says nothing any more where two that it refers to become one.
    """

    def __init__(
        self,
        message: type[M],
        table: Table,
        *,
        decide: Callable[[M | None, M, Any], M] = accept,
        gather: Callable[[View, Sequence[M]], Any] = no_facts,
        settle: Callable[[Write, M | None, M], None] = nothing,
        enter: Callable[[Write], None] = at_once,
        forget: Callable[[Write, str], None] = keep,
        custom: CustomFields | None = None,
        keys: IdentityKeys[M] | None = None,
        redundant: Callable[[Write, M], bool] = needed,
    ) -> None:
        contract = self.contract = required_contract(message)
        self._singular = contract.singular
        self.message, self.table = message, table
        self.decide, self.gather, self.enter = decide, gather, enter
        self.custom, self.keys, self._forget, self.redundant = custom, keys, forget, redundant
        self._settles = [part for part in (custom and custom.settle, settle) if part and part is not nothing]
        self.scopes = Scopes(contract, table)
        self.references = References(contract, table)
        self._provenances = provenance.Provenances(contract) if contract.provenance else None
        self.listing = Listing(table, message, self.scopes, keys.lists if keys else ())
        self.build = compile_builder(table, message)
        self.values = compile_values(table, message)
        columns = self.columns = read_columns(table, message)
        names = [column.name for column in columns]
        self.deleted = names.index("delete_time") if contract.soft_delete else -1
        self.own = [column.name for column in table.columns if column.name != "tenant_id"]
        key = (table.c.tenant_id == TENANT, table.c.id == bindparam("id"))
        name = contract.plural
        self.by_id = Statement(select(*columns).where(*key), name=f"get {name}")
        self.by_ids = Statement(
            select(*columns).where(table.c.tenant_id == TENANT, any_of(table.c.id, "ids")), name=f"batch get {name}"
        )
        self._scoped: dict[tuple[str, Breadth], Statement] = {}
        self.locked = Statement(select(*columns).where(*key).with_for_update(of=table), name=f"lock {name}")
        self._retention_us = int(contract.retention * 1_000_000)
        self._purge = self._purge_statement(key)
        self._insert = Statement(insert(table), name=f"insert {name}")
        self._remove = Statement(delete(table).where(*key), name=f"remove {name}")
        self._changing = self._changing_columns()
        changeable = {
            c.name: bindparam(f"new_{c.name}", type_=c.type) for c in table.columns if c.name in self._changing
        }
        self._update = Statement(update(table).where(*key).values(changeable), name=f"update {name}")
        self.events = {kind: self._event(kind) for kind in ("Created", "Updated", "Deleted", "Undeleted")}

    def visible(self, call: Call) -> Sight:
        """Which rows the caller of a method may see; `scopes.conditions` makes the conditions of its breadth."""
        return self.scopes.visible(call)

    def readable(self, call: Call, ids: Sequence[str]) -> frozenset[str]:
        """Those of the ids whose rows exist, deleted or not, and that the caller may see now. One statement."""
        sight = self.visible(call)
        rows = call.read(self.several(sight), ids=list(ids), **sight.parameters)
        return frozenset(row[1] for row in rows)

    def one(self, sight: Sight) -> Statement:
        """Reads the row of `id`, where it is in sight."""
        return self.by_id if sight.breadth is Breadth.ALL else self._narrowed("get", sight.breadth)

    def several(self, sight: Sight) -> Statement:
        """Reads the rows of `ids` that are in sight."""
        return self.by_ids if sight.breadth is Breadth.ALL else self._narrowed("batch get", sight.breadth)

    def lock(self, sight: Sight) -> Statement:
        """Reads the row of `id` until the end of the transaction, where it is in sight."""
        return self.locked if sight.breadth is Breadth.ALL else self._narrowed("lock", sight.breadth)

    def lock_several(self, sight: Sight) -> Statement:
        """Reads the rows of `ids` that are in sight until the end of the transaction; two never lock crosswise."""
        return self._narrowed("batch lock", sight.breadth)

    def _narrowed(self, kind: str, breadth: Breadth) -> Statement:
        """A statement with the conditions of a breadth, made at its first use."""
        found = self._scoped.get((kind, breadth))
        if found is None:
            table = self.table
            which = any_of(table.c.id, "ids") if kind.startswith("batch") else table.c.id == bindparam("id")
            core = select(*read_columns(table, self.message)).where(
                table.c.tenant_id == TENANT, which, *self.scopes.conditions(breadth)
            )
            if kind.endswith("lock"):
                core = core.order_by(table.c.id).with_for_update(of=table)
            found = Statement(core, name=f"{kind} {self.contract.plural}")
            self._scoped[kind, breadth] = found
        return found

    def _purge_statement(self, key: tuple[Any, ...]) -> Statement | None:
        if not self._retention_us:
            return None
        moment = self.table.c.delete_time if self.contract.soft_delete else self.table.c.create_time
        over = moment <= bindparam("before", type_=BigInteger)
        return Statement(delete(self.table).where(*key, over), name=f"purge {self.contract.plural}")

    def _changing_columns(self) -> frozenset[str]:
        fields = self.message.DESCRIPTOR.fields_by_name
        return frozenset({"sequence", *self.own} & {"sequence", *fields} - {"id", "create_time"})

    def _event(self, kind: str) -> type[Message] | None:
        if self.contract.silent:
            return None
        module = importlib.import_module(f"{self.message.DESCRIPTOR.file.package}.resource_events_pb2")
        return getattr(module, f"{self.contract.name}{kind}")  # type: ignore[no-any-return]

    def _settle(self, write: Write, before: M | None, after: M) -> None:
        for settle in self._settles:
            settle(write, before, after)

    def insert(self, write: Write, resources: Sequence[M], *, path: str = "", **hidden: Any) -> None:
        """Settle and write new resources, each with its event. `hidden` values go to columns that are no fields.

        `path` is where in the request they are, with `{}` for their number.
        """
        for number, resource in enumerate(resources):
            with below(path.format(number)):
                self._settle(write, None, resource)
        rows = [{"sequence": 1, **self.values(resource), **hidden} for resource in resources]
        if self.keys is not None:
            self.keys.insert(write, resources)
        if self._provenances is not None:
            self._provenances.insert(write, resources)
        write.write_many(self._insert, rows)
        for resource in resources:
            self._publish(write, "Created", resource, 1)
            if self._purge is not None and not self.contract.soft_delete:
                self.purge_later(write, self.id(resource), write.now_us)

    def remove(self, write: Write, before: M, gone: M, version: int, *, discreet: bool = False) -> None:
        """Take a resource out of the table, with its keys and values; told as deleted, as `gone`, with a number.

        `discreet`: what it was before is not told.
        """
        identity = self.id(before)
        if self.keys is not None:
            self.keys.drop(write, before)
        if self.custom:
            self.custom.forget(write, identity)
        write.write(self._remove, id=identity)
        changed = [] if discreet else changed_paths(before, gone)
        self._publish(write, "Deleted", gone, version, changed_paths=changed, previous=held(before, changed))

    def bring_back(self, write: Write, gone: M, after: Any, version: int) -> None:
        """Put a resource that was taken out, and told as `gone`, back with a number, its keys and its values.

        Raises:
            UniqueViolation, Failure: another one has by now what one alone may have.
        """
        after.update_time.FromMicroseconds(write.now_us)
        after.etag = etag(version)
        if self.keys is not None:
            self.keys.insert(write, [after])
        write.write(self._insert, sequence=version, **self.values(after))
        if self.custom:
            self.custom.bring_back(write, after)
        changed = changed_paths(gone, after)
        self._publish(write, "Undeleted", after, version, changed_paths=changed, previous=held(gone, changed))

    def anonymise(self, write: Write, before: M, after: Any, version: int) -> None:
        """Write what is left of `before`, which is locked and has this version; what it was before is not told."""
        after.update_time.FromMicroseconds(write.now_us)
        after.etag = etag(version + 1)
        self._write_over(write, "Updated", before, after, changed_paths(before, after), version + 1, discreet=True)

    def update(
        self, write: Write, kind: str, before: M, after: M, version: int, *, path: str = "", settle: bool = True
    ) -> list[str]:
        """Settle and write what differs over `before`, which is locked and has this version, with its event.

        Gives the paths that changed; where none did, nothing is written. `path` is where in the request `after` is.
        What differs may be nothing that is settled; then that can be left out.
        """
        if after == before:
            return []
        with below(path):
            if settle:
                self._settle(write, before, after)
        changed = [name for name in changed_paths(before, after) if name not in self.references.title_fields]
        if changed:
            after.update_time.FromMicroseconds(write.now_us)
            after.etag = etag(version + 1)
            self._write_over(write, kind, before, after, changed, version + 1)
        return changed

    def _write_over(
        self,
        write: Write,
        kind: str,
        before: M,
        after: Any,
        changed: Sequence[str],
        version: int,
        *,
        discreet: bool = False,
    ) -> None:
        if self.keys is not None:
            self.keys.update(write, before, after)
        values = {f"new_{name}": value for name, value in self.values(after).items() if name in self._changing}
        write.write(self._update, id=self.id(before), new_sequence=version, **values)
        write.overwrites(self._aggregate(before), before, after)
        if self._provenances is not None and not discreet:
            self._provenances.update(write, self.id(before), changed)
        previous = held(before, () if discreet else changed)
        self._publish(write, kind, after, version, changed_paths=list(changed), previous=previous)
        if kind == "Deleted":
            self.leave(write, self.id(before), after.delete_time.ToMicroseconds())
        elif kind == "Undeleted":
            write.cancel_timer(self._aggregate(before), PURGE)

    def leave(self, write: Write, identity: str, deleted_us: int) -> None:
        """What follows from a deletion, later: what refers to the resource lets go, and its retention ends."""
        if self.contract.type in cleared():
            move_order.tell(write, self.contract.type, identity, "", references_pb2.MOVE_REASON_DELETE)
        if self._purge is not None:
            self.purge_later(write, identity, deleted_us)

    @property
    def purged(self) -> bool:
        """Whether what is deleted vanishes after a time."""
        return self._purge is not None and self.contract.soft_delete

    def purge_later(self, write: Write, identity: str, deleted_us: int) -> None:
        """Have a resource that was deleted at this time removed when its retention is over."""
        gone = purge_pb2.DeletedResource(type=self.contract.type, id=identity)
        due_us = deleted_us + self._retention_us
        write.set_timer(f"{self.contract.collection}/{identity}", PURGE, due_us, purge_pb2.PurgeDue(resource=gone))

    def purge(self, write: Write, identity: str) -> bool:
        """Remove a resource for good, if its retention is over; whether it was."""
        if self._purge is None:
            return False
        rows, before_us = write.read(self.by_id, id=identity), write.now_us - self._retention_us
        # One that is away already leaves what stands beside it, unless that belongs to what it has become part of.
        over = write.write(self._purge, id=identity, before=before_us) if rows else not self.led(write.read, [identity])
        if not over:
            return False
        if self.keys is not None:
            for row in rows:
                self.keys.drop(write, self.build(self.message, row))
        move_order.forget(write, identity)
        if self.custom:
            self.custom.forget(write, identity)
        inside = merged.forget(write, identity) if self.contract.mergeable else []
        for each in (identity, *inside):
            self._forget(write, each)
        if self._provenances is not None:
            provenance.forget(write, [identity, *inside])
        return True

    def erased(self, write: Write, before: M, version: int) -> None:
        """Take a resource out with all that stands beside it, for good: nothing but its id is told."""
        gone: Any = self.message(id=self.id(before))
        if self.contract.soft_delete:
            gone.delete_time.FromMicroseconds(write.now_us)
            write.cancel_timer(self._aggregate(before), PURGE)
        self.remove(write, before, gone, version + 1, discreet=True)
        move_order.forget(write, self.id(before))
        inside = merged.forget(write, self.id(before)) if self.contract.mergeable else []
        for each in (self.id(before), *inside):
            self._forget(write, each)

    def led(self, read: merged.Read, ids: Sequence[str]) -> Mapping[str, str]:
        """By id, what it leads to; of those whose resources have become part of others."""
        return merged.resolve(read, ids) if self.contract.mergeable else {}

    def inside(self, read: merged.Read, identity: str) -> Sequence[str]:
        """Ids of all that have become part of a resource."""
        return merged.members(read, identity) if self.contract.mergeable else ()

    def provenance(self, call: Call, resource: M) -> provenance_pb2.Provenance:
        """Where its values come from, if that is declared to be known."""
        return self._provenances.of(call.read, resource) if self._provenances else provenance_pb2.Provenance()

    def hide(self, call: Call, resources: Sequence[M]) -> None:
        """Take out of resources what is no longer there for those who read them."""
        if self.custom:
            self.custom.hide(call, resources)

    def _publish(self, write: Write, kind: str, resource: M, version: int, **more: Any) -> None:
        event = self.events[kind]
        if event is not None:
            message = event(**{self._singular: resource, "inherited": write.inherited, **more})
            self.references.without_titles(getattr(message, self._singular))
            write.publish(self._aggregate(resource), version, message)

    def _aggregate(self, resource: Message) -> str:
        return f"{self.contract.collection}/{self.id(resource)}"

    @staticmethod
    def id(resource: Message) -> str:
        """The id of a resource."""
        return str(resource.id)
