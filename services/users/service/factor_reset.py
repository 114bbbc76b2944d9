"""ResetUserFactors: second factors that somebody has lost are taken away by who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import events_pb2, factor_service_pb2, resources_pb2

from mesh.contract.failure import Failure, invalid
from services.users.domain.roles import check_held
from services.users.domain.users import is_program
from services.users.service.people import name_of
from services.users.service.rights import held, rights_of
from services.users.service.tenants import read_tenant

if TYPE_CHECKING:
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit
    from services.users.service.passkeys import Passkeys
    from services.users.service.second_factors import SecondFactors
    from services.users.service.sessions import Sessions
    from services.users.service.upstream_links import UpstreamLinks

_REASON = resources_pb2.Session.END_REASON_CREDENTIAL_CHANGED


class FactorReset:
    """The method ResetUserFactors."""

    def __init__(
        self,
        user: Resource[resources_pb2.User],
        passkeys: Passkeys,
        factors: SecondFactors,
        sessions: Sessions,
        links: UpstreamLinks,
    ) -> None:
        self._user = user
        self._passkeys = passkeys
        self._factors = factors
        self._sessions = sessions
        self._links = links

    def __call__(
        self, call: Call, request: factor_service_pb2.ResetUserFactorsRequest
    ) -> factor_service_pb2.ResetUserFactorsResponse:
        """What was taken away. Who may do more than the caller is out of the caller's reach."""
        user = self._get(call, request.id)
        if user.id == call.user_id:
            raise invalid("id", "is yourself; remove your own with a proof of them")
        if is_program(user):
            raise invalid("id", "is a service account, which has none")
        check_held(rights_of(call.read, user), held(call), "id")
        with call.commit() as commit:
            # Ended first: that holds the user, so that nothing is registered meanwhile.
            self._sessions.end_of(commit, user.id, _REASON)
            had = self._factors.has_totp(commit, user.id)
            count = self._passkeys.remove_all(commit, user.id)
            self._factors.remove(commit, user.id)
            # Who has taken a user's account over at a provider is kept out by nothing else.
            self._links.remove_all(commit, user.id)
            reply = factor_service_pb2.ResetUserFactorsResponse(user_id=user.id, passkey_count=count, totp=had)
            self._tell(commit, user)
            commit.audit(f"users/{user.id}")
            return commit.reply(reply)

    def _get(self, call: Call, user_id: str) -> resources_pb2.User:
        rows = call.read(self._user.by_id, id=user_id)
        if not rows:
            raise Failure("NOT_FOUND", metadata={"resource": f"users/{user_id}"})
        found: resources_pb2.User = self._user.build(self._user.message, rows[0])
        return found

    @staticmethod
    def _tell(commit: Commit, user: resources_pb2.User) -> None:
        """Have the user told: who has not lost anything learns that somebody claims so."""
        tenant = read_tenant(commit)
        told = events_pb2.UserFactorsReset(
            user_id=user.id,
            email=user.email,
            display_name=user.display_name,
            tenant_name=tenant.display_name,
            actor_name=name_of(commit, commit.call.user_id),
            locale=tenant.locale,
        )
        commit.publish(f"users/{user.id}", 0, told)
