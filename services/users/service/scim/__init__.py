"""ScimService: what a company's directory reads and changes, in the words of SCIM 2.0 (RFC 7643, RFC 7644).

Nothing is written here by another way than that of UserService and GroupService: the rules, the references, the record
and the events of a user are theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.users.service.scim.discovery import Discovery
from services.users.service.scim.groups import ScimGroups
from services.users.service.scim.users import ScimUsers

if TYPE_CHECKING:
    from rapport.users.v1 import resources_pb2

    from mesh.resource.resource import Resource
    from services.users.service.groups import GroupMethods
    from services.users.service.users import UserMethods


class ScimMethods(Discovery, ScimUsers, ScimGroups):
    """The methods of ScimService."""

    def __init__(
        self,
        user: Resource[resources_pb2.User],
        group: Resource[resources_pb2.Group],
        users: UserMethods,
        groups: GroupMethods,
    ) -> None:
        ScimUsers.__init__(self, user, users)
        ScimGroups.__init__(self, group, groups)
