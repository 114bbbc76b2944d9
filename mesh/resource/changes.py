"""The changes of a resource as a stream: all there is, then what becomes of it, from any point on where it was left.

Owns the two phases and the cursor over both. A snapshot goes by id, page by page, and begins with the position in the
event stream from which its changes are told afterwards: whatever is committed meanwhile is in the one or in the other.
It decides nothing on who may read; a `View` does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from rapport.mesh.v1 import changes_pb2
from sqlalchemy import BigInteger, bindparam, select

from mesh.contract.failure import Failure
from mesh.events.redis_connection import RedisRefused, RedisUnavailable
from mesh.events.tail import FollowerSlow, PositionLost
from mesh.resource import merged
from mesh.resource.mapping import read_columns
from mesh.resource.matching import Matching
from mesh.resource.scopes import Breadth
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from google.protobuf.message import Message
    from sqlalchemy import ColumnElement

    from mesh.contract.method import MethodContract
    from mesh.events.envelope import Event
    from mesh.events.tail import Position
    from mesh.resource.resource import Resource
    from mesh.runtime.stream import StreamCall

HEARTBEAT_SECONDS = 15.0
_LOOK_SECONDS = 0.5
"""Between two looks whether the caller is still there."""
_SIGHT_SECONDS = 2.0
"""Between two looks at what the caller may see."""
_PAGE = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to tell; `resource` is None where none is told of, `cursor` is where it goes on afterwards."""

    kind: changes_pb2.ChangeKind
    cursor: str
    resource: Any = None
    sequence: int = 0
    changed_paths: Sequence[str] = field(default=())


class View(Protocol):
    """What of a resource a caller is told."""

    def sight(self, call: StreamCall) -> str:
        """What decides on the rows that the caller may see; where it changes the feed begins anew.

        Raises:
            Failure: the caller may see nothing any more.
        """
        ...

    def rows(self, call: StreamCall, after: str, limit: int) -> Sequence[Sequence[Any]]:
        """Up to `limit` rows with ids behind `after`, in their order."""
        ...

    def change(self, call: StreamCall, step: Step, before: Any) -> Step | None:
        """A change as the caller may see it, or nothing; `before` holds what the changed fields held, where known."""
        ...


class Everything:
    """The view of the mesh's own services."""

    def __init__(self, resource: Resource[Any]) -> None:
        self._page = page(resource, Breadth.ALL)

    def sight(self, call: StreamCall) -> str:
        """See View."""
        call.recheck()
        return ""

    def rows(self, call: StreamCall, after: str, limit: int) -> Sequence[Sequence[Any]]:
        """See View."""
        return call.read(self._page, after=after, limit=limit)

    def change(self, call: StreamCall, step: Step, before: Any) -> Step | None:
        """See View."""
        del call, before
        return step


def page(resource: Resource[Any], breadth: Breadth, *conditions: ColumnElement[bool]) -> Statement:
    """Rows of a resource by id, behind `after`, for those who reach so much of it."""
    table = resource.table
    beyond = table.c.id > bindparam("after", type_=TEXT)
    chosen = (table.c.tenant_id == TENANT, beyond, *resource.scopes.conditions(breadth), *conditions)
    core = select(*read_columns(table, resource.message)).where(*chosen).order_by(table.c.id)
    return Statement(core.limit(bindparam("limit", type_=BigInteger)), name=f"snapshot {table.name}")


class Changes:
    """The stream of one resource."""

    def __init__(self, resource: Resource[Any], view: View) -> None:
        self._resource = resource
        self._view = view
        self._events = {event.DESCRIPTOR.full_name: event for event in resource.events.values() if event}
        self._prefix = f"{resource.contract.collection}/"

    def current(self, call: StreamCall, ids: Sequence[str]) -> Iterator[Step]:
        """These resources as they are.

        Raises:
            Failure: NOT_FOUND, where one is unknown.
        """
        resource = self._resource
        rows = {row[1]: row for row in call.read(resource.by_ids, ids=list(dict.fromkeys(ids)))}
        missing = [identity for identity in ids if identity not in rows]
        gone = merged.told(call.read, missing) if resource.contract.mergeable else {}
        for identity in ids:
            if identity in gone:
                yield self._merged(identity, *gone[identity])
                continue
            if identity not in rows:
                raise Failure("NOT_FOUND", metadata={"resource": f"{self._prefix}{identity}"})
            yield self._row(rows[identity], "")

    def follow(self, call: StreamCall, cursor: str, text: str = "") -> Iterator[Step]:
        """From a cursor on, or from a snapshot where there is none or where the stream has lost its place.

        `text` is a filter: what does not match it is not there.

        Raises:
            Failure: PAGE_TOKEN_INVALID on `cursor`; INVALID_ARGUMENT on `filter`; UNAVAILABLE where the caller is to go
                on from its last cursor.
        """
        matching = Matching(self._resource, text)
        seal = _Seal(call, self._resource.contract.type, text)
        done, at = seal.read(cursor, self._view.sight(call)) if cursor else (None, None)
        while not call.gone.is_set():
            try:
                if at is None or done is not None:
                    seal.sight = self._view.sight(call)
                    at = yield from self._snapshot(call, seal, matching, done or "", at)
                yield from self._tail(call, seal, matching, at)
            except (PositionLost, _SightChanged):
                done = at = None
            except (FollowerSlow, RedisUnavailable, RedisRefused):
                raise Failure("UNAVAILABLE", retry_after=1) from None

    def _snapshot(
        self, call: StreamCall, seal: _Seal, matching: Matching, after: str, at: Position | None
    ) -> Generator[Step, None, Position]:
        tail = call.environment.tail
        if at is None:
            at = tail.end()
            yield Step(changes_pb2.CHANGE_KIND_SNAPSHOT_STARTED, seal.make("", at))
        elif not tail.reaches(at):
            raise PositionLost
        while not call.gone.is_set():
            rows = self._view.rows(call, after, _PAGE)
            found = [step for row in rows if matching.holds((step := self._row(row, seal.make(row[1], at))).resource)]
            yield from found
            after = rows[-1][1] if rows else after
            if rows and not found:
                yield Step(changes_pb2.CHANGE_KIND_HEARTBEAT, seal.make(after, at))
            if len(rows) < _PAGE:
                break
        if not call.gone.is_set():
            yield Step(changes_pb2.CHANGE_KIND_SNAPSHOT_COMPLETE, seal.make(None, at))
        return at

    def _tail(self, call: StreamCall, seal: _Seal, matching: Matching, at: Position) -> Iterator[Step]:
        follower = call.environment.tail.follow(call.identity.tenant, at)
        told = looked = time.monotonic()
        try:
            while not call.gone.is_set():
                taken = follower.take(min(_LOOK_SECONDS, _SIGHT_SECONDS))
                if time.monotonic() - looked >= _SIGHT_SECONDS:
                    looked = time.monotonic()
                    if self._view.sight(call) != seal.sight:
                        raise _SightChanged
                for position, event in taken:
                    step = self._changed(call, event, matching, seal.make(None, position))
                    if step is not None:
                        told = time.monotonic()
                        yield step
                if time.monotonic() - told >= HEARTBEAT_SECONDS:
                    told = time.monotonic()
                    yield Step(changes_pb2.CHANGE_KIND_HEARTBEAT, seal.make(None, follower.position))
        finally:
            follower.close()

    def _changed(self, call: StreamCall, event: Event, matching: Matching, cursor: str) -> Step | None:
        kind = self._events.get(event.type)
        if kind is None:
            return None
        told: Any = kind.FromString(event.data)
        now: Any = getattr(told, self._resource.contract.singular)
        ended = self._resource.contract.mergeable and now.merged_into_id
        what = changes_pb2.CHANGE_KIND_MERGED if ended else changes_pb2.CHANGE_KIND_CHANGED
        step = Step(what, cursor, now, event.sequence, tuple(told.changed_paths))
        previous = told.previous if told.HasField("previous") else None
        step_in_sight = self._view.change(call, step, previous)
        if step_in_sight is None or (step_in_sight is step and matching.holds(now)):
            return step_in_sight
        created = kind is self._resource.events["Created"]
        # What the caller was told of until now is told as removed.
        return None if created or not matching.may_have_held(now, previous, step.changed_paths) else removed(step)

    def _merged(self, identity: str, into: str, sequence: int, time_us: int) -> Step:
        """What is left of a resource that has become part of another one."""
        left: Any = self._resource.message(id=identity, merged_into_id=into)
        for name in ("delete_time", "update_time"):
            getattr(left, name).FromMicroseconds(time_us)
        return Step(changes_pb2.CHANGE_KIND_MERGED, "", left, sequence)

    def _row(self, row: Sequence[Any], cursor: str) -> Step:
        """A row without what others call what it refers to: its changes do not tell when that changes."""
        resource = self._resource
        message = resource.build(resource.message, row)
        resource.references.without_titles(message)
        return Step(changes_pb2.CHANGE_KIND_CURRENT, cursor, message, row[0])


def removed(step: Step) -> Step:
    """A change as it is told to somebody for whom the resource is gone; what it became part of is told with it."""
    gone = type(step.resource)(id=step.resource.id)
    if step.kind == changes_pb2.CHANGE_KIND_MERGED:
        gone.merged_into_id = step.resource.merged_into_id
        return replace(step, resource=gone, changed_paths=())
    return replace(step, kind=changes_pb2.CHANGE_KIND_REMOVED, resource=gone, changed_paths=())


class _SightChanged(Exception):
    """The caller sees other rows than before."""


class _Seal:
    """Makes and reads the cursors of one caller, resource and filter; `sight` is what the caller sees by them."""

    def __init__(self, call: StreamCall, type_: str, text: str) -> None:
        self._cursors, self._epoch = call.environment.cursors, call.environment.epoch
        self._binding = (call.identity.tenant, call.identity.principal, call.contract.path, type_, text)
        self.sight = ""

    def make(self, after: str | None, at: Position) -> str:
        """A cursor: behind the id `after` in a snapshot, or in the changes, with the position in the stream."""
        phase = "changes" if after is None else f"snapshot {after}"
        return self._cursors.make(self._binding, [phase, *at, self.sight + self._epoch])

    def read(self, cursor: str, sight: str) -> tuple[str | None, Position | None]:
        """What a cursor holds; nothing where its caller saw something else by it, or the database was restored."""
        try:
            phase, moment, number, seen = self._cursors.read(self._binding, cursor, 4)
        except Failure as failure:
            raise Failure(failure.reason, fields={"cursor": "is not one of this stream"}) from None
        if seen != sight + self._epoch:
            return None, None
        self.sight = sight
        text = str(phase)
        return (None if text == "changes" else text.removeprefix("snapshot ")), (int(moment), int(number))


def changes_handler(method: MethodContract, resource: Resource[Any]) -> Callable[[StreamCall, Any], Iterator[Message]]:
    """The handler of the generated `Read<Resource>Changes`."""
    changes = Changes(resource, Everything(resource))

    def read(call: StreamCall, request: Any) -> Iterator[Message]:
        steps = changes.current(call, request.ids) if request.ids else changes.follow(call, request.cursor)
        for step in steps:
            yield told(method, resource, step)

    return read


def told(method: MethodContract, resource: Resource[Any], step: Step) -> Message:
    """A step as the method tells it."""
    reply: Any = method.reply(
        kind=step.kind, sequence=step.sequence, changed_paths=step.changed_paths, cursor=step.cursor
    )
    if step.resource is not None:
        getattr(reply, resource.contract.singular).CopyFrom(step.resource)
    return reply
