"""The header `x-rapport-after` and the places of reads that wait."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mesh.contract import after
from mesh.contract.failure import Failure
from mesh.runtime.after import MAX_WAITING, MAX_WAITING_OF_A_TENANT, Places

_LETTERS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20)
_ID = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26)
AGGREGATES = st.builds("c{}/con_{}".format, _LETTERS, _ID)
MARKS = st.integers(1, 2**59).map(str) | _ID.map("evt_{}".format)


@given(st.dictionaries(AGGREGATES, MARKS, min_size=1, max_size=40))
def test_what_a_write_tells_is_read_again_and_fits_the_description(marks: dict[str, str]) -> None:
    header = after.write("customers", marks)
    assert len(header) <= after.LONGEST
    assert re.search(after.PATTERN, header)
    told = {(p.source, p.aggregate): str(p.sequence or p.event_id) for p in after.read(header)}
    assert told == {("customers", name): mark for name, mark in list(marks.items())[-after.MOST :]}


@given(st.text(max_size=200) | st.from_regex(after.PATTERN))
@example("users:users/usr_1=1, users:users/usr_2=2")
@example("users:users/usr_1=1\n")
@example(",")
def test_any_text_is_read_or_refused_by_name(header: str) -> None:
    positions, fields = [], [after.AFTER_HEADER]
    try:
        positions = after.read(header)
    except Failure as failure:
        fields = list(failure.fields)
    assert fields == [after.AFTER_HEADER]
    assert len(positions) <= after.MOST
    assert all(bool(p.sequence) != bool(p.event_id) for p in positions)
    assert all(0 <= p.sequence < 2**63 for p in positions)


@pytest.mark.parametrize(
    "header",
    [
        ",".join(["users:users/usr_1=1"] * (after.MOST + 1)),
        "users:users/usr_1=1" + " " * after.LONGEST,
        "users:users/usr_1=0",
        "users:users/usr_1=-1",
        "users:users/usr_1=9999999999999999999",
        "users/users/usr_1=1",
        "users:usr_1=1",
        "users:users/ten_2/../usr_1=1",
        "users:users/usr_1=evt_1",
        "users:users/usr_1=1;2",
    ],
)
def test_what_no_write_tells_is_refused(header: str) -> None:
    with pytest.raises(Failure, match="INVALID_ARGUMENT"):
        after.read(header)


def test_few_reads_of_a_process_wait_and_fewer_of_one_tenant() -> None:
    places = Places()
    tenants = [f"ten_{number}" for number in range(3) for _ in range(MAX_WAITING_OF_A_TENANT + 1)]
    with ExitStack() as held:
        free = [held.enter_context(places.take(tenant)) for tenant in tenants]
    assert free == [True, True, False, True, True, False, False, False, False]
    assert free.count(True) == MAX_WAITING
    with places.take("ten_2") as again:
        assert again
