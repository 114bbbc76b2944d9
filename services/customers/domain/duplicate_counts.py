"""How often contacts have a value in common: counted by persons, by the parts of an address, and by homes."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from services.customers.domain.duplicate_model import digest
from services.customers.domain.duplicate_places import UNITS, parts_of, unit_name
from services.customers.domain.duplicate_priors import U_PAIRS, together_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.customers.domain.duplicate_features import Features, Place

Values = dict[str, list[list[str]]]
"""By the name of a field or of parts of an address, the digests of what each contact has."""
_UNITS = {unit_name(parts): parts for parts in UNITS}


def values_of(sample: Sequence[Features]) -> Values:
    """What of each contact is counted, by digest, so that it takes little memory."""
    found: Values = defaultdict(lambda: [[] for _ in sample])
    for number, features in enumerate(sample):
        for name, value in set(_counted(features)):
            found[name][number].append(digest(name, value))
    return dict(found)


def often(values: Values, persons: Sequence[int]) -> dict[str, int]:
    """How many persons have a value, by its digest, where more than two have it; `persons` has one for each contact."""
    return {value: count for held in values.values() for value, count in _held(held, persons).items() if count > 2}


def together(values: Values, persons: Sequence[int]) -> dict[str, float]:
    """How often any two persons have parts of an address in common, by the name of these."""
    shares = {}
    for name in sorted(values.keys() & _UNITS.keys()):
        prior = together_of(_UNITS[name])
        having = len({person for person, each in zip(persons, values[name], strict=True) if each})
        shares[name] = (_pairs(_held(values[name], persons)) + U_PAIRS * prior) / (math.comb(having, 2) + U_PAIRS)
    return shares


def housemates(sample: Sequence[Features], persons: Sequence[int]) -> float:
    """How many pairs of persons have the same whole address, less two standard errors.

    Some may be one person that was not seen to be, but more than these are strangers, as in a block of flats.
    """
    homes = [[place.whole for place in features.places if place.whole] for features in sample]
    pairs = _pairs(_held(homes, persons))
    return max(0.0, pairs - 2 * math.sqrt(pairs))


def _held(values: Sequence[Sequence[str]], persons: Sequence[int]) -> Counter[str]:
    """How many persons have each value."""
    held = {(person, value) for person, each in zip(persons, values, strict=True) for value in each}
    return Counter(value for _, value in held)


def _pairs(counts: Mapping[str, int]) -> int:
    return sum(math.comb(count, 2) for count in counts.values())


def _counted(features: Features) -> Iterator[tuple[str, str]]:
    """The values of a contact whose frequencies count."""
    found = [("given_name", features.given), ("family_name", features.family), ("birth_date", features.birth)]
    found += [("phones", each) for each in features.phones] + [("emails", each) for each in features.emails]
    found += [(f"custom.{key}", value) for key, value in features.identifying]
    for place in features.places:
        found += [*parts_of(place).items(), *_units(place)]
    return (each for each in found if each[1])


def _units(place: Place) -> Iterator[tuple[str, str]]:
    """The parts of an address together, as far as they are known."""
    known = parts_of(place)
    for name, parts in _UNITS.items():
        if all(known[part] for part in parts):
            yield name, "|".join(known[part] for part in parts)
