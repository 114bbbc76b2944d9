"""Changes of what runs, in steps between which the control plane goes on: scaling, and restarts one by one.

The order in which nobody loses a call: a new instance serves and every client knows it, before an old one is taken from
the clients; the old one ends when the clients have confirmed that, and no more calls come.
"""

from __future__ import annotations

import functools
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from mesh.control import fleet, plan
from mesh.control.wanted import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from mesh.control.instances import Instances
    from mesh.control.plan import InstancePlan
    from mesh.control.wanted import Wanted

    Steps = Iterator[str]
    """What has just happened, for the operator; empty: wait a little and go on."""

# A process starts in a few seconds, on a busy machine in some more.
START_SECONDS = 90.0
# A node that does not confirm is stuck or gone: nobody is helped by waiting longer.
KNOWN_SECONDS = 5.0
QUIET_SECONDS = 0.3
LONGEST_QUIET = 5.0
_LOOK_EVERY = 0.1


class RolloutError(RuntimeError):
    """A change was not made, and what ran before still runs; the text says why."""


class Rollout:
    """Makes the running instances what is wanted. Each method is a generator that is advanced until it ends."""

    def __init__(self, instances: Instances, all_know: Callable[[], bool]) -> None:
        """all_know: whether every node knows the current endpoints."""
        self._instances = instances
        self._all_know = all_know

    def reach(self, wanted: Wanted) -> Steps:
        """Start what is missing, one after another, then end what is too much, the youngest first.

        Starting costs seconds of a core. All at once, it would leave none to those that serve, perhaps one alone.

        Raises:
            RolloutError: not all of it serves; what was started is left to be started again and again.
        """
        fresh, surplus = [], []
        for kind, count in wanted.kinds():
            running = self._instances.of(kind)
            for _ in range(count - len(running)):
                fresh.append(self._start(kind, wanted))
                yield starts(fresh[-1])
                yield from self._serving(fresh[-1:])
            surplus += [each.name for each in running[count:]]
        yield from self._retire(surplus)
        failed = [each.name for each in fresh if not self._instances.healthy(each.name)]
        if failed:
            raise RolloutError(self._instances.last_words(failed[0]))

    def resume(self, wanted: Wanted) -> Steps:
        """End what was being retired, and have what is wanted."""
        yield from self._retire(self._instances.leaving())
        yield from self.reach(wanted)

    def restart(self, wanted: Wanted, units: Collection[str], over: Callable[[], bool]) -> Steps:
        """Replace every instance of these units, one after another. over: whether nobody wants the rest any more.

        Raises:
            RolloutError: a new instance does not serve; it is gone, and those not replaced yet serve on.
        """
        kinds = [kind for kind, _ in wanted.kinds() if kind.unit in units]
        old = [each for kind in kinds for each in self._instances.of(kind)]
        for each in old:
            if over():
                return
            yield from self._replace(each, wanted)

    def canary(self, wanted: Wanted, unit: str, percent: int, code: str) -> Steps:
        """Give a canary this share of a unit's calls. It is started where none runs, with the code of another checkout.

        Raises:
            RolloutError: it does not serve; it is gone, and the others get all calls.
        """
        kind = Kind(unit, "", canary=True)
        running = self._instances.of(kind)
        if running and code:
            raise RolloutError(f"a canary of {unit} runs already; end it first: mesh canary {unit} --end")
        self._instances.share(unit, percent)
        if not running:
            yield from self._start_or_raise(kind, wanted, code=code)
        yield f"{percent} % of the calls of {unit} go to its canary"

    def end_canary(self, unit: str) -> Steps:
        """Give all calls back to the others, and end the canary."""
        yield from self._retire([each.name for each in self._instances.of(Kind(unit, "", canary=True))])

    def _replace(self, old: InstancePlan, wanted: Wanted) -> Steps:
        yield from self._start_or_raise(old.kind, wanted, old.core)
        yield from self._retire([old.name])

    def _start_or_raise(self, kind: Kind, wanted: Wanted, core: int | None = None, code: str = "") -> Steps:
        fresh = self._start(kind, wanted, core, code)
        yield starts(fresh)
        yield from self._serving([fresh], patient=False)
        if not self._instances.healthy(fresh.name):
            words = self._instances.last_words(fresh.name)
            yield from self._retire([fresh.name])
            raise RolloutError(words)

    def _start(self, kind: Kind, wanted: Wanted, core: int | None = None, code: str = "") -> InstancePlan:
        fresh = plan.one_more(kind, wanted, list(self._instances.plans().values()), plan.cores())
        fresh = replace(fresh, core=fresh.core if core is None else core, code=code)
        self._instances.start(fresh)
        return fresh

    def _serving(self, fresh: Iterable[InstancePlan], *, patient: bool = True) -> Steps:
        """Wait until these serve and all clients know it, or for too long. patient: one that ends is tried again."""
        waiting = [each.name for each in fresh]
        began = time.monotonic()
        while waiting and time.monotonic() - began < START_SECONDS:
            for name in [name for name in waiting if self._instances.healthy(name)]:
                waiting.remove(name)
                yield f"{name} serves"
            if not patient and any(self._instances.fails(name) for name in waiting):
                break
            yield ""
        yield from self._until(self._all_know, KNOWN_SECONDS)

    def _retire(self, names: Collection[str]) -> Steps:
        """Take these from the clients, and end them when nobody calls them any more."""
        for name in names:
            self._instances.leave(name)
            yield f"{name} drains"
        yield from self._until(self._all_know, KNOWN_SECONDS)
        yield from self._quiet(names)
        for name in names:
            self._instances.stop(name)
        for name in names:
            yield from self._until(functools.partial(self._instances.gone, name))
            yield f"{name} has ended"

    def _quiet(self, names: Collection[str]) -> Steps:
        """Wait until no call has ended on any of these for a while: what their clients had begun is then through."""
        began = changed = time.monotonic()
        seen: object = None
        while names and time.monotonic() - changed < QUIET_SECONDS and time.monotonic() - began < LONGEST_QUIET:
            told = [_calls(self._instances.metrics_port(name)) for name in names]
            if told != seen:
                seen, changed = told, time.monotonic()
            yield from self._until(lambda: False, _LOOK_EVERY)

    @staticmethod
    def _until(reached: Callable[[], bool], within: float = float("inf")) -> Steps:
        """Wait for something, but no longer than `within` seconds."""
        ends = time.monotonic() + within
        while not reached() and time.monotonic() < ends:
            yield ""


def starts(fresh: InstancePlan) -> str:
    """What the operator is told of one that starts."""
    waits = f"; a debugger may attach at 127.0.0.1:{fresh.debugger}" if fresh.debugger else ""
    return f"{fresh.name} starts{waits}"


def _calls(port: int) -> list[str]:
    """What a process tells of the calls that it served."""
    text = fleet.scrape(port) if port else ""
    return [line for line in text.splitlines() if line.startswith("rapport_calls_total")]
