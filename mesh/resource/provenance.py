"""Where the values of a resource come from: of each field the last write that changed it, in that write's transaction.

Owns the table `field_sources`, with one row for each resource that is declared with `provenance: true`. The row of a
new resource says once where it comes from, by an entry without a path: that is so of every field that has no entry of
its own. It is no history: what was there before is forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.type.v1 import provenance_pb2
from sqlalchemy import bindparam, delete, insert, select

from mesh.contract.masks import changed_paths, present_paths
from mesh.runtime.identity import Kind
from mesh.store.mesh_tables import field_sources
from mesh.store.statement import TENANT, Statement, any_of, upsert
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from google.protobuf.message import Message

    from mesh.contract.resource import ResourceContract
    from mesh.runtime.call import Write

_c = field_sources.c
_ADD = Statement(insert(field_sources), name="add field sources")
_KEEP = upsert(field_sources, key=["id"], set=["data"], name="keep field sources")
_FIND = Statement(
    select(_c.data).where(_c.tenant_id == TENANT, _c.id == bindparam("of_id", type_=TEXT)), name="find field sources"
)
_FORGET = Statement(
    delete(field_sources).where(_c.tenant_id == TENANT, any_of(_c.id, "ids")), name="forget field sources"
)
_KEPT = frozenset({"id", "etag", "create_time", "update_time", "delete_time"})
_USER = "usr_"
_REST = ""


class Provenances:
    """Keeps the provenance of one kind of resource."""

    def __init__(self, contract: ResourceContract) -> None:
        self._derived = contract.output_only | _KEPT

    def insert(self, write: Write, resources: Sequence[Message]) -> None:
        """Note where new resources come from. One statement."""
        data = provenance_pb2.Provenance(fields=_noted(write, [_REST])).SerializeToString()
        write.write_many(_ADD, [{"id": each.id, "data": data} for each in resources])

    def update(self, write: Write, identity: str, changed: Sequence[str]) -> None:
        """Note where what has changed comes from."""
        fresh = _noted(write, self._written(changed))
        if not fresh:
            return
        written = {each["path"] for each in fresh}
        kept = [each for each in _found(write.read, identity) if each.path not in written]
        data = provenance_pb2.Provenance(fields=[*kept, *fresh]).SerializeToString()
        write.write(_KEEP, id=identity, data=data)

    def of(self, read: Callable[..., Sequence[Sequence[Any]]], resource: Any) -> provenance_pb2.Provenance:
        """Where the values of a resource come from; nothing of what was written before that was noted."""
        found = {each.path: each for each in _found(read, resource.id)}
        rest = found.pop(_REST, None)
        told = provenance_pb2.Provenance()
        if rest is not None:
            for path in self._written(present_paths(resource)):
                if path not in found:
                    told.fields.add(path=path).MergeFrom(rest)
        told.fields.extend(found.values())
        return told

    def _written(self, paths: Iterable[str]) -> list[str]:
        """Those of the paths that are no work of the server's."""
        return [path for path in paths if path.partition(".")[0] not in self._derived]


def _noted(write: Write, paths: Iterable[str]) -> list[dict[str, Any]]:
    """That what stands at these paths now comes by this write: entries as a message's constructor takes them."""
    source, actor, through = _origin(write)
    seconds, rest = divmod(write.now_us, 1_000_000)
    entry = {"source": source, "actor_id": actor, "time": {"seconds": seconds, "nanos": rest * 1000}}
    return [{**entry, "path": path, "through": write.origins.get(path, through)} for path in paths]


def _found(read: Callable[..., Sequence[Sequence[Any]]], identity: str) -> Sequence[provenance_pb2.FieldProvenance]:
    rows = read(_FIND, of_id=identity)
    return list(provenance_pb2.Provenance.FromString(bytes(rows[0][0])).fields) if rows else ()


def forget(write: Write, ids: Sequence[str]) -> None:
    """These are gone for good."""
    write.write(_FORGET, ids=list(ids))


def origins(survivor: Message, others: Mapping[str, Message], after: Message) -> dict[str, str]:
    """By path, which of the others a changed field of the survivor comes from; the first that has what it holds."""
    found: dict[str, str] = {}
    wanted = changed_paths(survivor, after)
    for name, other in others.items():
        unlike = set(changed_paths(other, after))
        for path in wanted:
            if path not in found and (path not in unlike or _gives(survivor, other, after, path)):
                found[path] = name
    return found


def _gives(survivor: Message, other: Message, after: Message, path: str) -> bool:
    """Whether elements of a repeated field have come from the other one."""
    field = after.DESCRIPTOR.fields_by_name.get(path)
    if field is None or not field.is_repeated:
        return False
    had, has = list(getattr(survivor, path)), list(getattr(after, path))
    return any(each in has and each not in had for each in getattr(other, path))


def _origin(write: Write) -> tuple[provenance_pb2.ProvenanceSource, str, str]:
    """By what a write comes, who is behind it, and what it came through."""
    identity, through = write.identity, write.through
    call = getattr(write, "call", None)
    actor = call.user_id if call is not None else identity.actor
    if write.inherited and not through:
        return provenance_pb2.PROVENANCE_SOURCE_MERGE, actor, through
    if identity.kind is Kind.SERVICE:
        imported = bool(through)
        source = provenance_pb2.PROVENANCE_SOURCE_IMPORT if imported else provenance_pb2.PROVENANCE_SOURCE_SERVICE
        return source, actor, through
    if identity.kind is Kind.USER:
        if identity.client:
            return provenance_pb2.PROVENANCE_SOURCE_API_CLIENT, actor, f"oauth-clients/{identity.client}"
        if identity.principal.startswith(_USER):
            return provenance_pb2.PROVENANCE_SOURCE_PERSON, actor, through
        return provenance_pb2.PROVENANCE_SOURCE_API_CLIENT, actor, f"api-keys/{identity.principal}"
    return provenance_pb2.PROVENANCE_SOURCE_API_CLIENT, "", through
