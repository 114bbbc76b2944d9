"""What an operator's orders are: each is carried out in steps, and what it asks for is kept for the next control plane.

It decides which order means what; `mesh.control.rollout` and `mesh.control.edge_process` know how it is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.control.edge_process import NAME as _EDGE
from mesh.control.rollout import RolloutError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.control.edge_process import EdgeProcess
    from mesh.control.orders import Order
    from mesh.control.rollout import Rollout, Steps
    from mesh.control.wanted import Wanted

SCALE, RESTART, CANARY, RESUME = "scale", "restart", "canary", "resume"
"""Orders: `{"units": {name: count}}`; `{"units": [name, ...]}`, none: all; `{"unit": name, "percent": number, "code":
folder}`, where 0 ends it; what a control plane that took over does."""


class Operations:
    """The orders, over what is wanted now. keep: takes every change of that, before it is made."""

    def __init__(self, wanted: Wanted, rollout: Rollout, edge: EdgeProcess, keep: Callable[[Wanted], None]) -> None:
        self._wanted = wanted
        self._rollout = rollout
        self._edge = edge
        self._keep = keep

    def carry_out(self, order: Order) -> Steps:
        """The steps of an order.

        Raises:
            RolloutError, WantedError: it was not done.
        """
        if order.name == SCALE:
            self._want(self._wanted.scaled(order.says["units"]))
            yield from self._rollout.reach(self._wanted)
        elif order.name == RESTART:
            yield from self._restart(order.says["units"], order.over.is_set)
        elif order.name == CANARY:
            yield from self._canary(**order.says)
        elif order.name == RESUME:
            yield from self._edge.former_ends()
            yield from self._rollout.resume(self._wanted)
        else:
            raise RolloutError(f"there is no order {order.name}")

    def _want(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._keep(wanted)

    def _restart(self, named: Sequence[str], over: Callable[[], bool]) -> Steps:
        chosen = named or [_EDGE, *self._wanted.units]
        units = [unit for unit in chosen if unit != _EDGE]
        self._wanted.scaled({unit: self._wanted.units.get(unit, 0) for unit in units})
        if _EDGE in chosen:
            yield from self._edge.succeed()
        yield from self._rollout.restart(self._wanted, units, over)
        yield from self._edge.former_ends()

    def _canary(self, unit: str, percent: int, code: str) -> Steps:
        before = self._wanted
        self._want(before.with_canary(unit, percent))
        try:
            yield from self._rollout.canary(before, unit, percent, code) if percent else self._rollout.end_canary(unit)
        except RolloutError:
            self._want(before)
            raise
