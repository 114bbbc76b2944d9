"""Strangers who share a street, a block of flats or an office are no duplicates, and do not teach that they are."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services.customers.domain.duplicate_features import Features, Place
from services.customers.domain.duplicate_keys import keys_of, neighbours, rank
from services.customers.domain.duplicate_learning import fit
from services.customers.domain.duplicate_levels import DIFFERENT

if TYPE_CHECKING:
    from services.customers.domain.duplicate_model import Model

STRANGERS, TWICE = 1_500, 30
KINDS = ("streets", "one town", "village", "building", "flats", "office", "nowhere")


def words(chance: random.Random, count: int) -> list[str]:
    return ["".join(chance.choices("abdefgiklmnoprstu", k=8)) for _ in range(count)]


def crowd(kind: str, *, known: bool) -> tuple[list[Features], set[tuple[int, int]]]:
    """Strangers, of whom some are there twice with the last letter of the family name cut off, and which these are."""
    chance = random.Random(kind)
    given, family, streets, towns = (words(chance, count) for count in (150, 150, 40, 40))
    people = []
    for number in range(STRANGERS):
        at, house, flat = chance.randrange(40), str(chance.randrange(1, 200)), f"flat {chance.randrange(1, 200)}"
        # `at` tells the street, which tells town and postal code; only in "one town" do many streets have one of these.
        home = Place(house, streets[at], "", towns[at], f"{2000 + at}", "nsw")
        places = {
            "streets": home,
            "one town": replace(home, locality=towns[0], postcode=f"{2000 + at // 8}"),
            "village": replace(home, number="", locality=towns[at // 10], postcode=f"{2000 + at // 10}"),
            "building": replace(home, number=f"{at}"),
            "flats": replace(home, number=f"{at}", premises=flat),
            "office": replace(home, number=f"{at}"),
        }
        phone = f"+612900000{at:02}" if kind == "office" else f"+614{chance.randrange(10**8):08}"
        people.append(
            Features(
                given=chance.choice(given),
                family=chance.choice(family),
                birth=f"{chance.randrange(1930, 2004)}{chance.randrange(1, 13):02}{chance.randrange(1, 29):02}",
                phones=(phone,) if known else (),
                emails=(f"{number}@example.com",) if known else (),
                places=(places[kind],) if kind in places else (),
                identifying=(),
            )
        )
    if not known:
        people = [replace(each, birth="") for each in people]
    twice = chance.sample(range(STRANGERS), TWICE)
    again = [replace(people[number], family=people[number].family[:-1], emails=()) for number in twice]
    return people + again, {(number, STRANGERS + place) for place, number in enumerate(twice)}


def search(people: list[Features]) -> tuple[Model, set[tuple[int, int]]]:
    """The model of a base, and the pairs with at least even odds."""
    model = fit(people, len(people))
    keys = sorted((key, rank(each), number) for number, each in enumerate(people) for key in keys_of(each))
    pairs = {(min(a[2], b[2]), max(a[2], b[2])) for a, b in neighbours(keys, lambda row: row[0])}
    return model, {(a, b) for a, b in pairs if model.score(model.evidence(people[a], people[b])) >= 0}


@pytest.mark.shows("duplicates.quality")
@pytest.mark.parametrize("kind", KINDS)
def test_strangers_are_no_duplicates(kind: str) -> None:
    people, truth = crowd(kind, known=True)
    model, found = search(people)
    right = len(found & truth)
    print(f"{kind}: {right} of {len(truth)} found, and {len(found) - right} others")
    assert right >= 0.95 * len(truth)
    assert right >= 0.95 * len(found)
    for name in {"birth_date", "phones", "family_name"} & model.match.keys():
        assert model.match[name][DIFFERENT] < 0.1, name


@pytest.mark.parametrize("kind", ["streets", "one town", "flats", "building"])
def test_with_names_and_addresses_alone_strangers_are_no_duplicates_either(kind: str) -> None:
    """In a building one in a hundred pairs has a name in common: nothing tells who is one, and nobody is found."""
    people, truth = crowd(kind, known=False)
    _, found = search(people)
    print(f"{kind}: {len(found & truth)} of {len(truth)} found, and {len(found - truth)} others")
    assert len(found - truth) <= 0.25 * len(truth)
    if kind != "building":
        assert len(found & truth) >= 0.95 * len(truth)
