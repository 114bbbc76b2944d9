"""The rules of second factors: one-time codes by time (RFC 6238), and recovery codes."""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
_DIGITS = 6
# A device's clock may be a step ahead or behind.
_SKEW = 1
RECOVERY_CODES = 10
_HALF = 5


def _totp(secret: bytes) -> TOTP:
    # What every device knows; nothing rests on SHA-1 meeting no collisions here.
    return TOTP(secret, _DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303


def uri_of(secret: bytes, account: str, issuer: str) -> str:
    """What a device reads from a QR code."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def code_at(secret: bytes, step: int) -> str:
    """The code of a step, which is the number of half minutes since 1970."""
    return _totp(secret).generate(step * STEP_SECONDS).decode()


def accepted_step(secret: bytes, code: str, now_seconds: int, last_step: int) -> int:
    """The step that a code is of, at or beside the present one and after the last that was accepted; 0: of none."""
    present = now_seconds // STEP_SECONDS
    found = 0
    for step in range(present - _SKEW, present + _SKEW + 1):
        # All are compared, so that the time tells nothing.
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and step > last_step:
            found = found or step
    return found


def plain(code: str) -> str:
    """A code as it is compared, however it was typed."""
    return "".join(each for each in code.upper() if each.isalnum())


def recovery_codes(random: str) -> list[str]:
    """Ten codes of 50 bits each, from a hundred characters that nobody can foresee."""
    ends = range(0, RECOVERY_CODES * 2 * _HALF, 2 * _HALF)
    return [f"{random[at : at + _HALF]}-{random[at + _HALF : at + 2 * _HALF]}" for at in ends]
