"""What befalls the mesh, when and whom: it follows from the seed alone, so that a seed is all it takes to replay it."""

from __future__ import annotations

import enum
import random
from dataclasses import dataclass, replace

INSTANCES = ("customers-1", "customers-2", "users-1", "users-2")
STORES = ("customers", "users")
SECONDS = 4.0
"""How long clients are at work while things break."""
BRIEF = 2.0
"""The same in CI, where the same befalls the mesh in less time."""
_FEWEST, _MOST = 4, 7
_ON_POSTGRESQL = 5
"""Every so many-th seed."""
_BLACKOUT, _HEADLESS = 0, 7
"""What is left when a seed is divided by nine, for the two ways of losing the control plane."""


class Fault(enum.Enum):
    """What happens. `victim` and `seconds` of a step say to whom and for how long."""

    KILL = "kill -9"
    FREEZE = "SIGSTOP, later SIGCONT"
    EDGE = "kill -9 of Envoy"
    REDIS_DOWN = "kill -9 of Redis, later started with its disk"
    REDIS_LOST = "kill -9 of Redis, later started without its disk"
    STORE_SLOW = "a writer that holds a database's lock"
    STORE_DOWN = "immediate stop of PostgreSQL, later started"
    CLOCK = "the mesh's clock goes ahead"
    CONTROL = "kill -9 of the control plane, which is started again"
    KEEPER = "kill -9 of the keeper, and everything with it, then `mesh up`"


_ANY = {
    Fault.KILL: 6,
    Fault.FREEZE: 4,
    Fault.EDGE: 2,
    Fault.REDIS_DOWN: 2,
    Fault.REDIS_LOST: 1,
    Fault.STORE_SLOW: 2,
    Fault.CLOCK: 1,
}
_OF_POSTGRESQL = {**_ANY, Fault.STORE_DOWN: 5}


@dataclass(frozen=True, slots=True)
class Step:
    """One fault, `at` so many seconds after the beginning."""

    at: float
    fault: Fault
    victim: str = ""
    seconds: float = 0.0

    def __str__(self) -> str:
        lasts = f" for {self.seconds:.2f} s" if self.seconds else ""
        return f"{self.at:5.2f} s  {self.fault.value}{f' of {self.victim}' if self.victim else ''}{lasts}"


@dataclass(frozen=True, slots=True)
class Schedule:
    """All that happens under one seed."""

    seed: int
    engine: str
    steps: tuple[Step, ...]
    seconds: float = SECONDS

    def within(self, seconds: float) -> Schedule:
        """The same in another time; only the mesh's clock goes ahead as far as before."""
        pace = seconds / self.seconds
        steps = (
            replace(step, at=step.at * pace, seconds=step.seconds * (1 if step.fault is Fault.CLOCK else pace))
            for step in self.steps
        )
        return replace(self, steps=tuple(steps), seconds=seconds)

    def __str__(self) -> str:
        long = f"make chaos FROM={self.seed} SEEDS=1"
        again = (
            long if self.seconds == SECONDS else f"make test ARGS='tests/chaos --from {self.seed} --seeds 1 -k brief'"
        )
        head = f"seed {self.seed} on {self.engine}; replay it with: {again}"
        return "\n".join([head, *(f"  {step}" for step in self.steps)])


def engine_of(seed: int) -> str:
    """The SQL engine that a seed runs on."""
    return "sqlite" if seed % _ON_POSTGRESQL else "postgresql"


def schedule(seed: int) -> Schedule:
    """The schedule of a seed."""
    draw = random.Random(seed)
    weights = _ANY if seed % _ON_POSTGRESQL else _OF_POSTGRESQL
    drawn = draw.choices(list(weights), list(weights.values()), k=draw.randint(_FEWEST, _MOST))
    moments = sorted(draw.uniform(0.2, SECONDS) for _ in drawn)
    steps = [_step(draw, at, fault) for at, fault in zip(moments, drawn, strict=True)]
    if seed % 9 == _BLACKOUT:
        # All processes are its children and go with it: nothing is left to be broken.
        steps = [*(step for step in steps if step.at < SECONDS / 2), Step(SECONDS / 2, Fault.KEEPER)]
    elif seed % 9 == _HEADLESS:
        steps = sorted([*steps, Step(SECONDS / 2, Fault.CONTROL)], key=lambda step: step.at)
    return Schedule(seed, engine_of(seed), tuple(steps))


def _step(draw: random.Random, at: float, fault: Fault) -> Step:
    if fault is Fault.KILL:
        return Step(at, fault, draw.choice(INSTANCES))
    if fault is Fault.FREEZE:
        return Step(at, fault, draw.choice(INSTANCES), draw.uniform(0.2, 2.5))
    if fault is Fault.STORE_SLOW:
        return Step(at, fault, draw.choice(STORES), draw.uniform(0.3, 1.5))
    if fault is Fault.CLOCK:
        return Step(at, fault, seconds=draw.uniform(30.0, 1200.0))
    return Step(at, fault, seconds=0.0 if fault is Fault.EDGE else draw.uniform(0.1, 1.5))
