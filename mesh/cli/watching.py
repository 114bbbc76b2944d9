"""What `mesh up --watch` does: a change of code replaces the processes that run it; a contract is generated first.

What cannot be read, generated or started changes nothing: the processes before it serve on, and the cause is told.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import services
from mesh.cli import ordering
from mesh.cli.outcome import Failed
from mesh.cli.replacing import CONTROL, await_control, replace_control
from mesh.control.sources import Sources, fault
from mesh.runtime.roles import PACK
from mesh.runtime.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.control.wanted import Wanted

_EVERY = 0.1


def watch(wanted: Wanted) -> NoReturn:
    """Look until Ctrl-C."""
    root = Path(next(iter(services.__path__))).parent
    sources = Sources(root, wanted.services)
    print(f"watching {root}; Ctrl-C ends the mesh", flush=True)
    while True:
        time.sleep(_EVERY)
        changed = sources.changed()
        if changed:
            apply(wanted, sources, changed, root)


def apply(wanted: Wanted, sources: Sources, changed: Sequence[Path], root: Path) -> None:
    """Bring a change into the running mesh."""
    began = time.monotonic()
    print(f"changed: {', '.join(str(path.relative_to(root)) for path in changed[:5])}", flush=True)
    faults = [found for path in changed if (found := fault(path))]
    if faults:
        print("\n".join(faults) + "\nnothing was restarted; what served before serves on", flush=True)
        return
    if any(path.suffix == ".proto" for path in changed) and not _generated(root):
        return
    changed = (*changed, *sources.changed())
    reached = sources.reached(changed)
    units = [PACK] if PACK in wanted.units and reached else list(reached)
    done = []
    if units and _done(lambda: _restart(units)):
        done += units
    # The services come first: what the edge is told next must be there.
    if sources.steers(changed) and _done(lambda: replace_control(read_settings())):
        done.append(CONTROL)
    if done:
        print(f"restarted {', '.join(done)} in {time.monotonic() - began:.1f} s", flush=True)


def _generated(root: Path) -> bool:
    done = subprocess.run([sys.executable, "scripts/gen.py"], cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{done.stdout}{done.stderr}nothing was generated; what served before serves on", flush=True)
    return done.returncode == 0


def _done(change: Callable[[], object]) -> bool:
    """Whether a change was made; if not, the cause is told."""
    try:
        change()
    except Failed as failed:
        print(f"{failed}\nwhat served before serves on", flush=True)
        return False
    return True


def _restart(units: Sequence[str]) -> None:
    await_control(read_settings())
    ordering.give("restart", {"units": units})
