"""The rules by which contacts are compared: known answers, symmetry, bounds, and independent oracles."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.customers.v1 import resources_pb2

from services.customers.domain.duplicate_features import Features, Place, features_of
from services.customers.domain.duplicate_keys import NEAR, WINDOW, keys_of, neighbours, rank
from services.customers.domain.duplicate_learning import SAMPLE, fit, lot, may_be_drawn
from services.customers.domain.duplicate_levels import (
    ALIAS,
    DIFFERENT,
    LEVELS,
    SAME,
    SIMILAR,
    SWAPPED,
    TYPO,
    agreements,
    code_level,
    day_level,
    email_level,
    name_level,
)
from services.customers.domain.duplicate_model import blank_model, dump, load

HOME = Place("6", "tullaroop street", "", "st james", "4011", "wa")
NAMES = st.text("abcd ", max_size=6).map(str.strip)


def somebody(**fields: Any) -> Features:
    made: dict[str, Any] = dict.fromkeys(("given", "family", "birth"), "")
    return Features(**{**made, "phones": (), "emails": (), "places": (), "identifying": (), **fields})


@pytest.mark.parametrize(
    ("level", "one", "other", "due"),
    [
        (name_level, "smith", "smith", SAME),
        (name_level, "katherine", "kathy", ALIAS),
        (name_level, "j", "john", ALIAS),
        (name_level, "mary", "mary ann", ALIAS),
        (name_level, "smith", "smtih", TYPO),
        (name_level, "neumann", "neuman", TYPO),
        (name_level, "de vries", "devries", TYPO),
        (name_level, "dixon", "dicksonx", SIMILAR),
        (name_level, "ann", "peter", DIFFERENT),
        (code_level, "4011", "4101", TYPO),
        (code_level, "4011", "4099", DIFFERENT),
        (code_level, "6988048", "6988184", SIMILAR),
        (day_level, "19800102", "19800201", TYPO),
        (day_level, "00000102", "19800102", ALIAS),
        (day_level, "19800102", "19630917", DIFFERENT),
        (email_level, "ann.lee@example.com", "ann.lee@example.org", ALIAS),
        (email_level, "ann.lee@example.com", "an.lee@example.com", TYPO),
        (email_level, "bob@example.com", "tom@example.com", DIFFERENT),
        (email_level, "ann.lee7@example.com", "an.lee7@example.com", TYPO),
        (email_level, "ann.lee7@example.com", "ann.lee8@example.com", DIFFERENT),
        (email_level, "ann.lee@example.com", "ann.lee1@example.com", DIFFERENT),
    ],
)
def test_how_alike_two_values_are(level: Any, one: str, other: str, due: str) -> None:
    assert level(one, other) == level(other, one) == due


def test_swapped_names_are_seen() -> None:
    levels = [
        each.level
        for each in agreements(somebody(given="berry", family="lachlan"), somebody(given="lachlan", family="bery"))
    ]
    assert levels == [SWAPPED, SWAPPED]


def test_a_name_in_the_field_of_another_is_seen_beside_a_new_one() -> None:
    found = agreements(somebody(given="bridget", family="sophie"), somebody(given="sophie", family="lodiong"))
    assert [(each.field, each.level) for each in found] == [("given_name", SWAPPED), ("family_name", DIFFERENT)]
    assert [(each.one, each.other) for each in found] == [("sophie", "sophie"), ("bridget", "lodiong")]


def test_what_one_lacks_says_nothing() -> None:
    assert not agreements(somebody(given="ann"), somebody(family="lee", phones=("+61",)))


@given(*[st.builds(somebody, given=NAMES, family=NAMES, birth=st.sampled_from(["", "19800102"]))] * 2)
def test_the_order_of_two_contacts_makes_no_difference(one: Features, other: Features) -> None:
    model = blank_model(1000)
    assert model.score(model.evidence(one, other)) == model.score(model.evidence(other, one))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 500)), max_size=150, unique=True), st.integers(0, 150))
def test_neighbours_are_those_of_the_window_wherever_a_chunk_begins(rows: list[tuple[str, int]], cut: int) -> None:
    rows = sorted(rows)
    blocks = [[row for row in rows if row[0] == letter] for letter in "abc"]
    due = {
        (block[i], block[j])
        for block in blocks
        for i, j in itertools.combinations(range(len(block)), 2)
        if j <= WINDOW or j - i <= NEAR
    }
    first = list(neighbours(rows[:cut], lambda row: row[0]))
    second = list(neighbours(rows[cut:], lambda row: row[0], rows[:cut]))
    assert set(first + second) == due
    assert len(first + second) == len(due)


def crowd(count: int, *, twice: int = 0) -> list[Features]:
    """People at random, of whom some are there twice with an error in the name."""
    chance = random.Random(5)
    names = ["".join(chance.choices("abcdefghiklmnoprstu", k=7)) for _ in range(200)]
    made = [
        somebody(
            given=chance.choice(names[:60]), family=chance.choice(names), birth=f"{chance.randint(19400101, 20001231)}"
        )
        for _ in range(count)
    ]
    again = [somebody(given=each.given, family=each.family[:-1] + "x", birth=each.birth) for each in made[:twice]]
    return made + again


def test_a_model_is_the_same_for_the_same_contacts_and_survives_being_kept() -> None:
    people = crowd(300, twice=30)
    model = fit(people, len(people))
    assert fit(people, len(people)) == model
    assert load(dump(model)) == model
    for levels in (*model.match.values(), *model.other.values()):
        assert sum(levels.values()) == pytest.approx(1.0, abs=0.02)
        assert set(levels) == set(LEVELS)


def test_a_sample_is_of_all_although_few_of_many_are_kept() -> None:
    lots = [lot(f"con_{number}") for number in range(60_000)]
    kept = [each for number, each in enumerate(lots, 1) if may_be_drawn(each, 1000 * (1 + (number - 1) // 1000))]
    assert all(may_be_drawn(each, 2 * SAMPLE) for each in lots[:1000])
    assert sorted(kept)[:SAMPLE] == sorted(lots)[:SAMPLE]
    assert len(kept) < len(lots) / 2


def test_how_many_are_there_twice_is_learned() -> None:
    """The share of duplicates against the one that the crowd was made with: within a third, in bits."""
    import math

    people = crowd(600, twice=60)
    pairs = len(people) * (len(people) - 1) / 2
    assert fit(people, len(people)).prior == pytest.approx(math.log2(60 / pairs), abs=0.6)


def test_what_many_have_says_less() -> None:
    people = [*crowd(300), *(somebody(given="ann", family="smith") for _ in range(100))]
    model = fit(people, len(people))
    often, seldom = (
        sum(each.weight for each in model.evidence(two, two) if each.agreement.field == "family_name")
        for two in (somebody(family="smith"), somebody(family=people[0].family))
    )
    assert often < seldom


def test_who_is_there_often_does_not_make_what_is_theirs_common() -> None:
    """A number that one person has in five entries counts as one that has it in two."""
    others = crowd(300)
    known = {"given": "zora", "family": "quist", "birth": "19601231"}
    often = [somebody(**known, identifying=(("number", "7678209"),)) for _ in range(5)]
    two = [somebody(given="una", family="vought", birth="19520101", identifying=(("number", "4455667"),))] * 2
    model = fit([*others, *often, *two], len(others) + 7)
    for contacts in (often, two):
        assert model.frequency("custom.number", contacts[0].identifying[0][1]) == pytest.approx(
            model.frequency("custom.number", "of nobody")
        )


def test_a_difference_in_the_address_tells_nothing_of_relatives() -> None:
    """So much is the same that it counts no more than a home: with one part different it counts as much."""
    base = crowd(600)
    model = fit(base, len(base))
    one = somebody(given="katherine", family="sondergeld", places=(HOME,))
    same, moved = (
        model.score(model.evidence(one, somebody(given="katherine", family="sondergeld", places=(place,))))
        for place in (HOME, replace(HOME, number="99"))
    )
    assert moved == pytest.approx(same, abs=3)
    assert model.score(model.evidence(one, somebody(given="tom", family="sondergeld", places=(HOME,)))) < same - 10


@pytest.mark.parametrize("total", [5, 1_000, 100_000])
def test_people_of_one_home_are_no_duplicates(total: int) -> None:
    """They share a street, a town, a family name and a number, and are two."""
    shared = {"family": "sondergeld", "places": (HOME,), "phones": ("+61299990001",)}
    one = somebody(given="katherine", birth="19600210", **shared)
    model = blank_model(total)
    assert model.score(model.evidence(one, somebody(given="tom", birth="19880703", **shared))) < 0
    assert model.score(model.evidence(one, somebody(given="kathy", birth="19600210", **shared))) > 0


def test_a_base_full_of_couples_does_not_teach_that_relatives_are_one() -> None:
    """Of 300 couples and 30 who are there twice, misspelt, those who are there twice are found and no couple is."""
    chance = random.Random(3)
    names = crowd(900)
    people: list[Features] = []
    for number, each in enumerate(names[:300]):
        home = Place(str(number), f"{names[number + 300].family} street", "", "st james", "4011", "wa")
        again = names[number + 600]
        people.append(somebody(given=each.given, family=each.family, birth=each.birth, places=(home,)))
        people.append(somebody(given=again.given, family=each.family, birth=again.birth, places=(home,)))
    twice = chance.sample(range(600), 30)
    people += [
        somebody(given=one.given[:-1] + "x", family=one.family, birth=one.birth, places=one.places)
        for one in (people[number] for number in twice)
    ]
    model = fit(people, len(people))

    couples = [(a, b) for a, b in zip(people[0:600:2], people[1:600:2], strict=True) if a.given != b.given]
    assert sum(model.score(model.evidence(a, b)) >= 0 for a, b in couples) <= 1
    assert all(
        model.score(model.evidence(people[number], people[600 + place])) > 0 for place, number in enumerate(twice)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            somebody(given="jordean", identifying=(("number", "7678209"),)),
            somebody(given="jardhau", identifying=(("number", "7687209"),)),
        ),
        (
            somebody(given="ann", family="lee", birth="19450830"),
            somebody(given="amy", family="lunt", birth="19453008"),
        ),
        (
            somebody(places=(Place("30", "goodwin street", "rosetta village", "hope valley", "", ""),)),
            somebody(places=(Place("30", "rosettasvillage", "", "hope valey", "", ""),)),
        ),
    ],
)
def test_transposed_digits_and_lines_in_another_place_still_share_a_key(one: Features, other: Features) -> None:
    assert set(keys_of(one)) & set(keys_of(other))


def test_a_day_of_birth_alone_is_the_only_key_of_one_without_a_name() -> None:
    """A year or a month of birth beside no name is what hundreds have."""
    assert keys_of(somebody(birth="19450830")) == ["born:19450830"]


def test_work_grows_with_the_contacts_and_not_with_their_square() -> None:
    """A thousand who share everything are compared a few times each, and not a thousand."""
    alike = [somebody(given="ann", family="lee", birth="19800102") for _ in range(1000)]
    rows = sorted((key, rank(each), number) for number, each in enumerate(alike) for key in keys_of(each))
    pairs = sum(1 for _ in neighbours(rows, lambda row: row[0]))
    assert pairs <= (WINDOW * WINDOW + NEAR * len(alike)) * len(rows) / len(alike)


def test_features_read_the_same_however_they_are_written() -> None:
    contact = resources_pb2.Contact(given_name="Zoë", family_name="O'Neil", e164_phones=["", "+61299990000"])
    contact.phones.add(number="02 99 (1)")
    contact.phones.add(number="02 9999 0000")
    contact.emails.add(address="Zoe@Example.com")
    contact.addresses.add(address_lines=["12a  High St", "Unit 4"], locality="Sydney", postal_code="20 00")
    contact.birth_date.month, contact.birth_date.day = 2, 3
    contact.custom["number"] = 4711
    contact.custom["key"] = "A-47 b"
    made = features_of(contact, ["number", "key", "missing"])
    assert (made.given, made.family, made.birth) == ("zoe", "o neil", "00000203")
    assert made.phones == ("02991", "+61299990000")
    assert made.emails == ("zoe@example.com",)
    assert made.places == (Place("12a", "high st", "unit 4", "sydney", "2000", ""),)
    assert made.identifying == (("number", "4711"), ("key", "a47b"))
