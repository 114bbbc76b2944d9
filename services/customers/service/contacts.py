"""Contacts: standard methods over the rules of their area."""

from __future__ import annotations

import datetime
import zoneinfo
from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.resource.custom import CustomFields
from mesh.resource.resource import Resource
from services.customers.domain.contacts import ContactFacts, decide_contact
from services.customers.tables import contact_fields as definitions
from services.customers.tables import contacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import View


def contact_resource(fields: CustomFields) -> Resource[resources_pb2.Contact]:
    """Contacts, as the standard methods know them."""
    return Resource(resources_pb2.Contact, contacts, decide=decide_contact, gather=_gather, custom=fields)


def contact_fields() -> CustomFields:
    """The fields that tenants add to contacts."""
    return CustomFields(resources_pb2.Contact, contacts, resources_pb2.ContactField, definitions)


def _gather(view: View, sent: Sequence[resources_pb2.Contact]) -> ContactFacts:
    """Who asks, and what day it is."""
    del sent
    return ContactFacts(caller_id=view.user_id, today=_today(view))


def _today(view: View) -> datetime.date:
    """The day in the tenant's zone; for a service, which has none, the last one that has begun anywhere on earth."""
    now = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    now += datetime.timedelta(microseconds=view.environment.clock.now_us())
    if view.entry is None:
        return (now + datetime.timedelta(hours=14)).date()
    return now.astimezone(zoneinfo.ZoneInfo(view.entry.time_zone)).date()
