"""What the owner of a resource says of it when its events do not tell: for gaps in the inbox, and for new copies.

Owns the form in which a state takes the place of events: `<Resource>Updated`, or `Deleted` for one that is, with the
number of the last event it contains and the changed paths `*`. It keeps nothing.
"""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING, Any

import grpc

from mesh.contract.catalog import load, load_service
from mesh.contract.failure import Failure
from mesh.events.envelope import Event
from mesh.runtime.client import CallFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from google.protobuf.message import Message

    from mesh.contract.resource import ResourceContract
    from mesh.events.inbox import Inbox
    from mesh.events.waiting import Gap
    from mesh.runtime.client import Caller

_log = logging.getLogger(__name__)

GAP_US = 30_000_000
"""How long a gap may be before the owner is asked."""
_LOST_US = 4 * GAP_US
"""How long one may be that no owner can close: what a process that died held has been taken over by then."""
_ASK_SECONDS = 5.0
_MOST_ASKED = 100
"""As many ids as `Read<Resource>Changes` takes."""


class Owner:
    """Asks the services that own resources. Thread-safe."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def changes(
        self, resource: ResourceContract, tenant: str, within: float = _ASK_SECONDS, **request: Any
    ) -> Generator[Any, None, None]:
        """The messages of `Read<Resource>Changes` of a tenant, for a `cursor` or for some `ids` within so many seconds.

        Raises:
            Failure: the owner cannot be reached.
            CallFailed: it refuses.
        """
        path = f"/rapport.{resource.service}.v1.ChangesService/Read{resource.name}Changes"
        method = load_service(resource.service).methods[path]
        timeout = min(within, _ASK_SECONDS) if "ids" in request else None
        return self._caller.stream(path, method.request(**request), method.reply, timeout, tenant=tenant)

    def known(
        self, resource: ResourceContract, tenant: str, ids: Sequence[str], within: float = _ASK_SECONDS
    ) -> list[Any]:
        """What it says of those of the ids that exist: many at once; where one is unknown, each half on its own.

        Raises:
            Failure: the owner cannot be reached.
            CallFailed: it refuses.
        """
        if not ids:
            return []
        middle = len(ids) // 2
        if len(ids) <= _MOST_ASKED:
            try:
                return list(self.changes(resource, tenant, within, ids=list(ids)))
            except CallFailed as failed:
                if failed.code is not grpc.StatusCode.NOT_FOUND:
                    raise
            if not middle:
                return []
        return self.known(resource, tenant, ids[:middle], within) + self.known(resource, tenant, ids[middle:], within)

    def fill(self, inbox: Inbox, now_us: Callable[[], int]) -> None:
        """Close the gaps that are old enough, each with the owner's word on the aggregate."""
        for gap in inbox.gaps(now_us() - GAP_US):
            try:
                self._fill(inbox, gap, now_us())
            except (Failure, CallFailed) as error:
                _log.warning("a gap stays open, %s does not answer: %s", gap.source, type(error).__name__)
                inbox.wait_on(gap)

    def _fill(self, inbox: Inbox, gap: Gap, now_us: int) -> None:
        collection, _, identity = gap.aggregate.partition("/")
        resources = load_service(gap.source).resources.values()
        resource = next((r for r in resources if r.collection == collection and not r.silent), None)
        if resource is None:
            if gap.since_us <= now_us - _LOST_US:
                inbox.skip(gap)
            return
        try:
            (change,) = self.changes(resource, gap.tenant, ids=[identity])
        except CallFailed as failed:
            if failed.code is not grpc.StatusCode.NOT_FOUND:
                raise
            inbox.skip(gap)
            return
        inbox.overtake([state_event(resource, gap.tenant, change)])


def resource_of(type_: str) -> ResourceContract:
    """The resource of a type, as in `customers.rapport/Contact`."""
    return load([type_.partition(".")[0]]).resources[type_]


def state_event(resource: ResourceContract, tenant: str, change: Any) -> Event:
    """A resource as its owner tells it, in the form of an event."""
    row: Any = getattr(change, resource.singular)
    return as_event(resource, tenant, row, change.sequence)


def as_event(resource: ResourceContract, tenant: str, row: Any, sequence: int) -> Event:
    """The state of a resource as the event with this number."""
    deleted = resource.soft_delete and row.HasField("delete_time")
    package = row.DESCRIPTOR.file.package
    events = importlib.import_module(f"{package}.resource_events_pb2")
    kind: type[Message] = getattr(events, f"{resource.name}{'Deleted' if deleted else 'Updated'}")
    message = kind(**{resource.singular: row, "changed_paths": ["*"]})
    aggregate = f"{resource.collection}/{row.id}"
    return Event(
        id=f"state:{aggregate}:{sequence}",
        tenant=tenant,
        aggregate=aggregate,
        sequence=sequence,
        type=message.DESCRIPTOR.full_name,
        data=message.SerializeToString(),
        time_us=row.update_time.ToMicroseconds(),
        source=resource.service,
        actor="",
    )
