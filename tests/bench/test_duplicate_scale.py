"""What a search over 100,000 contacts takes, in time and memory, and what it finds in few streets, on both engines."""

from __future__ import annotations

import datetime
import random
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from google.protobuf import json_format
from rapport.customers.v1 import duplicate_service_pb2, resources_pb2
from rapport.type.v1 import job_pb2
from sqlalchemy import select

from mesh.cli import demo
from mesh.resource.jobs import ENDED
from mesh.store.statement import TENANT, Statement
from mesh.testing.eventually import eventually
from services.customers.tables import contacts, duplicate_pairs
from tests.resources.conftest import mesh_on
from tests.resources.customers_calls import call, tenant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mesh.testing.local import LocalMesh, Member

CONTACTS = 100_000
TWICE = CONTACTS // 50
_BATCH = 1_000
_IDS = Statement(
    select(contacts.c.id, contacts.c.external_id).where(contacts.c.tenant_id == TENANT), name="external ids"
)
_PAIRS = Statement(
    select(duplicate_pairs.c.contact_id, duplicate_pairs.c.other_contact_id).where(
        duplicate_pairs.c.tenant_id == TENANT
    ),
    name="pairs",
)
pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


def crowd(count: int, twice: int) -> Iterator[dict[str, Any]]:
    """Contacts put together from the parts of those whom `mesh seed` makes; some are there twice, misspelt.

    Numbers of houses and days of birth are drawn anew: there are only so many in the parts, and nobody has twenty
    strangers at home.
    """
    people = demo.people()
    for number in range(count):
        chance = random.Random(number if number < count - twice else number - count + twice)
        given, family, lives, works = (chance.choice(people) for _ in range(4))
        phone = chance.randrange(10**8)
        name = family["familyName"]
        home = {**lives["addresses"][0]}
        home["addressLines"] = [f"{chance.randrange(1, 200)} {home['addressLines'][0].lstrip('0123456789 ')}"]
        born = datetime.date(1930, 1, 1) + datetime.timedelta(days=chance.randrange(27_000))
        yield {
            **works,
            "givenName": given["givenName"],
            "familyName": name if number < count - twice else name[:-1],
            "emails": [{"address": f"{given['givenName']}.{number}@example.com".lower().replace(" ", "")}],
            "phones": [{"number": f"+61 4{phone:08}"}],
            "e164Phones": [f"+614{phone:08}"],
            "birthDate": {"year": born.year, "month": born.month, "day": born.day},
            "addresses": [home],
            "externalId": external_id(number),
        }


def external_id(number: int) -> str:
    """What tells who of the crowd somebody is."""
    return f"crowd-{number:07d}"


def fill(mesh: LocalMesh, owner: Member) -> None:
    """The crowd, past every RPC, which is not what is measured here."""
    resource = next(r for r in mesh._built["customers"].resources if r.message is resources_pb2.Contact)
    made: list[resources_pb2.Contact] = []
    for fields in crowd(CONTACTS, TWICE):
        contact = json_format.ParseDict(fields, resources_pb2.Contact(), ignore_unknown_fields=True)
        contact.display_name = f"{contact.given_name} {contact.family_name}"
        made.append(contact)
        if len(made) == _BATCH:
            with mesh.writing("customers", owner.tenant) as write:
                for each in made:
                    each.id = write.environment.ids.new("con")
                    each.owner_id = owner.id
                    each.create_time.FromMicroseconds(write.now_us)
                    each.update_time.FromMicroseconds(write.now_us)
                resource.insert(write, made)
            made = []


def pairs_of(mesh: LocalMesh, owner: Member) -> tuple[set[frozenset[str]], set[frozenset[str]]]:
    """The pairs that the search has found, and those that are real, by the external ids of the crowd."""
    with mesh.writing("customers", owner.tenant) as write:
        ids = {row[0]: row[1] for row in write.read(_IDS)}
        found = {frozenset(ids[each] for each in row) for row in write.read(_PAIRS)}
    first = CONTACTS - TWICE
    return found, {frozenset(external_id(number) for number in (first + n, n)) for n in range(TWICE)}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_search_over_many(engine: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    with mesh_on(engine, tmp_path_factory) as mesh:
        owner = tenant(mesh, "crowd")
        fill(mesh, owner)
        began = call(mesh, owner, "CreateDuplicateSearch", duplicateSearch={})
        process, start = psutil.Process(), time.process_time()
        before = most = process.memory_info().rss
        longest = 0.0
        phases: dict[str, float] = {}
        record = began
        while record.job.state not in ENDED:
            at = time.process_time()
            # A chunk that a busy machine has not ended in time is due again after a while.
            eventually(lambda: mesh.work("customers", 1), within=120, of="a chunk")
            took = time.process_time() - at
            longest, most = max(longest, took), max(most, process.memory_info().rss)
            record = mesh.call(
                "/rapport.customers.v1.DuplicateService/GetDuplicateSearch",
                duplicate_service_pb2.GetDuplicateSearchRequest(id=began.id),
                token=owner.token,
            )
            phase = "comparing" if record.job.total else "reading"
            phases[phase] = phases.get(phase, 0.0) + took
        seconds = time.process_time() - start
        print(
            f"{engine}: {record.contact_count} contacts, {seconds:.0f} s of CPU ({phases}), "
            f"longest chunk {longest:.1f} s, {(most - before) / 1e6:.0f} MB more, "
            f"{record.compared_count} comparisons, {record.pair_count} pairs",
            flush=True,
        )
        assert record.job.state == job_pb2.JOB_STATE_SUCCEEDED
        assert record.contact_count == CONTACTS
        found, real = pairs_of(mesh, owner)
        right = len(found & real)
        print(f"{engine}: {right} of {len(real)} found, {right} of the {len(found)} found are real", flush=True)
        assert record.pair_count == len(found)
        assert right >= TWICE * 0.98
        assert right >= len(found) * 0.95
        assert longest < 20
        assert most - before < 200e6
