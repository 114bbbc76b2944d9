"""Rules of imports: which day a cell says, and what columns are about."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.contract.failure import Failure
from services.customers.domain.import_columns import BY_NAME, BY_VALUES, SURE, is_headerless, suggest
from services.customers.domain.import_days import DAY_FIRST, MONTH_FIRST, UNKNOWN, YEAR_FIRST, order_of, read_day
from services.customers.domain.merging import place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31))
FORMS = {DAY_FIRST: "{0.day}{1}{0.month:02}{1}{0.year}", MONTH_FIRST: "{0.month:02}{1}{0.day}{1}{0.year}"}


@given(DAYS, st.sampled_from("/-"), st.sampled_from([DAY_FIRST, MONTH_FIRST]))
def test_a_day_is_read_in_the_order_that_is_told(day: datetime.date, mark: str, order: int) -> None:
    text = FORMS[order].format(day, mark)
    assert datetime.date(*read_day(text, order, "birth_date")) == day


@given(DAYS, st.sampled_from([UNKNOWN, DAY_FIRST, MONTH_FIRST, YEAR_FIRST]))
def test_what_speaks_for_itself_is_read_whatever_is_told(day: datetime.date, order: int) -> None:
    for text in (f"{day}", f"{day:%Y/%m/%d}", f"{day.day}.{day.month}.{day.year}"):
        assert datetime.date(*read_day(text, order, "x")) == day


@given(DAYS, st.sampled_from("/-"), st.sampled_from([DAY_FIRST, MONTH_FIRST]))
def test_without_an_order_a_day_is_read_where_it_can_only_be_one(day: datetime.date, mark: str, order: int) -> None:
    text = FORMS[order].format(day, mark)
    if day.day > 12 or day.day == day.month:
        assert datetime.date(*read_day(text, UNKNOWN, "x")) == day
        return
    with pytest.raises(Failure) as refused:
        read_day(text, UNKNOWN, "x")
    assert (refused.value.reason, list(refused.value.fields)) == ("DATE_AMBIGUOUS", ["x"])


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from([DAY_FIRST, MONTH_FIRST]))
def test_an_order_is_found_where_one_day_shows_it(days: Sequence[datetime.date], order: int) -> None:
    shown = any(day.day > 12 for day in days)
    assert order_of(FORMS[order].format(day, "/") for day in days) == (order if shown else UNKNOWN)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        ([], UNKNOWN),
        (["soon", ""], UNKNOWN),
        (["31/12/1980", "12/31/1980"], UNKNOWN),
        (["1980-12-31", "31/12/1980"], DAY_FIRST),
        (["1980-12-31"], YEAR_FIRST),
        (["1.2.1980"], DAY_FIRST),
    ],
)
def test_known_answers_about_orders(values: list[str], order: int) -> None:
    assert order_of(values) == order


@pytest.mark.parametrize("text", ["soon", "31/12/80", "1/2/3", "1980-1231", "31/12-1980", "12/1980", "1/12/19800"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Failure) as refused:
        read_day(text, UNKNOWN, "custom.since")
    assert (refused.value.reason, list(refused.value.fields)) == ("INVALID_ARGUMENT", ["custom.since"])


MAIL, DAY = ["a@x.example", "b@x.example; c@x.example (home)"], ["31.12.1980", "1980-01-02"]


@pytest.mark.parametrize(
    ("name", "values", "field", "confidence"),
    [
        ("E-Mail", MAIL, "emails", SURE),
        ("Courriel", MAIL, "emails", SURE),
        ("Vorname", ["Ann"], "given_name", BY_NAME),
        ("Prénom", ["Ann"], "given_name", BY_NAME),
        ("SOBRENOME", ["Lee"], "family_name", BY_NAME),
        ("x1", MAIL, "emails", BY_VALUES),
        ("x1", [*MAIL] * 4 + ["none"], "emails", BY_VALUES),
        ("x1", [*MAIL, "none", "none"], "", 0),
        ("Geburtsdatum", DAY, "birth_date", SURE),
        ("Birthday", ["soon"], "", 0),
        ("Birthday", [], "birth_date", BY_NAME),
        ("Mobile", ["+61 2 9999 0001"], "phones", SURE),
        ("Telefon", ["02 9999 0001"], "phones", SURE),
        ("x1", ["12345678901234"], "", 0),
        ("PLZ", ["8001"], "address.postal_code", BY_NAME),
        ("Member no.", ["7"], "custom.member", BY_NAME),
        ("member", ["7"], "custom.member", BY_NAME),
        ("x1", ["con_01J9ZQ4T5V8W9X0Y1Z2A3B4C5D"], "id", BY_VALUES),
    ],
)
def test_a_column_is_about_what_its_name_and_its_values_say(
    name: str, values: list[str], field: str, confidence: int
) -> None:
    (told,) = suggest([name], [values], {"member": "Member no."}, "AU")
    assert (told.field, told.confidence) == (field, confidence)


def test_a_field_that_takes_one_column_is_suggested_for_the_surest_of_them() -> None:
    header, columns = ["Name", "x", "Surname", "Mail", "Mail 2"], [["Lee"], DAY, ["Lee"], MAIL, MAIL]
    told = [each.field for each in suggest(header, columns, {}, "")]
    assert told == ["family_name", "birth_date", "", "emails", "emails"]


@pytest.mark.parametrize(
    ("first", "absent"),
    [
        (["E-Mail", "Name"], False),
        (["foo", "bar"], False),
        (["Ann", "ann@x.example"], True),
        (["Ann", "31.12.1980"], True),
        (["Ann", "4711"], True),
        (["Name", "4711"], False),
        (["Member", "4711"], False),
        ([], False),
    ],
)
def test_a_header_is_told_from_values(first: list[str], absent: object) -> None:
    assert is_headerless(first, {"member": "Member"}) is absent


@pytest.mark.parametrize(
    ("wanted", "parents", "merged", "place"),
    [
        ("", [], "AB", ""),
        ("", ["C"], "AB", ""),
        ("C", ["C"], "AB", "C"),
        ("C", ["C", "E"], "AD", "E"),
        ("C", ["C"], "AD", ""),
        ("C", ["E", "C"], "AD", "E"),
    ],
)
def test_companies_that_become_one_stand_where_none_is_above_itself(
    wanted: str, parents: list[str], merged: str, place: str
) -> None:
    """C stands below D, which stands below E."""
    assert place_of(wanted, parents, set(merged), {"C": ["C", "D", "E"], "E": ["E"]}) == place
