"""customers as a service: contacts have the standard methods and no others yet."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure, invalid
from mesh.resource.resource import Resource
from mesh.runtime.service import Service
from services.customers.domain import ContactFacts, decide_contact
from services.customers.tables import contacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment


def build(environment: Environment) -> Service:
    """The service over its environment."""
    del environment
    return Service(
        name="customers",
        resources=[Resource(resources_pb2.Contact, contacts, decide=decide_contact, gather=_gather)],
    )


def _gather(call: Call, sent: Sequence[resources_pb2.Contact]) -> ContactFacts:
    """Who asks, what day it is, and that every owner named exists."""
    identity = call.identity
    for owner_id in {contact.owner_id for contact in sent} - {"", identity.principal}:
        try:
            call.environment.directory.find(identity.tenant, owner_id)
        except Failure as failure:
            if failure.reason != "UNAUTHENTICATED":
                raise
            raise invalid("contact.owner_id", "is no user of this tenant") from None
    # Days begin up to 14 hours before UTC; a day of birth may be today there.
    latest = datetime.timedelta(microseconds=call.environment.clock.now_us(), hours=14)
    today = (datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC) + latest).date()
    return ContactFacts(caller_id=identity.principal, today=today)
