"""splink and dedupe on FEBRL, set up as their own examples for these files do."""

from __future__ import annotations

import itertools
import logging
import random
import warnings
from typing import TYPE_CHECKING, Any

from tests.services.linkage import CODES, FIELDS, Half, Scores, pair

if TYPE_CHECKING:
    from collections.abc import Sequence

# Pairs that dedupe is told of; a person who labels gives up long before.
_LABELS = 1_000
_SEED = 7


def splink_scores(first: Half, second: Half) -> tuple[Scores, Scores]:
    """Nothing is taught: a model for each half. Blocks and comparisons are those of its examples on FEBRL together."""
    return _splinked(first), _splinked(second)


def _splinked(each: Half) -> Scores:
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    rules: Sequence[Any] = [
        *(block_on(name) for name in ("soc_sec_id", "date_of_birth", "given_name", "surname", "postcode")),
        block_on("street_number", "address_1"),
        block_on("state", "address_1"),
        "l.given_name = r.surname and l.surname = r.given_name",
    ]
    settings = SettingsCreator(
        link_type="link_only" if each.second else "dedupe_only",
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=list(rules),
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]).configure(term_frequency_adjustments=True),
        ],
    )
    groups = [[row for row in each.people if (row["rec_id"] in each.second) == later] for later in (False, True)]
    api = DuckDBAPI()
    tables = [api.register(pd.DataFrame(group).replace("", None)) for group in groups if group]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        linker = Linker(tables if len(tables) > 1 else tables[0], settings)
        training = linker.training
        training.estimate_probability_two_random_records_match(
            [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.9
        )
        training.estimate_u_using_random_sampling(max_pairs=1e6, seed=_SEED)
        for name in ("date_of_birth", "postcode", "surname"):
            training.estimate_parameters_using_expectation_maximisation(block_on(name))
        found = linker.inference.predict(threshold_match_weight=-20).as_pandas_dataframe()
    rows = zip(found["rec_id_l"], found["rec_id_r"], found["match_weight"], strict=True)
    return {pair(one, other): float(weight) for one, other, weight in rows}


def dedupe_scores(first: Half, second: Half) -> tuple[Scores, Scores]:
    """Taught with labels of the first half, as many duplicates as not; then both halves are scored."""
    import dedupe
    from dedupe import variables

    fields: list[Any] = [variables.String(name, has_missing=True) for name in (*FIELDS, *CODES)]
    if first.second:
        linker: Any = dedupe.RecordLink(fields, num_cores=1)
        linker.prepare_training(*_records(first), sample_size=5_000)
    else:
        linker = dedupe.Dedupe(fields, num_cores=1)
        linker.prepare_training(*_records(first), sample_size=5_000)
    linker.mark_pairs(_labels(first))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        linker.train(recall=1.0)
        return _scored(linker, first), _scored(linker, second)


def _scored(linker: Any, each: Half) -> Scores:
    found = linker.score(linker.pairs(*_records(each)))
    scores = {
        pair(str(one), str(other)): float(score)
        for (one, other), score in zip(found["pairs"], found["score"], strict=True)
    }
    linker.fingerprinter.reset_indices()
    return scores


def _records(each: Half) -> list[dict[str, dict[str, str | None]]]:
    """The files of a half by id, an empty value as None."""
    groups = [[row for row in each.people if (row["rec_id"] in each.second) == later] for later in (False, True)]
    return [
        {row["rec_id"]: {name: row[name] or None for name in (*FIELDS, *CODES)} for row in group}
        for group in groups
        if group
    ]


def _labels(each: Half) -> dict[str, list[Any]]:
    """Labelled pairs: duplicates, and pairs that look like some, sharing a name or a code."""
    chance = random.Random(_SEED)
    records = {key: value for group in _records(each) for key, value in group.items()}
    alike: set[tuple[str, str]] = set()
    for name in ("surname", "given_name", "postcode", "date_of_birth"):
        by: dict[str | None, list[str]] = {}
        for key, record in records.items():
            by.setdefault(record[name], []).append(key)
        blocks = [ids for value, ids in by.items() if value and len(ids) < 50]
        alike.update(pair(*two) for ids in blocks for two in itertools.combinations(sorted(ids), 2))
    apart = sorted(alike - each.truth)
    taken = {"match": sorted(each.truth), "distinct": apart}
    wanted = {}
    for name, pairs in taken.items():
        chosen = chance.sample(pairs, min(_LABELS // 2, len(pairs)))
        wanted[name] = [_ordered(records, each, two) for two in chosen if not each.second or _across(each, two)]
    return wanted


def _across(each: Half, two: tuple[str, str]) -> bool:
    return (two[0] in each.second) != (two[1] in each.second)


def _ordered(records: dict[str, Any], each: Half, two: tuple[str, str]) -> tuple[Any, Any]:
    """The records of a pair, that of the first file before that of the second."""
    one, other = sorted(two, key=lambda key: key in each.second)
    return records[one], records[other]
