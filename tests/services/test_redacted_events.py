"""What is left of an event when a person is erased who stands in it."""

from __future__ import annotations

import importlib
import importlib.util

import pytest
from rapport.customers.v1 import resource_events_pb2
from rapport.users.v1 import events_pb2

from mesh.contract.catalog import all_services
from mesh.resource.erased import NOBODY, redacted

ADDRESS = "ada@example.com"


def event_types() -> list[tuple[str, str]]:
    """Every event that a service declares, with the service."""
    found = []
    for service in all_services():
        for file in ("events", "resource_events"):
            name = f"rapport.{service}.v1.{file}_pb2"
            if importlib.util.find_spec(name):
                messages = importlib.import_module(name).DESCRIPTOR.message_types_by_name.values()
                found += [(service, each.full_name) for each in messages]
    return found


@pytest.mark.parametrize(("service", "kind"), event_types())
def test_an_event_in_which_nobody_stands_is_left_as_it_is(service: str, kind: str) -> None:
    assert redacted(kind, b"", service, [ADDRESS]) == b""


def test_of_an_event_about_the_person_it_is_left_which_contact_it_tells_of() -> None:
    event = resource_events_pb2.ContactUpdated(changed_paths=["primary_email"])
    event.contact.id, event.contact.primary_email, event.previous.primary_email = "con_1", ADDRESS, ADDRESS
    left = redacted("rapport.customers.v1.ContactUpdated", event.SerializeToString(), "customers", [ADDRESS])
    assert resource_events_pb2.ContactUpdated.FromString(left) == resource_events_pb2.ContactUpdated(
        contact={"id": "con_1"}, changed_paths=["primary_email"]
    )


@pytest.mark.parametrize(("service", "name"), [("users", f"Home of {NOBODY}"), ("customers", f"Home of {ADDRESS}")])
def test_an_event_of_the_service_s_own_that_quotes_the_person_quotes_nobody(service: str, name: str) -> None:
    event = events_pb2.TenantUpdated(tenant={"id": "ten_1", "display_name": f"Home of {ADDRESS}"})
    left = redacted("rapport.users.v1.TenantUpdated", event.SerializeToString(), service, [ADDRESS])
    assert events_pb2.TenantUpdated.FromString(left).tenant.display_name == name
