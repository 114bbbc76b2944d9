"""What agreement of two contacts is worth: the model of Fellegi and Sunter, fitted to a tenant's own contacts.

The weight of a field is the logarithm of m / u: how often the field is that much alike in two entries of one person
(m), and in entries of two (u). A value that many share counts less (Winkler 2000): in the place of a field's mean u
stands how often the very value occurs. How all of these are found, duplicate_learning tells.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from services.customers.domain.duplicate_levels import ADDRESS, SAME, Agreement, agreements, is_shared
from services.customers.domain.duplicate_places import Common, common, unit_name
from services.customers.domain.duplicate_priors import HOUSEHOLD, LEAST, U_PAIRS, M, prior_odds, together_of, u_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from services.customers.domain.duplicate_features import Features

_DECIBANS = 10 * math.log10(2)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says: how alike it is, and how many decibans that adds to or takes from the score."""

    agreement: Agreement
    weight: int


@dataclass(frozen=True, slots=True)
class Model:
    """What fields are worth.

    total: how many contacts there are. household: with how many others somebody shares a home or an office, on average.
    prior: log2 of the odds that two contacts picked at random are one person. match, other: by field and level, m and
    u. counts: by digest(), how many of the `sampled` contacts have a value, where several have it. together: by the
    name of a set of parts of an address, how often two have all of these in common.
    """

    total: int
    sampled: int
    prior: float
    household: float
    match: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    other: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)
    together: Mapping[str, float] = field(default_factory=dict)

    @property
    def before(self) -> int:
        """The score of two contacts of which nothing was compared, in decibans."""
        return round(self.prior * _DECIBANS)

    def evidence(self, one: Features, other: Features) -> list[Evidence]:
        """What each field says of two contacts."""
        found = agreements(one, other)
        weights = self._dependent(found, [self._bits(each) * _DECIBANS for each in found])
        return [Evidence(each, round(weight)) for each, weight in zip(found, weights, strict=True)]

    def score(self, evidence: Iterable[Evidence]) -> int:
        """How sure it is that two contacts are one person, in decibans (Good 1950).

        That is ten times the common logarithm of the odds: 0 is as likely as not, 20 is 100 to 1, -20 is 1 to 100.
        """
        return self.before + sum(each.weight for each in evidence)

    def frequency(self, field_name: str, value: str) -> float:
        """The share of others, beside the two who are compared, that have a value."""
        mean = self.other.get(field_name, {}).get(SAME) or u_of(field_name)[SAME]
        return self._frequency(field_name, value, mean)

    def _frequency(self, field_name: str, value: str, mean: float) -> float:
        return (self._others(field_name, value) + U_PAIRS * mean) / (max(0, self.sampled - 2) + U_PAIRS)

    def _others(self, field_name: str, value: str) -> int:
        """How many of the sample have a value, beside the two who are compared."""
        return max(0, self.counts.get(digest(field_name, value), 2) - 2)

    def _bits(self, agreement: Agreement) -> float:
        name, level = agreement.field, agreement.level
        m = self.match.get(name, M)[level]
        if level == SAME:
            return math.log2(m / max(LEAST, self.frequency(name, agreement.one)))
        u = self.other.get(name) or u_of(name)
        return math.log2(m / max(LEAST, u[level]))

    def _dependent(self, found: Sequence[Agreement], weights: Sequence[float]) -> Sequence[float]:
        """What depends on each other counts together for no more than what it follows from.

        Taken one by one, street, town and postal code would make one person of every two neighbours; with the number,
        the family name and a phone, of every two relatives or colleagues. What agrees in an address counts for as much
        as it is rare to have that in common, and what a household shares for as much as to be of one household. What
        differs in the latter is a part of the sum: relatives would differ in it, too.
        """
        place = common(found)
        name = unit_name(place.parts)
        crowd = self._others(name, place.value) / max(1, self.sampled - 2) if place.home else 0.0
        rare = crowd if place.home else self._neighbours(place)
        if rare:
            within = [each.field in ADDRESS and weight > 0 for each, weight in zip(found, weights, strict=True)]
            weights = _bounded(weights, within, -math.log2(rare) * _DECIBANS)
        shared = [is_shared(each.field, each.level) for each in found]
        together = crowd + self.household / max(1, self.total - 1)
        against = sum(weight for weight, part in zip(weights, shared, strict=True) if part and weight < 0)
        within = [part and weight > 0 for weight, part in zip(weights, shared, strict=True)]
        return _bounded(weights, within, -math.log2(min(0.5, together)) * _DECIBANS - against)

    def _neighbours(self, place: Common) -> float:
        """How rare it is to have these parts of an address in common; 0 where one part says all that is said."""
        if len(place.parts) < 2:
            return 0.0
        name = unit_name(place.parts)
        return max(LEAST, self._frequency(name, place.value, self.together.get(name) or together_of(place.parts)))


def _bounded(weights: Sequence[float], within: Sequence[bool], most: float) -> Sequence[float]:
    """Weights of which those `within` are together at most so much."""
    claimed = sum(weight for weight, part in zip(weights, within, strict=True) if part)
    share = min(1.0, most / claimed) if claimed else 1.0
    return [weight * share if part else weight for weight, part in zip(weights, within, strict=True)]


def digest(field_name: str, value: str) -> str:
    """What a value is counted by, so that a model holds nobody's data."""
    return hashlib.blake2b(f"{field_name}:{value}".encode(), digest_size=8).hexdigest()


def dump(model: Model) -> bytes:
    """A model as bytes."""
    return zlib.compress(json.dumps(asdict(model)).encode())


def load(content: bytes) -> Model:
    """The model of dump()."""
    return Model(**json.loads(zlib.decompress(content)))


def blank_model(total: int) -> Model:
    """The model of a base of `total` contacts before anything is known of them."""
    return Model(total=total, sampled=0, prior=prior_odds(0.0, total), household=HOUSEHOLD)
