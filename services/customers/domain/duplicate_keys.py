"""Blocking: keys of which two contacts share one if they may be duplicates, so that few pairs are ever compared.

Each key joins what different errors leave untouched: a contact whose name is misspelt is found by its day of birth,
one that has moved by its name. Contacts of one key are ordered by `rank`; the first are compared with each other, all
others with those right before them (the sorted neighbourhood method, Hernandez and Stolfo 1995), so that the work
grows with the contacts and not with their square.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from services.customers.domain.duplicate_levels import spoken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from services.customers.domain.duplicate_features import Features

SAMPLE = "~"
"""The block that all contacts are in, by random rank; it comes behind all others and is not compared."""
WINDOW, NEAR = 20, 5
"""A block of up to WINDOW + 1 is compared completely; in a larger one, whoever comes behind those is compared with the
NEAR before it: what many share says little, and who is most alike stands next to each other."""

R = TypeVar("R")


def keys_of(features: Features) -> list[str]:
    """The blocking keys of a contact, each beginning with its kind."""
    return sorted(set(_keys(features)))


def rank(features: Features) -> str:
    """What a block is ordered by, so that the most alike stand near each other."""
    return f"{features.family}|{features.given}|{features.birth}"


def neighbours(rows: Iterable[R], block: Callable[[R], str], before: Sequence[R] = ()) -> Iterator[tuple[R, R]]:
    """The pairs that are compared, of rows ordered by block and rank.

    `before` are the rows that came right before, at least WINDOW + 1 where there are as many: the first ones may go on
    with their block.
    """
    key = block(before[-1]) if before else ""
    before = [row for row in before[-WINDOW - 1 :] if block(row) == key]
    for row in rows:
        if block(row) != key:
            before, key = [], block(row)
        for each in before if len(before) <= WINDOW else before[-NEAR:]:
            yield each, row
        before.append(row)
        if len(before) > WINDOW + 1:
            del before[0]


def _keys(f: Features) -> Iterator[str]:
    names = sorted(filter(None, (spoken(f.given), spoken(f.family))))
    if len(names) == 2:
        yield "name:" + "+".join(names)
    for key, value in (*f.identifying, ("born", f.birth)):
        if len(value) > 3 and not value.startswith("0000"):
            yield f"{key}:{value}"
            if len(value) > 5:
                parts, signs = _days(value) if key == "born" else ((value[:4], value[-4:]), "".join(sorted(value)))
                named = [name for name in (f.given, f.family) if name]
                yield from (f"{key}:{part}+{name[:3]}" for part in parts for name in named)
                yield from (f"{key}:{signs}+{name[:1]}" for name in named)
    for phone in f.phones:
        yield f"phone:{phone[-9:]}"
    for email in f.emails:
        yield f"email:{email}"
        local = email.rpartition("@")[0]
        if len(local) > 5:
            yield f"local:{local}"
    yield from _place_keys(f)


def _days(day: str) -> tuple[tuple[str, ...], str]:
    """A day without its year, its month and its day, a year alone being that of many; and its year and its digits."""
    return (day[4:], f"{day[:4]}-{day[6:]}", day[:6]), day[:4] + "".join(sorted(day[4:]))


def _place_keys(f: Features) -> Iterator[str]:
    for place in f.places:
        if place.street and (place.number or place.postcode):
            yield f"street:{place.number}+{spoken(place.street)}+{place.postcode}"
            yield f"road:{place.number}+{place.street}+{place.region}"
        if place.number and place.locality:
            for line in filter(None, (place.street, place.premises)):
                yield f"line:{place.number}+{line.replace(' ', '')[:5]}+{place.locality[:4]}"
        for name in filter(None, (f.family, f.given)):
            where = place.postcode or place.locality
            if where:
                yield f"lives:{spoken(name)[:4]}+{where}"
            if place.locality:
                yield f"near:{name[:3]}+{place.locality[:4]}"
            if place.number and place.street:
                yield f"house:{spoken(name)[:4]}+{place.number}+{place.street[:3]}"
