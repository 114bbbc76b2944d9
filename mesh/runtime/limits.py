"""How often a tenant may call, by rate class: the default, what an operator says instead, and how callers are told.

Callers are told in headers (mesh.contract.limit_headers). A budget is a token bucket, and so its policy is the bucket:
`q` calls, made up in `w` seconds when all are spent. The module counts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Limit:
    """How many calls a tenant may make, over all instances of a service: at least one per minute, and one at once."""

    per_minute: int
    burst: int

    @property
    def seconds(self) -> int:
        """How long a spent budget takes to be whole again, rounded up."""
        return -(-self.burst * 60 // self.per_minute)

    @property
    def wait(self) -> int:
        """Seconds after which a caller who was refused has a call again at the latest."""
        return -(-60 // self.per_minute)

    def policy(self, rate: str) -> str:
        """The value of `RateLimit-Policy` for a budget of this rate class."""
        return f"{named(rate)};q={self.burst};w={self.seconds}"


# Calls of anybody, by method, have these too.
DEFAULT_LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "READ": Limit(per_minute=120_000, burst=20_000),
        "WRITE": Limit(per_minute=12_000, burst=2_000),
        "COSTLY": Limit(per_minute=120, burst=20),
        "CREDENTIAL": Limit(per_minute=600, burst=100),
    }
)


def named(rate: str) -> str:
    """The name of a rate class as the headers write it."""
    return f'"{rate.lower()}"'


def read_limits(text: str) -> Mapping[str, Limit]:
    """The limits that a text states, as in `READ=60000/5000,WRITE=6000/500` (per minute/at once), and defaults else.

    Raises:
        ValueError: it states none, or one of a class that there is not.
    """
    limits = dict(DEFAULT_LIMITS)
    for stated in filter(None, (each.strip() for each in text.split(","))):
        rate, _, numbers = stated.partition("=")
        per_minute, _, burst = numbers.partition("/")
        if rate not in limits or not (per_minute.isdecimal() and burst.isdecimal()) or "0" in (per_minute, burst):
            msg = f"a limit is written as in READ=60000/5000, not {stated!r}"
            raise ValueError(msg)
        limits[rate] = Limit(int(per_minute), int(burst))
    return MappingProxyType(limits)
