"""How a model is learned from a tenant's own contacts, without any labelled pair.

m and the share of duplicates are found by expectation maximisation over the pairs that share a key, with a class of
its own for two of one household (Winkler 1993); u from random pairs, and for the parts of an address together from
all pairs. How many have a value is counted by persons: who is there five times does not make a rare value common.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.customers.domain.duplicate_counts import housemates, often, together, values_of
from services.customers.domain.duplicate_keys import keys_of, neighbours, rank
from services.customers.domain.duplicate_levels import ADDRESS, NAMES, Agreement, agreements, is_shared
from services.customers.domain.duplicate_model import Model, blank_model
from services.customers.domain.duplicate_places import common, unit_name
from services.customers.domain.duplicate_priors import (
    HOUSED,
    HOUSEHOLD,
    LEAST,
    M_PAIRS,
    U_PAIRS,
    M,
    prior_odds,
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
_START = 0.05
"""Of how many contacts a pair is one person when the learning begins."""


@dataclass(frozen=True, slots=True)
class _Learned:
    """m by field and level; how many of the candidates are duplicates, and how many are two who share an address."""

    match: dict[str, dict[str, float]]
    matches: float
    mates: float


_Pattern = tuple[tuple[tuple[str, str], ...], bool, str]


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
    candidates, weight = _candidates(sample)
    seen = Counter(_pattern(sample[a], sample[b]) for a, b in candidates)
    patterns = {pattern: count * weight for pattern, count in seen.items()}
    housed = sum(1 for features in sample if any(place.whole for place in features.places))
    other = _others(random_pairs, {}, 0.0)
    persons: Sequence[int] = range(size)
    strangers = 0.0
    values = values_of(sample)
    shares = together(values, persons)
    for _ in range(2):
        learned = _maximise(patterns, other, shares, size)
        other = _others(random_pairs, learned.match, learned.matches / math.comb(size, 2))
        mates = max(learned.mates, strangers)
        household = (HOUSEHOLD * HOUSED + 2 * mates * total / size) / (HOUSED + housed)
        prior = prior_odds(learned.matches * (total / size) ** 2, total)
        model = Model(total, size, prior, household, learned.match, other, often(values, persons), shares)
        persons = _persons(model, sample, candidates)
        shares, strangers = together(values, persons), housemates(sample, persons)
    return replace(model, counts=often(values, persons), together=shares)


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
    """How alike two contacts are in each field, whether their whole address is the same, and which parts of it are."""
    found = agreements(one, other)
    whole = {place.whole for place in one.places} & {place.whole for place in other.places} - {""}
    parts = common(found).parts
    unit = unit_name(parts) if len(parts) > 1 else ""
    return tuple((each.field, each.level) for each in found), bool(whole), unit


def _random(count: int) -> Iterator[tuple[int, int]]:
    """Pairs at random: all of a small base, else each with some that stand at fixed distances."""
    if count * (count - 1) // 2 <= _PAIRS:
        yield from ((a, b) for b in range(count) for a in range(b))
        return
    for turn in range(1, max(2, _PAIRS // count + 1)):
        step = 1 + int(count * (turn * 0.6180339887 % 1.0)) % (count - 1)
        yield from ((place, (place + step) % count) for place in range(count))


def _candidates(sample: Sequence[Features]) -> tuple[Sequence[tuple[int, int]], int]:
    """The pairs of the sample that share a key, thinned out where there are many; and for how many each stands."""
    ranked = [(rank(features), place, features) for place, features in enumerate(sample)]
    rows = sorted((key, order, place) for order, place, features in ranked for key in keys_of(features))
    pairs = sorted({(min(a[2], b[2]), max(a[2], b[2])) for a, b in neighbours(rows, lambda row: row[0])})
    step = 1 + max(0, len(pairs) - 1) // _CANDIDATES
    return pairs[::step], step


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


def _maximise(
    patterns: Mapping[_Pattern, float],
    other: Mapping[str, Mapping[str, float]],
    shares: Mapping[str, float],
    size: int,
) -> _Learned:
    """What the candidates teach, by expectation maximisation: each is of one person, of one household, or of neither.

    Two of a household agree in what a household shares as one person does, and in all else as any two at random.
    Without a kind of their own they would count as duplicates with many errors, and teach that those are common.
    Whoever is no candidate is neither, so that the kinds are shares of all pairs: among the candidates alone, what keys
    have chosen agrees too often to be chance, and would make one person of two with a name and a town in common.
    """
    fields = {name for pattern, _, _ in patterns for name, _ in pattern}
    match = {name: dict(M) for name in fields}
    home = {name: dict(M) for name in fields}
    pairs = math.comb(size, 2)
    share, shared = expected_share, expected_shared = _START * size / pairs, HOUSEHOLD * size / 2 / pairs
    matches = mates = 0.0
    for _ in range(_ROUNDS):
        seen = {name: {level: M[level] * M_PAIRS for level in M} for name in fields}
        homes = {name: {level: M[level] * M_PAIRS for level in M} for name in fields}
        before = matches
        matches = mates = belonging = 0.0
        for (pattern, housed, unit), count in patterns.items():
            own, theirs = _ratios(pattern, match, home, other, shares.get(unit, 0.0))
            one, relatives = share * own, shared * theirs
            every = one + relatives + max(LEAST, 1 - share - shared)
            expected, related = count * one / every, count * relatives / every
            matches, belonging, mates = matches + expected, belonging + related, mates + housed * related
            for name, level in pattern:
                both = is_shared(name, level)
                seen[name][level] += expected + related if both and name in ADDRESS else expected
                if both:
                    homes[name][level] += related
        match, home = _normed(seen), _normed(homes)
        share = (matches + M_PAIRS * expected_share) / (pairs + M_PAIRS)
        shared = (belonging + M_PAIRS * expected_shared) / (pairs + M_PAIRS)
        if abs(matches - before) < _SETTLED * max(1.0, matches):
            break
    return _Learned(match, matches, mates)


def _ratios(
    pattern: Iterable[tuple[str, str]],
    match: Mapping[str, Mapping[str, float]],
    home: Mapping[str, Mapping[str, float]],
    other: Mapping[str, Mapping[str, float]],
    together: float,
) -> tuple[float, float]:
    """How much likelier a pattern is in one person, and in two of a household, than in two who have nothing in common.

    What agrees in the address counts for no more than it is rare to have that in common, and a phone that is the same
    with it, since that may be the one of the house.
    """
    own = theirs = placed = 1.0
    for name, level in pattern:
        u = max(LEAST, (other.get(name) or u_of(name))[level])
        ratio = match[name][level] / u
        if ratio > 1 and is_shared(name, level) and name not in NAMES:
            placed *= ratio
        elif name in ADDRESS:
            own, theirs = own * ratio, theirs * ratio
        else:
            own *= ratio
            theirs *= home[name][level] / u if is_shared(name, level) else 1.0
    placed = min(placed, 1 / together) if together else placed
    return own * placed, theirs * placed


def _normed(seen: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Shares of what was counted, by field and level."""
    return {
        name: {level: value / sum(levels.values()) for level, value in levels.items()} for name, levels in seen.items()
    }
