"""What a write leaves behind: all of it once, or nothing."""

from __future__ import annotations

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from unittest import mock

from mesh.contract.method import AccessKind, Verb
from mesh.contract.resource import behaviors
from mesh.runtime import chain, idempotency
from mesh.runtime.call import current_call
from mesh.runtime.identity import ADDRESS_HEADER, Device, telling
from mesh.runtime.tracing import TRACE_HEADER
from mesh.testing.local import LocalMesh
from mesh.testing.messages import is_output_only
from tests.contract.refusals import personal
from tests.contract.shapes import resource_of, updates

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.contract.method import MethodContract
    from tests.contract.world import World

_RESOURCE = re.compile(r"^[a-z-]+/[a-z]+_[0-9A-HJKMNP-TV-Z]{26}$")


_ADDRESS = "2001:db8::17"
_GUARDED = (Verb.UPDATE, Verb.BATCH_UPDATE, Verb.DELETE, Verb.UNDELETE)


def always(method: MethodContract) -> bool:
    del method
    return True


def expired_deadline(world: World, method: MethodContract) -> None:
    """A deadline that passes before the handler, or at the last moment before the commit, leaves nothing behind."""
    request = world.identified(method) if method.takes_request_id else world.request(method)
    before = world.everything()
    with mock.patch.object(chain, "validate", _then_late(method, chain.validate, Counter())):
        world.refuses(method, request, "DEADLINE_EXCEEDED")
    if not method.reads_only:
        written: Counter[str] = Counter()
        with mock.patch.object(idempotency, "keep", _then_late(method, idempotency.keep, written)):
            world.refuses(method, request, "DEADLINE_EXCEEDED")
        assert written, f"{method.full_name} has side effects and writes nothing"
    assert world.everything() == before, f"{method.full_name} wrote after its deadline"
    # Nothing was taken either: the same request, sent again in time, has its effect.
    world.call(method, request)


def _then_late(method: MethodContract, link: Callable[..., Any], called: Counter[str]) -> Callable[..., Any]:
    """The link, and after it the deadline of a call of this method has passed."""

    def late(*arguments: Any) -> Any:
        result = link(*arguments)
        call = current_call.get()
        if call is not None and call.contract == method:
            called[method.name] += 1
            call.ends = 0.0
        return result

    return late


def takes_request_id(method: MethodContract) -> bool:
    return method.takes_request_id


def same_request_id(world: World, method: MethodContract) -> None:
    """The same request sent twice has one effect and gets the same reply; another caller's id is another id."""
    request = world.identified(method)
    before = world.everything()
    first = world.call(method, request)
    after = world.everything()
    assert after != before, f"{method.full_name} has no effect"
    assert world.call(method, request) == first
    assert world.everything() == after, f"{method.full_name} has a second effect"
    theirs = world.request(method, of=world.other)
    theirs.request_id = request.request_id
    assert world.call(method, theirs, by=world.other) != first


def request_id_race(world: World, method: MethodContract) -> None:
    """The same request sent twice at once has the effect of one, and both get the same reply."""
    single, request = world.identified(method), world.identified(method)
    # The first write of an hour also sets the timer that removes the hour's request ids.
    world.call(method, world.identified(method))
    alone = _growth(world, lambda: world.call(method, single))
    replies: list[Any] = []
    barrier = threading.Barrier(2)

    def twin() -> None:
        barrier.wait(5)
        replies.append(world.call(method, request))

    def both() -> None:
        with ThreadPoolExecutor(2) as pool:
            for future in [pool.submit(twin), pool.submit(twin)]:
                future.result()

    together = _growth(world, both)
    assert replies[0] == replies[1]
    assert together == alone, f"{method.full_name}: {together} rows for two, {alone} for one"


def _growth(world: World, work: Callable[[], object]) -> dict[str, int]:
    """How many rows each table gains by it."""

    def sizes() -> Counter[str]:
        return Counter({f"{s}.{t}": len(rows) for s, c in world.everything().items() for t, rows in c.items()})

    before = sizes()
    work()
    return dict(sizes() - before)


def request_id_reused(world: World, method: MethodContract) -> None:
    """A used request id with another body is FAILED_PRECONDITION."""
    request, other = world.identified(method), world.request(method)
    world.call(method, request)
    other.request_id = request.request_id
    if method.access.kind is AccessKind.CAPABILITY:
        # Each subject of a link is a caller of its own: another link for the same one.
        other.token = world.holders.single_use(method, request.token)
    before = world.everything()
    refusal = world.refuses(method, other, "FAILED_PRECONDITION")
    assert refusal.reason.endswith("/REQUEST_ID_REUSED")
    assert world.everything() == before


def guards_by_etag(method: MethodContract) -> bool:
    return method.standard is not None and method.standard.verb in _GUARDED


def stale_etag(world: World, method: MethodContract) -> None:
    """An etag that is not the current one is ABORTED; the current one passes, and is another afterwards."""
    assert method.standard is not None
    request = world.request(method)
    holder = _changed(method, request) if updates(method, request) else request
    current = world.read(method.standard.resource, holder.id, world.tenant).etag
    before = world.everything()
    for stale in ('"ffff"', current.strip('"'), "x", f"{current} "):
        holder.etag = stale
        assert world.refuses(method, request, "ABORTED").reason.endswith("/ETAG_MISMATCH")
    assert world.everything() == before
    holder.etag = current
    changed = resource_of(method, world.call(method, request)).etag
    assert changed != current
    world.refuses(method, request, "ABORTED")


def takes_mask(method: MethodContract) -> bool:
    return method.standard is not None and method.standard.verb in (Verb.UPDATE, Verb.BATCH_UPDATE)


def _changed(method: MethodContract, request: Any) -> Any:
    """The resource in a request that changes one."""
    assert method.standard is not None
    return getattr(updates(method, request)[0], method.standard.resource.singular)


def mask(world: World, method: MethodContract) -> None:
    """A mask changes its fields and no other; without one those that are present change; an unknown path is refused."""
    assert method.standard is not None
    resource = method.standard.resource
    kept = {"id", "etag", "create_time", "update_time", "delete_time"}
    mutable = [f.name for f in resource.message.DESCRIPTOR.fields if f.name not in kept and not behaviors(f) & {3, 5}]
    for name in mutable:
        request = world.request(method)
        sent = _changed(method, request)
        before = world.read(resource, sent.id, world.tenant)
        updates(method, request)[0].update_mask.paths.append(name)
        _check_changed(method, before, resource_of(method, world.call(method, request)), sent, {name})
    request = world.request(method)
    sent = _changed(method, request)
    before = world.read(resource, sent.id, world.tenant)
    for name in [*mutable[1:], *resource.immutable]:
        sent.ClearField(name)
    _check_changed(method, before, resource_of(method, world.call(method, request)), sent, {mutable[0]})
    for path in ("no_such_field", f"{mutable[0]}.deeper", "", "Display_Name"):
        request = world.request(method)
        updates(method, request)[0].update_mask.paths.append(path)
        where = "update_mask" if method.standard.verb is Verb.UPDATE else "requests[0].update_mask"
        assert where in world.refuses(method, request, "INVALID_ARGUMENT").fields


def _check_changed(method: MethodContract, before: Any, reply: Any, sent: Any, paths: set[str]) -> None:
    for field in before.DESCRIPTOR.fields:
        name = field.name
        if name in paths:
            assert getattr(reply, name) == getattr(sent, name), f"{method.full_name} did not change {name}"
        elif name not in ("etag", "update_time") and not is_output_only(field):
            assert getattr(reply, name) == getattr(before, name), f"{method.full_name} changed {name} for {paths}"
    same = all(getattr(before, name) == getattr(sent, name) for name in paths)
    assert (reply.etag == before.etag) == same


def is_audited(method: MethodContract) -> bool:
    return bool(method.audit)


def audit(world: World, method: MethodContract) -> None:
    """One record per effect, with ids and paths and no value of a field; none for a call that fails."""
    request = world.request(method)
    before = len(world.records(method))
    with mock.patch.object(idempotency, "keep", _then_late(method, idempotency.keep, Counter())):
        world.refuses(method, request, "DEADLINE_EXCEEDED")
    assert len(world.records(method)) == before
    reply = world.call(method, request)
    written = world.records(method)[before:]
    assert len(written) == 1, f"{method.full_name} wrote {len(written)} audit records"
    ((record, _),) = written
    assert record.action == method.audit
    if method.access.kind is AccessKind.PERMISSION:
        assert record.principal_id == world.tenant.id
    assert record.principal_id
    assert _RESOURCE.match(record.resource)
    collection = record.resource.partition("/")[0]
    named = (r.message for r in world.catalog.resources.values() if r.collection == collection)
    acted_on = next(named, method.reply)
    changed = {path.partition(".")[0] for path in record.changed_paths}
    fields = set(acted_on.DESCRIPTOR.fields_by_name)
    assert changed <= fields
    # A session tells the same of where it began.
    record.ClearField("user_agent")
    data = record.SerializeToString()
    # Nor is it a value of anybody which fields a reply says have changed.
    for value in (personal(request) | personal(reply)) - fields:
        assert value.encode() not in data, f"{method.full_name} puts the value {value!r} into its audit record"


def audit_origin(world: World, method: MethodContract) -> None:
    """The record says which request it was, from where and by what program; what it tells of values is nobody's own."""
    trace = f"{next(world.numbers):032x}"
    by_service = method.access.kind is AccessKind.SERVICE
    there = telling(Device(_ADDRESS, "Matrix/1.0")) if by_service else [(ADDRESS_HEADER, _ADDRESS)]
    told = [*there, (TRACE_HEADER, f"00-{trace}-{'1' * 16}-00")]
    real = LocalMesh.call

    def from_there(mesh: LocalMesh, *sent: Any, metadata: Any = (), **more: Any) -> Any:
        return real(mesh, *sent, metadata=[*metadata, *told], **more)

    request = world.request(method)
    before = len(world.records(method))
    with mock.patch.object(LocalMesh, "call", from_there):
        reply = world.call(method, request)
    ((record, _),) = world.records(method)[before:]
    assert (record.request_id, record.address) == (trace, _ADDRESS)
    # Of the edge, what the program itself says is believed; of a service, what it says of its own caller.
    assert record.user_agent.startswith("Matrix/1.0" if by_service else "grpc-python/"), record.user_agent
    paths = [change.path for change in record.changes]
    assert set(paths) <= set(record.changed_paths)
    if method.standard is not None and method.standard.verb in _GUARDED:
        assert paths == list(record.changed_paths), f"{method.full_name} tells {paths} of {record.changed_paths}"
        assert all(change.before != change.after for change in record.changes)
    values = {value for change in record.changes for value in (change.before, change.after)}
    for value in personal(request) | personal(reply):
        assert not any(value in each for each in values), f"{method.full_name} tells {value!r}"
