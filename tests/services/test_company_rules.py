"""The rules of companies, relations, interactions, tags and timelines."""

from __future__ import annotations

import itertools
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapport.customers.v1 import resource_events_pb2, resources_pb2, timeline_service_pb2

from mesh.contract.failure import Failure
from services.customers.domain.companies import MAX_DEPTH, CompanyFacts, check_place, decide_company
from services.customers.domain.interactions import InteractionFacts, decide_interaction
from services.customers.domain.relations import KINDS, decide_relation
from services.customers.domain.tags import check_merge, decide_tag, folded
from services.customers.domain.timeline import SOURCES, Told

FACTS = CompanyFacts("usr_caller", "AU")
CON, OTHER_CON = f"con_{'1' * 26}", f"con_{'2' * 26}"
COM, OTHER_COM = f"com_{'1' * 26}", f"com_{'2' * 26}"


def company(**fields: Any) -> Any:
    return decide_company(None, resources_pb2.Company(**fields), FACTS)


def test_a_company_is_tidied_and_known_by_its_first_domain() -> None:
    made = company(
        display_name=" North  Wind ",
        domains=[{"host": "https://www.North-Wind.example/x"}, {"host": "nw.example"}],
        phones=[{"number": "02 9374 4000"}],
    )
    assert (made.display_name, made.primary_domain, made.owner_id) == ("North Wind", "north-wind.example", "usr_caller")
    assert list(made.e164_phones) == ["+61293744000"]
    again = resources_pb2.Company()
    again.CopyFrom(made)
    assert decide_company(made, again, FACTS) == made


@pytest.mark.parametrize(
    ("fields", "reason", "path"),
    [
        ({}, "COMPANY_UNNAMED", "display_name"),
        ({"display_name": " "}, "COMPANY_UNNAMED", "display_name"),
        ({"display_name": "x", "domains": [{"host": "no host"}]}, "DOMAIN_INVALID", "domains[0].host"),
        (
            {"display_name": "x", "domains": [{"host": "a.example"}, {"host": "www.A.example"}]},
            "DOMAIN_REPEATED",
            "domains[1].host",
        ),
    ],
)
def test_what_is_no_company_is_refused(fields: dict[str, Any], reason: str, path: str) -> None:
    with pytest.raises(Failure) as caught:
        company(**fields)
    assert (caught.value.reason, set(caught.value.fields)) == (reason, {path})


@given(st.lists(st.integers(0, 7), min_size=8, max_size=8), st.integers(0, 7), st.integers(0, 7))
def test_a_place_is_refused_exactly_where_it_would_make_a_ring(parents: list[int], child: int, parent: int) -> None:
    """The oracle walks the whole graph, with the new edge in it; here the rule sees what stands above alone."""
    edges = {n: p for n, p in enumerate(parents) if p < n}  # a forest: each below one before it

    def above(start: int) -> list[str]:
        found = [start]
        while found[-1] in edges:
            found.append(edges[found[-1]])
        return [str(each) for each in found]

    changed = {**edges, child: parent}
    seen, at = set(), child
    while at in changed and at not in seen:
        seen.add(at)
        at = changed[at]
    ring = at in seen
    with pytest.raises(Failure, match="COMPANY_CYCLE") if ring else nullcontext():
        check_place(str(child), above(parent), 1)


def test_companies_stand_ten_deep_and_no_deeper() -> None:
    above = [f"com_{n}" for n in range(MAX_DEPTH - 2)]
    check_place("com_x", above, 2)
    with pytest.raises(Failure, match="COMPANY_TOO_DEEP"):
        check_place("com_x", above, 3)


ENDS = ({"contact": CON, "company": COM}, {"contact": OTHER_CON, "company": OTHER_COM})


def relation(start: str, end: str, kind: int, **more: Any) -> Any:
    ids = {f"from_{start}_id": ENDS[0][start], f"to_{end}_id": ENDS[1][end]}
    return decide_relation(None, resources_pb2.Relation(kind=kind, **ids, **more), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(("start", "end"), list(itertools.product(("contact", "company"), repeat=2)))
def test_each_kind_relates_whom_it_may_and_reads_from_both_ends(start: str, end: str) -> None:
    for number, kind in KINDS.items():
        more = {"label": "knows"} if number == resources_pb2.RELATION_KIND_OTHER else {}
        if start not in kind.starts or end not in kind.ends:
            with pytest.raises(Failure, match="RELATION_MISFIT"):
                relation(start, end, number, **more)
            continue
        made = relation(start, end, number, **more)
        assert made.label == (kind.label or "knows")
        assert made.inverse_label == (kind.inverse or made.label)


def test_what_reads_alike_both_ways_is_one_relation() -> None:
    kind = resources_pb2.RELATION_KIND_FAMILY
    one = relation("contact", "contact", kind)
    ends = {"from_contact_id": OTHER_CON, "to_contact_id": CON}
    other = decide_relation(None, resources_pb2.Relation(kind=kind, **ends), None)
    assert one == other
    directed = decide_relation(None, resources_pb2.Relation(kind=resources_pb2.RELATION_KIND_REPORTING, **ends), None)
    assert directed.from_contact_id == OTHER_CON


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"kind": 0, "from_contact_id": CON, "to_company_id": COM}, "INVALID_ARGUMENT"),
        ({"kind": 1, "to_company_id": COM}, "INVALID_ARGUMENT"),
        ({"kind": 1, "from_contact_id": CON}, "INVALID_ARGUMENT"),
        ({"kind": 3, "from_contact_id": CON, "to_contact_id": CON}, "RELATION_MISFIT"),
        ({"kind": 9, "from_contact_id": CON, "to_company_id": COM}, "RELATION_UNLABELLED"),
        ({"kind": 1, "from_contact_id": CON, "to_company_id": COM, "start_date": {"year": 2026}}, "PERIOD_INVALID"),
        (
            {
                "kind": 1,
                "from_contact_id": CON,
                "to_company_id": COM,
                "start_date": {"year": 2026, "month": 2, "day": 1},
                "end_date": {"year": 2026, "month": 1, "day": 31},
            },
            "PERIOD_INVALID",
        ),
    ],
)
def test_what_is_no_relation_is_refused(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(Failure) as caught:
        decide_relation(None, resources_pb2.Relation(**fields), None)
    assert caught.value.reason == reason


def test_an_interaction_is_somebody_s_and_with_somebody() -> None:
    facts = InteractionFacts("usr_caller", 5_000_000)
    made = decide_interaction(None, resources_pb2.Interaction(kind=1, contact_ids=[CON], subject=" a  b "), facts)  # type: ignore[arg-type]
    assert (made.author_id, made.occur_time.seconds, made.subject) == ("usr_caller", 5, "a b")
    for wrong, reason in (
        ({"kind": 1}, "INTERACTION_ALONE"),
        ({"contact_ids": [CON]}, "INVALID_ARGUMENT"),
        ({"kind": 1, "contact_ids": [CON, CON]}, "INVALID_ARGUMENT"),
        ({"kind": 1, "contact_ids": [CON], "duration": {"seconds": -1}}, "INVALID_ARGUMENT"),
    ):
        with pytest.raises(Failure) as caught:
            decide_interaction(None, resources_pb2.Interaction(**wrong), facts)  # type: ignore[arg-type]
        assert caught.value.reason == reason


@given(st.text(st.characters(categories=["Lu", "Ll", "Zs"], max_codepoint=0x24F), max_size=30))
def test_a_folded_word_knows_no_case_and_stays_as_it_is(word: str) -> None:
    assert folded(folded(word)) == folded(word)
    assert folded(word.upper().lower()) == folded(word.upper())


def test_a_tag_that_is_gone_is_not_merged() -> None:
    tag, into = resources_pb2.Tag(id="tag_1"), resources_pb2.Tag(id="tag_2")
    check_merge(tag, into)
    with pytest.raises(Failure, match="TAG_MERGED"):
        check_merge(tag, tag)
    into.delete_time.seconds = 1
    with pytest.raises(Failure, match="TAG_MERGED"):
        check_merge(tag, into)
    with pytest.raises(Failure, match="TAG_UNNAMED"):
        decide_tag(None, resources_pb2.Tag(display_name=" "), None)


def entries(event: Any) -> Any:
    return SOURCES[event.DESCRIPTOR.full_name].entries(event, Told("evt_1", 7, "usr_1"))


def test_a_change_is_told_by_what_somebody_changed() -> None:
    contact = resources_pb2.Contact(id=CON)
    changed = resource_events_pb2.ContactUpdated(contact=contact, changed_paths=["given_name", "display_name"])
    (entry,) = entries(changed)
    assert (entry.subject_id, entry.id, entry.kind) == (CON, "evt_1", timeline_service_pb2.TIMELINE_KIND_CHANGED)
    assert (entry.changed_paths, entry.resource, entry.actor_id) == (("given_name",), f"contacts/{CON}", "usr_1")
    derived = resource_events_pb2.ContactUpdated(contact=contact, changed_paths=["last_interaction_time"])
    assert entries(derived) == ()
    named = resource_events_pb2.CompanyUpdated(company={"id": COM}, changed_paths=["display_name"])
    assert entries(named)[0].changed_paths == ("display_name",)


def test_an_interaction_is_told_to_all_who_took_part_and_to_nobody_when_it_is_gone() -> None:
    happened = resources_pb2.Interaction(id="int_1", kind=2, contact_ids=[CON], company_ids=[COM], author_id="usr_2")  # type: ignore[arg-type]
    happened.occur_time.seconds = 3
    told = entries(resource_events_pb2.InteractionCreated(interaction=happened))
    assert {entry.subject_id for entry in told} == {CON, COM}
    assert {(entry.id, entry.time_us, entry.actor_id) for entry in told} == {("int_1", 3_000_000, "usr_2")}
    happened.delete_time.seconds = 4
    assert entries(resource_events_pb2.InteractionDeleted(interaction=happened)) == ()
