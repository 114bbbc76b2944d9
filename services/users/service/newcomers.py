"""Who becomes a user by signing in through an identity provider that the tenant lets create users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import directory_service_pb2, resources_pb2

from mesh.contract.etags import etag
from mesh.runtime import audit
from services.users.domain.users import UserFacts, decide_user
from services.users.service.rights import declared, grants_of

if TYPE_CHECKING:
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Commit
    from services.users.service.upstream import Arrived

_LONGEST_NAME = 200
"""Of a user, as the contract has it; an address may be longer."""


def new_user(commit: Commit, user: Resource[resources_pb2.User], arrived: Arrived) -> resources_pb2.User:
    """The user, with the roles that the tenant gives who comes by the provider, and without a password."""
    person, provider = arrived.person, arrived.provider
    roles, known = grants_of(commit.read, provider.role_ids), declared()
    made = resources_pb2.User(
        id=commit.environment.ids.new(user.contract.prefix),
        etag=etag(1),
        email=person.email,
        display_name=(person.name or person.email)[:_LONGEST_NAME],
        role=provider.role,
        role_ids=[each for each in provider.role_ids if each in roles],
        state=resources_pb2.User.STATE_ACTIVE,
        kind=resources_pb2.User.KIND_PERSON,
    )
    for name in ("given_name", "family_name"):
        if told := getattr(person, name):
            setattr(made, name, told)
    for moment in (made.create_time, made.update_time):
        moment.FromMicroseconds(commit.now_us)
    everything = dict.fromkeys(known, int(directory_service_pb2.SCOPE_ALL))
    made = decide_user(None, made, UserFacts(roles=roles, held=everything, declared=known))
    user.insert(commit, [made], password_hash="", epoch=1)
    audit.note(commit, "user.provisioned", commit.call.contract.full_name, f"users/{made.id}", [])
    return made
