"""Timelines on both engines: all that happened around one record, in its order, for those who may know of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from rapport.users.v1 import resources_pb2 as users_pb2

from services.customers.domain import timeline
from tests.resources.customers_calls import call, outcome, tenant

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

_KIND = "INTERACTION_KIND_"


def met(mesh: LocalMesh, member: Member, kind: str, day: int, **more: Any) -> Any:
    happened = {"kind": _KIND + kind, "occurTime": f"2026-01-{day:02}T10:00:00Z", "subject": f"{kind} {day}", **more}
    return call(mesh, member, "CreateInteraction", interaction=happened)


def entries(mesh: LocalMesh, member: Member, identity: str, **more: Any) -> list[Any]:
    """A whole timeline, page after page."""
    name = "ListContactTimeline" if identity.startswith("con_") else "ListCompanyTimeline"
    found, token = [], ""
    while token or not found:
        page = call(mesh, member, name, id=identity, pageToken=token, **more)
        found += page.entries
        token = page.next_page_token
        if not token:
            break
    return found


def titles(found: list[Any]) -> list[str]:
    return [entry.title for entry in found if entry.title]


def check_story(mesh: LocalMesh) -> None:
    """What happens to a contact and a company, told on both, by its time, whatever the order it was told in."""
    member = tenant(mesh, "timeline")
    ann = call(mesh, member, "CreateContact", contact={"givenName": "Ann"}).id
    firm = call(mesh, member, "CreateCompany", company={"displayName": "Firm"}).id
    call_3 = met(mesh, member, "CALL", 3, contactIds=[ann], companyIds=[firm])
    note_1 = met(mesh, member, "NOTE", 1, contactIds=[ann])
    met(mesh, member, "MEETING", 2, companyIds=[firm])
    call(mesh, member, "UpdateContact", contact={"id": ann, "jobTitle": "Buyer"})
    mesh.deliver()

    told = entries(mesh, member, ann)
    assert titles(told) == ["CALL 3", "NOTE 1"]
    assert {entry.kind: list(entry.changed_paths) for entry in told if not entry.title} == {
        timeline.CREATED: [],
        timeline.CHANGED: ["job_title"],
    }
    times = [entry.time.ToMicroseconds() for entry in told]
    assert times == sorted(times, reverse=True)
    assert {entry.actor_id for entry in told} == {member.id}
    for size in (1, 2, 3):
        assert entries(mesh, member, ann, pageSize=size) == told
    assert titles(entries(mesh, member, ann, kinds=["TIMELINE_KIND_NOTE"])) == ["NOTE 1"]
    assert titles(entries(mesh, member, firm)) == ["CALL 3", "MEETING 2"]
    assert last(mesh, member, ann) == "2026-01-03T10:00:00Z"

    # What is corrected, moves; who was not there after all, loses it.
    call(mesh, member, "UpdateInteraction", interaction={"id": note_1.id, "occurTime": "2026-01-09T10:00:00Z"})
    call(mesh, member, "UpdateInteraction", interaction={"id": call_3.id, "contactIds": [], "companyIds": [firm]},
         updateMask="contactIds")  # fmt: skip
    mesh.deliver()
    assert titles(entries(mesh, member, ann)) == ["NOTE 1"]
    assert last(mesh, member, ann) == "2026-01-09T10:00:00Z"
    call(mesh, member, "DeleteInteraction", id=note_1.id)
    mesh.deliver()
    assert titles(entries(mesh, member, ann)) == []
    assert not call(mesh, member, "GetContact", id=ann).HasField("last_interaction_time")
    call(mesh, member, "UndeleteInteraction", id=note_1.id)
    mesh.deliver()
    assert titles(entries(mesh, member, ann)) == ["NOTE 1"]


def last(mesh: LocalMesh, member: Member, contact: str) -> str:
    return str(call(mesh, member, "GetContact", id=contact).last_interaction_time.ToJsonString())


def test_a_timeline_tells_all_that_happened_in_its_order(mesh: LocalMesh) -> None:
    check_story(mesh)


def test_an_event_that_is_not_told_of_is_noticed(mesh: LocalMesh, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault that the test above is there for."""
    built = mesh.service("customers").consumes
    monkeypatch.delitem(built, "rapport.customers.v1.InteractionUpdated")
    with pytest.raises(AssertionError):
        check_story(mesh)


def test_a_timeline_is_gone_with_whom_it_was_about(mesh: LocalMesh) -> None:
    member = tenant(mesh, "timeline")
    ann = call(mesh, member, "CreateContact", contact={"givenName": "Ann"}).id
    met(mesh, member, "CALL", 1, contactIds=[ann])
    call(mesh, member, "DeleteContact", id=ann)
    mesh.deliver()

    def told() -> int:
        return sum(ann in row for row in mesh.dump("customers")["timeline_entries"])

    assert told() == 3
    mesh.clock.advance(timedelta(days=31))
    mesh.deliver()
    assert told() == 0


def test_an_interaction_is_found_by_who_took_part(mesh: LocalMesh) -> None:
    member = tenant(mesh, "timeline")
    ann, bob = (call(mesh, member, "CreateContact", contact={"givenName": name}).id for name in ("Ann", "Bob"))
    for day, ids in ((1, [ann]), (2, [ann, bob]), (3, [bob])):
        met(mesh, member, "CALL", day, contactIds=ids)
    found = call(mesh, member, "ListInteractions", filter=f'contact_ids:"{ann}"', orderBy="occur_time").interactions
    assert [each.subject for each in found] == ["CALL 1", "CALL 2"]


def test_a_timeline_is_for_those_who_see_whom_it_is_about(mesh: LocalMesh) -> None:
    member, stranger = tenant(mesh, "timeline"), tenant(mesh, "timeline")
    ann = call(mesh, member, "CreateContact", contact={"givenName": "Ann"}).id
    met(mesh, member, "CALL", 1, contactIds=[ann])
    mesh.deliver()
    assert outcome(mesh, stranger, "ListContactTimeline", id=ann) == "NOT_FOUND"
    viewer = mesh.member(member, users_pb2.ROLE_VIEWER)
    assert titles(entries(mesh, viewer, ann)) == ["CALL 1"]
    with mesh.statements("customers") as statements:
        entries(mesh, member, ann)
    assert len(statements) <= 5
    assert outcome(mesh, member, "ListContactTimeline", id=ann, pageToken="x") == "PAGE_TOKEN_INVALID"
