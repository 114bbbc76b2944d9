"""users as a service: its areas, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.mesh.v1 import audit_pb2
from rapport.users.v1 import resources_pb2

from mesh.contract.catalog import all_services
from mesh.resource.resource import Resource
from mesh.runtime.service import Service
from services.users.events import Sealer
from services.users.service.directory import DirectoryMethods
from services.users.service.sessions import SessionMethods
from services.users.service.tenants import TenantMethods
from services.users.service.users import UserMethods
from services.users.tables import audit_entries, users

if TYPE_CHECKING:
    from mesh.runtime.environment import Environment


def build(environment: Environment) -> Service:
    """The service over its environment."""
    user = Resource(resources_pb2.User, users)
    entry = Resource(resources_pb2.AuditEntry, audit_entries)
    sessions = SessionMethods(environment, user)
    directory = DirectoryMethods(environment)
    return Service(
        name="users",
        resources=[user, entry],
        methods={
            "rapport.users.v1.TenantService": TenantMethods(user),
            "rapport.users.v1.SessionService": sessions,
            "rapport.users.v1.UserService": UserMethods(user),
            "rapport.users.v1.DirectoryService": directory,
        },
        consumes={audit_pb2.AuditRecorded.DESCRIPTOR.full_name: Sealer(entry).seal},
        subscribes=all_services(),
        look_up=directory.find,
        keys=sessions.public_keys,
    )
