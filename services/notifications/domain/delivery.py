"""The rules of sending: what a mail server's answer means, how long to wait for the next try, and when to give up."""

from __future__ import annotations

import zlib

from rapport.notifications.v1 import resources_pb2

from mesh.contract.failure import Failure

_State = resources_pb2.Message.State
QUEUED, SENT = _State.STATE_QUEUED, _State.STATE_SENT
FAILED, UNKNOWN = _State.STATE_FAILED, _State.STATE_UNKNOWN

FIRST_PAUSE_US, LONGEST_PAUSE_US = 5_000_000, 3_600_000_000
MOST_TRIES = 16


def pause_us(identity: str, tries: int) -> int | None:
    """Microseconds until the next try after so many; None: there is none.

    Each pause is up to twice the one before. Which part of its second half is waited differs by message, so that those
    which failed together do not come back together.
    """
    if tries >= MOST_TRIES:
        return None
    longest = min(FIRST_PAUSE_US << min(tries, 20), LONGEST_PAUSE_US)
    share = zlib.crc32(f"{identity} {tries}".encode()) / 2**32
    return int(longest * (0.5 + share / 2))


def is_taken(code: int) -> bool:
    """Whether a reply code (RFC 5321) says yes."""
    return 200 <= code < 300


def is_passing(code: int) -> bool:
    """Whether a reply code says that the same may be asked later."""
    return 400 <= code < 500


def is_refused(code: int) -> bool:
    """Whether a reply code says that the same shall not be asked again."""
    return 500 <= code < 600


def decide_message(
    before: resources_pb2.Message | None, after: resources_pb2.Message, facts: object
) -> resources_pb2.Message:
    """The message as it will be kept: what was sent, or given up, stays so.

    Raises:
        Failure: OUTCOME_KNOWN.
    """
    del facts
    if before is not None and before.state in (SENT, FAILED) and after.state != before.state:
        raise outcome_known(before)
    if after.state == SENT:
        after.reason = ""
    return after


def outcome_known(message: resources_pb2.Message) -> Failure:
    """The failure for a message that there is nothing to be found out about."""
    return Failure("OUTCOME_KNOWN", metadata={"state": _State.Name(message.state).removeprefix("STATE_")})
