"""Hashes of passwords take what time others leave, and a share of their own where that would be none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

import argon2
import pytest

from mesh.testing.eventually import eventually
from services.users.service import passwords

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.alone, pytest.mark.slow]
SECONDS = 4.0


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes cost what they do in the product."""
    hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", hasher)


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
    assert passwords.hash_password("quarry-otter-58-beacon")
    assert time.monotonic() - began < SECONDS


def test_without_a_share_of_their_own_hashes_would_not_end(busy: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault, which shows too that hashes give way."""
    with ThreadPoolExecutor(1) as pool, monkeypatch.context() as fault:
        fault.setattr(passwords, "_PATIENCE_SECONDS", 60.0)
        hashed = pool.submit(passwords.hash_password, "quarry-otter-58-beacon")
        with pytest.raises(TimeoutError):
            hashed.result(SECONDS / 2)
        assert not hashed.done()
        busy.close()
        eventually(hashed.done, within=60, of="a hash that takes what time is left")
