"""Where ids of merged contacts lead, on both engines: in reads, filters, references and feeds; writes are refused."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import changes_service_pb2
from rapport.mesh.v1 import changes_pb2

from mesh.runtime.client import TENANT_HEADER
from tests.resources.customers_calls import call, outcome, tenant
from tests.resources.customers_merges import contact, interaction, merge, settle, undo
from tests.resources.test_merging import refused

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

_DAY = 24 * 3600


def chain(mesh: LocalMesh, member: Member) -> tuple[list[str], list[str]]:
    """Three contacts, each of which became part of the next one, and the merges."""
    ids = [contact(mesh, member, givenName=name).id for name in ("Ann", "Bob", "Cat")]
    merges = [merge(mesh, member, ids[n + 1], ids[n]).contact_merge.id for n in range(2)]
    return ids, merges


def test_old_ids_lead_to_the_survivor_wherever_they_are_read(mesh: LocalMesh) -> None:
    member = tenant(mesh, "lead")
    (ann, bob, cat), _ = chain(mesh, member)
    last = call(mesh, member, "GetContact", id=cat)
    assert [call(mesh, member, "GetContact", id=each) for each in (ann, bob)] == [last, last]
    assert list(call(mesh, member, "BatchGetContacts", ids=[bob, cat, ann]).contacts) == [last] * 3
    met = interaction(mesh, member, 1, ann, cat)
    assert list(met.contact_ids) == [cat], "an old id is written as the new one, and none twice"
    for text in (f'contact_ids:"{ann}"', f'contact_ids:"{cat}"'):
        assert [i.id for i in call(mesh, member, "ListInteractions", filter=text).interactions] == [met.id]
    assert [c.id for c in call(mesh, member, "ListContacts", filter=f'id = "{ann}"').contacts] == [cat]
    assert call(mesh, member, "CountContacts", filter=f'id = "{bob}"').count == 1
    settle(mesh)
    assert [e.title for e in call(mesh, member, "ListContactTimeline", id=ann).entries if e.title] == ["note 1"]
    assert not call(mesh, member, "CheckConsent", id=ann, channel=1, purpose="news").decision
    for name, asked in (
        ("UpdateContact", {"contact": {"id": ann, "jobTitle": "x"}}),
        ("BatchUpdateContacts", {"requests": [{"contact": {"id": ann, "jobTitle": "x"}}, {"contact": {"id": cat}}]}),
        ("DeleteContact", {"id": ann}),
        ("UndeleteContact", {"id": ann}),
    ):
        code, reason, metadata, _ = refused(mesh, member, name, **asked)
        assert (code, reason, metadata["merged_into"]) == ("FAILED_PRECONDITION", "MERGED", cat), name
    stranger = tenant(mesh, "lead-not")
    assert (
        outcome(mesh, stranger, "GetContact", id=ann) == outcome(mesh, stranger, "DeleteContact", id=ann) == "NOT_FOUND"
    )


def test_a_get_costs_one_statement_where_nothing_was_merged(mesh: LocalMesh) -> None:
    member = tenant(mesh, "costs")
    ann = contact(mesh, member)
    with mesh.statements("customers") as asked:
        call(mesh, member, "GetContact", id=ann.id)
    assert len(asked) == 1, asked


def test_merges_are_undone_from_the_last_one(mesh: LocalMesh) -> None:
    member = tenant(mesh, "order")
    (ann, bob, cat), (first, second) = chain(mesh, member)
    code, reason, metadata, _ = refused(mesh, member, "UndoContactMerge", id=first)
    assert (code, reason, metadata["merge_id"]) == ("FAILED_PRECONDITION", "MERGE_NOT_LATEST", second)
    dan = contact(mesh, member, givenName="Dan").id
    third = merge(mesh, member, cat, dan).contact_merge.id
    assert refused(mesh, member, "UndoContactMerge", id=second)[2] == {"merge_id": third}
    for identity in (third, second):
        undo(mesh, member, identity)
    assert call(mesh, member, "GetContact", id=ann).id == bob
    reply = undo(mesh, member, first)
    assert [each.id for each in reply.contacts] == [bob, ann]
    again = undo(mesh, member, first)
    assert (list(again.contacts), again.contact_merge) == (list(reply.contacts), reply.contact_merge)
    assert call(mesh, member, "GetContact", id=ann).given_name == "Ann"
    assert call(mesh, member, "UpdateContact", contact={"id": ann, "jobTitle": "x"}).job_title == "x"


def test_later_writes_win_field_by_field_and_are_told(mesh: LocalMesh) -> None:
    member = tenant(mesh, "later")
    ann = contact(mesh, member, givenName="Ann", emails=[{"address": "ann@l.example"}])
    more = {"jobTitle": "Buyer", "familyName": "Lee", "externalId": "x-1"}
    bob = contact(
        mesh, member, givenName="Bob", **more, emails=[{"address": "bob@l.example"}, {"address": "b2@l.example"}]
    )
    first, second = (interaction(mesh, member, day, bob.id) for day in (1, 2))
    told = merge(mesh, member, ann.id, bob.id)
    emails = [{"address": "ann@l.example"}, {"address": "bob@l.example", "label": "home"}, {"address": "new@l.example"}]
    call(mesh, member, "UpdateContact", contact={"id": ann.id, "jobTitle": "Head", "emails": emails})
    call(mesh, member, "UpdateContact", contact={"id": ann.id}, updateMask="externalId")
    eve = contact(mesh, member, givenName="Eve", externalId="x-1")
    cat = contact(mesh, member, givenName="Cat")
    call(mesh, member, "UpdateInteraction", interaction={"id": second.id, "contactIds": [ann.id, cat.id]})
    back = undo(mesh, member, told.contact_merge.id)
    one, other = back.contacts
    assert (one.job_title, one.family_name) == ("Head", ""), "what nobody touched is taken back"
    assert [e.address for e in one.emails] == ["ann@l.example", "bob@l.example", "new@l.example"]
    assert [e.address for e in other.emails] == ["b2@l.example"], "what was taken over by a later write stays there"
    assert (other.job_title, other.external_id, call(mesh, member, "GetContact", id=eve.id).external_id) == (
        "Buyer",
        "",
        "x-1",
    )
    assert {(k.resource.partition("/")[2], k.path) for k in back.kept} == {
        (ann.id, "job_title"),
        (ann.id, "emails"),
        (bob.id, "emails[0].address"),
        (bob.id, "external_id"),
        (second.id, "contact_ids"),
    }
    assert list(call(mesh, member, "GetInteraction", id=first.id).contact_ids) == [bob.id]


def test_a_deleted_survivor_comes_back_first_and_an_old_merge_is_gone(mesh: LocalMesh) -> None:
    member = tenant(mesh, "ends")
    ann, bob, cat, dan = (contact(mesh, member, givenName=name).id for name in ("Ann", "Bob", "Cat", "Dan"))
    told = merge(mesh, member, ann, bob).contact_merge
    kept = merge(mesh, member, cat, dan).contact_merge
    call(mesh, member, "DeleteContact", id=ann)
    assert call(mesh, member, "GetContact", id=bob).HasField("delete_time")
    assert refused(mesh, member, "UndoContactMerge", id=told.id)[1] == "MERGE_SURVIVOR_DELETED"
    call(mesh, member, "UndeleteContact", id=ann)
    undo(mesh, member, told.id)
    merge(mesh, member, ann, bob)
    call(mesh, member, "DeleteContact", id=ann)
    mesh.clock.advance(timedelta(days=31))
    mesh.deliver()
    later = mesh._log_in(member.tenant, member.slug, member.id, member.email)  # the old token has ended
    assert outcome(mesh, later, "UndoContactMerge", id=kept.id) == "NOT_FOUND"
    assert not call(mesh, later, "ListContactMerges").contact_merges
    assert outcome(mesh, later, "GetContact", id=bob) == "NOT_FOUND", "what it led to is gone"
    assert call(mesh, later, "GetContact", id=dan).id == cat, "the id still leads on"


def test_who_follows_contacts_is_told_what_became_of_them(mesh: LocalMesh) -> None:
    member = tenant(mesh, "copies")
    (ann, _, cat), _ = chain(mesh, member)
    request = changes_service_pb2.ReadContactChangesRequest(ids=[ann, cat])
    path = "/rapport.customers.v1.ChangesService/ReadContactChanges"
    claim = [(TENANT_HEADER, member.tenant)]
    merged, there = mesh.call(path, request, identity="users", metadata=claim)
    assert (merged.kind, merged.contact.id, merged.contact.merged_into_id) == (changes_pb2.CHANGE_KIND_MERGED, ann, cat)
    assert (merged.sequence, there.kind, there.contact.id) == (2, changes_pb2.CHANGE_KIND_CURRENT, cat)


def test_of_two_who_merge_the_same_contacts_at_once_both_are_told_the_same(mesh: LocalMesh) -> None:
    member = tenant(mesh, "twice")
    for _ in range(3):
        ann, bob = contact(mesh, member).id, contact(mesh, member).id
        replies = at_once(
            lambda ann=ann, bob=bob: merge(mesh, member, ann, bob).contact_merge.id,
            lambda ann=ann, bob=bob: merge(mesh, member, ann, bob).contact_merge.id,
        )
        assert replies[0] == replies[1]
        ann, bob = contact(mesh, member).id, contact(mesh, member).id
        ends = at_once(
            lambda ann=ann, bob=bob: outcome(mesh, member, "MergeContacts", id=ann, otherIds=[bob]),
            lambda ann=ann, bob=bob: outcome(mesh, member, "MergeContacts", id=bob, otherIds=[ann]),
        )
        assert sorted(ends) == ["MERGED", "OK"], "crosswise only one of them stays"


def test_a_merge_and_a_write_at_once_come_one_after_the_other(mesh: LocalMesh) -> None:
    member = tenant(mesh, "meets")
    for _ in range(3):
        ann, bob = contact(mesh, member, givenName="Ann").id, contact(mesh, member, givenName="Bob").id
        change = {"id": bob, "jobTitle": "Buyer"}
        _, written = at_once(
            lambda ann=ann, bob=bob: merge(mesh, member, ann, bob),
            lambda change=change: outcome(mesh, member, "UpdateContact", contact=change),
        )
        assert written in ("OK", "MERGED")
        assert (call(mesh, member, "GetContact", id=bob).job_title == "Buyer") == (written == "OK")
        ann, bob = contact(mesh, member).id, contact(mesh, member).id
        ends = at_once(
            lambda ann=ann, bob=bob: outcome(mesh, member, "MergeContacts", id=ann, otherIds=[bob]),
            lambda bob=bob: outcome(mesh, member, "DeleteContact", id=bob),
        )
        assert ends in (["OK", "MERGED"], ["MERGE_IMPOSSIBLE", "OK"])


def at_once(*works: Any) -> list[Any]:
    """What these come to, begun at the same time."""
    both = threading.Barrier(len(works))

    def run(work: Any) -> Any:
        both.wait(5)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_segments_and_duplicates_are_asked_for_by_an_old_id_too(mesh: LocalMesh) -> None:
    member = tenant(mesh, "led-reads")
    ann, bob, cat = (contact(mesh, member, givenName=name, familyName="Lee").id for name in ("Ann", "Bob", "Ann"))
    segment = {"displayName": "Lees", "type": 1, "filter": 'family_name = "Lee"'}
    identity = call(mesh, member, "CreateSegment", segment=segment).id
    search = call(mesh, member, "CreateDuplicateSearch", duplicateSearch={}).id
    settle(mesh)
    mesh.work("customers")
    merge(mesh, member, ann, bob)
    settle(mesh)
    assert [each.id for each in call(mesh, member, "ListContactSegments", id=bob).segments] == [identity]
    assert call(mesh, member, "ExplainSegmentMembership", id=identity, contactId=bob).member
    asked = {"id": search, "otherContactId": cat}
    by_old, by_new = (call(mesh, member, "ExplainDuplicate", contactId=each, **asked) for each in (bob, ann))
    assert by_old == by_new
    one = {"contactId": ann, "otherContactId": bob}
    assert outcome(mesh, member, "ExplainDuplicate", id=search, **one) == "INVALID_ARGUMENT"
