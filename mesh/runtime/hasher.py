"""A program that hashes passwords with argon2id, for whoever started it: a line of JSON in, a line of JSON out.

It works in what time others leave, or on after everybody else, on any core. It ends with its standard input, and so
with whoever started it, however that ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import argon2

IDLE, LATE = "idle", "late"
"""Which time it takes: what others leave; or, beside somebody who could use all of a core, a tenth of it.

Where time is shared among sessions first, that is a quarter, as there are many that would use all of it.
"""
_NICENESS = 10
_SESSION = {IDLE: "19", LATE: "5"}
"""How nice its session is to others."""


def main() -> None:
    """Answer until there is nothing more to read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    _settle(sys.argv[1])
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(json.dumps(_answer(**json.loads(line))).encode() + b"\n")
        sys.stdout.buffer.flush()


def _settle(time: str) -> None:
    with suppress(OSError):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with suppress(OSError):
        # Where Linux shares time among sessions first (autogroup), a process gives way within its own alone, and uses
        # up what all of that may have.
        os.setsid()
        Path("/proc/self/autogroup").write_text(_SESSION[time], encoding="ascii")
    with suppress(OSError):
        if time == LATE:
            os.nice(_NICENESS)
        else:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _answer(costs: tuple[int, int, int], password: str, kept: str | None = None) -> dict[str, Any]:
    hasher = argon2.PasswordHasher(*costs)
    if kept is None:
        return {"hash": hasher.hash(password)}
    try:
        return {"matches": hasher.verify(kept, password)}
    except argon2.exceptions.VerifyMismatchError:
        return {"matches": False}
    except argon2.exceptions.InvalidHashError:
        return {"fault": "no hash of argon2"}


if __name__ == "__main__":
    main()
