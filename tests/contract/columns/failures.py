"""What a failure tells, and to whom."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc

from mesh.contract.failure import Failure
from mesh.contract.method import AccessKind
from mesh.runtime import chain
from mesh.runtime.call import current_call
from mesh.store.errors import Busy, StoreError, Timeout, Unavailable
from mesh.store.store import Store
from mesh.testing.eventually import eventually
from mesh.testing.faults import answer_lost, failing
from tests.contract.refusals import check_declared, personal, refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opentelemetry.sdk.trace import ReadableSpan

    from mesh.contract.method import MethodContract
    from tests.contract.world import World

SECRET = "hunter2-0xC0FFEE"
# What tells a caller that trying again may help.
_PASSING = ("ABORTED", "DEADLINE_EXCEEDED", "UNAVAILABLE")
_MOST_STEPS = 12
_KINDS: tuple[type[Exception], ...] = (RuntimeError, KeyError, StoreError, ValueError, grpc.RpcError)


def always(method: MethodContract) -> bool:
    del method
    return True


def declared_reasons(world: World, method: MethodContract) -> None:
    """A failure of any kind carries a reason that the contract declares, and the domain of the service."""
    request = world.request(method)

    for reason in sorted(method.reasons):
        failure = Failure(reason, metadata={"seen": "yes"}, fields={"field": "is odd"})
        with mock.patch.object(chain, "validate", _raising(method, failure)):
            found = world.refused(method, lambda: world.call(method, request))
        assert found.reason == f"{method.service}.rapport/{reason}"
        if reason != "INTERNAL":
            assert found.metadata["seen"] == "yes"
            assert "field" in found.fields
    with mock.patch.object(chain, "validate", _raising(method, Failure("NEVER_DECLARED"))):
        assert world.refuses(method, request, "INTERNAL").reason.endswith("/INTERNAL")
    world.refuses(method, b"\xff\xff\xff", "INVALID_ARGUMENT")
    if method.access.kind is AccessKind.CAPABILITY:
        request.token = ""
    if method.access.kind is not AccessKind.ANONYMOUS:
        world.refused(method, lambda: world.mesh.call(method, request), "UNAUTHENTICATED")


def planted_secret(world: World, method: MethodContract) -> None:
    """The text of an exception reaches neither the client nor log, metrics and spans; nor does a value of a request."""
    request = world.request(method)
    with _sampled(world, method):
        logged = _what_is_logged(world, method, request)
    told = {
        "the access log": logged,
        "a span": "\n".join(_shown(span) for span in list(world.mesh.spans)),
        "the label of a metric": "\n".join(_labels(world, method)),
    }
    assert method.full_name in told["a span"], "its calls are sampled"
    assert method.full_name in told["the label of a metric"], "its calls are counted"
    for where, text in told.items():
        assert SECRET not in text, f"a secret reached {where}"
        for value in personal(request):
            assert value not in text, f"{value!r} of a request reached {where}"


@contextmanager
def _sampled(world: World, method: MethodContract) -> Iterator[None]:
    """Every call leaves spans meanwhile, and no others are kept."""
    world.mesh.spans.clear()
    with mock.patch.object(world.mesh.host(method.service).environment.telemetry.tracer, "_below", 2**32):
        yield


def _shown(span: ReadableSpan) -> str:
    """What a span tells beside ids and times."""
    return f"{span.name} {dict(span.attributes or {})} {span.status.description}"


def _labels(world: World, method: MethodContract) -> set[str]:
    """The values of all labels of all metrics of the method's service."""
    families = world.mesh.readings(method.service).collect()
    return {value for family in families for sample in family.samples for value in sample.labels.values()}


def _what_is_logged(world: World, method: MethodContract, request: Any) -> str:
    """The access lines of calls that fail in any way, and of one that does not."""
    start = world.mesh.access_log.stat().st_size
    for kind in _KINDS:
        with mock.patch.object(chain, "validate", _raising(method, kind(SECRET))):
            _check_silent(world, method, request, must_fail=True)
    raising = {
        "read": _raising(method, StoreError(SECRET), Store.read),
        "transaction": _raising(method, RuntimeError(SECRET), Store.transaction),
    }
    with mock.patch.multiple(Store, **raising):
        _check_silent(world, method, request, must_fail=False)
    world.call(method, request)

    def logged_all() -> str:
        with world.mesh.access_log.open("rb") as log:
            log.seek(start)
            text = log.read().decode()
        return text if text.count("\n") >= len(_KINDS) + 2 else ""

    # A stream that its caller has left is logged when the server hears of it.
    return eventually(logged_all)


def store_faults(world: World, method: MethodContract) -> None:
    """A store that fails at any step of a call: a refusal that may be tried again, and nothing is half-written."""
    store = world.mesh.host(method.service).store
    with failing(store, method, Busy(), at=-1) as counted:
        world.call(method, world.request(method))
    for step in range(min(counted.steps, _MOST_STEPS)):
        error = (Busy(), Timeout(), Unavailable())[step % 3]
        request = world.request(method)
        before = world.mesh.dump(method.service)
        with failing(store, method, error, at=step):
            try:
                world.call(method, request)
            except grpc.RpcError as failure:
                refusal = refusal_of(failure)
                check_declared(method, refusal)
                assert refusal.code in _PASSING, f"{method.full_name}, step {step}: {refusal.code} for {error!r}"
                assert world.mesh.dump(method.service) == before, f"{method.full_name}: half-written at step {step}"
    world.call(method, world.request(method))


def answer_is_lost(world: World, method: MethodContract) -> None:
    """The commit happened and its answer got lost: the same request again gets the reply, and there is one effect."""
    request = world.identified(method)
    store = world.mesh.host(method.service).store
    with answer_lost(store, method):
        world.refuses(method, request, "UNAVAILABLE")
    after = world.mesh.dump(method.service)
    world.call(method, request)
    assert world.mesh.dump(method.service) == after, f"{method.full_name}: the request took effect twice"


def _check_silent(world: World, method: MethodContract, request: Any, *, must_fail: bool) -> None:
    try:
        reply = world.call(method, request)
    except grpc.RpcError as error:
        refusal = refusal_of(error)
        check_declared(method, refusal)
        assert refusal.code == "INTERNAL"
        assert SECRET not in refusal.text, "a secret reached the client"
        assert SECRET.encode() not in refusal.status, "a secret reached the client"
        assert set(refusal.metadata) == {"trace"}
        assert not any(value in refusal.metadata["trace"] for value in personal(request))
    else:
        assert not must_fail
        assert SECRET.encode() not in reply.SerializeToString()


def _raising(
    method: MethodContract, error: Exception, otherwise: Callable[..., Any] = chain.validate
) -> Callable[..., Any]:
    """Raises where the method is served, and nowhere else: what it calls, and whoever prepares the test, goes on."""

    def fail(*arguments: Any, **more: Any) -> Any:
        call = current_call.get()
        if call is not None and call.contract == method:
            raise error
        return otherwise(*arguments, **more)

    return fail
