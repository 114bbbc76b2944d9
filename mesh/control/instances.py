"""The processes that serve: each with its plan, started, entered in the registry when it listens, retired in steps.

Owns which of them exist. It decides nothing: `mesh.control.rollout` does. Not thread-safe, but for `plans`.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from mesh.control.child import State
from mesh.control.registry import Entry
from mesh.runtime.roles import WORKER
from mesh.runtime.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mesh.control.adoption import Found
    from mesh.control.child import Program
    from mesh.control.kept import KeptChildren
    from mesh.control.plan import InstancePlan
    from mesh.control.registry import Registry
    from mesh.control.wanted import Kind

DRAINING, HEALTHY, UNHEALTHY = "draining", "healthy", "unhealthy"
# How long a process gets to end: longer than the longest deadline of a call.
GRACE = 15.0


class Instances:
    """The instances of a mesh."""

    def __init__(
        self,
        children: KeptChildren,
        registry: Registry,
        areas: Mapping[str, str],
        program: Callable[[InstancePlan], Program],
        host: str = LOOPBACK,
    ) -> None:
        """areas: by service, the proto service whose health stands for it."""
        self._children = children
        self._registry = registry
        self._areas = areas
        self._program = program
        self._host = host
        self._plans: dict[str, InstancePlan] = {}
        self._leaving: set[str] = set()

    def plans(self) -> Mapping[str, InstancePlan]:
        """All of them by name, those that leave too."""
        return MappingProxyType(dict(self._plans))

    def of(self, kind: Kind) -> tuple[InstancePlan, ...]:
        """Those of a kind that stay, the oldest first."""
        return tuple(p for p in self._plans.values() if p.kind == kind and p.name not in self._leaving)

    def start(self, plan: InstancePlan) -> None:
        """Start one."""
        self._plans[plan.name] = plan
        self._children.start(self._program(plan), plan.as_json())

    def adopt(self, found: Found) -> None:
        """One runs already; it is in the registry if it serves."""
        self._plans[found.plan.name] = found.plan
        if found.leaves:
            self._leaving.add(found.plan.name)

    def leaving(self) -> tuple[str, ...]:
        """Those that are being retired."""
        return tuple(self._leaving)

    def listens(self, name: str, port: int) -> None:
        """It listens: it gets calls once it was found healthy, unless it leaves."""
        if name in self._leaving:
            return
        for entry in entries(self._plans[name], port, self._areas, self._host):
            self._registry.enter(entry)

    def share(self, service: str, percent: int) -> None:
        """The share of a service's calls that its canaries get together."""
        self._registry.share(service, percent)

    def ended(self, name: str) -> None:
        """It ended by itself; it is started again after a pause."""
        self._registry.leave(name)

    def healthy(self, name: str) -> bool:
        """Whether the last verdict on it was good."""
        return name in self._registry.healthy_names()

    def restarts(self, name: str) -> int:
        """How often it was started again."""
        return self._children[name].restarts if name in self._children else 0

    def fails(self, name: str) -> bool:
        """Whether it ended at least once without being told."""
        return name in self._children and (
            self._children[name].state is State.WAITING or self._children[name].restarts > 0
        )

    def leave(self, name: str) -> None:
        """Nobody is sent there any more."""
        self._leaving.add(name)
        self._registry.leave(name)

    def stop(self, name: str) -> None:
        """Tell it to end."""
        self._children.stop(name, GRACE)

    def gone(self, name: str) -> bool:
        """Whether it has ended as it was told; then it is forgotten."""
        if name not in self._plans:
            return True
        if self._children[name].state is not State.STOPPED:
            return False
        self._children.forget(name)
        self._leaving.discard(name)
        del self._plans[name]
        return True

    def state(self, name: str) -> str:
        """Of its process; of one that serves, the last verdict."""
        state = self._children[name].state
        if name in self._leaving:
            return DRAINING
        if state is State.SERVING:
            # A serving instance is as good as the last health check.
            return HEALTHY if self.healthy(name) else UNHEALTHY
        return str(state.value)

    def metrics_port(self, name: str) -> int:
        """Where it tells its metrics; 0: nowhere yet."""
        return self._children[name].metrics_port if name in self._children else 0

    def last_words(self, name: str) -> str:
        """What an operator needs to see of one that does not serve."""
        return self._children.last_words(name, "did not serve" if not self.fails(name) else "ended")


def entries(plan: InstancePlan, port: int, areas: Mapping[str, str], host: str = LOOPBACK) -> Iterator[Entry]:
    """How an instance that listens stands in the registry: an entry for each service in it."""
    for service in plan.services:
        # A process of one service is asked for the whole of it; of several, one must not speak for the others.
        area = areas[service] if len(plan.services) > 1 else ""
        worker = plan.kind.role == WORKER
        yield Entry(plan.name, service, port, worker, area, bool(plan.debugger), host, plan.kind.canary)
