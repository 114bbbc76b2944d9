"""How alike two contacts are, field by field: each comparison has one of a few levels, from the same to different.

Edit distances take transposed neighbours for one error (optimal string alignment), similarities are those of Jaro and
Winkler; the bounds 0.92 and 0.80 are the usual ones of record linkage (Winkler 1990; Christen, Data Matching, 2012,
section 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import jellyfish
from nicknames import NickNamer
from rapidfuzz.distance import OSA, JaroWinkler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from services.customers.domain.duplicate_features import Features, Place

SAME, ALIAS, TYPO, SIMILAR, SWAPPED, DIFFERENT = "same", "alias", "typo", "similar", "swapped", "different"
"""The levels. An alias is a nickname, an initial or a part of a name; swapped values stand in each other's field."""
LEVELS = (SAME, ALIAS, TYPO, SIMILAR, SWAPPED, DIFFERENT)
NAMES = ("given_name", "family_name")
ADDRESS = (
    "address.number",
    "address.street",
    "address.premises",
    "address.locality",
    "address.postcode",
    "address.region",
)
"""The fields of a postal address."""
_SHARED = frozenset({*ADDRESS, "family_name", "phones", "emails"})
_CLOSE, _NEAR = 0.92, 0.80
_MEMO = 1 << 17
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Agreement:
    """One field of two contacts: how alike it is, and the values that were compared."""

    field: str
    level: str
    one: str
    other: str


def is_shared(field: str, level: str) -> bool:
    """Whether those of one household or office share that, too.

    It says that two belong together, and not that they are one. Swapped names are nothing that relatives have.
    """
    return field in _SHARED and (field not in NAMES or level != SWAPPED)


def agreements(one: Features, other: Features) -> list[Agreement]:
    """The fields that both contacts have, each with its level. What one of them lacks says nothing, and is left out."""
    found = [*_names(one, other)]
    if one.birth and other.birth:
        found.append(Agreement("birth_date", day_level(one.birth, other.birth), one.birth, other.birth))
    for field, left, right, level in (
        ("phones", one.phones, other.phones, code_level),
        ("emails", one.emails, other.emails, email_level),
    ):
        if left and right:
            found.append(_best(field, left, right, level))
    if one.places and other.places:
        pairs = [list(_places(a, b)) for a in one.places for b in other.places]
        best = max(pairs, key=_likeness)
        found += best
    held = dict(other.identifying)
    for key, value in one.identifying:
        if key in held:
            found.append(Agreement(f"custom.{key}", code_level(value, held[key]), value, held[key]))
    return found


def name_level(one: str, other: str) -> str:
    """How alike two folded names are."""
    if one == other:
        return SAME
    if _alias(one, other):
        return ALIAS
    return text_level(one, other)


@lru_cache(_MEMO)
def text_level(one: str, other: str) -> str:
    """How alike two folded texts are. A number tells flats and buildings apart: `flat 3` is no error for `flat 7`."""
    if one == other:
        return SAME
    if not _same_numbers(one, other):
        return DIFFERENT
    close, far = one.replace(" ", ""), other.replace(" ", "")
    if close == far or (min(len(close), len(far)) > 2 and OSA.distance(close, far, score_cutoff=1) == 1):
        return TYPO
    likeness = JaroWinkler.similarity(close, far)
    if likeness >= _CLOSE:
        return TYPO
    words, others = set(one.split()), set(other.split())
    return SIMILAR if likeness >= _NEAR or words <= others or others <= words else DIFFERENT


def _same_numbers(one: str, other: str) -> bool:
    """Whether the digits of two texts are the same, as far as both have any."""
    digits, others = "".join(_DIGITS.findall(one)), "".join(_DIGITS.findall(other))
    return digits == others or not digits or not others


def code_level(one: str, other: str) -> str:
    """How alike two codes are, of which each sign counts: numbers, keys, postal codes."""
    if one == other:
        return SAME
    errors = OSA.distance(one, other, score_cutoff=2)
    shorter = min(len(one), len(other))
    if errors == 1 and shorter > 2:
        return TYPO
    return SIMILAR if errors == 2 and shorter > 5 else DIFFERENT


def day_level(one: str, other: str) -> str:
    """How alike two days are, as `YYYYMMDD`; where a year is not known, the day of the year is compared."""
    if one == other:
        return SAME
    if "0000" in (one[:4], other[:4]):
        return ALIAS if one[4:] == other[4:] else DIFFERENT
    if one[:4] == other[:4] and one[4:6] == other[6:] and one[6:] == other[4:6]:
        return TYPO
    return code_level(one, other)


def email_level(one: str, other: str) -> str:
    """How alike two addresses are; the same name at another domain is an alias.

    A number tells those apart who have one name: `ann.lee2@` is nobody's error for `ann.lee3@`.
    """
    if one == other:
        return SAME
    local, _, domain = one.rpartition("@")
    at, _, there = other.rpartition("@")
    if local == at and len(local) > 4:
        return ALIAS
    if _DIGITS.findall(local) != _DIGITS.findall(at):
        return DIFFERENT
    errors = OSA.distance(one, other, score_cutoff=2)
    if errors <= 2 and min(len(local), len(at)) > 4:
        return TYPO
    return SIMILAR if domain == there and text_level(local, at) == TYPO else DIFFERENT


def spoken(name: str) -> str:
    """A name by its sound (NYSIIS), at most six letters."""
    return str(jellyfish.nysiis(name))[:6] if name else ""


def _names(one: Features, other: Features) -> Iterator[Agreement]:
    given = name_level(one.given, other.given) if one.given and other.given else ""
    family = text_level(one.family, other.family) if one.family and other.family else ""
    if DIFFERENT in (given or DIFFERENT, family or DIFFERENT):
        cross = [_cross(one.given, other.family), _cross(one.family, other.given)]
        if (SAME in cross or TYPO in cross) and SAME not in (given, family):
            if DIFFERENT not in cross:
                yield Agreement("given_name", SWAPPED, one.given or one.family, other.family or other.given)
                if all(cross):
                    yield Agreement("family_name", SWAPPED, one.family, other.given)
                return
            if given == family == DIFFERENT:
                # One name stands in the other's field, and another name in its place.
                names = (one.given, other.family), (one.family, other.given)
                moved, new = names if cross[1] == DIFFERENT else names[::-1]
                yield Agreement("given_name", SWAPPED, *moved)
                yield Agreement("family_name", DIFFERENT, *new)
                return
    if given:
        yield Agreement("given_name", given, one.given, other.given)
    if family:
        yield Agreement("family_name", family, one.family, other.family)


def _cross(one: str, other: str) -> str:
    if not one or not other:
        return ""
    level = text_level(one, other)
    return DIFFERENT if level == SIMILAR else level


def _places(one: Place, other: Place) -> Iterator[Agreement]:
    if one.number and other.number:
        yield Agreement("address.number", code_level(one.number, other.number), one.number, other.number)
    streets = text_level(one.street, other.street) if one.street and other.street else ""
    crossed = [
        text_level(*two) if all(two) else "" for two in ((one.street, other.premises), (one.premises, other.street))
    ]
    if streets in ("", DIFFERENT) and (SAME in crossed or TYPO in crossed) and DIFFERENT not in crossed:
        yield Agreement("address.street", SWAPPED, one.street or one.premises, other.premises or other.street)
    else:
        if streets:
            yield Agreement("address.street", streets, one.street, other.street)
        if one.premises and other.premises:
            level = text_level(one.premises, other.premises)
            yield Agreement("address.premises", level, one.premises, other.premises)
    if one.locality and other.locality:
        yield Agreement("address.locality", text_level(one.locality, other.locality), one.locality, other.locality)
    if one.postcode and other.postcode:
        yield Agreement("address.postcode", code_level(one.postcode, other.postcode), one.postcode, other.postcode)
    if one.region and other.region:
        level = SAME if one.region == other.region else DIFFERENT
        yield Agreement("address.region", level, one.region, other.region)


def _likeness(parts: list[Agreement]) -> int:
    return sum(len(LEVELS) - LEVELS.index(part.level) for part in parts)


def _best(field: str, left: Sequence[str], right: Sequence[str], level: Callable[[str, str], str]) -> Agreement:
    """The pair of values that is most alike."""
    pairs = ((LEVELS.index(level(a, b)), a, b) for a in left for b in right)
    place, a, b = min(pairs)
    return Agreement(field, LEVELS[place], a, b)


@lru_cache(_MEMO)
def _alias(one: str, other: str) -> bool:
    """Whether one name may stand for the other: an initial, a part, a nickname (names of English)."""
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return long.startswith(short)
    if " " in long and " " not in short:
        return short in long.split()
    namer = _namer()
    return short in namer.nicknames_of(long) or long in namer.nicknames_of(short)


@cache
def _namer() -> NickNamer:
    """The nicknames, read when they are first asked for."""
    return NickNamer()
