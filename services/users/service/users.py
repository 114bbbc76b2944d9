"""UserService: what is more than the standard methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from rapport.users.v1 import resources_pb2, user_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call


class UserMethods:
    """The methods of UserService."""

    def __init__(self, users: Resource[resources_pb2.User]) -> None:
        self._users = users

    def get_current_user(self, call: Call, request: user_service_pb2.GetCurrentUserRequest) -> resources_pb2.User:
        """The user who calls."""
        del request
        rows = call.read(self._users.by_id, id=call.identity.principal)
        if not rows:
            raise Failure("UNAUTHENTICATED")
        user: resources_pb2.User = self._users.build(self._users.message, rows[0])
        return user
