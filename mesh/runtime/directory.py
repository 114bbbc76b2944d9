"""What a process knows of tenants and principals without asking: a copy, loaded on a miss and at most 30 seconds old.

While `users` is away, an entry that is known serves for 15 minutes, except where a contract asks for a fresh one.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from rapport.policy.v1 import policy_pb2

from mesh.contract.failure import Failure
from mesh.runtime.client import CallFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rapport.users.v1 import directory_service_pb2

FRESH_SECONDS = 30.0
STALE_SECONDS = 900.0
# After a failed look-up, known entries serve this long without another try: callers do not wait for what is away.
_PAUSE_SECONDS = 2.0
_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Limit:
    """How many calls a tenant may make, over all instances of a service: at least one per minute, and one at once."""

    per_minute: int
    burst: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A principal with its tenant.

    `grants` holds for each permission the widest scope, as a `users.v1.Scope`; `limits` is by rate class, as in `READ`.
    """

    active: bool
    epoch: int
    grants: Mapping[str, int]
    time_zone: str
    currency: str
    limits: Mapping[str, Limit]


@dataclass(slots=True)
class _Known:
    entry: Entry
    loaded: float


def entry_of(found: directory_service_pb2.LookUpPrincipalResponse) -> Entry:
    """The entry in what `users` answers."""
    grants: dict[str, int] = {}
    for grant in found.principal.grants:
        grants[grant.permission] = max(grants.get(grant.permission, 0), grant.scope)
    return Entry(
        active=found.tenant.active and found.principal.active,
        epoch=found.principal.session_epoch,
        grants=MappingProxyType(grants),
        time_zone=found.tenant.time_zone,
        currency=found.tenant.currency_code,
        limits=MappingProxyType({_class_name(limit.rate_class): _limit(limit) for limit in found.tenant.limits}),
    )


def _class_name(rate_class: int) -> str:
    """The name that contracts give a class; one that this version does not know has its number."""
    known = policy_pb2.RateClass.DESCRIPTOR.values_by_number.get(rate_class)
    return known.name.removeprefix("RATE_CLASS_") if known else str(rate_class)


def _limit(sent: directory_service_pb2.RateLimit) -> Limit:
    return Limit(per_minute=max(1, sent.per_minute), burst=max(1, sent.burst))


class Directory:
    """The copy of one process. `look_up(tenant, principal)` asks `users`, and answers None for an unknown principal."""

    def __init__(self, look_up: Callable[[str, str], directory_service_pb2.LookUpPrincipalResponse | None]) -> None:
        self._look_up = look_up
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()
        self._asking: set[tuple[str, str]] = set()
        self._ask_again = 0.0
        self._lock = threading.Lock()

    def find(self, tenant: str, principal: str, *, fresh: bool = False) -> Entry:
        """What is known of a principal. While one call renews an entry, the others go on with it.

        Raises:
            Failure: UNAUTHENTICATED for an unknown principal; UNAVAILABLE where `users` is away and no entry will do.
        """
        key = (tenant, principal)
        known = self._known.get(key)
        now = time.monotonic()
        usable = known is not None and not fresh and now - known.loaded < STALE_SECONDS
        if known is not None and usable:
            renewed = now - known.loaded < FRESH_SECONDS
            if renewed or key in self._asking or now < self._ask_again:
                return known.entry
        self._asking.add(key)
        try:
            found = self._look_up(tenant, principal)
        except (Failure, CallFailed):
            self._ask_again = time.monotonic() + _PAUSE_SECONDS
            if known is not None and usable:
                return known.entry
            raise
        finally:
            self._asking.discard(key)
        if found is None:
            self.forget(tenant, principal)
            raise Failure("UNAUTHENTICATED")
        entry = entry_of(found)
        with self._lock:
            self._known[key] = _Known(entry, now)
            self._known.move_to_end(key)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return entry

    def forget(self, tenant: str, principal: str) -> None:
        """Drop an entry, so that the next call asks again."""
        with self._lock:
            self._known.pop((tenant, principal), None)
