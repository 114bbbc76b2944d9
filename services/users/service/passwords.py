"""Passwords: argon2id hashes (RFC 9106), and a check that takes as long for an unknown user as for a known one.

Hashes are made on two threads, wherever there is a core: the thread that a process is pinned to would make every other
call wait. Who comes when too many wait already is refused at once.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from threading import BoundedSemaphore, get_native_id
from typing import TYPE_CHECKING, TypeVar

import argon2

from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

# OWASP's least: 19 MiB, two passes, one lane. More lanes would be more threads.
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2
MOST_WAITING = 32
_RETRY_SECONDS = 1.0
# Linux knows threads by the same call: a hash takes all of a core for 40 ms, which others would wait for.
_NICENESS = 10


def _give_way() -> None:
    """Let the thread run on any core that the process may have, and on each after everybody else."""
    with suppress(OSError):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICENESS)


_THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hash", initializer=_give_way)
_PLACES = BoundedSemaphore(AT_ONCE + MOST_WAITING)


def _hashing(work: Callable[[], Result]) -> Result:
    """The result of work that hashes.

    Raises:
        Failure: OVERLOADED, where too many wait already.
    """
    if not _PLACES.acquire(blocking=False):
        raise Failure("OVERLOADED", retry_after=_RETRY_SECONDS)
    try:
        return _THREADS.submit(work).result()
    finally:
        _PLACES.release()


@cache
def _nobody() -> str:
    """A hash to check against where there is no user, so that the time of an answer tells nothing."""
    return _HASHER.hash("")


def hash_password(password: str) -> str:
    """The hash to keep."""
    return _hashing(lambda: _HASHER.hash(password))


def password_matches(password: str, kept: str | None) -> bool:
    """Whether a password has this hash; never for None, after the same work."""

    def verify() -> bool:
        try:
            _HASHER.verify(kept or _nobody(), password)
        except argon2.exceptions.VerifyMismatchError:
            return False
        return bool(kept)

    return _hashing(verify)


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other costs than are asked for now."""
    return _HASHER.check_needs_rehash(kept)
