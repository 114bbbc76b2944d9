"""Rows of resources that no method makes: straight into the table, past every RPC."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from rapport.customers.v1 import resources_pb2 as customers_pb2
from rapport.notifications.v1 import resources_pb2 as message_pb2
from rapport.users.v1 import resources_pb2

from mesh.testing.messages import Samples
from services.users.service.password_changes import ASK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mesh.contract.resource import ResourceContract
    from mesh.testing.local import LocalMesh, Member
    from tests.contract.world import World

# Of a session: beyond any that a user has come to.
_LATEST = 1_000_000
_NUMBERS = itertools.count(1)
# What is made by a method that is about something else.
MADE_BY = {
    "customers.rapport/ContactMerge": "/rapport.customers.v1.MergeService/MergeContacts",
    "customers.rapport/CompanyMerge": "/rapport.customers.v1.MergeService/MergeCompanies",
}


def row(world: World, resource: ResourceContract, owner: Member, meant: Mapping[str, Callable[[], Any]]) -> Any:
    """A resource as it could stand in the table; `meant` is what samples hold where any text will not do."""
    now_us = world.mesh.clock.now_us()
    samples = Samples(world.numbers, lambda prefix, name: owner.id if prefix == "usr" else "", meant)
    row = samples.message(resource.message)
    if isinstance(row, resources_pb2.User):
        row.role = resources_pb2.ROLE_MEMBER
        row.state = resources_pb2.User.STATE_ACTIVE
        row.pending_email = f"pending-{next(world.numbers)}@example.com"
        ends_us = now_us + 600_000_000
        row.pending_email_expire_time.FromMicroseconds(ends_us)
    if isinstance(row, resources_pb2.Session):
        row.user_id = owner.id
        row.last_seen_time.FromMicroseconds(now_us)
    if isinstance(row, (resources_pb2.Passkey, resources_pb2.UpstreamLink)):
        row.user_id = owner.id
    if isinstance(row, customers_pb2.DuplicatePair):
        row.search_id = world.known(world.by_prefix["dus"], owner)[0]
        row.contact_id, row.other_contact_id = (world.fresh(world.by_prefix["con"], owner) for _ in range(2))
    if "expire_time" in row.DESCRIPTOR.fields_by_name and not row.HasField("expire_time"):
        row.expire_time.FromMicroseconds(now_us + 600_000_000)
    if isinstance(row, message_pb2.Message):
        row.state = message_pb2.Message.STATE_UNKNOWN
    return row


def hidden(mesh: LocalMesh, resource: ResourceContract, row: Any) -> dict[str, Any]:
    """Values for the columns of the table that are no fields; nothing, where a method would not do with it."""
    declared = mesh.resource(resource)
    fields = declared.message.DESCRIPTOR.fields_by_name
    values = {
        column.name: column.type.python_type()
        for column in declared.table.columns
        if column.name not in fields and column.name not in ("tenant_id", "sequence")
    }
    if isinstance(row, resources_pb2.Session):
        values["epoch"] = _LATEST
    if isinstance(row, resources_pb2.Passkey):
        # No browser writes one like it.
        values["credential_id"] = row.display_name
    if isinstance(row, resources_pb2.UpstreamLink):
        values["subject"] = f"row-{next(_NUMBERS)}"
    return values


def add_beside(mesh: LocalMesh, owner: Member, made: Any) -> None:
    """What stands beside a row in a table of its own: of a user, that a link was asked for."""
    if isinstance(made, resources_pb2.User):
        with mesh.writing("users", owner.tenant) as write:
            write.write(ASK, user_id=made.id, until_us=made.pending_email_expire_time.ToMicroseconds())
