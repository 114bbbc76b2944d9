"""The one door into a resource: by these functions it comes to be and changes, whoever asks for it.

Owns the order of a write: the rule decides on what was gathered before, references are checked, what stands beside the
row is settled, then the row is written with its version and its event. Who may write it is not asked here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from google.protobuf.message import Message

from mesh.contract.etags import check_etag, etag
from mesh.contract.failure import Failure, below

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.resource.references import Known
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View, Write

M = TypeVar("M", bound=Message)

# What the engine keeps itself; a mask never reaches it.
KEPT = frozenset({"id", "etag", "create_time", "update_time", "delete_time"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a write rests on: what is known of the resources it refers to, and what its own rule asked for."""

    known: Known
    own: Any


NO_FACTS = Facts({}, None)


def gather(view: View, resource: Resource[M], sent: Sequence[M]) -> Facts:
    """The facts for writing these; before the write begins.

    Raises:
        Failure: UNAVAILABLE, where one has to be asked for and its owner is away.
    """
    return Facts(resource.references.gather(view, sent), resource.gather(view, sent))


def blank(resource: Resource[M], sent: M, identity: str, now_us: int) -> M:
    """A new resource with what a client sent and nothing that only the server sets; times in microseconds."""
    after: Any = resource.message()
    after.CopyFrom(sent)
    for name in resource.contract.output_only | KEPT:
        if name in after.DESCRIPTOR.fields_by_name:
            after.ClearField(name)
    after.id = identity
    after.create_time.FromMicroseconds(now_us)
    after.update_time.FromMicroseconds(now_us)
    after.etag = etag(1)
    made: M = after
    return made


def decide(resource: Resource[M], before: M | None, after: M, facts: Facts) -> M:
    """The resource as its rule leaves it.

    Raises:
        Failure: what the rule raises; INVALID_ARGUMENT for a new reference to what is not there or not in use.
    """
    resource.references.follow(after, facts.known)
    after = resource.decide(before, after, facts.own)
    resource.references.check(before, after, facts.known)
    return after


def create(write: Write, resource: Resource[M], sent: M, facts: Facts, *, path: str = "") -> M:
    """A new resource, decided; add() writes it. `path` is where in the request it stands."""
    resource.enter(write)
    identity = write.environment.ids.new(resource.contract.prefix)
    with below(path):
        return decide(resource, None, blank(resource, sent, identity, write.now_us), facts)


def add(write: Write, resource: Resource[M], created: Sequence[M], facts: Facts, *, path: str = "") -> None:
    """Write what create() made, with its events, and set the titles of references. `path` has `{}` for numbers."""
    resource.references.fill(write, created, facts.known)
    resource.insert(write, created, path=path)


def locked(write: Write, resource: Resource[Any], identity: str) -> Sequence[Any]:
    """The row of a resource, held until the end of the write, whoever may see it.

    Raises:
        Failure: NOT_FOUND.
    """
    resource.enter(write)
    rows = write.read(resource.locked, id=identity)
    if not rows:
        raise unknown(resource, identity)
    return rows[0]


def unknown(resource: Resource[Any], identity: str) -> Failure:
    """The failure for an id that there is not, or not for the caller."""
    return Failure("NOT_FOUND", metadata={"resource": f"{resource.contract.collection}/{identity}"})


def absent(call: Call, read: Callable[..., Sequence[Sequence[Any]]], resource: Resource[Any], identity: str) -> Failure:
    """The failure for an id that cannot be written: MERGED, where it leads to what the caller sees; else NOT_FOUND."""
    into = resource.led(read, [identity]).get(identity, "")
    sight = resource.visible(call)
    if not into or not read(resource.several(sight), ids=[into], **sight.parameters):
        return unknown(resource, identity)
    collection = resource.contract.collection
    return Failure("MERGED", metadata={"resource": f"{collection}/{identity}", "merged_into": into})


def change(
    write: Write,
    resource: Resource[M],
    row: Sequence[Any],
    alter: Callable[[M], object],
    facts: Facts,
    *,
    given: str = "",
    kind: str = "Updated",
    path: str = "",
) -> tuple[M, list[str]]:
    """The resource of a locked row as `alter` and its rule leave it, written, and the paths that changed.

    given: an etag to insist on. path: where in the request the resource stands. A deletion is not the rule's to refuse.

    Raises:
        Failure: ETAG_MISMATCH; what the rule raises.
    """
    before: M = resource.build(resource.message, row)
    check_etag(given, row[0])
    after = resource.message()
    after.CopyFrom(before)
    alter(after)
    if kind != "Deleted":
        with below(path):
            after = decide(resource, before, after, facts)
    return after, resource.update(write, kind, before, after, row[0], path=path)


def deleting(now_us: int) -> Callable[[Any], None]:
    """Marks a resource as deleted then; one that is deleted already is left as it is."""

    def mark(after: Any) -> None:
        if not after.HasField("delete_time"):
            after.delete_time.FromMicroseconds(now_us)

    return mark


def delete(commit: Commit, resource: Resource[M], identity: str, given: str) -> M:
    """The resource marked as deleted, with its audit record; deleting it again changes nothing. `given` is an etag.

    Raises:
        Failure: NOT_FOUND, ETAG_MISMATCH.
    """
    row = locked(commit, resource, identity)
    after, changed = change(commit, resource, row, deleting(commit.now_us), NO_FACTS, given=given, kind="Deleted")
    commit.audit(f"{resource.contract.collection}/{identity}", changed)
    return after
