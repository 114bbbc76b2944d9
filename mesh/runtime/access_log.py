"""The access log: one JSON line per call, with ids and outcomes and never a value of a field."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

import orjson

from mesh.runtime.identity import Kind

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.clock import Clock
    from mesh.runtime.errors import Outcome

# Read once: the value of a member is looked up at every call otherwise.
_KINDS = {kind: kind.value for kind in Kind}


class AccessLog:
    """Writes lines to a file descriptor; a line is one write, so that lines of several threads do not mix."""

    def __init__(self, clock: Clock, descriptor: int = 1, *, instance: str = "") -> None:
        self._clock = clock
        self._descriptor = descriptor
        self._instance = instance

    def write(self, call: Call, failed: Outcome | None, nanoseconds: int, received: int, sent: int) -> None:
        """Log one call that has ended; `received` and `sent` are the sizes of request and reply in bytes."""
        identity, contract = call.identity, call.contract
        line = {
            "time_us": self._clock.now_us(),
            "service": contract.service,
            "instance": self._instance,
            "method": contract.full_name,
            "code": failed.status.code if failed else 0,
            "ms": nanoseconds // 1000 / 1000,
            "left_ms": int((call.ends - time.monotonic()) * 1000),
            "in": received,
            "out": sent,
            "tenant": identity.tenant,
            "kind": _KINDS[identity.kind],
            "principal": identity.principal,
            "peer": call.peer,
            "trace": call.trace,
        }
        self._put(line, failed)

    def write_refused(self, service: str, method: str, failed: Outcome, trace: str, peer: str) -> None:
        """Log a call that was refused unread, before anyone asked for whom it is made.

        service: empty where nobody serves the method.
        """
        line = {
            "time_us": self._clock.now_us(),
            "service": service,
            "instance": self._instance,
            "method": method,
            "code": failed.status.code,
            "ms": 0,
            "peer": peer,
            "trace": trace,
        }
        self._put(line, failed)

    def _put(self, line: dict[str, Any], failed: Outcome | None) -> None:
        if failed:
            line["reason"] = failed.reason
            if failed.fault:
                line["fault"] = failed.fault
        os.write(self._descriptor, orjson.dumps(line) + b"\n")
