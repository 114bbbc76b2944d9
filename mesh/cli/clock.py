"""`mesh clock`: shows the time of the mesh, and moves it ahead in the profiles test and demo."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from mesh.cli import output
from mesh.cli.instants import moment, span
from mesh.cli.outcome import BadUsage, Failed, running
from mesh.cli.stores import opened_redis, opened_stores
from mesh.events.backlog import Backlog
from mesh.events.relay import Poke
from mesh.events.stepping import NotSettledError, Stepper
from mesh.runtime.clock import SystemClock, shared_clock
from mesh.runtime.settings import read_settings
from mesh.runtime.worker import poke_path

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from mesh.runtime.clock import VirtualClock
    from mesh.runtime.settings import Settings

EXAMPLES = ("mesh clock", "mesh clock -o json")
_LONGEST = timedelta(days=36_525)


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("action", nargs="?", choices=("show", "advance"), default="show", help="default: show")
    parser.add_argument("span", nargs="?", default="", help="how far to advance, as in 3d, 12h or 1d12h30m")
    parser.add_argument("--to", default="", metavar="TIME", help="advance to a time (RFC 3339), not by a span")
    parser.add_argument("--timeout", type=float, default=60, metavar="S", help="seconds for what is due (default: 60)")
    output.add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show or advance. Advancing returns when all timers on the way have fired and were handled, in their order."""
    settings = read_settings()
    if arguments.action == "show":
        if arguments.span or arguments.to:
            msg = "to show the time takes no span; did you mean: mesh clock advance"
            raise BadUsage(msg)
        return _show(settings, arguments.output, 0)
    if not settings.virtual_time:
        msg = f"the profile {settings.profile} runs on real time; test and demo have a clock to advance"
        raise BadUsage(msg)
    running(settings)
    clock = shared_clock(settings.clock_file)
    try:
        target_us = _target(arguments, clock.now_us())
    except ValueError as error:
        raise BadUsage(str(error)) from error
    try:
        steps = _advance(settings, clock, target_us, arguments.timeout)
    except (NotSettledError, BlockingIOError) as error:
        msg = f"the clock stands at {output.rfc3339(clock.now_us())}: {error}"
        raise Failed(msg) from error
    return _show(settings, arguments.output, steps)


def _advance(settings: Settings, clock: VirtualClock, target_us: int, patience: float) -> int:
    with _alone(settings), opened_stores(settings) as stores, opened_redis(settings) as redis:
        pokes = [Poke(poke_path(settings, name)) for name in stores]
        try:
            return Stepper(clock, Backlog(stores, redis), pokes, patience=patience).advance_to(target_us)
        finally:
            for poke in pokes:
                poke.close()


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """One advance at a time; BlockingIOError for a second one."""
    with settings.clock_file.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            msg = "somebody else is advancing it"
            raise BlockingIOError(msg) from None
        yield


def _target(arguments: argparse.Namespace, now_us: int) -> int:
    """The moment to advance to, in microseconds since 1970; ValueError with what is wrong."""
    if bool(arguments.to) == bool(arguments.span):
        msg = "say how far to advance: either a span, as in 3d, or --to with a time"
        raise ValueError(msg)
    target_us = moment(arguments.to) if arguments.to else now_us + span(arguments.span) // timedelta(microseconds=1)
    if target_us < now_us:
        msg = f"it is {output.rfc3339(now_us)} already, and a clock never goes back"
        raise ValueError(msg)
    if target_us - now_us > _LONGEST // timedelta(microseconds=1):
        msg = "a clock is advanced by at most 100 years"
        raise ValueError(msg)
    return target_us


def _show(settings: Settings, form: str, steps: int) -> int:
    real_us = SystemClock().now_us()
    offset_us = shared_clock(settings.clock_file).offset_us if settings.virtual_time else 0
    now = output.rfc3339(real_us + offset_us)
    if form == output.JSON:
        found = {"time": now, "offset_seconds": offset_us / 1e6, "steps": steps, "virtual": settings.virtual_time}
        output.print_json(found)
        return 0
    ahead = f"{timedelta(microseconds=offset_us)} ahead of this machine" if offset_us else "the time of this machine"
    print(f"{now}  ({ahead})")
    return 0
