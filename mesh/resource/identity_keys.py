"""Keys by which a resource is recognised whatever its id, as an e-mail address or a domain; one resource has several.

Owns the table `identity_keys`. The service says which keys a resource has; they are kept with every write of it. A key
that is `single` names one resource of the tenant, which the database sees to; others are kept to be looked up, and so
are the ids in its repeated references, which makes these fields ones to filter by. A deleted resource has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from google.protobuf.message import Message
from sqlalchemy import bindparam, delete, insert, select

from mesh.contract.failure import Failure
from mesh.contract.references import references_of
from mesh.contract.resource import resource_contract
from mesh.store.errors import UniqueViolation
from mesh.store.mesh_tables import identity_keys
from mesh.store.statement import TENANT, Statement, any_of, insert_ignore, upsert
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Table

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Write

M = TypeVar("M", bound=Message)
_c = identity_keys.c
_KEEP = upsert(identity_keys, key=["resource", "kind", "value", "id"], set=["single"], name="keep identity key")
_INSERT = Statement(insert(identity_keys), name="insert identity keys")
_FILL = insert_ignore(identity_keys, ["resource", "kind", "value", "id"], name="fill identity keys")
_DROP = Statement(
    delete(identity_keys).where(
        _c.tenant_id == TENANT,
        *(_c[name] == bindparam(f"of_{name}", type_=TEXT) for name in ("resource", "kind", "value", "id")),
    ),
    name="drop identity key",
)
_WANTED = (
    _c.tenant_id == TENANT,
    _c.resource == bindparam("of_resource", type_=TEXT),
    any_of(_c.kind, "kinds"),
    any_of(_c.value, "values"),
)
_SINGLE = Statement(select(_c.kind, _c.value, _c.id).where(*_WANTED, _c.single), name="find single identity keys")
# Of a name that thousands bear, some will do.
_HOLDERS = Statement(
    select(_c.kind, _c.value, _c.id).where(*_WANTED).order_by(_c.id).limit(1000), name="find identity keys"
)


@dataclass(frozen=True, slots=True)
class Key:
    """A value by which a resource is known. `path` is the field that says so, as in `emails[0].address`."""

    kind: str
    value: str
    single: bool
    path: str = field(compare=False)


class IdentityKeys(Generic[M]):
    """The keys of one kind of resource, which `keys` reads from what its rule has passed.

    `lists` are repeated texts that can be filtered by, as its repeated references can. `barred` tells which of
    some keys no resource gets back when a change is taken back.
    """

    def __init__(
        self,
        of: type[M],
        keys: Callable[[M], Iterable[Key]],
        *,
        lists: Sequence[str] = (),
        barred: Callable[[Write, Collection[Key]], Collection[Key]] = lambda write, keys: (),
    ) -> None:
        contract = resource_contract(of.DESCRIPTOR)
        if contract is None:
            msg = f"{of.DESCRIPTOR.full_name} is not declared a resource"
            raise ValueError(msg)
        self._type = contract.type
        self.barred = barred
        self.lists = [*lists, *(field.name for field in references_of(contract) if field.repeated)]
        self._soft_delete = contract.soft_delete
        self.of = keys

    def insert(self, write: Write, resources: Sequence[M]) -> None:
        """Keep the keys of new resources. One statement.

        Raises:
            UniqueViolation: one of them has a single key that another resource has; see explain().
        """
        rows = [row for each in resources for row in self._rows(each, {}, self._held(each))]
        if len(resources) > 1:
            # In one order, whoever writes: two batches never wait for each other crosswise.
            rows.sort(key=lambda row: (row["kind"], row["value"]))
        write.write_many(_INSERT, rows)

    def update(self, write: Write, before: M, after: M) -> None:
        """Keep the keys of a resource that changes; raises as insert() does."""
        had, has = self._held(before), self._held(after)
        if had == has:
            return
        where = {"of_resource": self._type, "of_id": after.id}
        gone = had.keys() - has.keys()
        write.write_many(_DROP, [{**where, "of_kind": kind, "of_value": value} for kind, value in gone])
        write.write_many(_KEEP, self._rows(after, had, has))

    def drop(self, write: Write, resource: M) -> None:
        """Remove the keys of a resource."""
        where = {"of_resource": self._type, "of_id": resource.id}
        held = self._held(resource)
        write.write_many(_DROP, [{**where, "of_kind": kind, "of_value": value} for kind, value in held])

    def fill(self, write: Write, resources: Sequence[M]) -> None:
        """Keep the keys of resources that may have none yet. Those that others have alone are kept beside them."""
        held = [(each, self._held(each)) for each in resources]
        alone = [Key(*key, single=True, path="") for _, has in held for key, single in has.items() if single]
        taken = {key: ids[0] for key, ids in self.holders(write.read, alone, single=True).items()}
        rows = []
        for each, has in held:
            for row in self._rows(each, {}, has):
                if row["single"]:
                    row["single"] = taken.setdefault((row["kind"], row["value"]), row["id"]) == row["id"]
                rows.append(row)
        write.write_many(_FILL, rows)

    def _rows(
        self, resource: Any, had: Mapping[tuple[str, str], bool], has: Mapping[tuple[str, str], bool]
    ) -> list[dict[str, Any]]:
        of, identity = self._type, resource.id
        return [
            {"resource": of, "kind": key[0], "value": key[1], "id": identity, "single": single}
            for key, single in has.items()
            if had.get(key) != single
        ]

    def _held(self, resource: M | None) -> dict[tuple[str, str], bool]:
        if resource is None or (self._soft_delete and resource.HasField("delete_time")):
            return {}
        held = {(name, identity): False for name in self.lists for identity in getattr(resource, name)}
        held.update({(key.kind, key.value): key.single for key in self.of(resource)})
        return held

    def holders(
        self, read: Callable[..., Sequence[Sequence[Any]]], wanted: Iterable[Key], *, single: bool = False
    ) -> Mapping[tuple[str, str], Sequence[str]]:
        """By kind and value of these keys, the ids of those that have them, or have them alone. One statement."""
        asked = {(key.kind, key.value) for key in wanted}
        found: dict[tuple[str, str], list[str]] = {}
        if asked:
            kinds, values = sorted({kind for kind, _ in asked}), sorted({value for _, value in asked})
            statement = _SINGLE if single else _HOLDERS
            for kind, value, identity in read(statement, of_resource=self._type, kinds=kinds, values=values):
                if (kind, value) in asked:
                    found.setdefault((kind, value), []).append(identity)
        return found

    def explain(self, call: Call, resource: Resource[M], failure: Failure, sent: Sequence[tuple[str, M]]) -> Failure:
        """Why resources cannot be written, each given with its path in the request: which value another one has.

        The metadata names as `candidates` those who have them, as far as the caller sees them.
        """
        fields, others = dict(failure.fields), self._by_column(call, resource, failure, [each for _, each in sent])
        keys = [(path, each, key) for path, each in sent for key in self.of(each) if key.single]
        held = self.holders(call.read, [key for _, _, key in keys], single=True)
        seen: set[tuple[str, str]] = set()
        named = dict.fromkeys(filter(None, failure.metadata.get("fields", "").split(",")))
        for path, each, key in keys:
            found = {identity for identity in held.get((key.kind, key.value), ()) if identity != resource.id(each)}
            if found or (key.kind, key.value) in seen:
                fields[f"{path}.{key.path}"] = "is used by another resource"
                named[key.path] = None
            others |= found
            seen.add((key.kind, key.value))
        candidates = resource.readable(call, sorted(others)) if others else ()
        told = {"fields": ",".join(named), "candidates": ",".join(sorted(candidates))}
        return Failure("ALREADY_EXISTS", fields=fields, metadata=told)

    @staticmethod
    def _by_column(call: Call, resource: Resource[M], failure: Failure, sent: Sequence[Any]) -> set[str]:
        """Who has the values of columns that are unique themselves."""
        found: set[str] = set()
        for name in failure.metadata.get("fields", "").split(","):
            if name in resource.table.c:
                values = sorted({value for each in sent if (value := getattr(each, name))})
                found.update(row[0] for row in call.read(having(resource.table, name), values=values))
        return found - {each.id for each in sent}


@cache
def having(table: Table, column: str) -> Statement:
    """Reads the ids of the rows that have one of the values in a column."""
    core = select(table.c.id).where(table.c.tenant_id == TENANT, any_of(table.c[column], "values"))
    return Statement(core, name=f"find {table.name} by {column}")


class Held:
    """A repeated reference as a filter sees it: the rows of `table` that hold an id there."""

    def __init__(self, table: Table, resource: str, field: str) -> None:
        self._table, self._resource, self._field = table, resource, field

    def holds(self, identity: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that the id stands there."""
        rows = identity_keys.alias()
        having = select(rows.c.id).where(
            rows.c.tenant_id == TENANT,
            rows.c.resource == self._resource,
            rows.c.kind == self._field,
            rows.c.value == identity,
        )
        return self._table.c.id.in_(having)


def is_clash(error: BaseException | None) -> bool:
    """Whether a write failed for a value that another resource has."""
    if isinstance(error, UniqueViolation):
        return error.table == identity_keys.name
    return isinstance(error, Failure) and error.reason == "ALREADY_EXISTS"
