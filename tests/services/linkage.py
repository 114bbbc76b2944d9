"""FEBRL as a test of finding duplicates: its two halves, ours and recordlinkage on them, and how well that went.

Thresholds, and what is taught to whoever is taught, come from the first half; figures come from the second. The halves
are by person, so that no pair lies across. A half is searched as a base of its own.
"""

from __future__ import annotations

import hashlib
import itertools
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from rapport.customers.v1 import resources_pb2

from mesh.testing.febrl import contact, people
from services.customers.domain.duplicate_features import features_of
from services.customers.domain.duplicate_keys import keys_of, neighbours, rank
from services.customers.domain.duplicate_learning import fit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

FILES = {
    "FEBRL 1": ("dataset1",),
    "FEBRL 2": ("dataset2",),
    "FEBRL 3": ("dataset3",),
    "FEBRL 4": ("dataset4a", "dataset4b"),
}
FIELDS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state")
CODES = ("date_of_birth", "soc_sec_id")
Person = dict[str, str]
Pair = tuple[str, str]
Scores = dict[Pair, float]


@dataclass(frozen=True, slots=True)
class Quality:
    """How well pairs were found, each from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)


@dataclass(frozen=True, slots=True)
class Half:
    """The people of one half, and which of them are one. A linked set has its second file's people in `second`."""

    people: list[Person]
    second: frozenset[str]
    truth: frozenset[Pair]


def pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def half(name: str, which: int, split: int = 0) -> Half:
    """One half of a set. Split 0 has the persons with an even number (0) and those with an odd one (1), others lots."""
    files = [[p for p in people(file) if _side(_number(p), split) == which] for file in FILES[name]]
    by: dict[str, list[str]] = {}
    for person in itertools.chain(*files):
        by.setdefault(_number(person), []).append(person["rec_id"])
    truth = frozenset(pair(*two) for ids in by.values() for two in itertools.combinations(ids, 2))
    second = frozenset(p["rec_id"] for file in files[1:] for p in file)
    return Half([*itertools.chain(*files)], second, truth)


def quality(scores: Scores, threshold: float, truth: frozenset[Pair]) -> Quality:
    """The pairs with at least this score against the truth."""
    found = {each for each, score in scores.items() if score >= threshold}
    right = len(found & truth)
    return Quality(right / max(1, len(found)), right / len(truth))


def threshold_of(scores: Scores, truth: frozenset[Pair]) -> float:
    """Where the F1 is best: half way between the last score that counts and the first that does not."""
    ranked = sorted(((score, each in truth) for each, score in scores.items()), reverse=True)
    best, place, right = -1.0, 0, 0
    for number, (score, is_one) in enumerate(ranked):
        right += is_one
        last = number + 1 == len(ranked) or ranked[number + 1][0] < score
        f1 = 2 * right / (number + 1 + len(truth))
        if last and f1 > best:
            best, place = f1, number
    below = ranked[place + 1][0] if place + 1 < len(ranked) else ranked[place][0]
    return (ranked[place][0] + below) / 2


def ours(first: Half, second: Half) -> tuple[Scores, Scores]:
    """The product's rules over each half. Nothing is taught: the model of a half is fitted to it as it is."""
    return searched(first.people), searched(second.people)


def searched(rows: Sequence[Person]) -> Scores:
    """What a search finds, however low its score: the same steps, with the base in memory."""
    features = {row["rec_id"]: features_of(_contact(row), CODES) for row in rows}
    model = fit([features[each] for each in sorted(features)], len(features))
    keys = sorted((key, rank(each), who) for who, each in features.items() for key in keys_of(each))
    pairs = {pair(one[2], other[2]) for one, other in neighbours(keys, lambda row: row[0])}
    return {each: float(model.score(model.evidence(features[each[0]], features[each[1]]))) for each in pairs}


def _contact(person: Person) -> resources_pb2.Contact:
    """A person as an import makes it. Days are as they were typed, many of them none: they go to a field of its own."""
    made = json_format.ParseDict(contact({**person, "date_of_birth": ""}), resources_pb2.Contact())
    made.given_name, made.family_name = person["given_name"], person["surname"]
    for name in CODES:
        if person[name]:
            made.custom[name] = person[name]
    return made


def recordlinkage_scores(first: Half, second: Half) -> tuple[Scores, Scores]:
    """Its documented steps: blocks, comparisons, a logistic regression that is taught on the first half."""
    import recordlinkage

    taught, used = (_compared(each) for each in (first, second))
    classifier = recordlinkage.LogisticRegressionClassifier()
    true = [each for each in taught.index if pair(*each) in first.truth]
    classifier.fit(taught, taught.index[taught.index.isin(true)])
    return tuple(  # type: ignore[return-value]  # two of two
        {pair(*each): float(score) for each, score in classifier.prob(vectors).items()} for vectors in (taught, used)
    )


def blocked(each: Half) -> pd.MultiIndex:
    """The pairs of a half that recordlinkage compares, across the files of a linked set."""
    import recordlinkage

    index = recordlinkage.Index()
    for name in ("given_name", "surname", "postcode", "suburb", *CODES):
        index.block(name)
    return index.index(*_frames(each))


def _compared(each: Half) -> pd.DataFrame:
    import recordlinkage

    compare = recordlinkage.Compare()
    for name in FIELDS:
        compare.string(name, name, method="jarowinkler", label=name)
    for name in CODES:
        compare.string(name, name, method="damerau_levenshtein", label=name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pandas, about what recordlinkage calls
        vectors: pd.DataFrame = compare.compute(blocked(each), *_frames(each))
    return vectors


def _frames(each: Half) -> list[pd.DataFrame]:
    return [_frame(each, second=second) for second in ((False, True) if each.second else (False,))]


def _frame(each: Half, *, second: bool) -> pd.DataFrame:
    import pandas as pd

    rows = [row for row in each.people if (row["rec_id"] in each.second) == second]
    return pd.DataFrame(rows).set_index("rec_id").replace("", None)


def _side(number: str, split: int) -> int:
    return hashlib.blake2b(f"{split}:{number}".encode()).digest()[0] % 2 if split else int(number) % 2


def _number(person: Mapping[str, Any]) -> str:
    return str(person["rec_id"].split("-")[1])
