"""What is held of a person: told whole, erased everywhere, proven by a receipt, and found where it is left or back."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from rapport.customers.v1 import resources_pb2
from rapport.mesh.v1 import audit_pb2
from rapport.notifications.v1 import resources_pb2 as notifications
from sqlalchemy import insert

from mesh.contract import compact_jws
from mesh.events.waiting import NEVER, key_of
from mesh.resource.jobs import ChunkCommit
from mesh.store.mesh_tables import inbox_waiting
from mesh.store.statement import Statement
from tests.resources.customers_calls import call, outcome, refusal, tenant
from tests.resources.customers_merges import GRANTED, consent, contact, interaction, merge, relation, settle

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
    call(mesh, owner, "UpdateContact", contact={"id": back.id, "jobTitle": "Head"}, allowErased=True)
    call(mesh, owner, "CreateContact", contact={"givenName": "Di"}, allowErased=True)
    told = [audit_pb2.AuditRecorded.FromString(e.data) for _, e in mesh.events("customers") if e.tenant == owner.tenant
            and e.type == audit_pb2.AuditRecorded.DESCRIPTOR.full_name]  # fmt: skip
    insisted = [each for each in told if each.action == "contact.erased_address_added"]
    assert [(each.resource, list(each.changed_paths), each.principal_id) for each in insisted] == [
        (f"contacts/{back.id}", ["emails[0].address"], owner.id)
    ]


def upload(mesh: LocalMesh, owner: Member, identity: str, content: str) -> None:
    encoded = base64.b64encode(content.encode()).decode()
    call(mesh, owner, "UploadContactImportPart", id=identity, partNumber=1, content=encoded)


def killed(self: ChunkCommit) -> None:
    del self
    raise ConnectionAbortedError


def test_an_erasure_wins_over_late_events_and_goes_on_after_a_kill(mesh: LocalMesh) -> None:
    mesh.deliver()  # what others left; from here on nobody hears of anything before it is late
    owner = tenant(mesh, "late")
    ann, other = person(mesh, owner), contact(mesh, owner, givenName="Bo")
    call(mesh, owner, "CreateInteraction", interaction={
        "kind": 1, "subject": "Zephyrine came", "contactIds": [ann.id, other.id],
    })  # fmt: skip
    told = [event for _, event in mesh.events("customers") if event.tenant == owner.tenant]
    late = [event for event in told if event.type.startswith("rapport.customers.")]

    with mesh.writing("customers", owner.tenant) as write:  # one that failed here waits for its next try
        held = dict.fromkeys(("sequence", "time_us", "since_us", "attempts"), 1)
        held |= {"retry_us": NEVER, **dict.fromkeys(("source", "actor", "trace", "timer"), "")}
        for event in late:
            row = {"tenant": owner.tenant, "aggregate": event.aggregate, "type": event.type, "data": event.data}
            write.write(WAITING, key=key_of("", owner.tenant, event.aggregate), event_id=event.id, **{**held, **row})
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
