"""Passwords: argon2id hashes (RFC 9106), and a check that takes as long for an unknown user as for a known one.

Hashes are made in two processes beside this one, wherever there is a core, in what time others leave. Where that is
hardly any, a hash is begun anew with a share of its own, so that people can log in to a machine that is busy. Who comes
when too many wait already is refused at once.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, TypeVar

import argon2

from mesh.contract.failure import Failure
from mesh.runtime.hasher import IDLE, LATE
from mesh.runtime.hashing import Hasher, take_time

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

# OWASP's least: 19 MiB, two passes, one lane. More lanes would be more threads.
_HASHER = Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
AT_ONCE = 2
MOST_WAITING = 32
_RETRY_SECONDS = 1.0
# Longer than ten at once wait for each other on a machine with little else to do.
_PATIENCE_SECONDS = 0.5

_PATIENT = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="hash", initializer=take_time, initargs=(IDLE,))
_PRESSED = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="late hash", initializer=take_time, initargs=(LATE,))
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
