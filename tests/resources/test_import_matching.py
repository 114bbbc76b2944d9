"""Which contact a row is about, and what a validation tells of it before anything is written."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from rapport.users.v1 import resources_pb2 as users_pb2

from services.customers.service import import_drafts, import_work
from tests.resources.customers_calls import call, outcome, tenant
from tests.resources.customers_imports import CREATED, FAILED, SKIPPED, UPDATED, described, imported, rows, told, worked
from tests.resources.customers_merges import contact, merge
from tests.resources.test_scopes import granted

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

BY_PHONE, BY_ID, BY_FIELD = "MATCH_KEY_PHONE", "MATCH_KEY_ID", "MATCH_KEY_CUSTOM_FIELD"
OVERWRITE = {"onMatch": "ON_MATCH_OVERWRITE"}


def unique_field(mesh: LocalMesh, member: Member, key: str = "number") -> None:
    field = {"key": key, "displayName": key.title(), "type": 1, "unique": True}
    call(mesh, member, "CreateContactField", contactField=field)
    mesh.deliver()


@pytest.mark.shows("customers.import-match")
def test_a_row_is_about_whom_its_phone_number_says_however_it_is_written(mesh: LocalMesh) -> None:
    member = tenant(mesh, "by-phone")
    ann = contact(mesh, member, givenName="Ann", phones=[{"number": "+61 2 9999 0001"}])
    for name in ("Bob", "Cat"):
        contact(mesh, member, givenName=name, phones=[{"number": "+61 2 9999 0002"}])
    text = "name,tel\nLee,+61 (2) 9999-0001\nTwo,+61 2 9999 0002\nNew,+61 2 9999 0003\nNewer,+61299990003\nNone,\n"
    made = imported(mesh, member, text, {"name": "family_name", "tel": "phones"}, matchKey=BY_PHONE, **OVERWRITE)
    assert told(mesh, member, made.id) == [
        (UPDATED, "", ""),
        (FAILED, "MATCH_AMBIGUOUS", "tel"),
        (CREATED, "", ""),
        (UPDATED, "", ""),
        (CREATED, "", ""),
    ]
    assert call(mesh, member, "GetContact", id=ann.id).family_name == "Lee"


@pytest.mark.shows("customers.import-match")
def test_a_row_is_about_whom_its_address_says_their_own_before_shared_ones(mesh: LocalMesh) -> None:
    member = tenant(mesh, "by-mail")
    own = contact(mesh, member, givenName="Ann", emails=[{"address": "x@x.example"}, {"address": "ANN@x.example"}])
    shared = [{"address": "home@x.example", "shared": True}]
    for name in ("Bob", "Cat"):
        contact(mesh, member, givenName=name, emails=shared)
    text = "name,mail\nLee,ann@X.example\nTwo,home@x.example\nNo,none\n"
    columns = {"name": "family_name", "mail": "emails"}
    made = imported(mesh, member, text, columns, matchKey="MATCH_KEY_EMAIL", onMatch="ON_MATCH_FILL_EMPTY")
    assert told(mesh, member, made.id) == [
        (UPDATED, "", ""),
        (FAILED, "MATCH_AMBIGUOUS", "mail"),
        (FAILED, "INVALID_ARGUMENT", "mail"),
    ]
    after = call(mesh, member, "GetContact", id=own.id)
    assert (after.family_name, len(after.emails)) == ("Lee", 2)


@pytest.mark.shows("customers.import-match")
def test_a_row_that_names_an_id_is_about_that_one_or_refused(mesh: LocalMesh) -> None:
    member, stranger = tenant(mesh, "by-id"), tenant(mesh, "by-id-other")
    ann, bob, gone = (contact(mesh, member, givenName=name).id for name in ("Ann", "Bob", "Gone"))
    theirs = contact(mesh, stranger).id
    call(mesh, member, "DeleteContact", id=gone)
    merge(mesh, member, ann, bob)
    text = "id,name\n" + "".join(f"{each},Lee\n" for each in (ann, bob, gone, theirs, "con_1", ""))
    columns = {"id": "id", "name": "family_name"}
    made = imported(mesh, member, text, columns, matchKey=BY_ID, **OVERWRITE)
    assert told(mesh, member, made.id) == [
        (UPDATED, "", ""),
        (FAILED, "MERGED", "id"),
        (FAILED, "CONTACT_DELETED", "id"),
        (FAILED, "NOT_FOUND", "id"),
        (FAILED, "NOT_FOUND", "id"),
        (CREATED, "", ""),
    ]
    assert rows(mesh, member, made.id)[1].contact_id == ann
    assert outcome(
        mesh, member, "CreateContactImport", contactImport={"columns": [{"column": "id", "field": "id"}]}
    ) == ("INVALID_ARGUMENT")


@pytest.mark.shows("customers.import-match")
def test_a_row_is_about_whom_a_unique_field_says(mesh: LocalMesh) -> None:
    member = tenant(mesh, "by-field")
    unique_field(mesh, member)
    ann = contact(mesh, member, givenName="Ann", custom={"number": "7"})
    text = "no,name\n7,Lee\n8,New\n8,Newer\n,None\n"
    columns = {"no": "custom.number", "name": "family_name"}
    options = {"matchKey": BY_FIELD, "matchField": "custom.number", **OVERWRITE}
    made = imported(mesh, member, text, columns, **options)
    assert [row[0] for row in told(mesh, member, made.id)] == [UPDATED, CREATED, UPDATED, CREATED]
    assert call(mesh, member, "GetContact", id=ann.id).family_name == "Lee"
    for wrong in ({"matchKey": BY_FIELD}, {"matchField": "custom.number"}, {**options, "matchField": "custom.other"}):
        assert outcome(mesh, member, "CreateContactImport", contactImport=wrong) == "INVALID_ARGUMENT"


def test_who_may_write_their_own_matches_no_one_elses(mesh: LocalMesh) -> None:
    member = tenant(mesh, "narrow")
    colleague = mesh.member(member, users_pb2.ROLE_MEMBER)
    mesh.deliver()
    numbers = [{"number": "+61 2 9999 0001"}]
    theirs = contact(mesh, member, givenName="Ann", phones=numbers, ownerId=colleague.id)
    text = "id,name,tel\n%s,Lee,\n,Day,+61 2 9999 0001\n"
    columns = {"name": "family_name", "tel": "phones"}
    with granted({"contacts.read": 3, "contacts.write": 1}):
        by_id = imported(mesh, member, text % theirs.id, {"id": "id", **columns}, matchKey=BY_ID, **OVERWRITE)
        by_phone = imported(mesh, member, text % theirs.id, columns, matchKey=BY_PHONE, **OVERWRITE)
        assert [row[:2] for row in told(mesh, member, by_id.id)] == [(FAILED, "NOT_FOUND"), (CREATED, "")]
        assert [row[0] for row in told(mesh, member, by_phone.id)] == [CREATED, SKIPPED]
    assert call(mesh, member, "GetContact", id=theirs.id) == theirs


COLUMNS = {
    "key": "external_id",
    "first": "given_name",
    "last": "family_name",
    "mail": "emails",
    "tel": "phones",
    "no": "custom.number",
    "born": "birth_date",
}


def dirty(dice: random.Random, count: int) -> str:
    """Rows that clash with one another and with what is there, in all the ways that rows can."""
    lines = [",".join(COLUMNS)]
    few = lambda form, most: form.format(dice.randint(0, most)) if dice.random() < 0.5 else ""  # noqa: E731
    for _ in range(count):
        cells = [
            few("k{}", 15),
            few("Ann {}", 9),
            few("Lee {}", 9),
            few("m{}@x.example", 15),
            few("+61 2 9999 000{}", 9),
        ]
        cells += [few("{}", 9), dice.choice(["", "", "1980-02-30", "31.12.1980", "03/04/1980", "13/04/1980", "soon"])]
        cells[3] = "none" if dice.random() < 0.05 else cells[3]
        lines.append(",".join(cells) + (",surplus" if dice.random() < 0.03 else ""))
    return "\n".join(lines)


def state(mesh: LocalMesh, member: Member) -> Any:
    """All that is a contact, or would be found as one."""
    dump = mesh.dump("customers")
    tables = ("contacts", "identity_keys", "custom_texts", "contact_import_changes")
    return {name: [row for row in dump[name] if member.tenant in map(str, row)] for name in tables}


def check_validation(mesh: LocalMesh, seed: int) -> None:
    dice = random.Random(seed)
    member = tenant(mesh, "validate")
    unique_field(mesh, member)
    for number in range(6):
        known = {"givenName": f"Old {number}", "externalId": f"k{number}", "custom": {"number": str(number)}}
        shared = dice.random() < 0.3
        emails = [{"address": f"m{dice.choice([1, 2]) if shared else number + 3}@x.example", "shared": shared}]
        contact(mesh, member, **known, emails=emails, phones=[{"number": f"+61 2 9999 000{dice.randint(0, 4)}"}])
    key = dice.choice(["MATCH_KEY_EXTERNAL_ID", "MATCH_KEY_EMAIL", BY_PHONE, BY_FIELD, "MATCH_KEY_UNSPECIFIED"])
    options: dict[str, Any] = {"matchKey": key, "onMatch": dice.randint(1, 3)}
    options |= {"matchField": "custom.number"} if key == BY_FIELD else {}
    identity = described(mesh, member, dirty(dice, 80).encode(), COLUMNS, **options)
    before = state(mesh, member)
    first = worked(mesh, member, identity, validateOnly=True)
    forecast = rows(mesh, member, identity)
    assert state(mesh, member) == before
    assert not mesh.dump("customers")["contact_import_drafts"]
    second = worked(mesh, member, identity)
    actual = rows(mesh, member, identity)
    made = {row.contact_id for row in actual if row.verdict == CREATED}
    assert len(forecast) == len(actual) == 80
    for one, other in zip(forecast, actual, strict=True):
        seen = ["" if each.contact_id in made else each.contact_id for each in (one, other)]
        assert seen[0] == seen[1], (one, other)
        facts = [(r.number, r.verdict, r.reason, r.column, r.message) for r in (one, other)]
        assert facts[0] == facts[1]
    names = ("created_count", "updated_count", "skipped_count", "failed_count")
    assert [getattr(first, name) for name in names] == [getattr(second, name) for name in names]


@pytest.mark.shows("customers.import-validation")
@pytest.mark.parametrize("seed", range(6))
def test_a_validation_tells_what_the_import_then_does_row_by_row_and_writes_nothing(mesh: LocalMesh, seed: int) -> None:
    with mock.patch.object(import_work, "_CHUNK_ROWS", 7):
        check_validation(mesh, seed)


def test_a_validation_that_forgets_the_rows_above_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    few, forgetful = mock.patch.object(import_work, "_CHUNK_ROWS", 7), mock.patch.object(import_drafts.Drafts, "keep")
    with few, forgetful, pytest.raises(AssertionError):
        check_validation(mesh, 0)


def test_what_was_validated_can_be_changed_and_validated_again_before_it_is_imported(mesh: LocalMesh) -> None:
    member = tenant(mesh, "again")
    identity = described(mesh, member, b"a,b\nAnn,x@x.example\nBob,x@x.example\n", {})
    assert outcome(mesh, member, "StartContactImport", id=identity) == "IMPORT_UNMAPPED"
    columns = [{"column": "a", "field": "given_name"}, {"column": "none", "field": "emails"}]
    call(mesh, member, "UpdateContactImport", contactImport={"id": identity, "columns": columns})
    assert worked(mesh, member, identity, validateOnly=True).job.reason == "COLUMN_UNKNOWN"
    columns[1]["column"] = "b"
    call(mesh, member, "UpdateContactImport", contactImport={"id": identity, "columns": columns})
    assert worked(mesh, member, identity, validateOnly=True).failed_count == 1
    call(mesh, member, "UpdateContactImport", contactImport={"id": identity, "matchKey": "MATCH_KEY_EMAIL"})
    record = worked(mesh, member, identity, validateOnly=True)
    assert (record.created_count, record.skipped_count, record.failed_count) == (1, 1, 0)
    assert not call(mesh, member, "ListContacts").contacts
    record = worked(mesh, member, identity)
    assert (record.created_count, record.skipped_count) == (1, 1)
    assert [row[0] for row in told(mesh, member, identity)] == [CREATED, SKIPPED]
    assert outcome(mesh, member, "UpdateContactImport", contactImport={"id": identity, "onMatch": 2}) == "JOB_STARTED"
    assert outcome(mesh, member, "StartContactImport", id=identity) == "JOB_STARTED"


def test_what_a_validation_has_left_is_dropped_before_the_file_is_read_again(mesh: LocalMesh) -> None:
    member = tenant(mesh, "dropped")
    identity = described(mesh, member, b"a\n" + b"Ann\n" * 7, {"a": "given_name"})
    worked(mesh, member, identity, validateOnly=True)
    call(mesh, member, "StartContactImport", id=identity)
    with mock.patch.object(import_work, "begin", side_effect=AssertionError):
        mesh.work("customers", turns=1)
    assert not rows(mesh, member, identity)
    mesh.work("customers")
    assert len(rows(mesh, member, identity)) == 7


def test_rows_are_not_matched_by_what_no_column_holds(mesh: LocalMesh) -> None:
    """Each of them would make a contact."""
    member = tenant(mesh, "unmatched")
    unique_field(mesh, member)
    columns = {"name": "given_name", "other": "family_name"}
    options: tuple[dict[str, Any], ...] = (
        *({"matchKey": key} for key in ("MATCH_KEY_EXTERNAL_ID", "MATCH_KEY_EMAIL", BY_PHONE, BY_ID)),
        {"matchKey": BY_FIELD, "matchField": "custom.number"},
    )
    for asked in options:
        identity = described(mesh, member, b"name,other\nAnn,Lee\n", columns, **asked)
        for more in ({"validateOnly": True}, {}):
            assert outcome(mesh, member, "StartContactImport", id=identity, **more) == "INVALID_ARGUMENT"
        assert call(mesh, member, "GetContactImport", id=identity).job.state == 0
