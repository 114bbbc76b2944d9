"""Batches of updates: each with the mask and the etag of its own, and all or none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from unittest import mock

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from rapport.customers.v1 import contact_service_pb2, resource_events_pb2, resources_pb2
from rapport.mesh.v1 import audit_pb2

from mesh.resource import standard

if TYPE_CHECKING:
    from mesh.testing.local import LocalMesh, Member

CONTACTS = "/rapport.customers.v1.ContactService/"
Update = contact_service_pb2.UpdateContactRequest


def contacts(mesh: LocalMesh, member: Member, count: int) -> list[Any]:
    sent = [resources_pb2.Contact(given_name=f"Ann {n}", external_id=f"{member.slug}-{n}") for n in range(count)]
    request = contact_service_pb2.BatchCreateContactsRequest(contacts=sent)
    return list(mesh.call(f"{CONTACTS}BatchCreateContacts", request, token=member.token).contacts)


def update(mesh: LocalMesh, member: Member, *parts: Any, request_id: str = "") -> list[Any]:
    request = contact_service_pb2.BatchUpdateContactsRequest(requests=parts, request_id=request_id)
    return list(mesh.call(f"{CONTACTS}BatchUpdateContacts", request, token=member.token).contacts)


def read(mesh: LocalMesh, member: Member, ids: list[str]) -> list[Any]:
    request = contact_service_pb2.BatchGetContactsRequest(ids=ids)
    return list(mesh.call(f"{CONTACTS}BatchGetContacts", request, token=member.token).contacts)


def refused(mesh: LocalMesh, member: Member, *parts: Any) -> tuple[str, list[str]]:
    """The code and the fields that a batch is refused for."""
    with pytest.raises(grpc.RpcError) as caught:
        update(mesh, member, *parts)
    details = dict(caught.value.trailing_metadata())["grpc-status-details-bin"]
    found = error_details_pb2.BadRequest()
    for detail in status_pb2.Status.FromString(details).details:
        detail.Unpack(found)
    return caught.value.code().name, [violation.field for violation in found.field_violations]


def part(contact: Any, *paths: str, **fields: Any) -> Any:
    request = Update(contact=resources_pb2.Contact(id=contact.id, **fields))
    request.update_mask.paths.extend(paths)
    return request


def test_each_changes_by_its_own_mask_with_an_event_and_a_record_and_the_reply_keeps_the_order(mesh: LocalMesh) -> None:
    member = mesh.sign_up("batch-masks")
    first, second, third = contacts(mesh, member, 3)
    done = update(
        mesh,
        member,
        part(third, "job_title", job_title="Boss", given_name="Ignored"),
        part(first, given_name="Bea"),
        part(second),
    )
    assert [c.id for c in done] == [third.id, first.id, second.id]
    assert (done[0].job_title, done[0].given_name) == ("Boss", "Ann 2")
    assert (done[1].given_name, done[1].job_title) == ("Bea", "")
    assert done[2] == second
    assert read(mesh, member, [c.id for c in done]) == done
    events = [e for _, e in mesh.events("customers") if e.type.endswith("ContactUpdated") and e.tenant == member.tenant]
    told = {e.aggregate: list(resource_events_pb2.ContactUpdated.FromString(e.data).changed_paths) for e in events}
    assert told == {f"contacts/{third.id}": ["job_title"], f"contacts/{first.id}": ["given_name", "display_name"]}
    records = [audit_pb2.AuditRecorded.FromString(e.data) for _, e in mesh.events("customers") if "Audit" in e.type]
    mine = [r.resource for r in records if r.method.endswith("BatchUpdateContacts") and r.principal_id == member.id]
    assert mine == [f"contacts/{c.id}" for c in done]


def test_one_that_cannot_be_changed_leaves_all_as_they_are(mesh: LocalMesh) -> None:
    member, stranger = mesh.sign_up("batch-none"), mesh.sign_up("batch-away")
    first, second = contacts(mesh, member, 2)
    (theirs,) = contacts(mesh, stranger, 1)
    good = part(first, given_name="Bea")
    stale = part(second, given_name="Cyd")
    stale.contact.etag = '"ffff"'
    assert refused(mesh, member, good, stale)[0] == "ABORTED"
    assert refused(mesh, member, good, part(theirs, given_name="Cyd"))[0] == "NOT_FOUND"
    nobody = part(second, "given_name", "external_id")
    assert refused(mesh, member, good, nobody) == ("INVALID_ARGUMENT", ["requests[1].contact"])
    taken = part(second, external_id=first.external_id)
    assert refused(mesh, member, good, taken) == ("ALREADY_EXISTS", ["requests[1].contact.external_id"])
    strange = part(second, "no_such_field")
    assert refused(mesh, member, good, strange) == ("INVALID_ARGUMENT", ["requests[1].update_mask"])
    owner = part(second, owner_id=f"usr_{1:026}")
    assert refused(mesh, member, good, owner) == ("INVALID_ARGUMENT", ["requests[1].contact.owner_id"])
    assert refused(mesh, member, good, good) == ("INVALID_ARGUMENT", ["requests[1].contact.id"])
    nested = part(second, given_name="Cyd")
    nested.request_id = "00000000-0000-4000-8000-000000000001"
    assert refused(mesh, member, good, nested) == ("INVALID_ARGUMENT", ["requests[1].request_id"])
    assert read(mesh, member, [first.id, second.id]) == [first, second]


def test_two_batches_in_opposite_orders_both_pass(mesh: LocalMesh) -> None:
    member = mesh.sign_up("batch-cross")
    made = contacts(mesh, member, 20)
    there = [part(c, given_name="Bea") for c in made]
    back = [part(c, job_title="Boss") for c in reversed(made)]
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            for future in [pool.submit(update, mesh, member, *batch) for batch in (there, back)]:
                assert len(future.result()) == len(made)
    assert {(c.given_name, c.job_title) for c in read(mesh, member, [c.id for c in made])} == {("Bea", "Boss")}


def test_a_batch_that_forgets_the_etags_is_noticed(mesh: LocalMesh) -> None:
    """The fault that the tests above are there for."""
    member = mesh.sign_up("batch-fault")
    first, second = contacts(mesh, member, 2)
    stale = part(second, given_name="Cyd")
    stale.contact.etag = '"ffff"'
    kept = standard.change

    def forgetful(*arguments: Any, given: str = "", **more: Any) -> Any:
        return kept(*arguments, **more)

    with mock.patch.object(standard, "change", forgetful):
        assert len(update(mesh, member, part(first, given_name="Bea"), stale)) == 2
