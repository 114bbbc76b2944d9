"""What a control plane finds when the one before it was lost: the processes go on, and so does what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.control.child import State
from mesh.control.instances import DRAINING, HEALTHY
from mesh.control.plan import InstancePlan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mesh.control.kept import Kept
    from mesh.control.run_file import Run


@dataclass(frozen=True, slots=True)
class Found:
    """An instance that runs. leaves: it was being retired. healthy: the last verdict of the control plane before."""

    plan: InstancePlan
    port: int
    leaves: bool
    healthy: bool


def found(children: Iterable[Kept], before: Run | None) -> tuple[Found, ...]:
    """The instances among the kept processes, in the order in which they were started."""
    states = {each.name: each.state for each in before.instances} if before else {}
    return tuple(
        Found(
            InstancePlan.from_json(kept.note),
            kept.port if kept.state is State.SERVING else 0,
            leaves=states.get(kept.name) == DRAINING or kept.state in (State.STOPPING, State.STOPPED),
            healthy=states.get(kept.name) == HEALTHY,
        )
        for kept in children
        if is_instance(kept)
    )


def is_instance(kept: Kept) -> bool:
    """Whether it is an instance, and not the edge, Redis or the mail sink."""
    return "kind" in kept.note
