"""ServiceAccountService: users who are programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2

from mesh.contract.etags import etag
from mesh.contract.failure import invalid
from services.users.domain.users import is_program, works
from services.users.service.passwords import hash_password
from services.users.service.users import gather_user

if TYPE_CHECKING:
    from rapport.users.v1 import service_account_service_pb2

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call

# Reserved: no mail is ever delivered there (RFC 2606).
_DOMAIN = "service-accounts.invalid"


class ServiceAccountMethods:
    """The methods of ServiceAccountService."""

    def __init__(self, user: Resource[resources_pb2.User]) -> None:
        self._user = user

    def create_service_account(
        self, call: Call, request: service_account_service_pb2.CreateServiceAccountRequest
    ) -> resources_pb2.User:
        """A new user whom nobody can sign in as: its password is one that is thrown away here."""
        identity = call.environment.ids.new(self._user.contract.prefix)
        user = resources_pb2.User(
            id=identity,
            etag=etag(1),
            email=f"{identity.lower()}@{_DOMAIN}",
            display_name=request.display_name,
            role=request.role,
            role_ids=request.role_ids,
            state=resources_pb2.User.STATE_ACTIVE,
            kind=resources_pb2.User.KIND_PROGRAM,
        )
        if request.team_id:
            user.team_id = request.team_id
        user = self._user.decide(None, user, gather_user(call, [user]))
        password_hash = hash_password(call.environment.ids.new_secret())
        with call.commit() as commit:
            user.create_time.FromMicroseconds(commit.now_us)
            user.update_time.FromMicroseconds(commit.now_us)
            self._user.insert(commit, [user], password_hash=password_hash, epoch=1)
            commit.audit(f"users/{user.id}")
            return commit.reply(user)


def check_account(call: Call, user: Resource[resources_pb2.User], account_id: str) -> None:
    """Refuse what is no service account that works.

    Raises:
        Failure: INVALID_ARGUMENT on `service_account_id`.
    """
    rows = call.read(user.by_id, id=account_id)
    found = user.build(user.message, rows[0]) if rows else None
    if found is None or not works(found) or not is_program(found):
        raise invalid("service_account_id", "is no service account of this tenant that works")
