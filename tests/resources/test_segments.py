"""Segments on both engines: who is in one by filter and by hand, told once, explained, and seen by whom it may be."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from rapport.customers.v1 import events_pb2
from rapport.users.v1 import resources_pb2 as users_pb2

from tests.resources.customers_calls import call, outcome, refusal, tenant

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
    assert call(mesh, owner, "GetSegment", id=buyers).state == 1
    mesh.deliver()
    segment = call(mesh, owner, "GetSegment", id=buyers)
    assert (segment.state, segment.generation, segment.HasField("build_time")) == (2, 1, True)
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
    assert call(mesh, owner, "GetSegment", id=buyers).state == 2
