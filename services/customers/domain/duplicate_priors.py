"""What is expected of contacts before any were seen: how entries of one person differ, and how alike two persons are.

Each of these counts as a number of pairs or contacts, so that those that were seen come to outweigh it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from services.customers.domain.duplicate_levels import ALIAS, DIFFERENT, SAME, SIMILAR, SWAPPED, TYPO

if TYPE_CHECKING:
    from collections.abc import Iterable

# How entries of one person differ, before any were seen: nine of ten values are kept as they are, as in the error rates
# that Christen (Data Matching, 2012) gives for names and addresses. It weighs as much as this many pairs.
M = {SAME: 0.86, ALIAS: 0.02, TYPO: 0.06, SIMILAR: 0.02, SWAPPED: 0.005, DIFFERENT: 0.035}
M_PAIRS = 20.0
# How often two persons are the same in a field, before any were seen: given and family names as in the population of an
# English-speaking country, days of birth as over sixty years, numbers and keys as good as never.
_U = {
    "given_name": 5e-3,
    "family_name": 1e-3,
    "birth_date": 5e-5,
    "address.number": 1e-2,
    "address.street": 1e-3,
    "address.premises": 1e-3,
    "address.locality": 5e-3,
    "address.postcode": 5e-3,
    "address.region": 2e-1,
}
_U_ANY = 1e-5
# How often two persons are somewhat alike in a field, as multiples of being the same; what is left is DIFFERENT.
_U_ALIKE = {ALIAS: 0.5, TYPO: 2.0, SIMILAR: 10.0, SWAPPED: 0.2}
U_PAIRS = 1000.0
# Of a hundred contacts, how many pairs are expected to be duplicates, before any were seen.
_EXPECTED = 0.01
# With how many others somebody shares a home or an office, before any were seen, and how many contacts that weighs.
HOUSEHOLD, HOUSED = 0.3, 1.0
LEAST = 1e-9


def u_of(name: str) -> dict[str, float]:
    """U by level, before any pair was seen."""
    same = _U.get(name, _U_ANY)
    found = {SAME: same, **{level: same * times for level, times in _U_ALIKE.items()}}
    return {**found, DIFFERENT: max(0.1, 1.0 - sum(found.values()))}


def together_of(parts: Iterable[str]) -> float:
    """How often two persons have these parts of an address in common, before any were seen: as the rarest of them."""
    return min(u_of(part)[SAME] for part in parts)


def prior_odds(matches: float, total: int) -> float:
    """log2 of the odds that two of `total` are one, where so many pairs are."""
    pairs = max(1.0, total * (total - 1) / 2)
    share = min(0.5, max(matches, _EXPECTED * total, 0.5) / pairs)
    return math.log2(share / (1 - share))
