"""All supervised programs of a mesh: started one by one, watched together, stopped in groups."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mesh.control.child import BY_SIGNAL, Child, State, described

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from mesh.control.child import Program

log = logging.getLogger(__name__)

_TICK = 0.02
_LAST_LINES = 15
# Python's words at a crash of native code: who was at what follows, thread by thread.
_CRASHED = "Fatal Python error"
_CRASH_LINES = 80


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

    @property
    def by_signal(self) -> bool:
        """Whether it was killed, or its native code crashed: no word of its own, as that its settings are wrong."""
        return self.how.startswith(BY_SIGNAL)


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
        for name, child in list(self._children.items()):
            before = child.state
            status = child.look()
            if status is not None:
                log.error("%s %s", name, described(status))
                yield Ended(name, described(status))
            elif before is State.STARTING and child.state is State.SERVING:
                yield Listens(name, child.port)

    def bound_logs(self) -> None:
        """Move large logs aside."""
        for child in self:
            child.bound_log()

    def stop(self, name: str, grace: float) -> None:
        """Ask a program to end, insist after `grace` seconds, and do not start it again."""
        self._children[name].terminate(grace)

    def rename(self, name: str, new: str) -> None:
        """Give a program another name; one of that name is watched no more."""
        child = self._children[new] = self._children.pop(name)
        child.program = replace(child.program, name=new)

    def forget(self, name: str) -> None:
        """Watch a program that was stopped no more."""
        del self._children[name]

    def finish(self, names: Iterable[str], grace: float) -> None:
        """Stop these, and wait until they have ended."""
        children = [self._children[name] for name in names if name in self._children]
        for child in children:
            child.terminate(grace)
        while any(child.state is not State.STOPPED for child in children):
            for child in children:
                child.look()
            time.sleep(_TICK)

    def last_words(self, name: str, how: str) -> str:
        """What an operator needs to see of a program that does not start."""
        return last_words(name, how, self._children[name].program.log)


def last_words(name: str, how: str, file: Path | None) -> str:
    """How a program ended, and the end of its log."""
    text = file.read_text(encoding="utf-8", errors="replace") if file and file.exists() else ""
    said = text.splitlines()[-_CRASH_LINES:]
    crash = next((at for at, line in enumerate(said) if line.startswith(_CRASHED)), len(said))
    lines = [f"  {line}" for line in said[min(crash, max(0, len(said) - _LAST_LINES)) :]]
    return "\n".join([f"{name} {how} before it served. Its last words:", *lines, f"All of them: {file}"])
