"""The rules of consents: what counts, whatever the order it was noted in."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.customers.domain.consents import DENIED, GRANTED, counting, decide_consent, granted

NOW_US = 1_000_000_000


def consent(**fields: Any) -> Any:
    given = {"channel": 1, "purpose": "news", "decision": GRANTED, "legal_basis": 2, "source": "page", **fields}
    return decide_consent(None, resources_pb2.Consent(**given), NOW_US)


@pytest.mark.parametrize(
    ("fields", "reason", "path"),
    [
        ({"channel": 0}, "INVALID_ARGUMENT", "channel"),
        ({"decision": 0}, "INVALID_ARGUMENT", "decision"),
        ({"legal_basis": 0}, "CONSENT_UNFOUNDED", "legal_basis"),
        ({"legal_basis": 1}, "CONSENT_UNFOUNDED", "proof"),
        ({"legal_basis": 1, "proof": " "}, "CONSENT_UNFOUNDED", "proof"),
        ({"decide_time": {"seconds": 1001}}, "INVALID_ARGUMENT", "decide_time"),
    ],
)
def test_what_does_not_count_is_refused(fields: dict[str, Any], reason: str, path: str) -> None:
    with pytest.raises(Failure) as caught:
        consent(**fields)
    assert (caught.value.reason, set(caught.value.fields)) == (reason, {path})


def test_a_refusal_needs_no_basis_and_is_of_now() -> None:
    refused = consent(decision=DENIED, legal_basis=0)
    assert refused.decide_time.ToMicroseconds() == NOW_US
    assert consent(legal_basis=1, proof="ticked").proof == "ticked"


DECISIONS = st.lists(
    st.tuples(st.integers(1, 2), st.sampled_from(["news", "offers"]), st.integers(0, 3), st.sampled_from([1, 2])),
    max_size=12,
)


@given(DECISIONS, st.integers(0, 5))
def test_the_newest_counts_and_of_those_at_once_the_refusal(
    decisions: list[tuple[int, str, int, int]], seed: int
) -> None:
    history = [
        resources_pb2.Consent(
            id=f"cns_{number}",
            channel=channel,  # type: ignore[arg-type]  # numbers of the enums
            purpose=purpose,
            decision=decision,  # type: ignore[arg-type]
            decide_time={"seconds": second},
        )
        for number, (channel, purpose, second, decision) in enumerate(decisions)
    ]
    random.Random(seed).shuffle(history)
    allowed = set()
    for channel, name in ((1, "email"), (2, "sms")):
        for purpose in ("news", "offers"):
            told = [(second, decision) for c, p, second, decision in decisions if (c, p) == (channel, purpose)]
            last = max((second for second, _ in told), default=-1)
            if told and all(decision == GRANTED for second, decision in told if second == last):
                allowed.add(f"{name}/{purpose}")
    assert granted(history) == sorted(allowed)
    assert set(counting(history)) == {(channel, purpose) for channel, purpose, _, _ in decisions}
