"""All supervised programs of a mesh: started one by one, watched together, stopped in groups."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.control.child import Child, State, described

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mesh.control.child import Program

log = logging.getLogger(__name__)

_TICK = 0.02
_LAST_LINES = 15


@dataclass(frozen=True, slots=True)
class Listens:
    """A program announced its port."""

    name: str
    port: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A program ended by itself; `how` in words. It is started again after a pause."""

    name: str
    how: str


class Children:
    """The programs by name. Not thread-safe; see `Child`."""

    def __init__(self) -> None:
        self._children: dict[str, Child] = {}

    def __iter__(self) -> Iterator[Child]:
        return iter(self._children.values())

    def __getitem__(self, name: str) -> Child:
        return self._children[name]

    def __contains__(self, name: str) -> bool:
        return name in self._children

    def start(self, program: Program) -> None:
        """Start a program and watch it from now on."""
        child = self._children[program.name] = Child(program)
        child.start()

    def look(self) -> Iterator[Listens | Ended]:
        """What happened since the last look."""
        for name, child in self._children.items():
            before = child.state
            status = child.look()
            if status is not None:
                log.error("%s %s", name, described(status))
                yield Ended(name, described(status))
            elif before is State.STARTING and child.state is State.SERVING:
                yield Listens(name, child.port)

    def all_serve(self) -> bool:
        """Whether every program is ready."""
        return all(child.state is State.SERVING for child in self)

    def bound_logs(self) -> None:
        """Move large logs aside."""
        for child in self:
            child.bound_log()

    def finish(self, names: Iterable[str], grace: float) -> None:
        """Ask these to end, insist after `grace` seconds, and wait until they have."""
        children = [self._children[name] for name in names if name in self._children]
        for child in children:
            child.terminate()
        deadline = time.monotonic() + grace
        while any(child.state is not State.STOPPED for child in children):
            for child in children:
                child.look()
                if time.monotonic() > deadline and child.state is not State.STOPPED:
                    log.warning("%s did not end in time", child.program.name)
                    child.kill()
            time.sleep(_TICK)

    def last_words(self, name: str, how: str) -> str:
        """What an operator needs to see of a program that does not start."""
        file = self._children[name].program.log
        text = file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
        lines = [f"  {line}" for line in text.splitlines()[-_LAST_LINES:]]
        return "\n".join([f"{name} {how} while the mesh was starting. Its last words:", *lines, f"All of them: {file}"])
