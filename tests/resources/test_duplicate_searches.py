"""Searches for duplicates on both engines: found, explained, dismissed, seen by whom they may be, resumed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from rapport.customers.v1 import duplicate_service_pb2, resources_pb2
from rapport.type.v1 import job_pb2
from rapport.users.v1 import resources_pb2 as users_pb2

from mesh.resource.jobs import ChunkCommit
from mesh.resource.scopes import Breadth
from services.customers.service import duplicate_searches, duplicate_work
from tests.resources.customers_calls import call, outcome, tenant
from tests.resources.test_scopes import granted

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

HOME = {
    "regionCode": "AU",
    "postalCode": "4011",
    "locality": "St James",
    "administrativeArea": "WA",
    "addressLines": ["6 Tullaroop Street"],
}
PEOPLE: list[dict[str, Any]] = [
    {"givenName": "Katherine", "familyName": "Sondergeld", "birthDate": (1960, 2, 10), "addresses": [HOME]},
    {"givenName": "Kathy", "familyName": "Sondergelt", "birthDate": (1960, 2, 10), "phones": "+61 2 9999 0001"},
    {"givenName": "Lachlan", "familyName": "Berry", "birthDate": (1999, 2, 19), "phones": "+61 2 9999 0002"},
    {"givenName": "Berry", "familyName": "Lachlan", "birthDate": (1999, 2, 19)},
    {"givenName": "Tom", "familyName": "Sondergeld", "birthDate": (1988, 7, 3), "addresses": [HOME]},
    {"givenName": "Maria", "familyName": "Neumann", "birthDate": (1971, 5, 5)},
]
EXPECTED = {(0, 1), (2, 3)}


def add(mesh: LocalMesh, member: Member, person: dict[str, Any]) -> str:
    year, month, day = person["birthDate"]
    sent = {**person, "birthDate": {"year": year, "month": month, "day": day}}
    if "phones" in person:
        sent["phones"] = [{"number": person["phones"]}]
    return str(call(mesh, member, "CreateContact", contact=sent).id)


def people(mesh: LocalMesh) -> tuple[Member, list[str]]:
    owner = tenant(mesh, "twice")
    return owner, [add(mesh, owner, person) for person in PEOPLE]


def search(mesh: LocalMesh, member: Member, **fields: Any) -> Any:
    began = call(mesh, member, "CreateDuplicateSearch", duplicateSearch=fields)
    mesh.work("customers")
    ended = call(mesh, member, "GetDuplicateSearch", id=began.id)
    assert ended.job.state == job_pb2.JOB_STATE_SUCCEEDED, ended.job.reason
    return ended


def pairs(mesh: LocalMesh, member: Member, search_id: str, more: str = "") -> list[Any]:
    asked = {"filter": f'search_id = "{search_id}"{more}', "orderBy": "score desc"}
    return list(call(mesh, member, "ListDuplicatePairs", **asked).duplicate_pairs)


def numbers(found: list[Any], ids: list[str]) -> set[tuple[int, int]]:
    return {(ids.index(pair.contact_id), ids.index(pair.other_contact_id)) for pair in found}


@pytest.mark.shows("duplicates.search")
def test_nicknames_typos_and_swapped_names_are_found_and_relatives_are_not(mesh: LocalMesh) -> None:
    owner, ids = people(mesh)
    ended = search(mesh, owner, displayName="  All ")
    assert (ended.contact_count, ended.pair_count, ended.display_name) == (len(PEOPLE), len(EXPECTED), "All")
    assert ended.job.done == ended.job.total > 0
    found = pairs(mesh, owner, ended.id)
    assert numbers(found, ids) == EXPECTED
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)
    assert all(not each.value and not each.other_value for pair in found for each in pair.evidence)
    assert not pairs(mesh, owner, ended.id, f" AND score > {found[0].score}")
    some = search(mesh, owner, filter='family_name = "Berry" OR family_name = "Lachlan"')
    assert (some.contact_count, numbers(pairs(mesh, owner, some.id), ids)) == (2, {(2, 3)})
    assert outcome(mesh, owner, "CreateDuplicateSearch", duplicateSearch={"filter": "nobody = 1"}) == "INVALID_ARGUMENT"
    left = {row["search_id"] for row in rows(mesh, "duplicate_keys")}
    assert ended.id not in left, "keys are gone with the work"


def rows(mesh: LocalMesh, table: str) -> list[dict[str, Any]]:
    names = [column.name for column in mesh.host("customers").store.metadata.tables[table].columns]
    return [dict(zip(names, row, strict=True)) for row in mesh.dump("customers")[table]]


@pytest.mark.shows("duplicates.explain")
def test_an_explanation_says_what_the_search_does_for_every_two_contacts(mesh: LocalMesh) -> None:
    owner, ids = people(mesh)
    ended = search(mesh, owner)
    scores = {(pair.contact_id, pair.other_contact_id): pair.score for pair in pairs(mesh, owner, ended.id)}
    verdicts = set()
    for number, one in enumerate(ids):
        for other in ids[:number]:
            told = call(mesh, owner, "ExplainDuplicate", id=ended.id, contactId=one, otherContactId=other)
            assert told.score == told.prior + sum(each.weight for each in told.evidence)
            found = told.verdict == duplicate_service_pb2.DUPLICATE_VERDICT_FOUND
            assert found == ((other, one) in scores)
            assert not found or (told.score == scores[other, one] and told.shared_keys)
            verdicts.add(duplicate_service_pb2.DuplicateVerdict.Name(told.verdict).removeprefix("DUPLICATE_VERDICT_"))
    assert verdicts == {"FOUND", "BELOW_MIN_SCORE", "NO_SHARED_KEY"}
    told = call(mesh, owner, "ExplainDuplicate", id=ended.id, contactId=ids[0], otherContactId=ids[1])
    levels = {each.field: (each.level, each.value, each.other_value) for each in told.evidence}
    assert levels["given_name"] == (resources_pb2.DUPLICATE_LEVEL_ALIAS, "katherine", "kathy")
    assert levels["birth_date"] == (resources_pb2.DUPLICATE_LEVEL_SAME, "19600210", "19600210")
    for asked in ({"otherContactId": ids[0]}, {"otherContactId": "con_" + "0" * 26}):
        due = "INVALID_ARGUMENT" if asked["otherContactId"] == ids[0] else "NOT_FOUND"
        assert outcome(mesh, owner, "ExplainDuplicate", id=ended.id, contactId=ids[0], **asked) == due


@pytest.mark.shows("duplicates.dismiss")
def test_what_is_dismissed_is_not_brought_again_until_it_is_restored(mesh: LocalMesh) -> None:
    owner, ids = people(mesh)
    first, second = search(mesh, owner), search(mesh, owner)
    pair = next(each for each in pairs(mesh, owner, first.id) if each.contact_id == ids[0])
    said = call(mesh, owner, "DismissDuplicatePair", id=pair.id)
    assert said.state == resources_pb2.DUPLICATE_STATE_DISMISSED
    still_open = " AND state = DUPLICATE_STATE_OPEN"
    for earlier in (first, second):
        assert numbers(pairs(mesh, owner, earlier.id, still_open), ids) == {(2, 3)}
    assert numbers(pairs(mesh, owner, search(mesh, owner).id), ids) == {(2, 3)}
    told = call(mesh, owner, "ExplainDuplicate", id=first.id, contactId=ids[1], otherContactId=ids[0])
    assert told.verdict == duplicate_service_pb2.DUPLICATE_VERDICT_DISMISSED
    call(mesh, owner, "RestoreDuplicatePair", id=pair.id)
    assert numbers(pairs(mesh, owner, second.id, still_open), ids) == EXPECTED
    assert numbers(pairs(mesh, owner, search(mesh, owner).id), ids) == EXPECTED


def check_deleted(mesh: LocalMesh) -> None:
    owner, ids = people(mesh)
    ended = search(mesh, owner)
    pair = next(each for each in pairs(mesh, owner, ended.id) if each.contact_id == ids[0])
    call(mesh, owner, "DeleteContact", id=ids[1])
    assert numbers(pairs(mesh, owner, ended.id), ids) == {(2, 3)}
    for name in ("GetDuplicatePair", "DismissDuplicatePair", "RestoreDuplicatePair"):
        assert outcome(mesh, owner, name, id=pair.id) == "NOT_FOUND"
    explained = {"id": ended.id, "contactId": ids[0], "otherContactId": ids[1]}
    assert outcome(mesh, owner, "ExplainDuplicate", **explained) == "NOT_FOUND"
    assert numbers(pairs(mesh, owner, search(mesh, owner).id), ids) == {(2, 3)}


@pytest.mark.shows("duplicates.gone")
def test_what_is_deleted_is_in_no_result_and_purged_with_the_contact(mesh: LocalMesh) -> None:
    check_deleted(mesh)
    gone = {row["id"] for row in rows(mesh, "contacts") if row["delete_time"]}
    mesh.clock.advance(timedelta(days=31))
    mesh.deliver()
    assert not gone & {row["other_contact_id"] for row in rows(mesh, "duplicate_pairs")}


@pytest.mark.shows("duplicates.scopes")
def test_three_that_are_one_are_merged_and_their_pairs_come_back_with_them(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "thrice")
    person = {"givenName": "Katherine", "familyName": "Sondergeld", "birthDate": (1960, 2, 10), "addresses": [HOME]}
    ids = [add(mesh, owner, person) for _ in range(3)]
    found = search(mesh, owner)
    every = {(0, 1), (0, 2), (1, 2)}
    assert numbers(pairs(mesh, owner, found.id), ids) == every
    merge = call(mesh, owner, "MergeContacts", id=ids[0], otherIds=[ids[1]]).contact_merge
    mesh.deliver()
    assert numbers(pairs(mesh, owner, found.id), ids) == {(0, 2)}
    later = call(mesh, owner, "MergeContacts", id=ids[0], otherIds=[ids[2]]).contact_merge
    mesh.deliver()
    assert not pairs(mesh, owner, found.id)
    for each in (later, merge):
        call(mesh, owner, "UndoContactMerge", id=each.id)
        mesh.deliver()
    assert numbers(pairs(mesh, owner, found.id), ids) == every


def test_who_sees_some_contacts_finds_and_reads_pairs_of_those_alone(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "twice")
    colleague = mesh.member(owner, users_pb2.ROLE_OWNER)
    ids = [add(mesh, member, person) for member, person in zip((owner, colleague) * 3, PEOPLE, strict=True)]
    mine = add(mesh, colleague, {**PEOPLE[3], "phones": "+61 2 9999 0003"})
    whole = search(mesh, owner)
    assert numbers(pairs(mesh, owner, whole.id), [*ids, mine]) == {*EXPECTED, (2, 6), (3, 6)}
    own = {name: int(Breadth.OWN) for name in ("contacts.read", "contacts.write")}
    with granted(own):
        assert not pairs(mesh, colleague, whole.id), "nor is the search theirs to see"
        assert outcome(mesh, colleague, "GetDuplicateSearch", id=whole.id) == "NOT_FOUND"
        narrow = search(mesh, colleague)
        assert numbers(pairs(mesh, colleague, narrow.id), [*ids, mine]) == {(3, 6)}
        asked = {"id": narrow.id, "contactId": ids[2], "otherContactId": ids[3]}
        assert outcome(mesh, colleague, "ExplainDuplicate", **asked) == "NOT_FOUND"
    assert numbers(pairs(mesh, owner, narrow.id), [*ids, mine]) == {(3, 6)}, "who sees all sees all searches"
    call(mesh, owner, "UpdateContact", contact={"id": mine, "ownerId": owner.id})
    mesh.deliver()
    with granted(own):
        assert not pairs(mesh, colleague, narrow.id), "what was handed over is no longer theirs"


@pytest.mark.parametrize("chunks", range(1, 6))
@pytest.mark.shows("duplicates.resumed")
def test_a_search_whose_process_dies_goes_on_where_it_was(mesh: LocalMesh, chunks: int) -> None:
    """The chunk's transaction is lost after this many; another process does it again."""
    owner, ids = people(mesh)
    with mock.patch.multiple(duplicate_work, _READ_CONTACTS=4, _KEYS=5, _COMPARED=2):
        began = call(mesh, owner, "CreateDuplicateSearch", duplicateSearch={})
        mesh.work("customers", chunks)
        with mock.patch.object(ChunkCommit, "finish", side_effect=SystemExit), pytest.raises(SystemExit):
            mesh.work("customers", 1)
        mesh.clock.advance(timedelta(minutes=1))
        mesh.work("customers")
        ended = call(mesh, owner, "GetDuplicateSearch", id=began.id)
    assert ended.job.state == job_pb2.JOB_STATE_SUCCEEDED
    assert (ended.contact_count, ended.job.done) == (len(PEOPLE), ended.job.total)
    assert numbers(pairs(mesh, owner, ended.id), ids) == EXPECTED


@pytest.mark.shows("duplicates.custom")
def test_a_field_of_the_tenants_own_can_tell_who_somebody_is(mesh: LocalMesh) -> None:
    owner, ids = people(mesh)
    field = {"key": "member_number", "displayName": "Member number", "type": "FIELD_TYPE_TEXT"}
    call(mesh, owner, "CreateContactField", contactField=field)
    for place, number in ((4, "A-4711 x"), (5, "a4711X")):
        call(mesh, owner, "UpdateContact", contact={"id": ids[place], "custom": {"member_number": number}})
    assert numbers(pairs(mesh, owner, search(mesh, owner).id), ids) == EXPECTED
    ended = search(mesh, owner, identifyingFields=["custom.member_number"], minScore=-40)
    assert (4, 5) in numbers(pairs(mesh, owner, ended.id), ids)
    refused = {"identifyingFields": ["custom.nothing"]}
    assert outcome(mesh, owner, "CreateDuplicateSearch", duplicateSearch=refused) == "INVALID_ARGUMENT"


def test_a_cancelled_search_leaves_its_pairs_and_no_keys(mesh: LocalMesh) -> None:
    owner, _ = people(mesh)
    began = call(mesh, owner, "CreateDuplicateSearch", duplicateSearch={})
    mesh.work("customers", 1)
    call(mesh, owner, "CancelDuplicateSearch", id=began.id)
    assert began.id in {row["search_id"] for row in rows(mesh, "duplicate_keys")}
    mesh.work("customers")
    assert began.id not in {row["search_id"] for row in rows(mesh, "duplicate_keys")}


def test_a_result_that_shows_what_is_deleted_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    everything = mock.patch.object(
        duplicate_searches.DuplicateService, "_in_sight", lambda service, call, found: list(found)
    )
    with everything, pytest.raises(AssertionError):
        check_deleted(mesh)
