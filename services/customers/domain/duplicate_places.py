"""How the parts of a postal address depend on each other: who shares a street shares the town and the postal code, too.

Fellegi and Sunter (1969) take fields for independent in two who are not one. The parts of an address are not: counted
one by one, they make one person of any two neighbours. What agrees in an address counts as one value instead, by how
many have just these parts in common; and the learning takes each part of two who are not one given that the part next
to it agrees (such interactions in the classes of a model: Winkler 1993; Larsen and Rubin 2001).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.customers.domain.duplicate_levels import ADDRESS, SAME, SWAPPED, TYPO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.customers.domain.duplicate_features import Features, Place
    from services.customers.domain.duplicate_levels import Agreement

_NUMBER, _STREET, _PREMISES, _LOCALITY, _POSTCODE, _REGION = ADDRESS
_COUNTED = (_NUMBER, _STREET, _PREMISES, _LOCALITY, _POSTCODE)
_OWN = (_NUMBER, _STREET, _PREMISES)
_CHAIN = (_STREET, _LOCALITY, _POSTCODE, _REGION)
"""The parts that follow from the one before, as far as it is known."""
UNITS = tuple(parts for size in range(2, len(_COUNTED) + 1) for parts in itertools.combinations(_COUNTED, size))
"""The sets of parts that two may have in common. The region is in none: it follows from each of the others."""


def unit_name(parts: Sequence[str]) -> str:
    """The field as which a set of parts is counted."""
    return "+".join(parts)


def parts_of(place: Place) -> dict[str, str]:
    """The parts of an address, by field."""
    values = (place.number, place.street, place.premises, place.locality, place.postcode, place.region)
    return dict(zip(ADDRESS, values, strict=True))


def unit_values(features: Features, parts: Sequence[str]) -> set[str]:
    """What the addresses of a contact have as these parts, where all of them are known."""
    found = ([parts_of(place)[part] for part in parts] for place in features.places)
    return {"|".join(values) for values in found if all(values)}


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


def given(found: Sequence[Agreement]) -> Iterator[bool]:
    """For each field, whether it is a part of an address that may follow from another one: that agrees."""
    levels = {each.field: each.level for each in found}
    known = [part for part in _CHAIN if part in levels]
    follows = {part for before, part in itertools.pairwise(known) if is_alike(before, levels[before])}
    return (each.field in follows for each in found)
