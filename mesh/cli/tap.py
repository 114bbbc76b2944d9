"""`mesh tap`: calls as they are answered, from the access lines that every process writes anyway.

Nothing is switched on in any process, so nothing costs anything while nobody taps. The lines hold ids, codes and sizes;
no field of a request or a reply ever comes into them, whatever its sensitivity.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from mesh.cli import methods, output
from mesh.cli.log_lines import CODES, Line, Logs
from mesh.cli.outcome import BadUsage, running
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

EXAMPLES = ("mesh tap --seconds 1", "mesh tap ContactService/ListContacts --status error --seconds 1 -o json")
_TICK = 0.1
_ERROR = "error"
# Of a request that the edge answered by itself.
_FORWARDED = "via_upstream"


class _Over(Exception):
    """The time to watch has passed."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("method", nargs="?", default="", help="of one method, as in ContactService/GetContact")
    parser.add_argument("--tenant", default="", metavar="ID", help="for one tenant")
    parser.add_argument("--status", default="", metavar="CODE", help="that ended so, as in NOT_FOUND, or `error`")
    parser.add_argument("-n", "--count", type=int, help="end after so many (default: until interrupted)")
    parser.add_argument("--seconds", type=float, help="end after so long")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print calls as they end; as JSON one document a line."""
    settings = read_settings()
    running(settings)
    wanted = _chosen(arguments)
    ends = time.monotonic() + arguments.seconds if arguments.seconds is not None else float("inf")
    left = arguments.count

    def wait() -> None:
        if time.monotonic() > ends:
            raise _Over
        time.sleep(_TICK)

    with Logs(settings.home / "logs", live=True) as logs:
        try:
            for line in logs.follow(wait):
                if not wanted(line):
                    continue
                call = told(line)
                print(json.dumps(call) if arguments.output == output.JSON else _text(call), flush=True)
                left = left and left - 1
                if left == 0:
                    break
        except _Over:
            pass
    return 0


def _chosen(arguments: argparse.Namespace) -> Callable[[Line], bool]:
    status = arguments.status.upper()
    if status and status not in (*CODES, _ERROR.upper()):
        msg = f"{arguments.status} is no status code; there are {_ERROR}, {', '.join(CODES)}"
        raise BadUsage(msg)
    method = methods.find(arguments.method, _served()) if arguments.method else ""

    def wanted(line: Line) -> bool:
        call = line.call
        if not call or (line.at_edge and call.get("details") == _FORWARDED):
            # What the edge passed on is told by whoever answered it.
            return False
        failed = line.code not in ("", "OK") or (call.get("status") or 0) >= 400
        return (
            (not method or call.get("method") == method)
            and (not arguments.tenant or line.tenant == arguments.tenant)
            and (not status or (failed if status == _ERROR.upper() else line.code == status))
        )

    return wanted


def _served() -> list[str]:
    """Every method that is served to anybody."""
    from mesh.contract.catalog import load

    return [each.full_name for each in load().methods.values()]


def told(line: Line) -> dict[str, Any]:
    """A call: who called whom, how it ended, and how long and large it was. Only what is named here is shown."""
    call = line.call
    at_edge = line.at_edge
    return {
        "time": output.rfc3339(line.time_us),
        "from": "client" if at_edge else str(call.get("peer", "")).rpartition("/")[2],
        "to": line.process,
        "method": f"{call.get('method')} {call.get('path')}" if at_edge else methods.short(str(call.get("method"))),
        "code": line.code or str(call.get("status", "")),
        "reason": call.get("reason", ""),
        "ms": call.get("milliseconds" if at_edge else "ms"),
        "in": call.get("bytes_in" if at_edge else "in", 0),
        "out": call.get("bytes_out" if at_edge else "out", 0),
        "tenant": line.tenant,
        "principal": call.get("principal", ""),
        "trace": line.trace,
    }


def _text(call: dict[str, Any]) -> str:
    code = call["reason"] or call["code"]
    shown = output.coloured(code, output.GREEN if code == "OK" else output.RED)
    sizes = f"{call['in']}>{call['out']} B"
    whom = " ".join(filter(None, (call["principal"], call["tenant"])))
    where = f"{call['from']} -> {call['to']}"
    return f"{call['time'][11:23]} {where:26} {call['method']} {shown} {call['ms']} ms {sizes} {whom}".rstrip()
