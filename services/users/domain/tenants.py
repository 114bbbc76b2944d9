"""The rules of sign-up."""

from __future__ import annotations

import zoneinfo

from mesh.contract.failure import Failure

# Beginnings of what attackers try first; a password that holds little else is guessed at once.
_COMMON = ("password", "passwort", "qwerty", "letmein", "welcome", "iloveyou", "123456", "abc123", "changeme")
_MIN_REST = 6


def check_time_zone(name: str) -> str:
    """The zone, `Etc/UTC` where none is named.

    Raises:
        Failure: TIME_ZONE_UNKNOWN.
    """
    zone = name or "Etc/UTC"
    if zone not in zoneinfo.available_timezones():
        raise Failure("TIME_ZONE_UNKNOWN", fields={"time_zone": "is no name of the IANA database"})
    return zone


def check_password(password: str, *, slug: str, email: str) -> None:
    """Refuse what is guessed first (NIST SP 800-63B, 5.1.1.2): common words, repetitions, and the names given with it.

    Raises:
        Failure: PASSWORD_GUESSABLE.
    """
    folded = password.casefold()
    for word in (*_COMMON, slug.casefold(), email.partition("@")[0].casefold()):
        folded = folded.replace(word, "")
    if len(set(folded)) < _MIN_REST:
        raise Failure("PASSWORD_GUESSABLE", fields={"owner_password": "is too easy to guess"})
