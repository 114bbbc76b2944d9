"""What a process knows of tenants and principals without asking: a copy, loaded on a miss and at most 30 seconds old.

While `users` is away, an entry that is known serves for 15 minutes, except where a contract asks for a fresh one.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from rapport.policy.v1 import policy_pb2

from mesh.contract.failure import Failure
from mesh.contract.keys import publishable_key
from mesh.runtime.client import CallFailed
from mesh.runtime.limits import Limit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from rapport.users.v1 import directory_service_pb2

    from mesh.events.envelope import Event

FRESH_SECONDS = 30.0
STALE_SECONDS = 900.0
# After a failed look-up, known entries serve this long without another try: callers do not wait for what is away.
_PAUSE_SECONDS = 2.0
# So long a call waits for the answer to the same question of another call, before it asks for itself.
_TOGETHER_SECONDS = 1.0
_KEPT = 20_000
# By the collection of what was changed: whose entry is then wrong, one principal's or everybody's.
_PRINCIPALS = frozenset({"users", "api-keys", "impersonations", "oauth-clients"})
_OF_ALL = frozenset({"tenants", "teams", "custom-roles", "groups"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A principal with its tenant; what is known of a tenant alone is the entry of its own id.

    `grants` holds for each permission the widest scope, as a `users.v1.Scope`; `limits` is by rate class, as in `READ`.
    `team_ids` is the principal's team and all below it; `origins` is where a publishable key may be used from.
    `user_id` is the user behind a key or in whose place somebody works, and `actor_id` who does, be it an OAuth client;
    else they are nobody.
    `ended`: sessions of the user that have ended while tokens of theirs may still be about.
    `suspended` says why it is not active, where its tenant is suspended and that is all.
    `session_idle` and `session_life` are how many seconds a session lasts without use, and in any case.
    `week_start` is a `google.type.DayOfWeek`, `fiscal_year_start` a month from 1 to 12.
    """

    active: bool
    epoch: int
    grants: Mapping[str, int]
    time_zone: str
    currency: str
    limits: Mapping[str, Limit]
    locale: str = "en"
    region_code: str = ""
    week_start: int = 1
    fiscal_year_start: int = 1
    team_id: str = ""
    team_ids: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    user_id: str = ""
    ended: frozenset[str] = frozenset()
    suspended: bool = False
    actor_id: str = ""
    session_idle: int = 0
    session_life: int = 0

    def narrowed(self, only: Collection[str]) -> Entry:
        """The entry with these permissions at most."""
        grants = {permission: scope for permission, scope in self.grants.items() if permission in only}
        return replace(self, grants=MappingProxyType(grants))


@dataclass(slots=True)
class _Known:
    entry: Entry
    loaded: float


@dataclass(slots=True)
class _Asked:
    """A look-up under way, and its answer for all who have the same question; `drops` when it was asked."""

    drops: int
    over: threading.Event = field(default_factory=threading.Event)
    entry: Entry | None = None


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
        locale=found.tenant.locale,
        region_code=found.tenant.region_code,
        week_start=found.tenant.week_start,
        fiscal_year_start=found.tenant.fiscal_year_start,
        team_id=found.principal.team_id,
        team_ids=tuple(found.principal.team_ids),
        origins=tuple(found.principal.origins),
        user_id=found.principal.user_id,
        ended=frozenset(found.principal.ended_session_ids),
        session_idle=found.tenant.session_idle.seconds,
        session_life=found.tenant.session_life.seconds,
        actor_id=found.principal.actor_id,
        suspended=found.tenant.suspended and found.principal.active,
    )


def _rests(entry: Entry, principal: str) -> bool:
    """Whether what an entry says depends on another principal."""
    return principal in (entry.user_id, entry.actor_id)


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
        self._asking: dict[tuple[str, str], _Asked] = {}
        self._ask_again = 0.0
        self._drops = 0
        self._lock = threading.Lock()
        # How often an entry was known, had to be asked for, and served although `users` was away. About right.
        self.hits = self.misses = self.stale = 0

    def find(self, tenant: str, principal: str, *, fresh: bool = False) -> Entry:
        """What is known of a principal. While one call renews an entry, the others go on with it.

        Where nothing is known they wait for its answer: a process that has just started must not ask once per call.

        Raises:
            Failure: UNAUTHENTICATED for an unknown principal; UNAVAILABLE where `users` is away and no entry will do.
        """
        key = (tenant, principal)
        drops = self._drops
        known = self._known.get(key)
        now = time.monotonic()
        usable = known is not None and not fresh and now - known.loaded < STALE_SECONDS
        if known is not None and usable:
            renewed = now - known.loaded < FRESH_SECONDS
            if renewed or key in self._asking or now < self._ask_again:
                self.hits += 1
                return known.entry
        asked = _Asked(drops)
        with self._lock:
            other = self._asking.setdefault(key, asked)
        # One that asked before a change was told, or before this call came, may hear what is not fresh.
        joins = other is not asked and not fresh and other.drops == drops
        if joins and other.over.wait(_TOGETHER_SECONDS) and other.entry is not None:
            self.hits += 1
            return other.entry
        self.misses += 1
        try:
            asked.entry = self._ask(key, drops)
        except (Failure, CallFailed):
            self._ask_again = time.monotonic() + _PAUSE_SECONDS
            if known is not None and usable:
                self.stale += 1
                return known.entry
            raise
        finally:
            asked.over.set()
            with self._lock:
                if self._asking.get(key) is asked:
                    del self._asking[key]
        if asked.entry is None:
            raise Failure("UNAUTHENTICATED")
        return asked.entry

    def _ask(self, key: tuple[str, str], drops: int) -> Entry | None:
        """Ask `users`, and keep the answer unless a change was told meanwhile: then it is good for this call alone."""
        now = time.monotonic()
        found = self._look_up(*key)
        if found is None:
            self.forget(*key)
            return None
        entry = entry_of(found)
        with self._lock:
            if drops == self._drops:
                self._known[key] = _Known(entry, now)
                self._known.move_to_end(key)
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return entry

    def forget(self, tenant: str, principal: str) -> None:
        """Drop an entry and those of keys and impersonations that rest on the principal: the next call asks again."""
        with self._lock:
            self._drops += 1
            self._known.pop((tenant, principal), None)
            for key in [k for k, known in self._known.items() if k[0] == tenant and _rests(known.entry, principal)]:
                del self._known[key]

    def forget_tenant(self, tenant: str) -> None:
        """Drop all entries of a tenant."""
        with self._lock:
            self._drops += 1
            for key in [key for key in self._known if key[0] == tenant]:
                del self._known[key]

    def forget_all(self) -> None:
        """Drop everything that `users` can be asked for: entries are only kept to serve while it is away."""
        with self._lock:
            self._drops += 1
            for known in self._known.values():
                known.loaded = min(known.loaded, time.monotonic() - FRESH_SECONDS)

    def hear(self, event: Event) -> None:
        """Drop what an event of `users` has made wrong."""
        collection, _, identity = event.aggregate.partition("/")
        if collection == "publishable-keys":
            self.forget(event.tenant, publishable_key(event.tenant, identity))
        elif collection in _PRINCIPALS:
            self.forget(event.tenant, identity)
        elif collection in _OF_ALL:
            self.forget_tenant(event.tenant)
