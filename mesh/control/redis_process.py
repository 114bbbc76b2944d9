"""The mesh's own Redis as a process, for operators who name none."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from mesh.control import plan
from mesh.control.child import Program
from mesh.control.children import Ended
from mesh.events import embedded_redis
from mesh.runtime.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

    from mesh.control.kept import KeptChildren

REDIS = "redis"
GRACE = 5.0
_RANK = plan.RANK + 1
_START_SECONDS = 10.0
_TICK = 0.05


class StartError(RuntimeError):
    """A program ended before the mesh served; the text tells its last words and where the rest of them is."""


def begin(children: KeptChildren, home: Path) -> str:
    """Start it, wait until it answers, and return its URL.

    Raises:
        StartError: it does not answer.
    """
    if REDIS in children:
        # The control plane before ended in between, and the password went with it.
        children.finish([REDIS], GRACE)
        children.forget(REDIS)
    port, password = free_port(), secrets.token_urlsafe(24)
    url = embedded_redis.url(port=port, password=password)
    command = tuple(embedded_redis.redis_command(home / "redis", port=port, password=password))
    children.start(Program(REDIS, command, {"LANG": "C.UTF-8"}, home, plan.log_file(home, REDIS), _RANK))
    deadline = time.monotonic() + _START_SECONDS
    while not embedded_redis.answers(url):
        for event in children.look():
            if isinstance(event, Ended):
                raise StartError(children.last_words(event.name, event.how))
        if time.monotonic() > deadline:
            raise StartError(children.last_words(REDIS, "does not answer"))
        time.sleep(_TICK)
    children.ready(REDIS)
    return url
