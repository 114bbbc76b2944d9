"""Hashes of passwords take what time others leave, and a share of their own where that would be none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import pytest

from mesh.runtime.hasher import IDLE, LATE
from mesh.runtime.hashing import Hasher, _process, take_time
from mesh.testing.eventually import eventually
from services.users.service import passwords

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.alone, pytest.mark.slow]
SECONDS = 4.0
PASSWORD = "quarry-otter-58-beacon"
ODD = 'naïve "ön\\e"\n\x00\U0001f9a6'
CHEAP = Hasher(time_cost=1, memory_cost=64, parallelism=1)
# What a service does with a password, and then tells which process did it.
_HASHES = """
import sys
from mesh.runtime.hashing import Hasher, _process
Hasher(time_cost=1, memory_cost=64, parallelism=1).hash("")
print(_process()._process.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes cost what they do in the product."""
    monkeypatch.setattr(passwords, "_HASHER", Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1))


@pytest.fixture
def busy() -> Iterator[ExitStack]:
    """A process on each core that would use all of it."""
    with ExitStack() as stack:
        for core in sorted(os.sched_getaffinity(0)):
            program = f"import os; os.sched_setaffinity(0, {{{core}}}); print(flush=True)\nwhile True: pass"
            process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
            stack.enter_context(process)
            stack.callback(process.kill)
            assert process.stdout is not None
            process.stdout.readline()
        yield stack


@pytest.mark.usefixtures("busy")
def test_who_logs_in_to_a_machine_without_time_to_spare_waits_a_little() -> None:
    began = time.monotonic()
    assert passwords.hash_password(PASSWORD)
    assert time.monotonic() - began < SECONDS


def test_without_a_share_of_their_own_hashes_would_not_end(busy: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault, which shows too that hashes give way: one that costs a second is not done in two."""
    monkeypatch.setattr(passwords, "_HASHER", Hasher(time_cost=60, memory_cost=19 * 1024, parallelism=1))
    with ThreadPoolExecutor(1) as pool, monkeypatch.context() as fault:
        fault.setattr(passwords, "_PATIENCE_SECONDS", 60.0)
        hashed = pool.submit(passwords.hash_password, PASSWORD)
        with pytest.raises(TimeoutError):
            hashed.result(SECONDS / 2)
        assert not hashed.done()
        busy.close()
        eventually(hashed.done, within=60, of="a hash that takes what time is left")


@pytest.mark.parametrize("password", ["", PASSWORD, ODD])
def test_a_hash_that_is_made_elsewhere_is_one_of_argon2(password: str) -> None:
    kept = CHEAP.hash(password)
    assert argon2.PasswordHasher().verify(kept, password)
    assert CHEAP.verify(argon2.PasswordHasher(1, 64, 1).hash(password), password)
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        CHEAP.verify(kept, f"{password}!")
    with pytest.raises(argon2.exceptions.InvalidHashError):
        CHEAP.verify("no hash", password)
    assert [each.check_needs_rehash(kept) for each in (CHEAP, passwords._HASHER)] == [False, True]


@pytest.mark.parametrize(("taken", "policy", "niceness"), [(IDLE, os.SCHED_IDLE, 0), (LATE, os.SCHED_OTHER, 10)])
def test_what_gives_way_is_a_process_and_no_thread_that_may_hold_the_interpreter(
    taken: str, policy: int, niceness: int
) -> None:
    with ThreadPoolExecutor(1, initializer=take_time, initargs=(taken,)) as pool:
        pool.submit(CHEAP.hash, "").result()
        process = pool.submit(_process).result()
        pid = process._process.pid
        assert (os.sched_getscheduler(pid), os.getpriority(os.PRIO_PROCESS, pid)) == (policy, niceness)
        assert os.sched_getaffinity(pid) == set(range(os.cpu_count() or 1))
        threads = [int(each.name) for each in Path("/proc/self/task").iterdir()]
        assert {os.sched_getscheduler(each) for each in threads} == {os.SCHED_OTHER}
        process.close()


def test_a_process_that_was_killed_is_replaced() -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(CHEAP.hash, "").result()
        before = pool.submit(_process).result()._process
        before.kill()
        before.wait()
        assert pool.submit(CHEAP.hash, "").result()
        after = pool.submit(_process).result()
        assert after._process.pid != before.pid
        after.close()


def test_it_ends_with_the_process_that_it_hashes_for() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HASHES], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        pid = int(service.stdout.readline())
        os.kill(pid, 0)
        service.send_signal(signal.SIGKILL)
    eventually(lambda: not _runs(pid), within=20, of="the end of what hashes for nobody")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
