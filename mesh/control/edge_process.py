"""The edge as a process that is followed by another one without a call lost: Envoy's hot restart.

The successor is handed the sockets that listen, so that no connection is refused; the one before it takes no new calls,
tells its callers to come back on new connections, and ends by itself.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mesh.control import plan
from mesh.control.child import Program, State
from mesh.control.rollout import START_SECONDS, RolloutError
from mesh.edge import drain, envoy

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from mesh.control.ads import Rejection
    from mesh.control.kept import KeptChildren
    from mesh.control.rollout import Steps
    from mesh.runtime.settings import Settings

NAME, FORMER = "edge", "edge-former"
# Past this the former one hangs.
_LEAVES = envoy.LEAVES_SECONDS + 5.0
_RANK = plan.RANK - 1
_EPOCH = "epoch"
# Envoy's words of a listener whose address somebody else has.
_IN_USE = "Address already in use"


def refusal(rejections: Iterable[Rejection], settings: Settings) -> str:
    """Why the edge does not take what it is told, in one line; nothing where it takes it."""
    said = [each.message for each in rejections if each.node == NAME]
    if not said:
        return ""
    if _IN_USE in said[-1]:
        return f"port {settings.edge_port} is in use; choose another one with MESH_EDGE_PORT"
    return f"the edge refuses what it is told: {said[-1]}"


class EdgeProcess:
    """Envoy under its supervisor; not thread-safe."""

    def __init__(self, children: KeptChildren, home: Path, bootstrap: Path) -> None:
        self._children = children
        self._log = plan.log_file(home, NAME)
        self._bootstrap = bootstrap
        self._epoch = max((int(each.note[_EPOCH]) for each in children if _EPOCH in each.note), default=0)

    def begin(self) -> None:
        """Start the first one, unless there is one that a control plane before this one started."""
        if NAME not in self._children:
            self._epoch += FORMER in self._children
            self._start()
        if FORMER in self._children:
            self._children.leave(FORMER, _LEAVES)

    def _start(self) -> None:
        command = envoy.command(self._bootstrap, self._epoch)
        program = Program(NAME, command, {"LANG": "C.UTF-8"}, self._bootstrap.parent, self._log, _RANK)
        self._children.start(program, {_EPOCH: self._epoch})

    def succeed(self) -> Steps:
        """Start another one that takes over; the former one goes on with what it has begun. See `former_ends`.

        Raises:
            RolloutError: the other one does not serve; it is gone, and the former one serves on.
        """
        yield from self.former_ends()
        self._children.rename(NAME, FORMER)
        self._epoch += 1
        self._start()
        yield f"{NAME} starts beside the one that serves"
        ends = time.monotonic() + START_SECONDS
        while drain.serving_epoch(self._bootstrap.parent / envoy.ADMIN) != self._epoch:
            child = self._children[NAME]
            if child.state is State.WAITING or child.restarts or time.monotonic() > ends:
                words = self._children.last_words(NAME, "ended")
                self._children.finish([NAME], 0.0)
                self._children.rename(FORMER, NAME)
                self._epoch -= 1
                raise RolloutError(words)
            yield ""
        self._children.leave(FORMER, _LEAVES)
        yield f"{NAME} serves"

    def former_ends(self) -> Steps:
        """Wait until the one before has ended, where there is one."""
        if FORMER not in self._children:
            return
        while self._children[FORMER].state is not State.STOPPED:
            yield ""
        self._children.forget(FORMER)
        yield f"{FORMER} has ended"

    def end(self, grace: float) -> None:
        """End all of it: no new connections, then the calls in progress, then the processes within `grace` seconds."""
        drain.drain(self._bootstrap.parent / envoy.ADMIN)
        self._children.finish([NAME, FORMER], grace)
        envoy.forget(self._bootstrap)
