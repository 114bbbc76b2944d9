"""Callers of a running mesh, in a process of their own: calls leave when they are due, whatever became of earlier ones.

A latency counts from the moment at which a call was due, so that a stall is paid for by every call that waits for its
end (no coordinated omission). Every failure is kept with its code and its moment. The calls: contacts read and listed,
the own user read, contacts created with a request id; half of them JSON, half gRPC.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from mesh.testing.senders import GrpcSender, JsonSender, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mesh.testing.running import RunningMesh

RATE = 200.0
"""Calls per second that figures of the mesh under load are told for."""
LONGEST = 240.0
CALL_SECONDS = 15.0
# More than a deadline's worth of calls; beyond it the machine and not the mesh is what is measured.
_MOST_IN_FLIGHT = 4096
_PAUSE = 0.1
# A call that got one of these may be sent again: it changed nothing, or its request id makes it one call.
_AGAIN = frozenset({"UNAVAILABLE", "ABORTED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "DISCONNECTED", "CANCELLED"})

_Sender: TypeAlias = "GrpcSender | JsonSender"


@dataclass(frozen=True, slots=True)
class Failed:
    """An attempt that got no good answer. at: seconds after the first call was due. took: seconds of the attempt."""

    at: float
    took: float
    kind: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of the calls of a run.

    failures: calls that failed in the end. repeated: attempts that failed and were followed by another one.
    acknowledged: names of the contacts whose creation was answered. p50, p99: seconds, from the due moment, of all
    calls. late: seconds, the most by which a call left after it was due, because this process had no time.
    """

    calls: int
    seconds: float
    late: float
    p50: float
    p99: float
    failures: Sequence[Failed]
    repeated: Sequence[Failed]
    acknowledged: Sequence[str] = field(repr=False)
    kinds: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Calls per second."""
        return self.calls / self.seconds

    def __str__(self) -> str:
        codes = Counter(f"{f.kind} {f.code}" for f in self.failures)
        again = Counter(f"{f.kind} {f.code}" for f in self.repeated)
        figures = f"p50 {self.p50 * 1e3:.1f} ms, p99 {self.p99 * 1e3:.1f} ms, {self.rate:.0f}/s, late {self.late:.2f} s"
        first = "".join(
            f"\n  {f.at:.2f} s +{f.took:.2f} {f.kind} {f.code} {f.text}"
            for f in (*self.failures[:8], *self.repeated[:8])
        )
        return f"{self.calls} calls, failed {dict(codes)}, repeated {dict(again)}; {figures}{first}"


@dataclass(slots=True)
class Traffic:
    """Load that is running. `result` is there once its block has ended. began: when calls began, monotonic seconds."""

    began: float
    ended: Result | None = None

    @property
    def result(self) -> Result:
        """What became of the calls."""
        assert self.ended is not None, "the load has not ended"
        return self.ended

    @property
    def now(self) -> float:
        """Seconds since calls began: the scale of `Failed.at`."""
        return time.monotonic() - self.began


@contextlib.contextmanager
def traffic(
    mesh: RunningMesh,
    *,
    rate: float = RATE,
    seconds: float = 0.0,
    writes: float = 0.3,
    repeats: int = 0,
    name: str = "t",
    callers: int = 0,
    token: str = "",
) -> Iterator[Traffic]:
    """Load on the edge for as long as the block lasts, at least `seconds`, at most LONGEST.

    Args:
        mesh: whose edge is called.
        rate: calls per second.
        seconds: the least that it lasts.
        writes: the share of calls that create a contact, whose family name begins with `name`.
        repeats: how often a caller sends a call again that may be sent again; 0: the first answer counts.
        name: letters and digits.
        callers: so many who each wait for an answer before they call again, instead of a rate; 0: none.
        token: of who calls; empty: the demo tenant's owner.
    """
    plan = {"port": mesh.port, "token": token or mesh.token(), "rate": rate, "seconds": seconds}
    plan |= {"writes": writes, "repeats": repeats, "name": name, "callers": callers}
    process = subprocess.Popen(
        [sys.executable, "-m", "mesh.testing.traffic"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(plan) + "\n")
            process.stdin.flush()
            assert process.stdout.readline(), "the load did not begin"
            running = Traffic(time.monotonic())
            yield running
            process.stdin.close()
            told = json.loads(process.stdout.read())
        except BaseException:
            process.kill()
            raise
    failures, repeated = ([Failed(**f) for f in told.pop(key)] for key in ("failures", "repeated"))
    running.ended = Result(failures=failures, repeated=repeated, **told)


class _Callers:
    """Makes the calls and keeps what became of them."""

    def __init__(self, plan: Mapping[str, Any], senders: Sequence[_Sender], known: Sequence[str]) -> None:
        self._plan = plan
        self._senders = senders
        self._known = known
        self._random = random.Random(0)  # noqa: S311  # which contact is read
        self._began = 0.0
        self._late = 0.0
        self._ended = 0.0
        self._took: list[float] = []
        self._kinds: Counter[str] = Counter()
        self._failures: list[Failed] = []
        self._repeated: list[Failed] = []
        self._acknowledged: list[str] = []

    async def run(self, over: asyncio.Event) -> dict[str, Any]:
        """Call until told that it is over, and wait for the last answers."""
        self._began = time.monotonic()
        number = await (self._in_turns(over) if self._plan["callers"] else self._when_due(over))
        cuts = statistics.quantiles(self._took, n=100)
        return {
            "calls": number, "seconds": self._ended, "late": self._late, "p50": cuts[49], "p99": cuts[98],
            "failures": [asdict(f) for f in self._failures], "repeated": [asdict(f) for f in self._repeated],
            "acknowledged": self._acknowledged, "kinds": self._kinds,
        }  # fmt: skip

    def _goes_on(self, over: asyncio.Event) -> bool:
        self._ended = self._elapsed()
        return not (over.is_set() and self._ended >= self._plan["seconds"]) and self._ended < LONGEST

    async def _in_turns(self, over: asyncio.Event) -> int:
        """How many calls some callers made who each waited for the last answer."""
        numbers = itertools.count()

        async def turns() -> None:
            while self._goes_on(over):
                await self._call(next(numbers), time.monotonic())

        await asyncio.gather(*(turns() for _ in range(self._plan["callers"])))
        return next(numbers)

    async def _when_due(self, over: asyncio.Event) -> int:
        """How many calls were made at the rate of the plan."""
        calls: set[asyncio.Task[None]] = set()
        number = 0
        while self._goes_on(over):
            due = self._began + number / self._plan["rate"]
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self._late = max(self._late, time.monotonic() - due)
            assert len(calls) < _MOST_IN_FLIGHT, "the mesh answers nothing any more"
            call = asyncio.create_task(self._call(number, due))
            calls.add(call)
            call.add_done_callback(calls.discard)
            number += 1
        await asyncio.gather(*calls)
        return number

    def _elapsed(self) -> float:
        return time.monotonic() - self._began

    async def _call(self, number: int, due: float) -> None:
        sender = self._senders[number % len(self._senders)]
        what, subject = self._next(number)
        kind = f"{sender.name} {what}"
        again = str(uuid.uuid4())
        for left in range(self._plan["repeats"], -1, -1):
            sent = time.monotonic()
            try:
                await getattr(sender, what)(subject, again)
            except Refused as refused:
                failed = Failed(sent - self._began, time.monotonic() - sent, kind, refused.code, str(refused))
                if not left or refused.code not in _AGAIN:
                    self._failures.append(failed)
                    break
                self._repeated.append(failed)
                await asyncio.sleep(_PAUSE)
            else:
                if what == "create":
                    self._acknowledged.append(subject)
                break
        self._kinds[kind] += 1
        self._took.append(time.monotonic() - due)

    def _next(self, number: int) -> tuple[str, str]:
        """What to call next, and what with."""
        draw = self._random.random()
        if draw < self._plan["writes"]:
            return "create", f"{self._plan['name']}{number}"
        if draw > 1 - (1 - self._plan["writes"]) / 5:
            return ("page", "") if draw > 1 - (1 - self._plan["writes"]) / 10 else ("me", "")
        return "get", self._random.choice(self._known)


async def _main() -> None:
    loop = asyncio.get_running_loop()
    plan = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    over = asyncio.Event()
    port, token = plan["port"], plan["token"]
    async with JsonSender(port, token, CALL_SECONDS) as first, GrpcSender(port, token, CALL_SECONDS) as second:
        known = await first.known()
        for sender in (first, second):
            await sender.get(known[0], "")
        print("calling", flush=True)  # noqa: T201  # what the parent waits for
        loop.run_in_executor(None, sys.stdin.read).add_done_callback(lambda _: over.set())
        told = await _Callers(plan, (first, second), known).run(over)
    print(json.dumps(told), flush=True)  # noqa: T201  # the result


if __name__ == "__main__":
    asyncio.run(_main())
