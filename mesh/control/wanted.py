"""What the operator asked for: how many processes of what, and what each does. It outlives the control plane."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

from mesh.runtime.roles import API, BOTH, PACK, SPLIT, WORKER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST = 64
"""Processes of one unit, at most."""


class WantedError(ValueError):
    """What is asked for cannot be; the text says why."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of process, of which there may be several: the unit, and the role; empty: it takes calls and works.

    canary: it is no part of the wanted number, and gets a share of the calls.
    """

    unit: str
    role: str
    canary: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall run.

    units: how many processes of each; a unit is a service, or PACK: all services in one process. services: which run.
    roles: BOTH or SPLIT. debugged: the service that waits for a debugger. canaries: by unit, the share of the calls in
    percent that its canary gets. Immutable; see `scaled` and `with_canary`.
    """

    units: Mapping[str, int]
    services: tuple[str, ...]
    roles: str = BOTH
    debugged: str = ""
    canaries: Mapping[str, int] = field(default_factory=dict)

    def kinds(self) -> tuple[tuple[Kind, int], ...]:
        """Every kind of process with the number of them."""
        roles = (API, WORKER) if self.roles == SPLIT else ("",)
        return tuple((Kind(unit, role), count) for unit, count in self.units.items() for role in roles)

    def waits(self, unit: str) -> bool:
        """Whether the processes of a unit wait for a debugger."""
        return bool(self.debugged) and self.debugged in self.hosted(unit)

    def hosted(self, unit: str) -> tuple[str, ...]:
        """The services in one process of a unit."""
        return self.services if unit == PACK else (unit,)

    def scaled(self, counts: Mapping[str, int]) -> Wanted:
        """The same with other numbers.

        Raises:
            WantedError: there is no such unit, or so many are too many or too few.
        """
        for unit, count in counts.items():
            if unit not in self.units:
                msg = f"{unit} does not run here; what runs: {', '.join(self.units)}"
                raise WantedError(msg)
            if not 1 <= count <= MOST:
                msg = f"{unit}: from 1 to {MOST} processes, not {count}"
                raise WantedError(msg)
        return replace(self, units={**self.units, **counts})

    def with_canary(self, unit: str, percent: int) -> Wanted:
        """The same with this share for a unit's canary; 0: it has none.

        Raises:
            WantedError: there is no such unit.
        """
        self.scaled({unit: self.units.get(unit, 0)})
        others = {name: share for name, share in self.canaries.items() if name != unit}
        return replace(self, canaries={**others, **({unit: percent} if percent else {})})

    def as_json(self) -> dict[str, Any]:
        """For the run file and the command line."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Wanted:
        """What `as_json` gave."""
        return cls(**{**content, "services": tuple(content["services"])})


def with_needed(chosen: Iterable[str], calls: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The chosen services and all that they call, directly or not; what is called stands before who calls it."""
    needed: set[str] = set()
    ahead = list(chosen)
    while ahead:
        service = ahead.pop()
        if service not in needed:
            needed.add(service)
            ahead.extend(calls[service])
    order = TopologicalSorter({service: calls[service] for service in sorted(needed)})
    return tuple(order.static_order())
