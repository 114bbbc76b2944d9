"""Asks Envoy over its admin socket: to let its callers finish, and whether it has taken over from another one."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING

from mesh.edge.admin import ask

if TYPE_CHECKING:
    from pathlib import Path

LONGEST = 5.0
_TICK = 0.05


def drain(admin: Path) -> bool:
    """Have Envoy take no more calls, and wait for those in progress, at most `LONGEST` seconds.

    Returns whether all of them ended. An Envoy that does not answer has nothing to drain.
    """
    if ask(admin, "POST", "/drain_listeners?graceful&skip_exit") is None:
        return True
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        active = ask(admin, "GET", "/stats?filter=^http.edge.downstream_rq_active$")
        if active is None or re.search(r": 0\b", active):
            return True
        time.sleep(_TICK)
    return False


def serving_epoch(admin: Path) -> int:
    """Which Envoy has taken over, counted from 0 by hot restarts; -1: none answers, or it is not ready yet."""
    answer = ask(admin, "GET", "/server_info")
    try:
        told = json.loads(answer or "{}")
    except ValueError:
        return -1
    return int(told["command_line_options"].get("restart_epoch", 0)) if told.get("state") == "LIVE" else -1
