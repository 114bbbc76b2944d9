"""How often a tenant may call."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest import mock

from mesh.contract.method import AccessKind
from mesh.runtime.limits import Limit
from mesh.runtime.rate import Buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.contract.method import MethodContract
    from mesh.runtime.directory import Entry
    from tests.contract.world import World

_LOOK_UP = "look up principal"


def has_budget(method: MethodContract) -> bool:
    """Everything but what services ask of each other: that is no tenant's call."""
    return method.access.kind is not AccessKind.SERVICE


def rate_limited(world: World, method: MethodContract) -> None:
    """With one token, the second call is RATE_LIMITED and asks the store for nothing; other tenants have their own."""
    first, second = world.request(method), world.request(method)
    theirs = world.request(method, of=world.other)
    with _one_token(world, method):
        world.call(method, first)
        before = world.everything()
        with world.mesh.statements(method.service) as asked:
            refusal = world.refuses(method, second, "RESOURCE_EXHAUSTED")
        assert refusal.reason == f"{method.service}.rapport/RATE_LIMITED"
        assert 0 < refusal.retry_after <= 60
        assert set(asked) <= {_LOOK_UP}, f"{method.full_name} asked the store for {asked}"
        assert world.everything() == before
        if method.access.kind is not AccessKind.ANONYMOUS:
            world.call(method, theirs, by=world.other)
    world.call(method, second)


@contextmanager
def _one_token(world: World, method: MethodContract) -> Iterator[None]:
    """Every tenant may call the method once a minute, and nobody has called yet."""
    host = world.mesh.host(method.service)
    directory = host.environment.directory
    limits = {method.rate: Limit(per_minute=1, burst=1)}
    real = directory.find

    def find(tenant: str, principal: str, *, fresh: bool = False) -> Entry:
        return dataclasses.replace(real(tenant, principal, fresh=fresh), limits=limits)

    with (
        mock.patch.object(directory, "find", find),
        mock.patch.multiple(host.rate, _buckets=Buckets(), _defaults=limits),
    ):
        yield
