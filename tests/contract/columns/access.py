"""Who may call, and whose rows a call reaches."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from mesh.contract.keys import KEY_HEADER
from mesh.contract.method import AccessKind
from mesh.contract.resource import reference
from mesh.runtime.client import TENANT_HEADER
from tests.contract import proofs
from tests.contract.world import id_places

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        elif method.access.kind is AccessKind.CAPABILITY:
            for forged in _forged(world, method, request.token):
                request.token = forged
                refusal = world.refuses(method, request, "UNAUTHENTICATED")
                assert refusal.reason.endswith("/CAPABILITY_INVALID"), f"{method.full_name}: {refusal.reason}"
        elif method.access.kind is AccessKind.PUBLISHABLE_KEY:
            for forged in ("", "pk_", f"pk_{world.tenant.tenant.removeprefix('ten_')}_", token):
                world.refused(method, _with_key(world, method, request, forged), "UNAUTHENTICATED")
        else:
            for credential in broken:
                call = _with_token(world, method, request, credential)
                world.refused(method, call, "UNAUTHENTICATED")
    assert asked == [], f"{method.full_name} asked the store for {asked} before it knew the caller"
    assert world.everything() == before


def _forged(world: World, method: MethodContract, token: str) -> Iterator[str]:
    """Tokens that let nobody do this: broken ones, those of other kinds and services, and one that has expired."""
    yield from ("", "x", "=", token[:-1], token[1:], f"{token}AAAA", token[:10] + ("A" if token[10] != "A" else "B"))
    mine = world.mesh.host(method.service).environment
    held = mine.capabilities.check(method.access.capability, token, mine.clock.now_us())
    later = mine.clock.now_us() + 60_000_000
    for name in world.mesh.services:
        strange = world.mesh.host(name).environment.capabilities
        for kind in (method.access.capability, "other.kind"):
            if (name, kind) != (method.service, method.access.capability):
                yield strange.mint(kind, held.tenant, held.subject, expires_us=later, single_use=False)
    past = mine.clock.now_us() - 1
    yield mine.capabilities.mint(held.kind, held.tenant, held.subject, expires_us=past, single_use=False)
    # The other tenant's name, under the signature of one's own.
    sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    swapped = sealed.replace(held.tenant.encode(), world.other.tenant.encode())
    yield base64.urlsafe_b64encode(swapped).rstrip(b"=").decode()


def wants_assurance(method: MethodContract) -> bool:
    return method.assurance is not None


def stale_proof(world: World, method: MethodContract) -> None:
    """ASSURANCE_NEEDED with what is needed, for a session that proved too little, or too long ago."""
    assert method.assurance is not None
    request = world.request(method)
    needed, before = method.assurance, world.everything()
    short = [(needed.level - 1, 0.0)]
    if needed.within:
        short.append((needed.level, needed.within + 60))
    tokens = [proofs.token(world.mesh, world.tenant, level=level, age=age) for level, age in short]
    with world.mesh.statements(method.service) as asked:
        for token in tokens:
            refusal = world.refused(method, _with_token(world, method, request, token), "UNAUTHENTICATED")
            assert refusal.reason.endswith("/ASSURANCE_NEEDED")
            assert refusal.metadata["level"] == str(needed.level)
    assert set(asked) <= {_LOOK_UP}, f"{method.full_name} asked the store for {asked}"
    assert world.everything() == before


def works_once(method: MethodContract) -> bool:
    """Whether the method is reached by links, and writes: a link may have been made to work once."""
    return method.access.kind is AccessKind.CAPABILITY and not method.reads_only


def replayed(world: World, method: MethodContract) -> None:
    """A link that works once has one effect; the second use is told CAPABILITY_USED."""
    request = world.request(method)
    request.token = world.holders.single_use(method, request.token)
    world.call(method, request)
    again = world.request(method)
    again.token = request.token
    before = world.everything()
    refusal = world.refuses(method, again, "FAILED_PRECONDITION")
    assert refusal.reason.endswith("/CAPABILITY_USED"), f"{method.full_name}: {refusal.reason}"
    assert world.everything() == before


def _with_key(world: World, method: MethodContract, request: Any, key: str) -> Any:
    return lambda: world.mesh.call(method, request, metadata=[(KEY_HEADER, key)] if key else [])


def _with_token(world: World, method: MethodContract, request: Any, token: str) -> Any:
    return lambda: world.mesh.call(method, request, token=token)


def can_be_forbidden(method: MethodContract) -> bool:
    """Everything but what is open to all: to anybody, to every service, or to whoever holds a valid link."""
    access = method.access
    return access.kind not in (AccessKind.ANONYMOUS, AccessKind.CAPABILITY) and "*" not in access.peers


def wrong_permission(world: World, method: MethodContract) -> None:
    """PERMISSION_DENIED, and the store was asked for nothing but the principal."""
    request = world.request(method)
    before = world.everything()
    with world.mesh.statements(method.service) as asked:
        if method.access.kind is AccessKind.PUBLISHABLE_KEY:
            stranger = [(KEY_HEADER, world.key(world.tenant)), ("origin", "https://elsewhere.example")]
            world.refused(method, lambda: world.mesh.call(method, request, metadata=stranger), "PERMISSION_DENIED")
            assert set(asked) <= {_LOOK_UP}
            assert world.everything() == before
            return
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


def is_in_person(method: MethodContract) -> bool:
    return method.in_person


def anothers_place(world: World, method: MethodContract) -> None:
    """IN_PERSON_ONLY for who works in somebody else's place, whatever they may do there."""
    request, token = world.request(method), world.holders.placed(world.tenant, world.nobody)
    before = world.everything()
    refusal = world.refused(method, _with_token(world, method, request, token), "PERMISSION_DENIED")
    assert refusal.reason.endswith("/IN_PERSON_ONLY"), f"{method.full_name}: {refusal.reason}"
    assert world.everything() == before


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
