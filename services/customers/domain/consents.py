"""The rules of consents: what a decision needs to count, and what several come to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure, invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

Consent = resources_pb2.Consent
GRANTED, DENIED = resources_pb2.CONSENT_DECISION_GRANTED, resources_pb2.CONSENT_DECISION_DENIED


def decide_consent(before: Consent | None, after: Consent, now_us: int) -> Consent:
    """The consent as it will be kept; `now_us` is the time in microseconds since 1970.

    Raises:
        Failure: CONSENT_UNFOUNDED; INVALID_ARGUMENT for what is missing, or was decided in the future.
    """
    for name in ("channel", "decision"):
        if not getattr(after, name):
            raise invalid(name, "is missing")
    if not after.HasField("decide_time"):
        after.decide_time.FromMicroseconds(now_us)
    if before is None and after.decide_time.ToMicroseconds() > now_us:
        raise invalid("decide_time", "lies in the future")
    if after.decision == GRANTED and not after.legal_basis:
        raise Failure("CONSENT_UNFOUNDED", fields={"legal_basis": "is missing"})
    if after.decision == GRANTED and after.legal_basis == resources_pb2.LEGAL_BASIS_CONSENT and not after.proof.strip():
        raise Failure("CONSENT_UNFOUNDED", fields={"proof": "is missing"})
    return after


def counting(history: Iterable[Consent]) -> dict[tuple[int, str], Consent]:
    """By channel and purpose the consent that counts: the newest one; of several at the same time a refusal."""
    found: dict[tuple[int, str], Consent] = {}
    for consent in history:
        key = (consent.channel, consent.purpose)
        if key not in found or _weight(consent) > _weight(found[key]):
            found[key] = consent
    return found


def _weight(consent: Consent) -> tuple[int, bool, str]:
    return (consent.decide_time.ToMicroseconds(), consent.decision == DENIED, consent.id)


def restricting(histories: Sequence[Sequence[Consent]]) -> list[Consent]:
    """The refusals that have to be noted where several contacts become one, for the most restrictive of them to hold.

    There is one for each channel and purpose that one refuses, and where another one's later consent would count.
    Who has said nothing refuses nothing. They are copies, with nothing but channel, purpose and decision.
    """
    newest = counting(consent for history in histories for consent in history)
    refused = {key for history in histories for key, consent in counting(history).items() if consent.decision == DENIED}
    overruled = sorted(key for key in refused if newest[key].decision != DENIED)
    return [
        Consent(channel=resources_pb2.ConsentChannel.ValueType(channel), purpose=purpose, decision=DENIED)
        for channel, purpose in overruled
    ]


def granted(history: Iterable[Consent], but: Collection[tuple[int, str]] = ()) -> list[str]:
    """What a history allows, as in `email/newsletter`, by alphabet; without channels and purposes in `but`."""
    newest = counting(history).items()
    allowed = (key for key, consent in newest if consent.decision == GRANTED and key not in but)
    return sorted(f"{_CHANNELS[channel]}/{purpose}" for channel, purpose in allowed)


_CHANNELS = {
    value.number: value.name.removeprefix("CONSENT_CHANNEL_").lower()
    for value in resources_pb2.ConsentChannel.DESCRIPTOR.values
}
