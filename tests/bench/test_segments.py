"""What segments cost: making one of 100,000 contacts, and a contact's change beside none, ten and fifty of them."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import pytest
from rapport.customers.v1 import resources_pb2

from mesh.contract.etags import etag
from mesh.testing.local import LocalMesh
from tests.resources.customers_calls import call, tenant

if TYPE_CHECKING:
    from mesh.testing.local import Member

CONTACTS, BATCH, CHANGES = 100_000, 1_000, 200
_TITLES = ("Buyer", "Seller", "Head", "Clerk", "Driver")

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


def fill(mesh: LocalMesh, owner: Member) -> list[str]:
    """Contacts as an import would make them; what they publish counts as delivered."""
    resource = next(r for r in mesh.service("customers").resources if r.message is resources_pb2.Contact)
    ids: list[str] = []
    for start in range(0, CONTACTS, BATCH):
        with mesh.writing("customers", owner.tenant) as write:
            made = []
            for number in range(start, start + BATCH):
                contact = resources_pb2.Contact(given_name=f"C{number}", display_name=f"C{number}")
                contact.id, contact.etag = write.environment.ids.new("con"), etag(1)
                contact.job_title = _TITLES[number % len(_TITLES)]
                contact.create_time.FromMicroseconds(write.now_us)
                contact.update_time.FromMicroseconds(write.now_us)
                made.append(contact)
            resource.insert(write, made)
            ids += [each.id for each in made]
    mesh._delivered["customers"] = mesh.events("customers", 0)[-1][0]
    return ids


def segment(mesh: LocalMesh, owner: Member, text: str) -> None:
    call(mesh, owner, "CreateSegment", segment={"displayName": text, "type": "SEGMENT_TYPE_DYNAMIC", "filter": text})


def test_segments_of_many_contacts(tmp_path_factory: pytest.TempPathFactory) -> None:
    mesh = LocalMesh(tmp_path_factory.mktemp("segments"))
    try:
        owner = tenant(mesh, "bench")
        mesh.deliver()
        ids = fill(mesh, owner)
        for text in ('job_title = "Buyer"', "create_time.age < 30d AND interactions.count_30d = 0"):
            began = time.process_time()
            segment(mesh, owner, text)
            mesh.deliver()
            print(f"\n{CONTACTS} contacts, {text}: built in {time.process_time() - began:.1f} s of CPU")
        for each in call(mesh, owner, "ListSegments").segments:
            call(mesh, owner, "DeleteSegment", id=each.id)
        mesh.deliver()
        had = 0
        first: dict[str, float] = {}
        for count in (0, 10, 50):
            for number in range(had, count):
                segment(mesh, owner, f'job_title = "Buyer" AND given_name > "C{number}" AND given_name < "C{number}0"')
            had = count
            mesh.deliver()
            written, followed = change(mesh, owner, ids)
            first.setdefault("written", written)
            first.setdefault("followed", followed)
            ratios = f"{written / first['written']:.2f} and {followed / first['followed']:.2f} of none"
            print(f"{count} segments: a change {written * 1e3:.2f} ms, what follows {followed * 1e3:.2f} ms; {ratios}")
            assert written < 1.5 * first["written"], "a write does not pay for segments"
    finally:
        mesh.close()


def change(mesh: LocalMesh, owner: Member, ids: list[str]) -> tuple[float, float]:
    """The median time of a change of a contact, and of all that follows from it, in seconds."""
    written, followed = [], []
    for number in range(CHANGES):
        fields = {"id": ids[(number * 7919) % len(ids)], "jobTitle": _TITLES[number % 5] + str(time.perf_counter_ns())}
        began = time.process_time()
        call(mesh, owner, "UpdateContact", contact=fields)
        between = time.process_time()
        mesh.deliver()
        written.append(between - began)
        followed.append(time.process_time() - between)
    return statistics.median(written), statistics.median(followed)
