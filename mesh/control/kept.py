"""What the control plane knows of the processes that the keeper keeps for it, and what it tells the keeper to do.

The same words as `Children`, said over a socket. Not thread-safe, but for `__contains__` and `__getitem__`.
"""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesh.control.child import State
from mesh.control.children import Ended, Listens, last_words
from mesh.control.keeper import SOCKET, as_order
from mesh.control.unix_path import short_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mesh.control.child import Program

_TICK = 0.02
_FIRST_WORD = 10.0
_MOST_READ = 65536


class KeeperGone(RuntimeError):
    """There is no keeper; nothing can be started or stopped, and the kernel ends what it kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept process as it was last told. note: what whoever started it wanted to be remembered."""

    name: str
    state: State
    pid: int
    port: int
    metrics_port: int
    restarts: int
    log: Path | None
    note: Mapping[str, Any]


class KeptChildren:
    """The processes by name."""

    def __init__(self, folder: Path) -> None:
        """Connect to the keeper whose socket is in this folder, and hear what it keeps.

        Raises:
            KeeperGone: it does not answer.
        """
        self._line = socket.socket(socket.AF_UNIX)
        self._line.settimeout(_FIRST_WORD)
        self._heard = b""
        try:
            with short_path(folder / SOCKET) as short:
                self._line.connect(short)
            while b"\n" not in self._heard:
                self._heard += self._receive()
        except OSError as error:
            raise KeeperGone from error
        first, self._heard = self._heard.split(b"\n", 1)
        self._children = {kept.name: kept for kept in map(_kept, json.loads(first)["all"])}

    def __iter__(self) -> Iterator[Kept]:
        return iter(list(self._children.values()))

    def __getitem__(self, name: str) -> Kept:
        return self._children[name]

    def __contains__(self, name: str) -> bool:
        return name in self._children

    def start(self, program: Program, note: Mapping[str, Any] | None = None) -> None:
        """Have a program started, and started again when it ends. note: for the next control plane."""
        self._children[program.name] = Kept(program.name, State.STARTING, 0, 0, 0, 0, program.log, note or {})
        self._say(as_order(program, note or {}))

    def look(self) -> Iterator[Listens | Ended]:
        """What happened since the last look."""
        for line in self._lines():
            told = json.loads(line)
            now = _kept(told["child"])
            before = self._children.get(now.name)
            if before is None:
                continue
            self._children[now.name] = now
            if told["ended"]:
                yield Ended(now.name, told["ended"])
            # Who announces a port listens; the edge and Redis are asked.
            if now.port and now.state is State.SERVING and (before.state, before.pid) != (State.SERVING, now.pid):
                yield Listens(now.name, now.port)

    def ready(self, name: str) -> None:
        """Count one as serving that does not announce it."""
        self._say({"do": "ready", "name": name})

    def served(self) -> None:
        """The mesh serves: from now on a control plane that ends is started again."""
        self._say({"do": "served"})

    def all_serve(self) -> bool:
        """Whether every program is ready that is not told to end."""
        return all(child.state in (State.SERVING, State.STOPPING, State.STOPPED) for child in self)

    def stop(self, name: str, grace: float) -> None:
        """Have a program asked to end, insist after `grace` seconds, and not start it again."""
        self._say({"do": "stop", "name": name, "grace": grace})

    def leave(self, name: str, grace: float) -> None:
        """Expect a program to end by itself, have it killed after `grace` seconds, and not started again."""
        self._say({"do": "leave", "name": name, "grace": grace})

    def rename(self, name: str, new: str) -> None:
        """Give a program another name; one of that name is watched no more."""
        self._children[new] = replace(self._children.pop(name), name=new)
        self._say({"do": "rename", "name": name, "new": new})

    def forget(self, name: str) -> None:
        """Nobody needs to know of a program that was stopped."""
        del self._children[name]
        self._say({"do": "forget", "name": name})

    def finish(self, names: Iterable[str], grace: float) -> None:
        """Stop these, and wait until they have ended."""
        waited = [name for name in names if name in self._children]
        for name in waited:
            self.stop(name, grace)
        while any(self._children[name].state is not State.STOPPED for name in waited):
            list(self.look())
            time.sleep(_TICK)

    def last_words(self, name: str, how: str) -> str:
        """What an operator needs to see of a program that does not start."""
        return last_words(name, how, self._children[name].log)

    def _lines(self) -> list[bytes]:
        self._line.settimeout(0)
        try:
            self._heard += self._receive()
        except BlockingIOError:
            return []
        except OSError as error:
            raise KeeperGone from error
        *whole, self._heard = self._heard.split(b"\n")
        return whole

    def _receive(self) -> bytes:
        found = self._line.recv(_MOST_READ)
        if not found:
            raise KeeperGone
        return found

    def _say(self, what: Mapping[str, Any]) -> None:
        self._line.settimeout(_FIRST_WORD)
        try:
            self._line.sendall(json.dumps(what).encode() + b"\n")
        except OSError as error:
            raise KeeperGone from error


def _kept(told: Mapping[str, Any]) -> Kept:
    return Kept(**{**told, "state": State(told["state"]), "log": Path(told["log"])})
