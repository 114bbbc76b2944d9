"""The access log: one JSON line per call, with ids and outcomes and never a value of a field."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.errors import Outcome


class AccessLog:
    """Writes lines to a file descriptor; a line is one write, so that lines of several threads do not mix."""

    def __init__(self, descriptor: int = 1) -> None:
        self._descriptor = descriptor

    def write(self, call: Call, failed: Outcome | None, nanoseconds: int) -> None:
        """Log one call that has ended."""
        line = {
            "time_us": call.environment.clock.now_us(),
            "method": call.contract.full_name,
            "code": failed.status.code if failed else 0,
            "ms": round(nanoseconds / 1e6, 3),
            "tenant": call.identity.tenant,
            "principal": call.identity.principal,
            "trace": call.trace,
        }
        if failed:
            line["reason"] = failed.reason
            if failed.fault:
                line["fault"] = failed.fault
        os.write(self._descriptor, orjson.dumps(line) + b"\n")
