"""How long a stream and the outbox behind it keep what was published.

A stream is short: what its slowest group has not handled yet, and some minutes for those who follow its end. The outbox
keeps a row until every group has handled it and Redis has surely written it to its disk. A group that has not moved for
a week is given up. Times are those of Redis, which are in the ids of its entries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mesh.events.redis_connection import RedisConnection

FSYNC_MS = 60_000
"""Redis writes to its disk every second; a slow disk has this long."""
FOLLOWED_MS = 600_000
"""What a feed that was cut off finds in the stream when it comes back."""
GIVEN_UP_MS = 7 * 24 * 3_600_000


def place(key: bytes) -> int:
    """The id of an entry as one number that grows with it; 16 bits are for its number in the millisecond."""
    moment, _, number = key.partition(b"-")
    return int(moment) << 16 | int(number)


def _id(at: int) -> str:
    return f"{at >> 16}-{at & 0xFFFF}"


def holds(redis: RedisConnection, stream: str, at: int) -> bool:
    """Whether the entry at a place is in the stream; the last one is never trimmed."""
    return bool(redis.call("XRANGE", stream, _id(at), _id(at)))


def trim(redis: RedisConnection, stream: str) -> int:
    """Shorten a stream; the place up to which everything is handled by all groups, and on the disk of Redis."""
    (seconds, micros), last = redis.pipeline([("TIME",), ("XREVRANGE", stream, "+", "-", "COUNT", 1)])
    if not last:
        return 0
    now = int(seconds) * 1000 + int(micros) // 1000
    end = place(last[0][0])
    handled = max(min([end, *_handled(redis, stream)]), now - GIVEN_UP_MS << 16)
    redis.call("XTRIM", stream, "MINID", "~", _id(min(handled, end, now - FOLLOWED_MS << 16)))
    return min(handled, now - FSYNC_MS << 16)


def _handled(redis: RedisConnection, stream: str) -> list[int]:
    """For each group the place up to which it has acknowledged everything."""
    places = []
    for group in redis.call("XINFO", "GROUPS", stream):
        fields: dict[bytes, Any] = dict(zip(group[::2], group[1::2], strict=True))
        first = redis.call("XPENDING", stream, fields[b"name"])[1] if fields[b"pending"] else None
        places.append(place(first) - 1 if first else place(fields[b"last-delivered-id"]))
    return places
