"""What a failure tells, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc

from mesh.contract.failure import Failure
from mesh.contract.method import AccessKind
from mesh.runtime import chain
from mesh.runtime.call import current_call
from mesh.store.errors import StoreError
from mesh.store.store import Store
from tests.contract.world import check_declared, personal, refusal_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mesh.contract.method import MethodContract
    from tests.contract.world import World

SECRET = "hunter2-0xC0FFEE"
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
    if method.access.kind is not AccessKind.ANONYMOUS:
        world.refused(method, lambda: world.mesh.call(method, request), "UNAUTHENTICATED")


def planted_secret(world: World, method: MethodContract) -> None:
    """The text of an exception reaches neither the client nor the log; nor does any value of a request the log."""
    request = world.request(method)
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
    with world.mesh.access_log.open("rb") as log:
        log.seek(start)
        logged = log.read().decode()
    assert logged.count("\n") >= len(_KINDS) + 2
    assert SECRET not in logged, "a secret reached the access log"
    for value in personal(request):
        assert value not in logged, f"{value!r} of a request reached the access log"


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
