"""Merging contacts on both engines: one person is left, with all that belonged to several."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from rapport.customers.v1 import resource_events_pb2
from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import resources_pb2 as users_pb2

from mesh.resource import merging, moves
from services.customers.service import consents as consent_area
from tests.resources.customers_calls import call, outcome, refusal, tenant
from tests.resources.customers_merges import (
    DENIED,
    GRANTED,
    consent,
    contact,
    interaction,
    merge,
    plain,
    relation,
    settle,
    undo,
)
from tests.resources.test_scopes import granted

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member


def refused(mesh: LocalMesh, member: Member, name: str, **fields: Any) -> tuple[str, str, dict[str, str], set[str]]:
    with pytest.raises(grpc.RpcError) as caught:
        call(mesh, member, name, **fields)
    return refusal(caught.value)


def test_the_survivor_keeps_all_and_gets_what_it_lacks(mesh: LocalMesh) -> None:
    member = tenant(mesh, "merge")
    numbers = [{"number": "+61 2 9999 0001"}, {"number": "+61 2 9999 0002"}, {"number": "+61 (2) 9999-0001"}]
    ann = contact(mesh, member, givenName="Ann", emails=[{"address": "ann@one.example"}], phones=numbers[:1])
    tag = call(mesh, member, "CreateTag", tag={"displayName": "Vip"})
    own = {"familyName": "Lee", "jobTitle": "Buyer", "externalId": "crm-7", "tagIds": [tag.id]}
    emails = [{"address": "A.Lee@two.example"}, {"address": "home@two.example", "shared": True}]
    anna = contact(mesh, member, givenName="Anna", **own, emails=emails, phones=numbers[1:])
    preview = merge(mesh, member, ann.id, anna.id, validateOnly=True)
    assert not preview.HasField("contact_merge")
    assert call(mesh, member, "GetContact", id=anna.id) == anna
    reply = merge(mesh, member, ann.id, anna.id)
    one = reply.contact
    assert (one.id, one.display_name, one.job_title, one.external_id) == (ann.id, "Ann Lee", "Buyer", "crm-7")
    assert [(e.address, e.shared) for e in one.emails] == [
        ("ann@one.example", False),
        ("A.Lee@two.example", False),
        ("home@two.example", True),
    ]
    assert list(one.e164_phones) == ["+61299990001", "+61299990002"], "one number however it is written"
    assert list(one.tag_ids) == [tag.id]
    assert plain(preview.contact) == plain(one)
    assert [c.id for c in call(mesh, member, "ListContacts", showDeleted=True).contacts] == [ann.id]
    told = reply.contact_merge
    assert (told.survivor_id, list(told.merged_ids), told.merger_id) == (ann.id, [anna.id], member.id)
    assert {"family_name", "emails", "tag_ids"} <= set(told.changed_paths)
    found = call(mesh, member, "ListContactMerges", filter=f'merged_ids:"{anna.id}"').contact_merges
    assert [each.id for each in found] == [told.id]
    taken = outcome(mesh, member, "CreateContact", contact={"emails": [{"address": "a.lee@two.example"}]})
    assert taken == "ALREADY_EXISTS", "an address goes where its contact went"
    back = undo(mesh, member, told.id)
    assert not back.kept
    assert [plain(each) for each in back.contacts] == [plain(ann), plain(anna)]


def test_choices_say_whose_value_counts_and_nothing_is_dropped_silently(mesh: LocalMesh) -> None:
    member = tenant(mesh, "choices")
    call(mesh, member, "CreateContactField", contactField={"key": "color", "displayName": "Color", "type": 1})
    ann = contact(mesh, member, givenName="Ann", jobTitle="Clerk", custom={"color": "red"})
    bob = contact(
        mesh, member, givenName="Bob", jobTitle="Head", custom={"color": "blue"}, emails=[{"address": "b@b.example"}]
    )
    asked = [{"field": name, "fromId": bob.id} for name in ("job_title", "custom.color")]
    one = merge(mesh, member, ann.id, bob.id, choices=asked, validateOnly=True).contact
    assert (one.given_name, one.job_title, one.custom["color"]) == ("Ann", "Head", "blue")
    wrong = refused(
        mesh, member, "MergeContacts", id=ann.id, otherIds=[bob.id], choices=[{"field": "id", "fromId": bob.id}]
    )
    assert (wrong[1], wrong[3]) == ("INVALID_ARGUMENT", {"choices[0].field"})
    many = contact(mesh, member, givenName="M", emails=[{"address": f"m{n}@m.example"} for n in range(20)])
    code, reason, metadata, _ = refused(mesh, member, "MergeContacts", id=many.id, otherIds=[bob.id])
    assert (code, reason, metadata["limit"]) == ("FAILED_PRECONDITION", "MERGE_TOO_LARGE", "20")


def test_what_belongs_to_them_goes_with_them_and_what_says_nothing_any_more_ends(mesh: LocalMesh) -> None:
    member = tenant(mesh, "children")
    ann, bob, cat = (contact(mesh, member, givenName=name).id for name in ("Ann", "Bob", "Cat"))
    firm = call(mesh, member, "CreateCompany", company={"displayName": "Firm"}).id
    works = [relation(mesh, member, fromContactId=each, toCompanyId=firm, kind=1).id for each in (ann, bob)]
    boss = relation(mesh, member, fromContactId=bob, toContactId=cat, kind=3).id
    own = relation(mesh, member, fromContactId=ann, toContactId=bob, kind=5).id
    met = [interaction(mesh, member, 1, bob).id, interaction(mesh, member, 2, ann, bob).id]
    settle(mesh)
    reply = merge(mesh, member, ann, bob)
    live = {each.id: each for each in call(mesh, member, "ListRelations").relations}
    assert set(live) == {works[0], boss}, "the same twice, and one with oneself"
    assert (live[boss].from_contact_id, live[boss].to_contact_id) == (ann, cat)
    found = call(mesh, member, "ListInteractions", filter=f'contact_ids:"{ann}"', orderBy="occur_time").interactions
    assert [(each.id, list(each.contact_ids)) for each in found] == [(met[0], [ann]), (met[1], [ann])]
    for _ in range(2):
        told = call(mesh, member, "ListContactTimeline", id=ann).entries
        assert [e.title for e in told if e.title] == ["note 2", "note 1"]
        assert f"contacts/{bob}" in {e.resource for e in told}
        settle(mesh)
    assert reply.contact.last_interaction_time.ToDatetime().day == 2
    undo(mesh, member, reply.contact_merge.id)
    settle(mesh)
    assert {each.id for each in call(mesh, member, "ListRelations").relations} == {*works, boss, own}
    assert [e.title for e in call(mesh, member, "ListContactTimeline", id=bob).entries if e.title] == [
        "note 2",
        "note 1",
    ]
    assert [e.title for e in call(mesh, member, "ListContactTimeline", id=ann).entries if e.title] == ["note 2"]


def check_refusal_wins(mesh: LocalMesh) -> None:
    member = tenant(mesh, "restrict")
    ann, bob = (contact(mesh, member, givenName=name).id for name in ("Ann", "Bob"))
    consent(mesh, member, ann, "news", DENIED, 1)
    consent(mesh, member, bob, "news", GRANTED, 2)
    consent(mesh, member, bob, "offers", GRANTED, 2)
    reply = merge(mesh, member, ann, bob)
    assert list(reply.contact.granted_consents) == ["email/offers"]
    found = call(mesh, member, "ListConsents", filter=f'contact_id = "{ann}"').consents
    assert sorted((each.purpose, each.decision) for each in found) == [
        ("news", 1),
        ("news", 2),
        ("news", 2),
        ("offers", 1),
    ]
    back = undo(mesh, member, reply.contact_merge.id)
    assert [list(each.granted_consents) for each in back.contacts] == [[], ["email/news", "email/offers"]]
    assert len(call(mesh, member, "ListConsents").consents) == 3


def test_who_refused_once_is_not_written_to_after_a_merge(mesh: LocalMesh) -> None:
    check_refusal_wins(mesh)


def test_a_merge_that_forgets_a_refusal_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the test above is there for."""
    with mock.patch.object(consent_area, "restricting", return_value=[]), pytest.raises(AssertionError):
        check_refusal_wins(mesh)


def test_who_agrees_after_a_merge_may_be_written_to(mesh: LocalMesh) -> None:
    member = tenant(mesh, "agree")
    ann, bob, cat = (contact(mesh, member, givenName=name).id for name in ("Ann", "Bob", "Cat"))
    consent(mesh, member, ann, "news", DENIED, 1)
    consent(mesh, member, bob, "news", GRANTED, 2)
    merge(mesh, member, ann, bob)
    made = {"contactId": bob, "channel": 1, "purpose": "news", "source": "page", **GRANTED}
    assert call(mesh, member, "CreateConsent", consent=made).contact_id == ann, "an old id leads on in writes too"
    assert list(call(mesh, member, "GetContact", id=ann).granted_consents) == ["email/news"]
    assert list(merge(mesh, member, ann, cat).contact.granted_consents) == ["email/news"]


def test_more_than_one_chunk_follows_by_itself(mesh: LocalMesh) -> None:
    member = tenant(mesh, "chunks")
    ann, bob = contact(mesh, member), contact(mesh, member)
    met = {interaction(mesh, member, day, bob.id).id for day in range(1, 8)}
    with mock.patch.object(moves, "CHUNK", 3):
        reply = merge(mesh, member, ann.id, bob.id)
        settle(mesh)
        asked = {"filter": f'contact_ids:"{ann.id}"'}
        assert {each.id for each in call(mesh, member, "ListInteractions", **asked).interactions} == met
        undo(mesh, member, reply.contact_merge.id)
        settle(mesh)
        assert not call(mesh, member, "ListInteractions", **asked).interactions
        asked = {"filter": f'contact_ids:"{bob.id}"'}
        assert {each.id for each in call(mesh, member, "ListInteractions", **asked).interactions} == met


def test_what_cannot_be_merged_is_told_and_merging_again_changes_nothing(mesh: LocalMesh) -> None:
    member, stranger = tenant(mesh, "refuse"), tenant(mesh, "strange")
    ann, bob, cat, dead = (contact(mesh, member).id for _ in range(4))
    theirs = contact(mesh, stranger).id
    call(mesh, member, "DeleteContact", id=dead)
    assert refused(mesh, member, "MergeContacts", id=ann, otherIds=[bob, ann])[1:4:2] == (
        "MERGE_IMPOSSIBLE",
        {"other_ids[1]"},
    )
    assert refused(mesh, member, "MergeContacts", id=ann, otherIds=[dead])[3] == {"other_ids[0]"}
    assert refused(mesh, member, "MergeContacts", id=dead, otherIds=[ann])[3] == {"id"}
    assert outcome(mesh, member, "MergeContacts", id=ann, otherIds=[theirs]) == "NOT_FOUND"
    assert outcome(mesh, member, "MergeContacts", id=ann, otherIds=[bob], etag='"7"') == "ETAG_MISMATCH"
    first = merge(mesh, member, ann, bob)
    again = merge(mesh, member, ann, bob)
    assert (again.contact, again.contact_merge) == (first.contact, first.contact_merge)
    for asked in ({"id": bob, "otherIds": [cat]}, {"id": cat, "otherIds": [bob]}):
        code, reason, metadata, _ = refused(mesh, member, "MergeContacts", **asked)
        assert (code, reason, metadata["merged_into"]) == ("FAILED_PRECONDITION", "MERGED", ann)


def test_a_merge_needs_the_rights_on_each_of_them(mesh: LocalMesh) -> None:
    member = tenant(mesh, "rights")
    colleague = mesh.member(member, users_pb2.ROLE_MEMBER)
    mesh.deliver()
    theirs, mine = (contact(mesh, member, givenName="Ann", ownerId=each.id).id for each in (colleague, member))
    with granted({"contacts.read": 3, "contacts.write": 3, "contacts.delete": 1}):
        code, _, metadata, _ = refused(mesh, member, "MergeContacts", id=mine, otherIds=[theirs])
        assert (code, metadata["permission"]) == ("PERMISSION_DENIED", "contacts.delete")
        merged = merge(mesh, member, theirs, mine)
        assert merged.contact.id == theirs
    with granted({"contacts.read": 3, "contacts.write": 1, "contacts.delete": 3}):
        asked = {"id": merged.contact_merge.id}
        code, _, metadata, _ = refused(mesh, member, "UndoContactMerge", **asked)
        assert (code, metadata["permission"]) == ("PERMISSION_DENIED", "contacts.write")
    with granted({"contacts.read": 1, "contacts.write": 3, "contacts.delete": 3}):
        hidden = contact(mesh, colleague, givenName="Eve").id
        assert outcome(mesh, member, "MergeContacts", id=hidden, otherIds=[theirs]) == "NOT_FOUND"


def test_events_of_a_merge_say_that_nothing_has_happened(mesh: LocalMesh) -> None:
    member = tenant(mesh, "inherit")
    ann, bob = contact(mesh, member, givenName="Ann"), contact(mesh, member, givenName="Bob", familyName="Lee")
    met = interaction(mesh, member, 1, bob.id)
    merge(mesh, member, ann.id, bob.id)
    kinds = {}
    for _, event in mesh.events("customers"):
        kind = getattr(resource_events_pb2, event.type.rpartition(".")[2], None)
        if kind and event.aggregate.partition("/")[2] in (ann.id, bob.id, met.id):
            kinds[event.aggregate, event.sequence] = (event.type.rpartition(".")[2], kind.FromString(event.data))
    ended = kinds[f"contacts/{bob.id}", 2]
    assert (ended[0], ended[1].contact.merged_into_id, ended[1].inherited) == ("ContactDeleted", ann.id, True)
    assert kinds[f"contacts/{ann.id}", 2][1].inherited
    assert kinds[f"interactions/{met.id}", 2][1].inherited
    assert not kinds[f"contacts/{ann.id}", 1][1].inherited
    call(mesh, member, "UpdateContact", contact={"id": ann.id, "jobTitle": "Buyer"})
    last = [event for _, event in mesh.events("customers") if event.aggregate == f"contacts/{ann.id}"][-1]
    assert not resource_events_pb2.ContactUpdated.FromString(last.data).inherited


def test_one_write_moves_so_many_references_and_the_rest_follows(mesh: LocalMesh) -> None:
    member = tenant(mesh, "budget")
    ann, *others = (contact(mesh, member).id for _ in range(3))
    met = [interaction(mesh, member, day, other).id for day in range(1, 4) for other in others]
    for other in others:
        for number in range(3):
            consent(mesh, member, other, f"p{number}", GRANTED, 1)
    settle(mesh)
    with mock.patch.object(merging, "MOST_MOVED", 4), mesh.statements("customers") as statements:
        reply = merge(mesh, member, ann, *others)
    assert statements.count("update interactions") + statements.count("update consents") <= 4
    settle(mesh)
    asked = {"filter": f'contact_ids:"{ann}"', "pageSize": 50}
    assert {each.id for each in call(mesh, member, "ListInteractions", **asked).interactions} == set(met)
    assert len(call(mesh, member, "ListConsents", filter=f'contact_id = "{ann}"').consents) == 6
    assert len(call(mesh, member, "GetContact", id=ann).granted_consents) == 3
    undo(mesh, member, reply.contact_merge.id)
    settle(mesh)
    assert not call(mesh, member, "ListInteractions", **asked).interactions


def test_an_undoing_is_recorded_with_what_changed_back_and_an_old_merge_leaves_no_keys(mesh: LocalMesh) -> None:
    member = tenant(mesh, "recorded")
    ann, bob = contact(mesh, member, givenName="Ann"), contact(mesh, member, givenName="Bob", familyName="Lee")
    made = merge(mesh, member, ann.id, bob.id).contact_merge
    held = [row for row in mesh.dump("customers")["identity_keys"] if made.id in row]
    assert held
    undo(mesh, member, made.id)
    records = [audit_pb2.AuditRecorded.FromString(e.data) for _, e in mesh.events("customers") if "Audit" in e.type]
    (undone,) = [each for each in records if each.action == "contact.unmerged" and each.resource.endswith(ann.id)]
    assert "family_name" in undone.changed_paths
    mesh.clock.advance(timedelta(days=31))
    mesh.deliver()
    assert not [row for row in mesh.dump("customers")["identity_keys"] if made.id in row]
