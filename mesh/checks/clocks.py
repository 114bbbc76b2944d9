"""Time: nobody's clock is far from this machine's, and the mesh's own is moved only where that is meant."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from mesh.checks.check import Skipped, check
from mesh.runtime.clock import shared_clock
from mesh.store import soundness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.checks.view import View

_APART_US = 5_000_000


@check(
    "time.offset",
    "The mesh's clock is not ahead of the machine's, except in the profiles test and demo.",
    remedy="Remove MESH_HOME/clock, after looking at what was written with times of the future; or set MESH_PROFILE to "
    "the profile that the data was made in.",
)
def offset(view: View) -> Iterator[str]:
    """Read what `mesh clock advance` left."""
    if view.settings.virtual_time:
        raise Skipped(f"the profile {view.settings.profile} may move its clock")
    if view.settings.clock_file.exists():
        ahead = shared_clock(view.settings.clock_file).offset_us
        if ahead:
            yield f"data here was written up to {timedelta(microseconds=ahead)} ahead of this machine"


@check(
    "time.agreement",
    "The clocks of Redis and of PostgreSQL are within 5 seconds of this machine's.",
    remedy="Synchronise the machines' clocks, as with chrony or systemd-timesyncd.",
)
def agreement(view: View) -> Iterator[str]:
    """Ask each for its time."""
    said = {}
    try:
        seconds, micros = view.redis().call("TIME")
        said["Redis"] = int(seconds) * 1_000_000 + int(micros)
    except Skipped:
        pass  # events.redis tells
    for service, examination in view.examinations().items():
        if examination.dialect == "postgresql":
            said[f"the database of {service}"] = soundness.clock_us(examination)
    if not said:
        raise Skipped("there is no other clock to compare with")
    now = view.clock.now_us()
    for who, time_us in said.items():
        apart = time_us - now
        if abs(apart) > _APART_US:
            yield f"{who} is {abs(apart) / 1e6:.0f} s {'ahead' if apart > 0 else 'behind'}"


CHECKS = (offset, agreement)
