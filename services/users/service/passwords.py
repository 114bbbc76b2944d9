"""Passwords: argon2id hashes (RFC 9106), and a check that takes as long for an unknown user as for a known one.

Hashes are made on two threads, wherever there is a core: the thread that a process is pinned to would make every other
call wait. They take what time others leave. Where that is hardly any, a hash is begun anew with a share of its own, so
that people can log in to a machine that is busy. Who comes when too many wait already is refused at once.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
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
# Of a core's time, beside somebody who could use all of it: a tenth.
_NICENESS = 10
# Longer than ten at once wait for each other on a machine with little else to do.
_PATIENCE_SECONDS = 0.5


def _take_what_is_left() -> None:
    """Run on any core that the process may have, and there only while nobody else wants to."""
    _leave_core()
    with suppress(OSError):
        os.sched_setscheduler(get_native_id(), os.SCHED_IDLE, os.sched_param(0))


def _take_a_share() -> None:
    """Run on any core that the process may have, and on each after everybody else. Linux knows threads by this call."""
    _leave_core()
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _NICENESS)


def _leave_core() -> None:
    with suppress(OSError):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


_PATIENT = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hash", initializer=_take_what_is_left)
_PRESSED = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="late hash", initializer=_take_a_share)
_PLACES = BoundedSemaphore(AT_ONCE + MOST_WAITING)


def _hashing(work: Callable[[], Result]) -> Result:
    """The result of work that hashes.

    Raises:
        Failure: OVERLOADED, where too many wait already.
    """
    if not _PLACES.acquire(blocking=False):
        raise Failure("OVERLOADED", retry_after=_RETRY_SECONDS)
    try:
        patient = _PATIENT.submit(work)
        try:
            return patient.result(timeout=_PATIENCE_SECONDS)
        except TimeoutError:
            pressed = _PRESSED.submit(work)
            ends = (pressed,) if patient.cancel() else (patient, pressed)
            return wait(ends, return_when=FIRST_COMPLETED).done.pop().result()
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
