"""What agreement of two contacts is worth: the model of Fellegi and Sunter, fitted to a tenant's own contacts.

The weight of a field is the logarithm of m / u: how often the field is that much alike in two entries of one person
(m), and in entries of two (u). A value that many share counts less (Winkler 2000): in the place of a field's mean u
stands how often the very value occurs. m and the share of duplicates are found by expectation maximisation without any
labelled pair, u from random pairs. Whatever the data cannot tell is told by the priors below, which count as a number
of pairs seen before.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from services.customers.domain.duplicate_keys import keys_of, neighbours, rank
from services.customers.domain.duplicate_levels import (
    ADDRESS,
    ALIAS,
    DIFFERENT,
    SAME,
    SHARED,
    SIMILAR,
    SWAPPED,
    TYPO,
    Agreement,
    agreements,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from services.customers.domain.duplicate_features import Features

SAMPLE = 10_000
"""Contacts that a model is fitted to, drawn at random."""
_PAIRS = 20_000
_ROUNDS, _SETTLED = 40, 1e-5
_DECIBANS = 10 * math.log10(2)

# How entries of one person differ, before any were seen: nine of ten values are kept as they are, as in the error rates
# that Christen (Data Matching, 2012) gives for names and addresses. It weighs as much as this many pairs.
_M = {SAME: 0.86, ALIAS: 0.02, TYPO: 0.06, SIMILAR: 0.02, SWAPPED: 0.005, DIFFERENT: 0.035}
_M_PAIRS = 20.0
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
_U_PAIRS = 1000.0
# Of a hundred contacts, how many pairs are expected to be duplicates, before any were seen.
_EXPECTED = 0.01
# With how many others somebody shares a home or an office, before any were seen, and how many contacts that weighs.
_HOUSEHOLD, _HOUSED = 0.3, 10.0
_LEAST = 1e-9


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
    u. counts: by digest(), how many of the `sampled` contacts have a value, where several have it.
    """

    total: int
    sampled: int
    prior: float
    household: float
    match: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    other: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def before(self) -> int:
        """The score of two contacts of which nothing was compared, in decibans."""
        return round(self.prior * _DECIBANS)

    def evidence(self, one: Features, other: Features) -> list[Evidence]:
        """What each field says of two contacts."""
        found = agreements(one, other)
        weights = self._dependent(one, other, found, [self._bits(each) * _DECIBANS for each in found])
        return [Evidence(each, round(weight)) for each, weight in zip(found, weights, strict=True)]

    def score(self, evidence: Iterable[Evidence]) -> int:
        """How sure it is that two contacts are one person, in decibans (Good 1950).

        That is ten times the common logarithm of the odds: 0 is as likely as not, 20 is 100 to 1, -20 is 1 to 100.
        """
        return self.before + sum(each.weight for each in evidence)

    def frequency(self, field_name: str, value: str) -> float:
        """The share of others, beside the two who are compared, that have a value."""
        mean = self.other.get(field_name, {}).get(SAME) or _u(field_name)[SAME]
        others = max(0, self.counts.get(digest(field_name, value), 2) - 2)
        return (others + _U_PAIRS * mean) / (max(0, self.sampled - 2) + _U_PAIRS)

    def _bits(self, agreement: Agreement) -> float:
        name, level = agreement.field, agreement.level
        m = self.match.get(name, _M)[level]
        if level == SAME:
            return math.log2(m / max(_LEAST, self.frequency(name, agreement.one)))
        u = self.other.get(name) or _u(name)
        return math.log2(m / max(_LEAST, u[level]))

    def _dependent(
        self, one: Features, other: Features, found: Sequence[Agreement], weights: Sequence[float]
    ) -> Sequence[float]:
        """What a household shares counts together for no more than to be of one household.

        Taken one by one, street, town, postal code, family name and number would make one person of every two relatives
        or colleagues.
        """
        parts = [each.field in SHARED and weight > 0 for each, weight in zip(found, weights, strict=True)]
        claimed = sum(weight for weight, part in zip(weights, parts, strict=True) if part)
        if not claimed:
            return weights
        places = ({place.whole for place in one.places} & {place.whole for place in other.places}) - {""}
        crowd = max((self.counts.get(digest("address", whole), 2) - 2 for whole in places), default=0)
        together = crowd / max(1, self.sampled - 2) + self.household / max(1, self.total - 1)
        share = min(1.0, -math.log2(min(0.5, together)) * _DECIBANS / claimed)
        return [weight * share if part else weight for weight, part in zip(weights, parts, strict=True)]


@dataclass(frozen=True, slots=True)
class _Learned:
    """m by field and level; how many of the candidates are duplicates, and how many are two who share an address."""

    match: dict[str, dict[str, float]]
    matches: float
    mates: float


_Pattern = tuple[tuple[tuple[str, str], ...], bool]


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
    return Model(total=total, sampled=0, prior=_prior(0.0, total), household=_HOUSEHOLD)


def fit(sample: Sequence[Features], total: int) -> Model:
    """The model of a base of `total` contacts, of which `sample` were drawn at random; the same for the same sample."""
    size = len(sample)
    if size < 2:
        return blank_model(total)
    every = Counter(digest(name, value) for features in sample for name, value in _counted(features))
    random_pairs = _shares([agreements(sample[a], sample[b]) for a, b in _random(size)])
    patterns = Counter(_pattern(sample[a], sample[b]) for a, b in _candidates(sample))
    learned = _Learned({}, 0.0, 0.0)
    other = _others(random_pairs, learned.match, 0.0)
    for _ in range(2):
        learned = _maximise(patterns, other)
        other = _others(random_pairs, learned.match, learned.matches / (size * (size - 1) / 2))
    counts = {key: count for key, count in every.items() if count > 2}
    housed = sum(1 for features in sample if any(place.whole for place in features.places))
    household = (_HOUSEHOLD * _HOUSED + 2 * learned.mates * total / size) / (_HOUSED + housed)
    return Model(
        total, size, _prior(learned.matches * (total / size) ** 2, total), household, learned.match, other, counts
    )


def _pattern(one: Features, other: Features) -> _Pattern:
    """How alike two contacts are in each field, and whether their whole address is the same."""
    places = {place.whole for place in one.places} & {place.whole for place in other.places}
    return tuple((each.field, each.level) for each in agreements(one, other)), bool(places - {""})


def _counted(features: Features) -> Iterator[tuple[str, str]]:
    """The values of a contact whose frequencies count, each once."""
    found = {("given_name", features.given), ("family_name", features.family), ("birth_date", features.birth)}
    found |= {("phones", each) for each in features.phones} | {("emails", each) for each in features.emails}
    found |= {(f"custom.{key}", value) for key, value in features.identifying}
    for place in features.places:
        parts = (place.number, place.street, place.premises, place.locality, place.postcode, place.region)
        found |= {*zip(ADDRESS, parts, strict=True), ("address", place.whole)}
    return (each for each in found if each[1])


def _random(count: int) -> Iterator[tuple[int, int]]:
    """Pairs at random: all of a small base, else each with some that stand at fixed distances."""
    if count * (count - 1) // 2 <= _PAIRS:
        yield from ((a, b) for b in range(count) for a in range(b))
        return
    for turn in range(1, max(2, _PAIRS // count + 1)):
        step = 1 + int(count * (turn * 0.6180339887 % 1.0)) % (count - 1)
        yield from ((place, (place + step) % count) for place in range(count))


def _candidates(sample: Sequence[Features]) -> Sequence[tuple[int, int]]:
    """The pairs of the sample that share a key, thinned out where there are many."""
    rows = sorted((key, rank(features), place) for place, features in enumerate(sample) for key in keys_of(features))
    pairs = sorted({(min(a[2], b[2]), max(a[2], b[2])) for a, b in neighbours(rows, lambda row: row[0])})
    return pairs if len(pairs) <= _PAIRS else pairs[:: len(pairs) // _PAIRS + 1]


def _shares(pairs: Iterable[Sequence[Agreement]]) -> dict[str, Counter[str]]:
    """By field, how many pairs have each level."""
    found: dict[str, Counter[str]] = {}
    for pair in pairs:
        for each in pair:
            found.setdefault(each.field, Counter())[each.level] += 1
    return found


def _others(
    seen: Mapping[str, Counter[str]], match: Mapping[str, Mapping[str, float]], share: float
) -> dict[str, dict[str, float]]:
    """U by field and level: what random pairs show, less the duplicates among them, and the prior."""
    result = {}
    for name, levels in seen.items():
        pairs, prior, m = sum(levels.values()), _u(name), match.get(name, {})
        rest = {level: max(0.0, levels[level] - pairs * share * m.get(level, 0.0)) for level in _M}
        counted = sum(rest.values())
        result[name] = {level: (rest[level] + _U_PAIRS * prior[level]) / (counted + _U_PAIRS) for level in _M}
    return result


def _maximise(patterns: Mapping[_Pattern, int], other: Mapping[str, Mapping[str, float]]) -> _Learned:
    """What the candidates teach, by expectation maximisation: each is of one person, of one household, or of neither.

    Two of a household agree in what a household shares as one person does, and in all else as any two. Without a kind
    of their own they would count as duplicates with many errors, and teach that those are to be expected.
    """
    # Candidates that are neither agree more than any two at random, since they share a key: theirs is a u of its own.
    fields = {name for (pattern, _) in patterns for name, _ in pattern}
    match = {name: dict(_M) for name in fields}
    apart = {name: dict(other.get(name) or _u(name)) for name in fields}
    candidates = max(1, sum(patterns.values()))
    share = shared = 0.1
    matches = mates = 0.0
    for _ in range(_ROUNDS):
        seen = {name: {level: _M[level] * _M_PAIRS for level in _M} for name in fields}
        rest = {name: {level: (other.get(name) or _u(name))[level] * _M_PAIRS for level in _M} for name in fields}
        matches = mates = belonging = 0.0
        for (pattern, housed), count in patterns.items():
            own, common = _ratios(pattern, match, apart)
            one, together = share * own * common, shared * common
            every = one + together + (1 - share - shared)
            expected, related = count * one / every, count * together / every
            matches, belonging, mates = matches + expected, belonging + related, mates + housed * related
            for name, level in pattern:
                alike = expected + related if name in SHARED else expected
                seen[name][level] += alike
                rest[name][level] += count - alike
        match, apart = _normed(seen), _normed(rest)
        before, share = share, min(0.98, max(1e-6, matches / candidates))
        shared = min(0.99 - share, max(1e-6, belonging / candidates))
        if abs(share - before) < _SETTLED:
            break
    return _Learned(match, matches, mates)


def _ratios(
    pattern: Iterable[tuple[str, str]],
    match: Mapping[str, Mapping[str, float]],
    apart: Mapping[str, Mapping[str, float]],
) -> tuple[float, float]:
    """How much likelier than in two a pattern is in one: in what is one's own, and in what a household shares."""
    own = common = 1.0
    for name, level in pattern:
        ratio = match[name][level] / max(_LEAST, apart[name][level])
        if name in SHARED:
            common *= ratio
        else:
            own *= ratio
    return own, common


def _normed(seen: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Shares of what was counted, by field and level."""
    return {
        name: {level: value / sum(levels.values()) for level, value in levels.items()} for name, levels in seen.items()
    }


def _u(name: str) -> dict[str, float]:
    """U by level, before any pair was seen."""
    same = _U.get(name, _U_ANY)
    found = {SAME: same, **{level: same * times for level, times in _U_ALIKE.items()}}
    return {**found, DIFFERENT: max(0.1, 1.0 - sum(found.values()))}


def _prior(matches: float, total: int) -> float:
    """log2 of the odds that two of `total` are one, where so many pairs are."""
    pairs = max(1.0, total * (total - 1) / 2)
    share = min(0.5, max(matches, _EXPECTED * total, 0.5) / pairs)
    return math.log2(share / (1 - share))
