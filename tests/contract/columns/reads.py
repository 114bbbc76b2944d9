"""What reads give, and that they leave everything as it was."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from rapport.policy.v1 import policy_pb2

from mesh.contract.method import Verb
from mesh.contract.resource import sensitivity

if TYPE_CHECKING:
    from mesh.contract.method import MethodContract
    from mesh.testing.local import Member
    from tests.contract.world import World

_COUNT = 7
_SIZES = (1, 2, 3, 200)


def reads_only(method: MethodContract) -> bool:
    return method.reads_only


def no_side_effects(world: World, method: MethodContract) -> None:
    """Declared free of side effects, it begins no write and leaves every database as it was."""
    request = world.request(method)
    before = world.everything()
    with world.mesh.statements(method.service) as asked:
        first = world.call(method, request)
        assert _told(world.call(method, request)) == _told(first)
    assert "transaction" not in asked
    assert world.everything() == before, f"{method.full_name} has side effects"


def _told(reply: Any) -> Any:
    """A reply without its secrets, however deep: those are made anew each time."""
    for field in reply.DESCRIPTOR.fields if reply is not None else ():
        if sensitivity(field) == policy_pb2.SENSITIVITY_SECRET:
            reply.ClearField(field.name)
        elif field.message_type and not field.is_repeated and reply.HasField(field.name):
            _told(getattr(reply, field.name))
    return reply


def is_list(method: MethodContract) -> bool:
    return method.standard is not None and method.standard.verb is Verb.LIST


def pages(world: World, method: MethodContract) -> None:
    """Pages of any size, put together, are the whole; nothing stands twice and nothing is left out."""
    assert method.standard is not None
    assert method.standard.verb is Verb.LIST
    resource = method.standard.resource
    world.known(resource, world.reader, _COUNT)
    stored = sorted(world.ids(resource, world.reader))
    for order in ("", "create_time", "update_time desc", "update_time, id desc"):
        whole = _walk(world, method, 200, order)
        assert sorted(whole) == stored, f"{method.full_name} by {order!r} is not what is stored"
        for size in _SIZES:
            assert _walk(world, method, size, order) == whole, f"{method.full_name}: pages of {size} differ"


def _walk(world: World, method: MethodContract, size: int, order: str) -> list[str]:
    """The ids of all pages in turn."""
    assert method.standard is not None
    found: list[str] = []
    token = ""
    while token or not found:
        request = method.request(page_size=size, page_token=token, order_by=order)
        reply: Any = world.call(method, request, world.reader)
        page = [item.id for item in getattr(reply, method.standard.field)]
        assert 0 < len(page) <= size, f"{method.full_name} gives a page of {len(page)} where {size} were asked"
        found += page
        assert len(set(found)) == len(found), f"{method.full_name} repeats itself"
        token = reply.next_page_token
        if not token:
            break
    return found


def page_tokens(world: World, method: MethodContract) -> None:
    """A page token that was changed, or is of another caller, filter, order or list, is INVALID_ARGUMENT."""
    assert method.standard is not None
    resource = method.standard.resource
    world.known(resource, world.tenant, 2)
    plain: Any = world.call(method, method.request(page_size=1))
    if not plain.next_page_token:  # what was known has been deleted by another cell
        made = [world.fresh(resource, world.tenant) for _ in range(2)]
        plain = world.call(method, method.request(page_size=1))
        assert plain.next_page_token, made
    token = plain.next_page_token
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for place in {0, 5, 15, 16, 20, len(raw) - 3, len(raw) - 1}:
        changed = bytes(byte ^ (1 if i == place else 0) for i, byte in enumerate(raw))
        _refused(world, method, base64.urlsafe_b64encode(changed).rstrip(b"=").decode())
    for garbage in ("x", "====", token[:-1], token[:10], f"{token}{token}", "ä", "-" * 2000):
        _refused(world, method, garbage)
    for stranger in (world.other, world.colleague):
        _refused(world, method, token, by=stranger)
    _refused(world, method, token, order_by="create_time desc, id")
    _refused(world, method, token, filter='create_time > "2020-01-01T00:00:00Z"')
    for other in world.catalog.methods.values():
        if is_list(other) and other != method:
            _refused(world, other, token)


def _refused(world: World, method: MethodContract, token: str, by: Member | None = None, **more: str) -> None:
    refusal = world.refuses(method, method.request(page_token=token, **more), "INVALID_ARGUMENT", by=by)
    assert refusal.reason.endswith("/PAGE_TOKEN_INVALID")
    assert "page_token" in refusal.fields
