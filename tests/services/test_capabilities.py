"""Capabilities: what a token carries, and what passes for none."""

from __future__ import annotations

import base64
import hmac
from unittest import mock

import pytest

from mesh.contract.failure import Failure
from mesh.runtime import capabilities
from mesh.runtime.capabilities import Capabilities
from mesh.runtime.clock import SystemClock
from mesh.runtime.ids import Ids
from mesh.runtime.secrets import Secrets

NOW = 1_800_000_000_000_000
KIND = "contacts.download"
IDS = Ids(SystemClock())
SECRETS = Secrets(b"s" * 32)
MINE = Capabilities("customers", SECRETS, IDS)


def test_a_token_says_for_whom_and_until_when() -> None:
    token = MINE.mint(KIND, "ten_1", "con_1", expires_us=NOW + 1, single_use=False)
    held = MINE.check(KIND, token, NOW)
    assert (held.kind, held.tenant, held.subject, held.single_use) == (KIND, "ten_1", "con_1", False)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_token_that_works_once_is_one_of_its_kind_and_must_expire() -> None:
    first, second = (MINE.mint(KIND, "ten_1", "con_1", expires_us=NOW + 1, single_use=True) for _ in range(2))
    assert MINE.check(KIND, first, NOW).digest != MINE.check(KIND, second, NOW).digest
    with pytest.raises(ValueError, match="must expire"):
        MINE.mint(KIND, "ten_1", "con_1", expires_us=0, single_use=True)


def invalid(keys: Capabilities, kind: str, token: str, now_us: int = NOW) -> bool:
    try:
        keys.check(kind, token, now_us)
    except Failure as failure:
        return failure.reason == "CAPABILITY_INVALID"
    return False


def check_refusals() -> None:
    """No change of a token, and no other kind, service or secret, leaves it valid."""
    token = MINE.mint(KIND, "ten_1", "con_1", expires_us=NOW, single_use=False)
    assert invalid(MINE, KIND, token), "expired"
    assert not invalid(MINE, KIND, token, NOW - 1)
    assert invalid(MINE, "contacts.read", token, NOW - 1)
    assert invalid(Capabilities("users", SECRETS, IDS), KIND, token, NOW - 1)
    assert invalid(Capabilities("customers", Secrets(b"t" * 32), IDS), KIND, token, NOW - 1)
    sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        assert invalid(MINE, KIND, base64.urlsafe_b64encode(changed).decode().rstrip("="), NOW - 1)
    for broken in ("", "=", "x", "\u00e9", token[:-3], token + "A", "A" * 1000):
        assert invalid(MINE, KIND, broken, NOW - 1)


def test_whatever_is_not_the_token_is_invalid_in_one_and_the_same_way() -> None:
    check_refusals()


def test_without_the_digest_a_changed_token_passes() -> None:
    with mock.patch.object(capabilities.hmac, "compare_digest", return_value=True), pytest.raises(AssertionError):
        check_refusals()


def test_with_one_key_for_all_kinds_a_token_passes_for_another() -> None:
    shared = mock.patch.object(
        Capabilities, "_signatures", lambda _, kind, payload: [hmac.digest(b"k", payload, "md5")]
    )
    with shared, pytest.raises(AssertionError):
        check_refusals()
