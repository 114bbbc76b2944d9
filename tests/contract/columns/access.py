"""Who may call, and whose rows a call reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.contract.method import AccessKind
from mesh.contract.resource import reference
from mesh.runtime.client import TENANT_HEADER
from tests.contract.world import id_places

if TYPE_CHECKING:
    from mesh.contract.method import MethodContract
    from tests.contract.world import World

_LOOK_UP = "look up principal"


def has_credentials(method: MethodContract) -> bool:
    return method.access.kind is not AccessKind.ANONYMOUS


def no_credentials(world: World, method: MethodContract) -> None:
    """UNAUTHENTICATED without a credential or with a broken one, before any statement."""
    request = world.request(method)
    token = world.tenant.token
    broken = ["", "x", token[:-20], f"{token[:-4]}AAAA", token.replace(".", ".e30.", 1), f"{token}.x"]
    before = world.everything()
    with world.mesh.statements(method.service) as asked:
        if method.access.kind is AccessKind.SERVICE:
            claim = [(TENANT_HEADER, world.tenant.tenant)]
            world.refused(method, lambda: world.mesh.call(method, request, metadata=claim), "UNAUTHENTICATED")
        else:
            for credential in broken:
                call = _with_token(world, method, request, credential)
                world.refused(method, call, "UNAUTHENTICATED")
    assert asked == [], f"{method.full_name} asked the store for {asked} before it knew the caller"
    assert world.everything() == before


def _with_token(world: World, method: MethodContract, request: Any, token: str) -> Any:
    return lambda: world.mesh.call(method, request, token=token)


def can_be_forbidden(method: MethodContract) -> bool:
    """Everything but what is open to all: to anybody, or to every service."""
    access = method.access
    return access.kind is not AccessKind.ANONYMOUS and "*" not in access.peers


def wrong_permission(world: World, method: MethodContract) -> None:
    """PERMISSION_DENIED, and the store was asked for nothing but the principal."""
    request = world.request(method)
    before = world.everything()
    with world.mesh.statements(method.service) as asked:
        if method.access.kind is AccessKind.PERMISSION:
            refusal = world.refuses(method, request, "PERMISSION_DENIED", by=world.nobody)
            assert refusal.metadata == {"permission": method.access.permission}
        # A service's own identity is no user's, and a user's token makes no service.
        for name in set(world.mesh.services) - method.access.peers:
            world.refused(method, _as_service(world, method, request, name), "PERMISSION_DENIED")
    assert set(asked) <= {_LOOK_UP}, f"{method.full_name} asked the store for {asked}"
    assert world.everything() == before


def _as_service(world: World, method: MethodContract, request: Any, name: str) -> Any:
    claim = [(TENANT_HEADER, world.tenant.tenant)]
    return lambda: world.mesh.call(method, request, identity=name, metadata=claim)


def names_resources(method: MethodContract) -> bool:
    return bool(id_places(method))


def other_tenant(world: World, method: MethodContract) -> None:
    """An id of another tenant is answered like one that does not exist, to the byte."""
    valid = world.request(method)
    for place, prefix in id_places(method):
        resource = world.by_prefix[prefix]
        theirs = world.fresh(resource, world.other)
        unknown = world.mesh.host(resource.service).environment.ids.new(prefix)
        before = world.everything()
        statuses = []
        for identity in (theirs, unknown):
            request = type(valid)()
            request.CopyFrom(valid)
            place.set(request, identity)
            refusal = world.refuses(method, request, "INVALID_ARGUMENT" if reference(place.field) else "NOT_FOUND")
            statuses.append(refusal.status.replace(identity.encode(), b"<id>"))
        assert statuses[0] == statuses[1], f"{method.full_name}: {place.path} tells a stranger's id from an unknown one"
        assert world.everything() == before
