"""The rate link: a token bucket per tenant and rate class, and per method and address where the caller has no tenant.

Beside theirs, strangers share a bucket of the method, which is much larger: one of them empties nobody else's, and all
of them together still come to an end.

It lives in the process and never asks another one: a limit holds for the whole service, so each process takes it
divided by the number of live instances (mesh.runtime.instances), since calls are spread evenly over them. What comes
from outside was counted before, by the edge, over all instances at once; here calls between services count too.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from ipaddress import IPv6Address
from threading import Lock
from typing import TYPE_CHECKING

from mesh.contract.failure import Failure
from mesh.contract.limit_headers import LIMIT_HEADER, POLICY_HEADER
from mesh.contract.method import AccessKind
from mesh.runtime.identity import Kind
from mesh.runtime.limits import DEFAULT_LIMITS, Limit, named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.runtime.call import Call
    from mesh.runtime.directory import Directory

_MINUTE_NS = 60_000_000_000
_KEPT = 65_536
# How many times the limit of one stranger all of them have together.
_STRANGERS = 20
# Read once: every call passes here, and reading a member from its enum is not free.
_ANONYMOUS, _USER, _SERVICE, _PUBLISHABLE = AccessKind.ANONYMOUS, Kind.USER, Kind.SERVICE, Kind.PUBLISHABLE


def one_instance() -> int:
    """The number of live instances, where nobody says more."""
    return 1


class Buckets:
    """Token buckets by key. Thread-safe; `monotonic_ns` is a monotonic clock in nanoseconds.

    A bucket is one number, the time at which it will be full (the "theoretical arrival time" of ITU-T I.371, Annex A).
    A full one equals none. Beyond `kept` buckets the one that was asked longest ago goes: whoever is over a limit
    and still calls is never that one.
    """

    def __init__(
        self,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        instances: Callable[[], int] = one_instance,
        kept: int = _KEPT,
    ) -> None:
        self._now = monotonic_ns
        self._instances = instances
        self._kept = kept
        self._full_at: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._lock = Lock()

    def take(self, key: tuple[str, str], limit: Limit) -> int:
        """Take a token: 0, or the nanoseconds until there is one."""
        instances = self._instances()
        interval = _MINUTE_NS * instances // limit.per_minute
        burst = limit.burst // instances or 1
        with self._lock:
            now = self._now()
            full_at = self._full_at.get(key)
            if full_at is None:
                self._full_at[key] = now + interval
                if len(self._full_at) > self._kept:
                    self._full_at.popitem(last=False)
                return 0
            self._full_at.move_to_end(key)
            wait = full_at - now - interval * (burst - 1)
            if wait > 0:
                return wait
            self._full_at[key] = max(full_at, now) + interval
            return 0


class RateLink:
    """Lets a call draw from its tenant's budget for the class in its contract. Services have no budget.

    `defaults` are for calls of anybody, by method and address, and for tenants of which `users` names none.
    Strangers have `buckets` apart: however many addresses there are, they push out no tenant's.
    """

    def __init__(
        self,
        directory: Directory,
        defaults: Mapping[str, Limit] = DEFAULT_LIMITS,
        buckets: Callable[[], Buckets] = Buckets,
    ) -> None:
        self._directory = directory
        self._defaults = defaults
        self._buckets, self._strangers = buckets(), buckets()

    def __call__(self, call: Call) -> None:
        """Take a token for a call, and note the directory's entry for the links that follow.

        The limits of an entry may be as old as the copy is: only the links that follow need a fresh one.

        Raises:
            Failure: RATE_LIMITED with the time to wait; what the directory raises.
        """
        contract, identity = call.contract, call.identity
        limit = None
        if contract.access.kind is _ANONYMOUS:
            key = ("", contract.path)
            address = call.device.address
            if address:
                limit = self._defaults[contract.rate]
                _draw(self._strangers, (network(address), contract.path), limit, contract.rate)
                limit = Limit(_STRANGERS * limit.per_minute, _STRANGERS * limit.burst)
        elif identity.kind is _USER:
            call.entry = self._directory.find(identity.tenant, identity.known_as)
            key = (identity.tenant, contract.rate)
            limit = call.entry.limits.get(contract.rate)
        elif identity.kind is _SERVICE:
            return
        else:
            # Links and keys are in the hands of strangers: what they use up, the tenant's own people do not miss.
            key = (identity.tenant, contract.path)
            if identity.kind is _PUBLISHABLE:
                call.entry = self._directory.find(identity.tenant, identity.known_as)
        _draw(self._buckets, key, limit or self._defaults[contract.rate], contract.rate)


def _draw(buckets: Buckets, key: tuple[str, str], limit: Limit, rate: str) -> None:
    wait = buckets.take(key, limit)
    if wait:
        # Rounded up to the millisecond that RetryInfo is sent with: a caller who waits that long gets its token.
        milliseconds = -(-wait // 1_000_000)
        left = f"{named(rate)};r=0;t={-(-milliseconds // 1000)}"
        headers = ((POLICY_HEADER, limit.policy(rate)), (LIMIT_HEADER, left))
        raise Failure("RATE_LIMITED", retry_after=milliseconds / 1000, headers=headers)


def network(address: str) -> str:
    """Who an address belongs to: one of IPv6 is one of the many that its holder has, and their first half is told."""
    if ":" not in address:
        return address
    try:
        found = IPv6Address(address)
    except ValueError:
        return address
    return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
