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
    pending: set[Path] = set()
    print(f"watching {root}; Ctrl-C ends the mesh", flush=True)
    while True:
        time.sleep(_EVERY)
        changed = sources.changed()
        if not changed:
            continue
        print(f"changed: {', '.join(str(path.relative_to(root)) for path in changed[:5])}", flush=True)
        # What could not be brought in is tried again with the next change, which may be what mends it.
        pending.update(changed)
        if apply(wanted, sources, pending, root):
            pending.clear()


def apply(wanted: Wanted, sources: Sources, pending: set[Path], root: Path) -> bool:
    """Bring changes into the running mesh, with what is generated from them; whether all of it was."""
    began = time.monotonic()
    faults = [found for path in sorted(pending) if (found := fault(path))]
    if faults:
        print("\n".join(faults) + "\nnothing was restarted; what served before serves on", flush=True)
        return False
    if any(path.suffix == ".proto" for path in pending) and not _generated(root):
        return False
    pending.update(sources.changed())
    reached = sources.reached(pending)
    units = [PACK] if PACK in wanted.units and reached else list(reached)
    # The services come first: what the edge is told next must be there.
    if units and not _done(lambda: _restart(units)):
        return False
    replaced = sources.steers(pending)
    if replaced and not _done(lambda: replace_control(read_settings())):
        return False
    done = [*units, *([CONTROL] if replaced else [])]
    if done:
        print(f"restarted {', '.join(done)} in {time.monotonic() - began:.1f} s", flush=True)
    return True


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
