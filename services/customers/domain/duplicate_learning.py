"""How a model is learned from a tenant's own contacts, without any labelled pair.

m and the share of duplicates are found by expectation maximisation over the pairs that share a key, u from random
pairs. How many have a value is counted by persons: who is there five times does not make a rare value a common one.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from services.customers.domain.duplicate_keys import keys_of, neighbours, rank
from services.customers.domain.duplicate_levels import ADDRESS, Agreement, agreements, is_shared
from services.customers.domain.duplicate_model import Model, blank_model, digest
from services.customers.domain.duplicate_places import UNITS, given, parts_of, unit_name, unit_values
from services.customers.domain.duplicate_priors import (
    HOUSED,
    HOUSEHOLD,
    LEAST,
    M_PAIRS,
    U_PAIRS,
    M,
    prior_odds,
    together_of,
    u_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from services.customers.domain.duplicate_features import Features

SAMPLE = 5_000
"""Contacts that a model is fitted to, drawn at random."""
_PAIRS, _CANDIDATES = 20_000, 10_000
_ROUNDS, _SETTLED = 40, 1e-5
_SURE = 20


@dataclass(frozen=True, slots=True)
class _Learned:
    """m by field and level; how many of the candidates are duplicates, and how many are two who share an address."""

    match: dict[str, dict[str, float]]
    matches: float
    mates: float


_Pattern = tuple[tuple[tuple[str, str, bool], ...], bool]
K = TypeVar("K")


def lot(contact: str) -> str:
    """What a contact is drawn by: the SAMPLE with the lowest lots of all are the sample."""
    return hashlib.blake2b(contact.encode(), digest_size=8).hexdigest()


def may_be_drawn(place: str, read: int) -> bool:
    """Whether a lot may be among the lowest; one that is far behind for so many contacts cannot be for more."""
    return int(place, 16) * read <= 2 * SAMPLE * 2**64


def fit(sample: Sequence[Features], total: int) -> Model:
    """The model of a base of `total` contacts, of which `sample` were drawn at random; the same for the same sample."""
    size = len(sample)
    if size < 2:
        return blank_model(total)
    random_pairs = _shares([agreements(sample[a], sample[b]) for a, b in _random(size)])
    candidates = _candidates(sample)
    patterns = Counter(_pattern(sample[a], sample[b]) for a, b in candidates)
    learned = _Learned({}, 0.0, 0.0)
    other = _others(random_pairs, learned.match, 0.0)
    for _ in range(2):
        learned = _maximise(patterns, other)
        other = _others(random_pairs, learned.match, learned.matches / (size * (size - 1) / 2))
    housed = sum(1 for features in sample if any(place.whole for place in features.places))
    household = (HOUSEHOLD * HOUSED + 2 * learned.mates * total / size) / (HOUSED + housed)
    prior = prior_odds(learned.matches * (total / size) ** 2, total)
    counts, together = _together(sample, range(size))
    counts.update(_counts(sample, range(size)))
    model = Model(total, size, prior, household, learned.match, other, counts, together)
    persons = _persons(model, sample, candidates)
    counts, together = _together(sample, persons)
    return replace(model, counts={**_counts(sample, persons), **counts}, together=together)


def _counts(sample: Sequence[Features], persons: Sequence[int]) -> dict[str, int]:
    """How many persons have a value, by its digest, where more than two have it; `persons` has one for each contact."""
    held = {(person, value) for person, features in zip(persons, sample, strict=True) for value in _counted(features)}
    every = Counter(value for _, value in held)
    return {digest(*value): count for value, count in every.items() if count > 2}


def _together(sample: Sequence[Features], persons: Sequence[int]) -> tuple[dict[str, int], dict[str, float]]:
    """How many persons have parts of an address in common, by the digest of these; and how often any two have them."""
    counts: dict[str, int] = {}
    shares = {}
    for parts in UNITS:
        name, prior = unit_name(parts), together_of(parts)
        held = {(person, value) for person, each in zip(persons, sample, strict=True) for value in unit_values(each, parts)}
        every = Counter(value for _, value in held)
        counts.update((digest(name, value), count) for value, count in every.items() if count > 2)
        having = len({person for person, _ in held})
        pairs, shared = math.comb(having, 2), sum(math.comb(count, 2) for count in every.values())
        shares[name] = (shared + U_PAIRS * prior) / (pairs + U_PAIRS)
    return counts, shares


def _persons(model: Model, sample: Sequence[Features], candidates: Iterable[tuple[int, int]]) -> list[int]:
    """For each contact the first of those who are surely the same person as it, itself where there is none before."""
    first = list(range(len(sample)))

    def found(place: int) -> int:
        while first[place] != place:
            first[place] = place = first[first[place]]
        return place

    for a, b in candidates:
        one, other = sorted((found(a), found(b)))
        if one != other and model.score(model.evidence(sample[a], sample[b])) >= _SURE:
            first[other] = one
    return [found(place) for place in range(len(sample))]


def _pattern(one: Features, other: Features) -> _Pattern:
    """How alike two contacts are in each field, and whether their whole address is the same."""
    places = {place.whole for place in one.places} & {place.whole for place in other.places}
    found = agreements(one, other)
    levels = ((each.field, each.level, follows) for each, follows in zip(found, given(found), strict=True))
    return tuple(levels), bool(places - {""})


def _counted(features: Features) -> Iterator[tuple[str, str]]:
    """The values of a contact whose frequencies count, each once."""
    found = {("given_name", features.given), ("family_name", features.family), ("birth_date", features.birth)}
    found |= {("phones", each) for each in features.phones} | {("emails", each) for each in features.emails}
    found |= {(f"custom.{key}", value) for key, value in features.identifying}
    for place in features.places:
        found |= set(parts_of(place).items())
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
    ranked = [(rank(features), place, features) for place, features in enumerate(sample)]
    rows = sorted((key, order, place) for order, place, features in ranked for key in keys_of(features))
    pairs = sorted({(min(a[2], b[2]), max(a[2], b[2])) for a, b in neighbours(rows, lambda row: row[0])})
    return pairs if len(pairs) <= _CANDIDATES else pairs[:: len(pairs) // _CANDIDATES + 1]


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
        pairs, prior, m = sum(levels.values()), u_of(name), match.get(name, {})
        rest = {level: max(0.0, levels[level] - pairs * share * m.get(level, 0.0)) for level in M}
        counted = sum(rest.values())
        result[name] = {level: (rest[level] + U_PAIRS * prior[level]) / (counted + U_PAIRS) for level in M}
    return result


def _maximise(patterns: Mapping[_Pattern, int], other: Mapping[str, Mapping[str, float]]) -> _Learned:
    """What the candidates teach, by expectation maximisation: each is of one person, of one household, or of neither.

    Two of a household agree in what a household shares as one person does, and in all else as any two at random.
    Without a kind of their own they would count as duplicates with many errors, and teach that those are common.
    """
    # Candidates that are neither agree more than any two at random, since they share a key: theirs is a u of its own.
    seen_as = {(name, follows) for pattern, _ in patterns for name, _, follows in pattern}
    fields = {name for name, _ in seen_as}
    match = {name: dict(M) for name in fields}
    home = {name: dict(M) for name in fields}
    # A part that follows from another one is taken to be as alike as in one person, until the candidates show more.
    chance = {(name, follows): dict(M if follows else other.get(name) or u_of(name)) for name, follows in seen_as}
    apart = dict(chance)
    candidates = max(1, sum(patterns.values()))
    share = shared = 0.1
    matches = mates = 0.0
    for _ in range(_ROUNDS):
        seen = {name: {level: M[level] * M_PAIRS for level in M} for name in fields}
        homes = {name: {level: match[name][level] * M_PAIRS for level in M} for name in fields}
        rest = {each: {level: chance[each][level] * M_PAIRS for level in M} for each in seen_as}
        matches = mates = belonging = 0.0
        for (pattern, housed), count in patterns.items():
            own, theirs = _ratios(pattern, match, home, apart, other)
            one, together = share * own, shared * theirs
            every = one + together + (1 - share - shared)
            expected, related = count * one / every, count * together / every
            matches, belonging, mates = matches + expected, belonging + related, mates + housed * related
            for name, level, follows in pattern:
                common = is_shared(name, level)
                seen[name][level] += expected + related if common and name in ADDRESS else expected
                if common:
                    homes[name][level] += related
                rest[name, follows][level] += count - expected - related
        match, apart, home = _normed(seen), _normed(rest), _normed(homes)
        before, share = share, min(0.98, max(1e-6, matches / candidates))
        shared = min(0.99 - share, max(1e-6, belonging / candidates))
        if abs(share - before) < _SETTLED:
            break
    return _Learned(match, matches, mates)


def _ratios(
    pattern: Iterable[tuple[str, str, bool]],
    match: Mapping[str, Mapping[str, float]],
    home: Mapping[str, Mapping[str, float]],
    apart: Mapping[tuple[str, bool], Mapping[str, float]],
    other: Mapping[str, Mapping[str, float]],
) -> tuple[float, float]:
    """How much likelier a pattern is than in two who have nothing in common.

    In one person, in what is its own and in what a household shares; and in two of a household, in what is their own.
    """
    own = theirs = 1.0
    for name, level, follows in pattern:
        least = max(LEAST, apart[name, follows][level])
        own *= match[name][level] / least
        if is_shared(name, level):
            theirs *= (match if name in ADDRESS else home)[name][level] / least
        else:
            theirs *= (other.get(name) or u_of(name))[level] / least
    return own, theirs


def _normed(seen: Mapping[K, Mapping[str, float]]) -> dict[K, dict[str, float]]:
    """Shares of what was counted, by field and level."""
    return {
        name: {level: value / sum(levels.values()) for level, value in levels.items()} for name, levels in seen.items()
    }
