"""How far consumers are behind in a stream, as Redis tells of their groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mesh.events.envelope import stream_of

if TYPE_CHECKING:
    from mesh.events.redis_connection import RedisConnection

_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Lag:
    """A consumer's place in the stream of a source: entries not delivered to it yet, and those it has not finished."""

    source: str
    consumer: str
    behind: int
    pending: int


def lags(redis: RedisConnection, source: str) -> list[Lag]:
    """Every consumer of a source's stream.

    Raises:
        RedisUnavailable, RedisRefused: Redis does not tell.
    """
    stream = stream_of(source)
    if not redis.call("EXISTS", stream):
        return []
    groups = [fields(group) for group in redis.call("XINFO", "GROUPS", stream)]
    return [
        Lag(source, group[b"name"].decode(), _behind(redis, stream, group), int(group[b"pending"])) for group in groups
    ]


def _behind(redis: RedisConnection, stream: str, group: dict[bytes, Any]) -> int:
    """Redis does not know it once entries were deleted in front of the group: then they are counted, up to 1,000."""
    if group[b"lag"] is not None:
        return int(group[b"lag"])
    return len(redis.call("XRANGE", stream, b"(" + group[b"last-delivered-id"], "+", "COUNT", _COUNTED))


def fields(flat: list[Any]) -> dict[bytes, Any]:
    """What Redis tells as names and values by turns."""
    return dict(zip(flat[::2], flat[1::2], strict=True))
