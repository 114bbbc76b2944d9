"""Passwords: argon2id hashes (RFC 9106), and a check that takes as long for an unknown user as for a known one."""

from __future__ import annotations

from functools import cache

import argon2

_HASHER = argon2.PasswordHasher()


@cache
def _nobody() -> str:
    """A hash to check against where there is no user, so that the time of an answer tells nothing."""
    return _HASHER.hash("")


def hash_password(password: str) -> str:
    """The hash to keep."""
    return _HASHER.hash(password)


def password_matches(password: str, kept: str | None) -> bool:
    """Whether a password has this hash; never for None, after the same work."""
    try:
        _HASHER.verify(kept or _nobody(), password)
    except argon2.exceptions.VerifyMismatchError:
        return False
    return kept is not None
