"""Read-your-writes: a read that names what a write published waits until this service's copies hold it.

It waits within the call's deadline and answers in any case; where a copy is still behind then, the reply says so. What
a client names decides how long its own call waits and nothing else: the tenant is that of the caller's identity.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mesh.contract import after
from mesh.events import inbox
from mesh.events.waiting import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.runtime.call import Call
    from mesh.runtime.service import Service

# Half of a server's threads, and half of those for one tenant: whoever finds no place is answered at once.
MAX_WAITING = 4
MAX_WAITING_OF_A_TENANT = 2
# What is kept of the deadline for the answer itself: a quarter of it, and no more than this.
_ANSWER_SECONDS = 0.5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.032


class Places:
    """Where the reads of one process wait. Thread-safe."""

    def __init__(self, most: int = MAX_WAITING, of_a_tenant: int = MAX_WAITING_OF_A_TENANT) -> None:
        self._most, self._of_a_tenant = most, of_a_tenant
        self._taken: dict[str, int] = {}
        self._lock = threading.Lock()

    @contextmanager
    def take(self, tenant: str) -> Iterator[bool]:
        """Hold a place; whether there was one."""
        with self._lock:
            own = self._taken.get(tenant, 0)
            free = own < self._of_a_tenant and sum(self._taken.values()) < self._most
            if free:
                self._taken[tenant] = own + 1
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._taken[tenant] -= 1
                    if not self._taken[tenant]:
                        del self._taken[tenant]


class ReadAfter:
    """Lets the reads of one service wait for its inbox.

    Numbered events count where the service takes in those of their resource; it sees its own rows without waiting.
    Events without a number, as those of audit records, count for the standard methods of the collection they fill.
    """

    def __init__(self, service: Service, places: Places) -> None:
        followed = {kind.split(".")[1] for kind in service.effects()}
        self._sources, self._heeds = frozenset(service.sources()), service.heeds()
        self._copied = self._sources & followed - {service.name}
        self._places = places

    def __call__(self, call: Call) -> None:
        """Let a read wait for what its header names, and note on the reply where it was not reached.

        Raises:
            Failure: INVALID_ARGUMENT, for a header that no write returned.
        """
        if not call.contract.reads_only:
            return
        positions = after.read(call.after)
        tenant, standard = call.identity.tenant, call.contract.standard
        numbers: dict[str, int] = {}
        for each in positions:
            if each.sequence and each.source in self._copied and self._heeds.counts(each.source, each.aggregate):
                key = key_of(each.source, tenant, each.aggregate)
                numbers[key] = max(each.sequence, numbers.get(key, 0))
        collection = standard.resource.collection if standard is not None else ""
        ids = {p.event_id for p in positions if p.event_id and p.source in self._sources and p.collection == collection}
        if tenant and (numbers or ids) and not self._reached(call, numbers, ids):
            call.ahead += ((after.PARTIAL_HEADER, "true"),)

    def _reached(self, call: Call, numbers: dict[str, int], ids: set[str]) -> bool:
        """Whether the inbox has taken in all of them, now or soon enough."""
        store = call.environment.store
        if inbox.reached(store, numbers, ids, timeout=call.remaining()):
            return True
        with self._places.take(call.identity.tenant) as free:
            left, pause = call.remaining(), _FIRST_PAUSE
            until = call.ends - min(_ANSWER_SECONDS, left / 4)
            while free and time.monotonic() + pause < until:
                time.sleep(pause)
                if inbox.reached(store, numbers, ids, timeout=call.remaining()):
                    return True
                pause = min(2 * pause, _LONGEST_PAUSE)
        return False
