"""A process that is told to end does so: no signal is missed, and nothing that hangs holds it up for ever."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mesh.testing.planted import planted
from tests.control.test_roles import environment, started

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["environment"]

# The kernel may hand a signal to any thread; the one that is to hear of it sleeps by then.
ELSEWHERE = """
import signal, sys, threading, time
from mesh.runtime.ending import Ending
{ending}
other = threading.Thread(target=time.sleep, args=(600,), daemon=True)
other.start()
def tell():
    state = lambda: open(f"/proc/self/task/{{main}}/stat").read().rsplit(")", 1)[1].split()[0]
    while state() != "S":
        pass
    signal.pthread_kill(other.ident, signal.SIGTERM)
    print("told", flush=True)
main = threading.get_native_id()
threading.Thread(target=tell, daemon=True).start()
ending.wait()
print("heard", flush=True)
"""
BY_LOCK = "ending = threading.Event(); signal.signal(signal.SIGTERM, lambda *_: ending.set())"
MISSED_SECONDS = 2.0
_HANGS = """
import threading
ENDS_SECONDS = 1
Host.stop = lambda self: threading.Event().wait()
"""


def listening(ending: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", ELSEWHERE.format(ending=ending)], stdout=subprocess.PIPE, text=True)


def test_a_signal_that_another_thread_was_handed_is_heard() -> None:
    said, _ = listening("ending = Ending()").communicate(timeout=60)
    assert "heard" in said


def test_a_sleep_on_a_lock_misses_it() -> None:
    """The planted fault: so processes waited for their end, and now and then one never heard of it."""
    with listening(BY_LOCK) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "told\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=MISSED_SECONDS)
        process.kill()


def test_a_process_ends_whatever_its_threads_do(environment: Mapping[str, str], tmp_path: Path) -> None:
    fault = planted(tmp_path / "hangs", "mesh.runtime.process", _HANGS)
    with started({**environment, **fault}) as (process, _):
        process.terminate()
        assert process.wait(60) == -signal.SIGALRM


def test_a_process_that_only_starts_ends_at_once(environment: Mapping[str, str], tmp_path: Path) -> None:
    fault = planted(tmp_path / "slow", "mesh.store.store", "import os, threading\n"
                    "def _wait(self):\n    os.write(1, b'starting\\n'); threading.Event().wait()\n"
                    "Store.migrate = _wait\n")  # fmt: skip
    command = [sys.executable, "-m", "mesh.cli.main", "serve", "users"]
    with subprocess.Popen(command, env={**environment, **fault}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"starting\n"
        process.terminate()
        assert process.wait(60) == -signal.SIGTERM
