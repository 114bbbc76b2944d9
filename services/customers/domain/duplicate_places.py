"""How the parts of a postal address depend on each other: who shares a street shares the town and the postal code, too.

Fellegi and Sunter (1969) take fields for independent in two who are not one. The parts of an address are not: counted
one by one, they make one person of any two neighbours. What agrees in an address counts as one value instead, by how
many have just these parts in common, in the learning as in the score (fields that interact among those who are not one:
Winkler 1993; Larsen and Rubin 2001).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.customers.domain.duplicate_levels import ADDRESS, SAME, SWAPPED, TYPO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.customers.domain.duplicate_features import Place
    from services.customers.domain.duplicate_levels import Agreement

_NUMBER, _STREET, _PREMISES, _LOCALITY, _POSTCODE, _REGION = ADDRESS
_COUNTED = (_NUMBER, _STREET, _PREMISES, _LOCALITY, _POSTCODE)
_OWN = (_NUMBER, _STREET, _PREMISES)
UNITS = tuple(parts for size in range(2, len(_COUNTED) + 1) for parts in itertools.combinations(_COUNTED, size))
"""The sets of parts that two may have in common. The region is in none: it follows from each of the others."""


def unit_name(parts: Sequence[str]) -> str:
    """The field as which a set of parts is counted."""
    return "+".join(parts)


def parts_of(place: Place) -> dict[str, str]:
    """The parts of an address, by field."""
    values = (place.number, place.street, place.premises, place.locality, place.postcode, place.region)
    return dict(zip(ADDRESS, values, strict=True))


@dataclass(frozen=True, slots=True)
class Common:
    """What two addresses have in common: these parts, and with them this value, which is empty where one is misspelt.

    home: nothing of what a house or a flat has to itself is different, so that the two may live together.
    """

    parts: tuple[str, ...]
    value: str
    home: bool


def common(found: Sequence[Agreement]) -> Common:
    """What two addresses have in common."""
    levels = {each.field: each for each in found if each.field in _COUNTED}
    alike = {name: each for name, each in levels.items() if is_alike(name, each.level)}
    parts = tuple(part for part in _COUNTED if part in alike)
    same = all(each.level == SAME for each in alike.values())
    home = all(part in alike for part in _OWN if part in levels) and (_STREET in alike or _PREMISES in alike)
    return Common(parts, "|".join(alike[part].one for part in parts) if same else "", home)


def is_alike(part: str, level: str) -> bool:
    """Whether a part of two addresses is the same one, maybe misspelt; another number is another house."""
    return level == SAME or (level in (TYPO, SWAPPED) and part != _NUMBER)
