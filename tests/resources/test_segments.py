"""Segments on both engines: who is in one by filter and by hand, told once, explained, and seen by whom it may be."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from rapport.customers.v1 import events_pb2
from rapport.users.v1 import resources_pb2 as users_pb2

from services.customers.domain.segments import BUILDING, READY
from tests.resources.customers_calls import call, outcome, refusal, tenant
from tests.resources.test_scopes import granted

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

_TOLD = events_pb2.SegmentMembersChanged.DESCRIPTOR.full_name


def contact(mesh: LocalMesh, member: Member, name: str, **fields: Any) -> str:
    return str(call(mesh, member, "CreateContact", contact={"givenName": name, **fields}).id)


def dynamic(mesh: LocalMesh, member: Member, text: str, **fields: Any) -> str:
    segment = {"displayName": text[:90], "type": "SEGMENT_TYPE_DYNAMIC", "filter": text, **fields}
    made = call(mesh, member, "CreateSegment", segment=segment)
    return str(made.id)


def static(mesh: LocalMesh, member: Member, **fields: Any) -> str:
    segment = {"displayName": "By hand", "type": "SEGMENT_TYPE_STATIC", **fields}
    return str(call(mesh, member, "CreateSegment", segment=segment).id)


def members(mesh: LocalMesh, member: Member, segment: str, **more: Any) -> set[str]:
    """The names of all members, page after page."""
    found, token = [], ""
    while True:
        page = call(mesh, member, "ListSegmentMembers", id=segment, pageToken=token, pageSize=2, **more)
        found += [each.display_name for each in page.members]
        token = page.next_page_token
        if not token:
            assert len(found) == len(set(found))
            return set(found)


def told(mesh: LocalMesh, segment: str) -> list[tuple[list[str], list[str]]]:
    """What was published of the members of a segment, in its order."""
    found = []
    for _, event in mesh.events("customers"):
        if event.type == _TOLD:
            change = events_pb2.SegmentMembersChanged.FromString(event.data)
            if change.segment_id == segment:
                found.append((event.sequence, sorted(change.entered_contact_ids), sorted(change.left_contact_ids)))
    assert [number for number, _, _ in found] == list(range(1, len(found) + 1))
    return [each[1:] for each in found]


def test_members_follow_the_fields_of_a_contact(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "segments")
    ann, ben = contact(mesh, owner, "Ann", jobTitle="Buyer"), contact(mesh, owner, "Ben")
    buyers = dynamic(mesh, owner, 'job_title = "Buy*" AND NOT given_name = "Zoe"')
    assert call(mesh, owner, "GetSegment", id=buyers).state == BUILDING
    mesh.deliver()
    segment = call(mesh, owner, "GetSegment", id=buyers)
    assert (segment.state, segment.generation, segment.HasField("build_time")) == (READY, 1, True)
    assert members(mesh, owner, buyers) == {"Ann"}
    call(mesh, owner, "UpdateContact", contact={"id": ben, "jobTitle": "Buying agent"})
    mesh.deliver()
    assert members(mesh, owner, buyers) == {"Ann", "Ben"}
    call(mesh, owner, "UpdateContact", contact={"id": ann, "jobTitle": "Seller"})
    mesh.deliver()
    assert members(mesh, owner, buyers) == {"Ben"}
    call(mesh, owner, "DeleteContact", id=ben)
    mesh.deliver()
    assert members(mesh, owner, buyers) == set()
    call(mesh, owner, "UndeleteContact", id=ben)
    mesh.deliver()
    assert members(mesh, owner, buyers) == {"Ben"}
    assert told(mesh, buyers) == [([ann], []), ([ben], []), ([], [ann]), ([], [ben]), ([ben], [])]
    call(mesh, owner, "RebuildSegment", id=buyers)
    mesh.deliver()
    assert len(told(mesh, buyers)) == 5, "what is right already is told to nobody"
    assert call(mesh, owner, "GetSegment", id=buyers).state == READY


def test_what_is_said_by_hand_beats_the_filter(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "segments")
    ann, ben, cem = (contact(mesh, owner, name, jobTitle=name) for name in ("Ann", "Ben", "Cem"))
    mesh.deliver()
    segment = dynamic(mesh, owner, 'job_title = "Ann" OR job_title = "Ben"')
    mesh.deliver()
    call(mesh, owner, "RemoveSegmentMembers", id=segment, contactIds=[ann])
    call(mesh, owner, "AddSegmentMembers", id=segment, contactIds=[cem, cem])
    assert members(mesh, owner, segment) == {"Ben", "Cem"}
    assert members(mesh, owner, segment, removed=True) == {"Ann"}
    call(mesh, owner, "UpdateSegment", segment={"id": segment, "filter": 'given_name = "Ann"'})
    call(mesh, owner, "UpdateContact", contact={"id": cem, "jobTitle": "x"})
    mesh.deliver()
    assert members(mesh, owner, segment) == {"Cem"}, "neither a change nor a new filter beats it"
    call(mesh, owner, "ResetSegmentMembers", id=segment, contactIds=[ann, ben, cem])
    assert members(mesh, owner, segment) == {"Ann"}
    first, *others = told(mesh, segment)
    assert first == ([ann, ben], [])
    assert others[:4] == [([], [ann]), ([cem], []), ([], [ben]), ([ann], [cem])]

    hand = static(mesh, owner)
    assert call(mesh, owner, "GetSegment", id=hand).state == READY
    call(mesh, owner, "AddSegmentMembers", id=hand, contactIds=[ann, ben])
    call(mesh, owner, "RemoveSegmentMembers", id=hand, contactIds=[ann])
    assert members(mesh, owner, hand) == {"Ben"}
    assert members(mesh, owner, hand, removed=True) == set()
    call(mesh, owner, "DeleteContact", id=ben)
    mesh.deliver()
    assert call(mesh, owner, "CountSegmentMembers", id=hand).count == 0
    call(mesh, owner, "UndeleteContact", id=ben)
    mesh.deliver()
    assert members(mesh, owner, hand) == {"Ben"}
    call(mesh, owner, "DeleteSegment", id=hand)
    call(mesh, owner, "DeleteContact", id=ben)
    mesh.deliver()
    call(mesh, owner, "UndeleteSegment", id=hand)
    mesh.deliver()
    assert members(mesh, owner, hand) == set()
    assert outcome(mesh, owner, "AddSegmentMembers", id=hand, contactIds=[ben]) == "NOT_FOUND"


def met(mesh: LocalMesh, member: Member, who: str, ago: timedelta, kind: str = "CALL") -> str:
    moment = mesh.clock.now_us() - ago // timedelta(microseconds=1)
    time = Timestamp()
    time.FromMicroseconds(moment)
    happened = {"kind": f"INTERACTION_KIND_{kind}", "contactIds": [who], "occurTime": time.ToJsonString()}
    return str(call(mesh, member, "CreateInteraction", interaction=happened).id)


def test_engagement_moves_members_also_when_nothing_but_time_passes(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "segments")
    ann, ben = contact(mesh, owner, "Ann"), contact(mesh, owner, "Ben")
    busy = dynamic(mesh, owner, "interactions.call.count_30d >= 2")
    quiet = dynamic(mesh, owner, "interactions.last_time.age > 20d OR NOT interactions.last_time:*")
    fresh = dynamic(mesh, owner, "create_time.age <= 10d")
    mesh.deliver()
    assert [members(mesh, owner, each) for each in (busy, quiet, fresh)] == [set(), {"Ann", "Ben"}, {"Ann", "Ben"}]
    met(mesh, owner, ann, timedelta(days=1))
    second = met(mesh, owner, ann, timedelta(days=2))
    met(mesh, owner, ben, timedelta(days=1))
    met(mesh, owner, ben, timedelta(days=1), kind="NOTE")
    mesh.deliver()
    assert [members(mesh, owner, each) for each in (busy, quiet)] == [{"Ann"}, set()]
    why = call(mesh, owner, "ExplainSegmentMembership", id=busy, contactId=ann)
    assert (why.member, why.decided, why.matches, why.clauses[0].value, why.clauses[0].holds) == (
        *[True] * 3,
        "2",
        True,
    )
    due = why.review_time.ToMicroseconds()
    mesh.clock.advance(timedelta(microseconds=due - mesh.clock.now_us() - 60_000_000))
    mesh.deliver()
    assert [members(mesh, owner, each) for each in (busy, quiet, fresh)] == [{"Ann"}, {"Ann", "Ben"}, set()]
    mesh.clock.advance(timedelta(minutes=1))
    mesh.deliver()
    assert members(mesh, owner, busy) == set()
    call(mesh, owner, "UpdateInteraction", interaction={"id": second, "occurTime": "2090-01-01T00:00:00Z"})
    mesh.deliver()
    assert members(mesh, owner, quiet) == {"Ben"}, "what is to come is no silence"


def test_companies_are_read_by_whom_a_contact_works_for(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "segments")
    field = {"key": "industry", "displayName": "Industry", "type": "FIELD_TYPE_TEXT", "filterable": True}
    call(mesh, owner, "CreateCompanyField", companyField=field)
    ann, ben = contact(mesh, owner, "Ann"), contact(mesh, owner, "Ben")
    firm = call(mesh, owner, "CreateCompany", company={"displayName": "Firm", "custom": {"industry": "retail"}}).id
    retail = dynamic(mesh, owner, 'company.custom.industry = "retail" company.display_name = "F*"')
    idle = dynamic(mesh, owner, "NOT company:*")
    mesh.deliver()
    works = {"kind": "RELATION_KIND_EMPLOYMENT", "fromContactId": ann, "toCompanyId": firm}
    relation = call(mesh, owner, "CreateRelation", relation=works).id
    mesh.deliver()
    assert [members(mesh, owner, each) for each in (retail, idle)] == [{"Ann"}, {"Ben"}]
    call(
        mesh,
        owner,
        "UpdateCompany",
        company={"id": firm, "custom": {"industry": "mining"}},
        updateMask="custom.industry",
    )
    mesh.deliver()
    assert members(mesh, owner, retail) == set()
    call(
        mesh,
        owner,
        "UpdateCompany",
        company={"id": firm, "custom": {"industry": "retail"}},
        updateMask="custom.industry",
    )
    call(mesh, owner, "CreateRelation", relation={**works, "fromContactId": ben})
    mesh.deliver()
    assert members(mesh, owner, retail) == {"Ann", "Ben"}
    call(mesh, owner, "UpdateRelation", relation={"id": relation, "endDate": {"year": 2025, "month": 1, "day": 1}})
    mesh.deliver()
    assert [members(mesh, owner, each) for each in (retail, idle)] == [{"Ben"}, {"Ann"}]
    call(mesh, owner, "DeleteCompany", id=firm)
    mesh.deliver()
    assert members(mesh, owner, retail) == set()


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ('tag_ids:"tag_00000000000000000000000000"', "INVALID_ARGUMENT"),
        ("interactions.count_30d >= two", "INVALID_ARGUMENT"),
        ("interactions.count_9999d >= 2", "INVALID_ARGUMENT"),
        ("interactions.fax.count >= 2", "INVALID_ARGUMENT"),
        ("interactions.count.age > 2d", "INVALID_ARGUMENT"),
        ("birth_date.age > 2d", "INVALID_ARGUMENT"),
        ("create_time.age = 2d", "INVALID_ARGUMENT"),
        ("create_time.age > 2y", "INVALID_ARGUMENT"),
        ("owner_name = x", "INVALID_ARGUMENT"),
        ("company.nobody = x", "INVALID_ARGUMENT"),
        ("company = x", "INVALID_ARGUMENT"),
        ("custom.missing = x", "INVALID_ARGUMENT"),
        ("(" * 13 + "id:*" + ")" * 13, "INVALID_ARGUMENT"),
        (" ".join(["id:*"] * 41), "INVALID_ARGUMENT"),
        ("  ", "SEGMENT_MISFIT"),
        ('granted_consents:"email/newsletter" interactions.meeting.last_time < 2026-01-01T00:00:00Z', "OK"),
        ("last_interaction_time.age < 90d AND -interactions.count > 3", "OK"),
    ],
)
def test_a_filter_is_looked_at_when_it_is_kept(mesh: LocalMesh, text: str, due: str) -> None:
    owner = tenant(mesh, "segments")
    segment = {"displayName": "x", "type": "SEGMENT_TYPE_DYNAMIC", "filter": text}
    assert outcome(mesh, owner, "CreateSegment", segment=segment) == due
    if text.strip():
        assert outcome(mesh, owner, "PreviewSegment", filter=text) == ("OK" if "tag_0" in text else due)


def test_members_are_shown_to_whom_the_contacts_are(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "segments")
    colleague = mesh.member(owner, users_pb2.ROLE_MEMBER)
    contact(mesh, owner, "Ann")
    mesh.deliver()
    shared = dynamic(mesh, owner, "given_name:*", sharing="SHARING_TENANT")
    private = dynamic(mesh, owner, "given_name:*")
    mesh.deliver()
    assert members(mesh, colleague, shared) == {"Ann"}
    assert call(mesh, colleague, "CountSegmentMembers", id=shared).all
    for name in ("ListSegmentMembers", "CountSegmentMembers"):
        assert outcome(mesh, colleague, name, id=private) == "NOT_FOUND"
    ann = call(mesh, owner, "ListContacts", filter='given_name = "Ann"').contacts[0].id
    assert outcome(mesh, colleague, "AddSegmentMembers", id=shared, contactIds=[ann]) == "PERMISSION_DENIED"
    assert outcome(mesh, colleague, "ExplainSegmentMembership", id=private, contactId=ann) == "NOT_FOUND"
    mine = call(mesh, colleague, "ListContactSegments", id=ann).segments
    assert [each.id for each in mine] == [shared]
    assert [each.id for each in call(mesh, owner, "ListContactSegments", id=ann).segments] == sorted([shared, private])


def test_what_filters_stand_on_stays(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "segments")
    made = {"displayName": "Size", "type": "FIELD_TYPE_NUMBER", "filterable": True}
    field = call(mesh, owner, "CreateContactField", contactField={**made, "key": "size"}).id
    other = call(mesh, owner, "CreateContactField", contactField={**made, "key": "size_of_shoe"}).id
    tag, into = (call(mesh, owner, "CreateTag", tag={"displayName": name}).id for name in ("Gold", "Silver"))
    segment = dynamic(mesh, owner, f'custom.size > 3 OR tag_ids:"{tag}"')
    view = {"displayName": "View", "resource": "LISTED_CONTACTS", "orderBy": "custom.size desc"}
    saved = call(mesh, owner, "CreateSavedView", savedView=view).id
    for name, fields in (
        ("DeleteContactField", {"id": field}),
        ("UpdateContactField", {"contactField": {"id": field, "filterable": False}, "updateMask": "filterable"}),
        ("DeleteTag", {"id": tag}),
        ("MergeTag", {"id": tag, "intoId": into}),
    ):
        with pytest.raises(grpc.RpcError) as caught:
            call(mesh, owner, name, **fields)
        _, reason, metadata, _ = refusal(caught.value)
        both = f"saved-views/{saved},segments/{segment}".split(",")
        assert (reason, metadata["count"]) == ("FILTERED_BY", "2" if "Field" in name else "1")
        assert metadata["users"].split(",") == (sorted(both, reverse=True) if "Field" in name else both[1:])
    assert outcome(mesh, owner, "DeleteContactField", id=other) == "OK"
    call(mesh, owner, "DeleteSavedView", id=saved)
    call(mesh, owner, "DeleteSegment", id=segment)
    assert outcome(mesh, owner, "DeleteContactField", id=field) == outcome(mesh, owner, "DeleteTag", id=tag) == "OK"
    assert outcome(mesh, owner, "UndeleteSegment", id=segment) == "INVALID_ARGUMENT"


def test_who_sees_some_contacts_sees_some_members(mesh: LocalMesh) -> None:
    """Members, counts, previews and reasons reach as far as the grant for contacts, and filters no further."""
    owner = tenant(mesh, "segments")
    colleague = mesh.member(owner, users_pb2.ROLE_MEMBER)
    ann = contact(mesh, owner, "Ann")
    ben = contact(mesh, owner, "Ben", ownerId=colleague.id)
    segment = dynamic(mesh, owner, "interactions.count = 0", sharing="SHARING_TENANT")
    mesh.deliver()
    own = dict.fromkeys(("contacts.read", "segments.read", "segments.write"), 1)
    with granted(own):
        assert members(mesh, colleague, segment) == {"Ben"}
        count = call(mesh, colleague, "CountSegmentMembers", id=segment)
        assert (count.count, count.all) == (1, False)
        preview = call(mesh, colleague, "PreviewSegment", filter="given_name:*")
        assert (preview.count, [each.id for each in preview.contacts]) == (1, [ben])
        for name, due in (("ExplainSegmentMembership", "contactId"), ("ListContactSegments", "")):
            hidden = {"id": segment, due: ann} if due else {"id": ann}
            assert outcome(mesh, colleague, name, **hidden) == "NOT_FOUND"
        why = call(mesh, colleague, "ExplainSegmentMembership", id=segment, contactId=ben)
        assert (why.matches, why.clauses[0].value) == (True, ""), "the answer, not what it was read from"
        for text in ("interactions.count = 0", 'company.display_name = "x"'):
            assert outcome(mesh, colleague, "PreviewSegment", filter=text) == "PERMISSION_DENIED"
            made = {"displayName": "x", "type": "SEGMENT_TYPE_DYNAMIC", "filter": text}
            assert outcome(mesh, colleague, "CreateSegment", segment=made) == "PERMISSION_DENIED"
        mine = static(mesh, colleague)
        assert outcome(mesh, colleague, "AddSegmentMembers", id=mine, contactIds=[ben, ann]) == "NOT_FOUND"
        assert members(mesh, colleague, mine) == set()
    assert members(mesh, owner, segment) == {"Ann", "Ben"}
    preview = call(mesh, owner, "PreviewSegment", filter="given_name:*")
    assert (preview.count, preview.capped) == (2, False)


def test_what_is_gone_for_good_leaves_nothing(mesh: LocalMesh) -> None:
    owner = tenant(mesh, "segments")
    ann, ben = contact(mesh, owner, "Ann"), contact(mesh, owner, "Ben")
    segment, other = dynamic(mesh, owner, "create_time.age < 900d"), dynamic(mesh, owner, "given_name:*")
    call(mesh, owner, "RemoveSegmentMembers", id=other, contactIds=[ann])
    mesh.deliver()

    def kept(identity: str) -> int:
        tables = ("segment_members", "segment_dues")
        return sum(identity in row for table in tables for row in mesh.dump("customers")[table])

    assert (kept(segment), kept(other), kept(ann)) == (4, 2, 3)
    call(mesh, owner, "DeleteContact", id=ann)
    mesh.deliver()
    assert (kept(ann), members(mesh, owner, other)) == (1, {"Ben"}), "what was said by hand waits for it to come back"
    call(mesh, owner, "DeleteSegment", id=segment)
    mesh.deliver()
    mesh.clock.advance(timedelta(days=31))
    mesh.deliver()
    assert (kept(ann), kept(segment), kept(ben)) == (0, 0, 1)
