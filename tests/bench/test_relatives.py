"""Whether who shares a home is taken for one person: the first half of FEBRL 4 with spouses added."""

from __future__ import annotations

import random

import pytest

from tests.services.linkage import Half, half, pair, quality, searched

PERSONS = 2_500
TENTH, ALL = PERSONS // 10, PERSONS
# By whether numbers and days of birth are known and how many are there twice: the precision and recall to be reached.
FLOORS = {
    (True, TENTH): (0.99, 0.99),
    (True, ALL): (0.99, 0.99),
    (False, TENTH): (0.95, 0.75),
    (False, ALL): (0.9, 0.9),
}
SPOUSES = (6, 120, 800)
pytestmark = [pytest.mark.bench, pytest.mark.timeout(1200)]


def crowd(twice: int, spouses: int, *, known: bool) -> Half:
    """Persons of whom some are there twice and some have a spouse: somebody else of the same home and family name."""
    chance = random.Random(f"{twice}:{spouses}")
    whole = half("FEBRL 4", 0)
    again = {each["rec_id"].split("-")[1]: each for each in whole.people if each["rec_id"] in whole.second}
    persons = [each for each in whole.people if each["rec_id"] not in whole.second]
    chosen = chance.sample(persons, twice)
    pairs = [(each, again[each["rec_id"].split("-")[1]]) for each in chosen]
    people = [*persons, *(other for _, other in pairs)]
    for number, each in enumerate(chance.sample(persons, spouses)):
        name, day = chance.choice(persons)["given_name"], chance.choice(persons)["date_of_birth"]
        if name and name != each["given_name"]:
            own = {"given_name": name, "date_of_birth": day, "soc_sec_id": str(chance.randrange(10**6, 10**7))}
            people.append({**each, **own, "rec_id": f"spouse-{number}"})
    if not known:
        people = [{**each, "date_of_birth": "", "soc_sec_id": ""} for each in people]
    return Half(people, frozenset(), frozenset(pair(one["rec_id"], other["rec_id"]) for one, other in pairs))


@pytest.mark.shows("duplicates.quality")
@pytest.mark.parametrize("twice", [TENTH, ALL])
@pytest.mark.parametrize("known", [True, False], ids=["all fields", "names and addresses"])
def test_a_spouse_is_somebody_else(known: bool, twice: int) -> None:  # noqa: FBT001  # pytest's
    for spouses in SPOUSES:
        people = crowd(twice, spouses, known=known)
        found = quality(searched(people.people), 0, people.truth)
        print(f"| {known} | {twice} | {spouses} | {found.precision:.3f} | {found.recall:.3f} |", flush=True)
        precision, recall = FLOORS[known, twice]
        assert found.precision >= precision
        assert found.recall >= recall
