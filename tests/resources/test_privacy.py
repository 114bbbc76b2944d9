"""What is held of a person: told whole, erased everywhere, proven by a receipt, and found where it is left or back."""

from __future__ import annotations

import base64
import contextlib
import json
import time
import uuid
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import resources_pb2
from rapport.notifications.v1 import resources_pb2 as notifications
from sqlalchemy import insert

from mesh.contract import compact_jws
from mesh.resource.jobs import ChunkCommit
from mesh.store.mesh_tables import inbox_waiting
from mesh.store.statement import Statement
from services.customers.service import erased_addresses, personal_files, uploads
from tests.resources.customers_calls import call, outcome, refusal, tenant
from tests.resources.customers_merges import GRANTED, consent, contact, interaction, merge, relation, settle
from tests.resources.test_scopes import granted

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

WAITING = Statement(insert(inbox_waiting), name="wait")
MARKS = ("Zephyrine", "Quillfeather", "zephyrine", "quillfeather", "299990123", "99990123")
"""What nobody else has: parts of the name, the addresses and the numbers of the person."""
EMAIL = "zephyrine@quillfeather.example"


def person(mesh: LocalMesh, owner: Member, number: int = 0, **more: Any) -> Any:
    """The person, once more with each number."""
    fields = {
        "givenName": f"Zephyrine{number}",
        "familyName": "Quillfeather",
        "emails": [{"address": f"{number or ''}{EMAIL}"}],
        "phones": [{"number": f"+61 2 9999 012{number}"}],
        "jobTitle": "of Quillfeather",
        **more,
    }
    return call(mesh, owner, "CreateContact", contact=fields, requestId=str(uuid.uuid4()))


def erase(mesh: LocalMesh, owner: Member, identity: str) -> Any:
    """The erasure of a person, done; what it has published has been heard."""
    made = call(mesh, owner, "CreateContactErasure", contactErasure={"contactId": identity})
    mesh.work("customers")
    settle(mesh)
    done = call(mesh, owner, "GetContactErasure", id=made.id)
    assert done.job.state == 4, (done.job.state, done.job.reason)
    return done


def verify(mesh: LocalMesh, owner: Member, erasure: Any) -> Any:
    return call(mesh, owner, "VerifyContactErasure", receipt=erasure.receipt)


def traces(mesh: LocalMesh, owner: Member, marks: tuple[str, ...] = MARKS) -> list[str]:
    """Where in all tables of all services, raw, and in their files, a tenant's data hold one of the marks."""
    found = []
    for service in mesh.services:
        for table, rows in mesh.dump(service).items():
            for row in rows:
                texts = [plain(value) for value in row]
                if any(owner.tenant in text for text in texts):
                    found += [f"{service}.{table}: {mark}" for mark in marks for text in texts if mark in text]
        blobs = mesh.host(service).environment.blobs
        for info in blobs.list(owner.tenant):
            text = plain(blobs.get(owner.tenant, info.key, limit=1 << 24))
            found += [f"{service} file {info.key}: {mark}" for mark in marks if mark in text]
    return found


def plain(value: Any) -> str:
    """A value of a row, whatever it is, as its characters stand there."""
    return bytes(value).decode("utf-8", "replace") if isinstance(value, (bytes, memoryview)) else str(value)


def lived(mesh: LocalMesh, owner: Member) -> tuple[Any, Any]:
    """A person with something of every kind, and another one who took part in some of it."""
    other = contact(mesh, owner, givenName="Bo", familyName="Other")
    ann = person(mesh, owner)
    second = person(mesh, owner, 1)
    settle(mesh)
    interaction(mesh, owner, 3, ann.id, other.id)
    call(mesh, owner, "CreateInteraction", interaction={
        "kind": 2, "subject": "Zephyrine called", "body": f"{EMAIL} wants", "contactIds": [second.id, other.id],
    })  # fmt: skip
    relation(mesh, owner, fromContactId=ann.id, toContactId=other.id, kind=3, title="Quillfeather's")
    consent(mesh, owner, ann.id, "newsletter", {**GRANTED, "proof": "Zephyrine clicked"}, 2)
    settle(mesh)
    merge(mesh, owner, ann.id, second.id)
    settle(mesh)
    segment = call(mesh, owner, "CreateSegment", segment={"displayName": "Some", "type": "SEGMENT_TYPE_STATIC"})
    call(mesh, owner, "AddSegmentMembers", id=segment.id, contactIds=[ann.id])
    mail = notifications.Message(template="invitation", email=EMAIL, display_name="Zephyrine", state=2)
    mesh.insert(owner.tenant, mail, data=b"", link_id="")
    call(mesh, owner, "CreateContactExport", contactExport={"fields": ["id", "emails"]})
    mesh.work("customers")
    settle(mesh)
    return call(mesh, owner, "GetContact", id=ann.id), other


def test_an_export_tells_everything_that_is_held_of_a_person(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "told")
    ann, other = lived(mesh, owner)
    made = call(mesh, owner, "CreateSubjectExport", subjectExport={"contactId": ann.id})
    mesh.work("customers")
    done = call(mesh, owner, "GetSubjectExport", id=made.id)
    assert done.job.state == 4, done
    folder = f"subject-exports/{made.id}"
    blobs = mesh.host("customers").environment.blobs
    files = sorted(info.key for info in blobs.list(owner.tenant, folder))
    text = b"".join(blobs.get(owner.tenant, key, limit=1 << 24) for key in files).decode()
    lines = [json.loads(line) for line in text.splitlines()]
    kinds = {(line["service"], line["kind"]) for line in lines}
    assert kinds >= {
        ("customers", "contacts"), ("customers", "merged-contacts"), ("customers", "interactions"),
        ("customers", "relations"), ("customers", "consents"), ("customers", "segment_members"),
        ("customers", "timeline_entries"), ("notifications", "messages"), ("users", "audit-entries"),
    }  # fmt: skip
    assert "Zephyrine clicked" in text
    # Others who took part are told neither by name nor by id.
    interactions = [line["record"] for line in lines if line["kind"] == "interactions"]
    assert len(interactions) == 2
    assert all(other.id not in each["contact_ids"] for each in interactions)
    assert not any({"address", "user_agent"} & line["record"].keys() for line in lines if line["service"] == "users")
    link = call(mesh, owner, "CreateSubjectExportLink", id=made.id)
    assert link.path.startswith("/v1/subject-exports:download?token=")


def test_what_is_asked_of_a_person_is_no_more_than_its_creator_sees_at_each_part(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "narrowed")
    ann = person(mesh, owner)
    export = call(mesh, owner, "CreateSubjectExport", subjectExport={"contactId": ann.id})
    erasure = call(mesh, owner, "CreateContactErasure", contactErasure={"contactId": ann.id})
    call(mesh, owner, "UpdateContact", contact={"id": ann.id, "ownerId": ""}, updateMask="ownerId")
    with granted({"contacts.read": 1, "subject-exports.export": 3, "contact-erasures.write": 3}):
        mesh.work("customers")
    for name, made in (("GetSubjectExport", export), ("GetContactErasure", erasure)):
        job = call(mesh, owner, name, id=made.id).job
        assert (job.state, job.reason) == (5, "NOT_FOUND")
    assert call(mesh, owner, "GetContact", id=ann.id).given_name == "Zephyrine0"


def test_an_erasure_leaves_nothing_and_its_receipt_proves_it(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "gone")
    ann, other = lived(mesh, owner)
    assert traces(mesh, owner)

    done = erase(mesh, owner, ann.id)

    assert traces(mesh, owner) == []
    assert outcome(mesh, owner, "GetContact", id=ann.id) == "NOT_FOUND"
    told = call(mesh, owner, "ListInteractions", filter=f'contact_ids:"{other.id}"').interactions
    assert [(each.subject, list(each.contact_ids)) for each in told] == [("", [other.id])] * 2
    counts = {(each.service, each.kind): each.count for each in done.counts}
    assert counts["customers", "contacts"] == 1
    assert counts["customers", "interactions"] == 2
    assert counts["notifications", "messages"] == 1
    _, claims = compact_jws.read(done.receipt)
    assert (claims["jti"], claims["by"], claims["tenant"]) == (done.id, owner.id, owner.tenant)
    assert not any(mark in json.dumps(claims) for mark in (*MARKS, ann.id))
    found = verify(mesh, owner, done)
    assert (found.erased, list(found.remnants)) == (True, [])
    assert found.row_count > 0


def test_what_is_left_or_back_is_found_by_the_receipt_alone(mesh: LocalMesh) -> None:
    owner, stranger = tenant(mesh, "found"), tenant(mesh, "stranger")
    ann, _ = lived(mesh, owner)
    done = erase(mesh, owner, ann.id)

    company = resources_pb2.Company(display_name="Left", description=f"ask {EMAIL.upper()}, or 02 9999 0120")
    left = mesh.insert(owner.tenant, company)
    mail = notifications.Message(template="invitation", email=EMAIL, state=2)
    mesh.insert(owner.tenant, mail, data=b"", link_id="")
    found = verify(mesh, owner, done)
    assert not found.erased
    places = {(each.service, each.kind, each.id) for each in found.remnants}
    assert ("customers", "companies", left.id) in places
    assert ("notifications", "messages") in {place[:2] for place in places}

    forged = done.receipt[:-8] + "AAAAAAAA"
    assert outcome(mesh, owner, "VerifyContactErasure", receipt=forged) == "RECEIPT_INVALID"
    assert outcome(mesh, stranger, "VerifyContactErasure", receipt=done.receipt) == "RECEIPT_INVALID"


def test_a_request_that_is_sent_once_more_brings_nobody_back(mesh: LocalMesh) -> None:
    owner, number = tenant(mesh, "repeated"), str(uuid.uuid4())
    fields = {"givenName": "Zephyrine"}
    made = call(mesh, owner, "CreateContact", contact=fields, requestId=number)
    erase(mesh, owner, made.id)
    assert call(mesh, owner, "CreateContact", contact=fields, requestId=number).id == ""
    assert not call(mesh, owner, "ListContacts").contacts
    assert outcome(mesh, owner, "CreateContactErasure", contactErasure={"contactId": made.id}) == "OK"
    survivor, merged = contact(mesh, owner, givenName="Cy"), contact(mesh, owner, givenName="Di")
    merge(mesh, owner, survivor.id, merged.id)
    assert outcome(mesh, owner, "CreateContactErasure", contactErasure={"contactId": merged.id}) == "MERGED"


def test_who_was_erased_is_not_brought_back_by_mistake(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "suppressed")
    ann = person(mesh, owner)
    settle(mesh)
    erase(mesh, owner, ann.id)

    again = {"givenName": "Ann", "emails": [{"address": EMAIL.upper()}]}
    with pytest.raises(grpc.RpcError) as caught:
        call(mesh, owner, "CreateContact", contact=again)
    assert refusal(caught.value) == (
        "FAILED_PRECONDITION", "CONTACT_ERASED", {}, {"contact.emails[0].address"},
    )  # fmt: skip
    other = contact(mesh, owner, givenName="Bo")
    assert outcome(mesh, owner, "UpdateContact", contact={**again, "id": other.id}) == "CONTACT_ERASED"
    columns = [{"column": name, "field": name} for name in ("given_name", "emails")]
    made = call(mesh, owner, "CreateContactImport", contactImport={"columns": columns})
    content = f"given_name,emails\nAnn,{EMAIL}\nCy,cy@suppressed.example\n"
    upload(mesh, owner, made.id, content)
    call(mesh, owner, "StartContactImport", id=made.id)
    mesh.work("customers")
    rows = call(
        mesh, owner, "ListContactImportRows", filter=f'import_id = "{made.id}"', orderBy="id"
    ).contact_import_rows
    assert [(row.verdict, row.reason) for row in rows] == [(3, "CONTACT_ERASED"), (1, "")]

    # They are back by themselves, or by somebody who knows.
    back = call(mesh, owner, "CreateContact", contact=again, allowErased=True)
    assert call(mesh, owner, "UpdateContact", contact={"id": back.id, "jobTitle": "Buyer"}).job_title == "Buyer"


def upload(mesh: LocalMesh, owner: Member, identity: str, content: str) -> None:
    encoded = base64.b64encode(content.encode()).decode()
    call(mesh, owner, "UploadContactImportPart", id=identity, partNumber=1, content=encoded)


def uploaded(mesh: LocalMesh, owner: Member, content: str) -> str:
    """The id of an import that has its file."""
    columns = [{"column": name, "field": name} for name in ("given_name", "emails")]
    made = call(mesh, owner, "CreateContactImport", contactImport={"columns": columns})
    upload(mesh, owner, made.id, content)
    return str(made.id)


def test_an_erasure_takes_the_uploads_that_tell_of_the_person_alone(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "uploads")
    ann = person(mesh, owner)
    other, telling = "given_name,emails\nBo,bo@uploads.example\nBo,none\n", f"given_name,emails\nAnn,{EMAIL}\nBo,none\n"
    described, tried, done = (uploaded(mesh, owner, other) for _ in range(3))
    told, told_done = (uploaded(mesh, owner, telling) for _ in range(2))
    for identity in (tried, told):
        call(mesh, owner, "StartContactImport", id=identity, validateOnly=True)
        mesh.work("customers")
    for identity in (done, told_done):
        call(mesh, owner, "StartContactImport", id=identity)
        mesh.work("customers")
    settle(mesh)
    assert outcome(mesh, owner, "CreateRefusedRowsLink", id=told_done) == "OK"

    gone = erase(mesh, owner, ann.id)

    counts = {(each.service, each.kind): each.count for each in gone.counts}
    assert counts["customers", "files of contact-imports"] == 2
    parts = {each: len(call(mesh, owner, "GetContactImport", id=each).parts) for each in (described, tried, done)}
    assert set(parts.values()) == {1}
    assert all(not call(mesh, owner, "GetContactImport", id=each).parts for each in (told, told_done))
    assert outcome(mesh, owner, "CreateRefusedRowsLink", id=told_done) == "ROWS_UNAVAILABLE"
    assert outcome(mesh, owner, "CreateRefusedRowsLink", id=done) == "OK"
    call(mesh, owner, "StartContactImport", id=tried)
    mesh.work("customers")
    assert call(mesh, owner, "GetContactImport", id=tried).job.state == 4
    assert verify(mesh, owner, gone).erased


def test_uploads_are_looked_through_batch_by_batch(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "looked")
    ann = person(mesh, owner)
    files = [uploaded(mesh, owner, f"given_name,emails\nBo,bo{number}@looked.example\n") for number in range(3)]
    looked: list[str] = []
    is_in = uploads._Look.is_in
    now = time.monotonic

    def slow(self: Any, text: str) -> bool:
        looked.append(text)
        return is_in(self, text)

    # Each look takes longer than a batch has.
    with (
        mock.patch.object(uploads._Look, "is_in", slow),
        mock.patch.object(uploads, "time", SimpleNamespace(monotonic=lambda: now() + 9 * len(looked))),
    ):
        erase(mesh, owner, ann.id)
    assert len(looked) == len(set(looked)) == 3
    assert all(call(mesh, owner, "GetContactImport", id=each).parts for each in files)


def test_who_is_being_erased_is_neither_merged_nor_taken_apart(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "whole")
    ann, second, other = person(mesh, owner), person(mesh, owner, 1), contact(mesh, owner, givenName="Bo")
    merged = merge(mesh, owner, ann.id, second.id).contact_merge.id
    settle(mesh)
    made = call(mesh, owner, "CreateContactErasure", contactErasure={"contactId": ann.id})
    mesh.work("customers", 1)
    assert outcome(mesh, owner, "MergeContacts", id=other.id, otherIds=[ann.id]) == "NOT_FOUND"
    assert outcome(mesh, owner, "MergeContacts", id=ann.id, otherIds=[other.id]) == "NOT_FOUND"
    assert outcome(mesh, owner, "UndoContactMerge", id=merged) == "NOT_FOUND"
    mesh.work("customers")
    settle(mesh)
    assert call(mesh, owner, "GetContactErasure", id=made.id).job.state == 4
    assert traces(mesh, owner) == []
    assert call(mesh, owner, "GetContact", id=other.id).given_name == "Bo"


def test_what_is_merged_before_an_erasure_begins_is_known_to_it(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "before")
    ann, second, other = person(mesh, owner), person(mesh, owner, 1), contact(mesh, owner, givenName="Bo")
    key_of, merges = erased_addresses.key_of, [(ann.id, second.id)]

    def late(*given: Any) -> bytes:
        if merges:
            merge(mesh, owner, *merges.pop())
        return key_of(*given)

    with mock.patch.object(erased_addresses, "key_of", late):
        erase(mesh, owner, ann.id)
    assert traces(mesh, owner) == []

    led = person(mesh, owner, 2)
    made = call(mesh, owner, "CreateContactErasure", contactErasure={"contactId": led.id})
    merge(mesh, owner, other.id, led.id)
    mesh.work("customers")
    job = call(mesh, owner, "GetContactErasure", id=made.id).job
    assert (job.state, job.reason) == (5, "MERGED"), "it is another contact's erasure by now"


def shared_history(mesh: LocalMesh, owner: Member) -> tuple[Any, str, str]:
    """A person whose address others had before them: with one an import keeps it, with two a merge; those."""
    had = {"givenName": "Bo", "externalId": "k1", "emails": [{"address": EMAIL}]}
    old = contact(mesh, owner, **had)
    columns = [{"column": name, "field": name} for name in ("external_id", "emails")]
    options = {"matchKey": "MATCH_KEY_EXTERNAL_ID", "onMatch": "ON_MATCH_OVERWRITE"}
    made = call(mesh, owner, "CreateContactImport", contactImport={"columns": columns, **options})
    upload(mesh, owner, made.id, "external_id,emails\nk1,bo@history.example\n")
    call(mesh, owner, "StartContactImport", id=made.id)
    mesh.work("customers")
    stays, part = contact(mesh, owner, givenName="Cy"), contact(mesh, owner, givenName="Di", emails=had["emails"])
    merged = merge(mesh, owner, stays.id, part.id).contact_merge.id
    call(mesh, owner, "UpdateContact", contact={"id": stays.id}, updateMask="emails")
    settle(mesh)
    assert call(mesh, owner, "GetContact", id=old.id).primary_email == "bo@history.example"
    return person(mesh, owner), made.id, merged


@pytest.mark.parametrize("wiped", [True, False])
def test_an_address_of_the_erased_does_not_come_back_at_another_contact(mesh: LocalMesh, *, wiped: bool) -> None:
    owner = tenant(mesh, f"elsewhere-{wiped}".lower())
    ann, imported, merged = shared_history(mesh, owner)
    # Where a version in another spelling was overlooked, the address is known all the same.
    overlooked = (
        contextlib.nullcontext() if wiped else mock.patch.object(personal_files, "erase_images", return_value=0)
    )
    with overlooked:
        done = erase(mesh, owner, ann.id)
    if wiped:
        assert traces(mesh, owner) == []
        assert verify(mesh, owner, done).erased
    call(mesh, owner, "RevertContactImport", id=imported)
    mesh.work("customers")
    undone = call(mesh, owner, "UndoContactMerge", id=merged)
    settle(mesh)
    assert [each.given_name for each in undone.contacts] == ["Cy", "Di"]
    listed = call(mesh, owner, "ListContacts", pageSize=200).contacts
    assert {each.given_name for each in listed} == {"Bo", "Cy", "Di"}
    assert not any(EMAIL in str(each) for each in listed)
    assert wiped or [each.path for each in undone.kept] == ["emails[0].address"]


def killed(self: ChunkCommit) -> None:
    del self
    raise ConnectionAbortedError


def test_an_erasure_wins_over_late_events_and_goes_on_after_a_kill(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "late")
    ann, other = person(mesh, owner), contact(mesh, owner, givenName="Bo")
    call(mesh, owner, "CreateInteraction", interaction={
        "kind": 1, "subject": "Zephyrine came", "contactIds": [ann.id, other.id],
    })  # fmt: skip
    told = [event for _, event in mesh.events("customers") if event.tenant == owner.tenant]
    late = [event for event in told if event.type.startswith("rapport.customers.")]

    with mesh.writing("customers", owner.tenant) as write:  # one that failed here waits for its next try
        held = dict.fromkeys(("sequence", "time_us", "since_us", "attempts", "retry_us"), 1)
        held |= dict.fromkeys(("source", "actor", "trace", "timer"), "")
        for event in late:
            row = {"tenant": owner.tenant, "aggregate": event.aggregate, "type": event.type, "data": event.data}
            write.write(WAITING, key=f"{owner.tenant}/{event.id}", event_id=event.id, **{**held, **row})
    made = call(mesh, owner, "CreateContactErasure", contactErasure={"contactId": ann.id})
    finish = ChunkCommit.finish
    for _ in range(100):
        # Each chunk is done twice: as where a process dies right before its commit.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ChunkCommit, "finish", killed)
            if not mesh.work("customers", 1):
                break
        assert ChunkCommit.finish is finish
        mesh.clock.advance(timedelta(seconds=2))
        mesh.work("customers", 1)
    done = call(mesh, owner, "GetContactErasure", id=made.id)
    assert done.job.state == 4, done
    for event in late:
        mesh._hand_over(event)
    settle(mesh)

    assert traces(mesh, owner) == []
    assert verify(mesh, owner, done).erased
