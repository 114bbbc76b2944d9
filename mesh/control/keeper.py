"""The parent of every process of a mesh, the control plane among them, so that none of them depends on another's life.

It starts what it is told to start, starts it again when it ends, and remembers both for the next control plane when one
is lost: whoever is adopted was never without this parent, so no process id can have come to mean another process. It
knows nothing of services, calls or health, and imports nothing installed: what is this small does not fail.

It listens on a socket that only its owner may use; the last control plane that connected is the one that counts. With
it, the kernel ends all its children.
"""

from __future__ import annotations

import contextlib
import json
import logging
import select
import signal
import socket
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mesh.control.child import Child, Program, State
from mesh.control.children import Children, Ended
from mesh.control.unix_path import short_path
from mesh.runtime.ending import Ending

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

SOCKET = "keeper.sock"
CONTROL = "control"
INTERRUPTED = 130
_TICK = 0.05
_LOGS_EVERY = 5.0
# What the control plane gets to end everything in order, and what the rest gets after it.
_CONTROL_GRACE = 32.0
_REST_GRACE = 3.0
_MOST_READ = 65536
_SEND_BUFFER = 4 * 2**20


class Keeper:
    """Runs in the main thread of its process: the kernel ties its children to that thread."""

    def __init__(self, control: Program, folder: Path) -> None:
        """control: how the control plane is run. folder: where the socket is made."""
        self._control = Child(control)
        self._children = Children()
        self._notes: dict[str, Mapping[str, Any]] = {}
        self._served = False
        self._line: socket.socket | None = None
        self._heard = b""
        self._told: dict[str, Mapping[str, Any]] = {}
        self._listener = _listen(folder / SOCKET)

    def run(self) -> int:
        """Keep until told to end, or until the control plane ends by itself before it ever served; the exit status.

        INTERRUPTED where it was Ctrl-C that told it.
        """
        ending = Ending()
        self._control.start()
        status = None
        looked = time.monotonic()
        while status is None and not ending.told():
            self._hear()
            ended = self._look()
            if ended is not None and (ended == 0 or not self._served):
                status = ended
            if time.monotonic() - looked > _LOGS_EVERY:
                self._children.bound_logs()
                looked = time.monotonic()
        self._end()
        return INTERRUPTED if ending.by is signal.SIGINT else min(abs(status or 0), 1)

    def _hear(self) -> None:
        """Wait a little for what the control plane says, and do it."""
        lines = [self._listener, *([self._line] if self._line else [])]
        readable, _, _ = select.select(lines, [], [], _TICK)
        if self._listener in readable:
            self._drop()
            self._line, _ = self._listener.accept()
            self._line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            self._line.settimeout(0)
            self._control.ready()
            self._told.clear()
            self._say({"all": [self._describe(child) for child in self._children]})
        elif self._line in readable:
            said = self._receive()
            *whole, self._heard = (self._heard + said).split(b"\n")
            for line in whole:
                self._do(json.loads(line))

    def _receive(self) -> bytes:
        said = b""
        if self._line is not None:
            with contextlib.suppress(OSError):
                said = self._line.recv(_MOST_READ)
            if not said:
                self._drop()
        return said

    def _do(self, order: Mapping[str, Any]) -> None:
        name = order.get("name", "")
        match order["do"]:
            case "start":
                program = order["program"]
                self._notes[program["name"]] = order["note"]
                self._children.start(
                    Program(**{**program, "command": tuple(program["command"]),
                               "folder": Path(program["folder"]), "log": Path(program["log"])})
                )  # fmt: skip
            case "stop" if name in self._children:
                self._children.stop(name, order["grace"])
            case "leave" if name in self._children:
                self._children[name].leave(order["grace"])
            case "rename" if name in self._children:
                self._children.rename(name, order["new"])
                self._notes[order["new"]] = self._notes.pop(name)
                self._told.pop(name, None)
            case "forget" if name in self._children:
                self._children.forget(name)
                self._told.pop(name, None)
            case "ready" if name in self._children:
                self._children[name].ready()
            case "served":
                self._served = True

    def _look(self) -> int | None:
        """Notice who ended, and tell the control plane; the exit status where it was the control plane itself."""
        how = {event.name: event.how for event in self._children.look() if isinstance(event, Ended)}
        for child in self._children:
            now = self._describe(child)
            name = child.program.name
            if self._told.get(name) != now or name in how:
                self._told[name] = now
                self._say({"child": now, "ended": how.get(name, "")})
        status = self._control.look()
        if status is not None:
            log.error("the control plane ended with status %s", status)
        return status

    def _describe(self, child: Child) -> Mapping[str, Any]:
        return {
            "name": child.program.name,
            "state": child.state.value,
            "pid": child.pid,
            "port": child.port,
            "metrics_port": child.metrics_port,
            "restarts": child.restarts,
            "log": str(child.program.log),
            "note": self._notes[child.program.name],
        }

    def _say(self, what: Mapping[str, Any]) -> None:
        """Tell the control plane. One that does not listen is cut off, and starts anew with all that there is."""
        if self._line is None:
            return
        try:
            self._line.sendall(json.dumps(what).encode() + b"\n")
        except OSError:
            self._drop()

    def _drop(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line, self._heard = None, b""

    def _end(self) -> None:
        """Have the control plane end everything in order, and end what is left."""
        self._control.terminate(_CONTROL_GRACE)
        while self._control.state is not State.STOPPED:
            self._hear()
            self._look()
        self._drop()
        for rank in sorted({child.program.rank for child in self._children}):
            names = [child.program.name for child in self._children if child.program.rank == rank]
            self._children.finish(names, _REST_GRACE)
        self._listener.close()


def as_order(program: Program, note: Mapping[str, Any]) -> Mapping[str, Any]:
    """The order to start a program. note: what the next control plane needs to know of it."""
    content = {**asdict(program), "folder": str(program.folder), "log": str(program.log)}
    return {"do": "start", "program": content, "note": note}


def _listen(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    with short_path(path) as short:
        listener.bind(short)
    path.chmod(0o600)
    listener.listen(2)
    return listener
