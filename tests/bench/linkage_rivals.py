"""splink and dedupe on FEBRL: the one set up as its own examples for these files do, the other on given pairs."""

from __future__ import annotations

import logging
import random
import warnings
from typing import TYPE_CHECKING, Any

from tests.services.linkage import CODES, FIELDS, Half, Scores, blocked, pair

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    """Its comparisons and its classifier, taught with the duplicates of the first half and as many pairs that are none.

    The pairs are those of recordlinkage: to learn blocking rules of its own takes it minutes and gigabytes.
    """
    import dedupe
    from dedupe import variables

    linker: Any = dedupe.Dedupe([variables.String(name, has_missing=True) for name in (*FIELDS, *CODES)], num_cores=1)
    pairs = sorted(pair(*two) for two in blocked(first))
    apart = [two for two in pairs if two not in first.truth]
    labelled = [two for two in pairs if two in first.truth]
    labelled += random.Random(_SEED).sample(apart, min(len(apart), len(labelled)))
    records = _records(first)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        distances = linker.data_model.distances([(records[one], records[other]) for one, other in labelled])
        linker.classifier.fit(distances, [int(two in first.truth) for two in labelled])
        return _scored(linker, first), _scored(linker, second)


def _scored(linker: Any, each: Half) -> Scores:
    records = _records(each)
    found = linker.score(((one, records[one]), (other, records[other])) for one, other in blocked(each))
    rows = zip(found["pairs"], found["score"], strict=True)
    return {pair(str(one), str(other)): float(score) for (one, other), score in rows}


def _records(each: Half) -> dict[str, dict[str, str | None]]:
    """The people of a half by id, an empty value as None."""
    return {row["rec_id"]: {name: row[name] or None for name in (*FIELDS, *CODES)} for row in each.people}
