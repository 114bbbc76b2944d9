"""ImpersonationService: work in another user's place, and what the directory tells of its token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import events_pb2, impersonation_service_pb2, resources_pb2

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.resource.writing import NO_FACTS, change, locked
from services.users.domain.impersonations import ImpersonationFacts, decide_impersonation, is_live
from services.users.service.people import name_of
from services.users.service.rights import held, rights_of
from services.users.service.tenants import read_tenant

if TYPE_CHECKING:
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit
    from services.users.service.access_tokens import AccessTokens


class ImpersonationMethods:
    """The methods of ImpersonationService that are more than the standard ones."""

    def __init__(
        self,
        impersonation: Resource[resources_pb2.Impersonation],
        user: Resource[resources_pb2.User],
        tokens: AccessTokens,
    ) -> None:
        self._impersonation = impersonation
        self._user = user
        self._tokens = tokens

    def create_impersonation(
        self, call: Call, request: impersonation_service_pb2.CreateImpersonationRequest
    ) -> impersonation_service_pb2.CreateImpersonationResponse:
        """The impersonation with its token; the user is told."""
        if call.entry is None or call.entry.user_id:
            # A key has nobody who could be asked why.
            raise Failure("PERMISSION_DENIED", metadata={"permission": call.contract.access.permission})
        user = self._get(call, request.user_id)
        life = request.life.seconds if request.HasField("life") else None
        facts = ImpersonationFacts(call.user_id, user, held(call), rights_of(call.read, user), life)
        seconds = decide_impersonation(facts)
        made = resources_pb2.Impersonation(
            id=call.environment.ids.new(self._impersonation.contract.prefix),
            etag=etag(1),
            user_id=user.id,
            impersonator_id=call.user_id,
            reason=request.reason,
        )
        token = self._tokens.in_place(call.identity.tenant, user.id, call.user_id, made.id, seconds)
        with call.commit() as commit:
            made.create_time.FromMicroseconds(commit.now_us)
            made.update_time.FromMicroseconds(commit.now_us)
            made.expire_time.FromMicroseconds(commit.now_us + seconds * 1_000_000)
            self._impersonation.insert(commit, [made])
            self._tell(commit, made, user)
            commit.audit(f"impersonations/{made.id}")
            reply = impersonation_service_pb2.CreateImpersonationResponse(impersonation=made, access_token=token)
            return commit.reply(reply)

    def end_impersonation(
        self, call: Call, request: impersonation_service_pb2.EndImpersonationRequest
    ) -> resources_pb2.Impersonation:
        """The impersonation, whose token opens nothing any more."""
        with call.commit() as commit:

            def end(impersonation: resources_pb2.Impersonation) -> None:
                if is_live(impersonation, commit.now_us):
                    impersonation.end_time.FromMicroseconds(commit.now_us)

            row = locked(commit, self._impersonation, request.id)
            after, changed = change(commit, self._impersonation, row, end, NO_FACTS, given=request.etag)
            commit.audit(f"impersonations/{request.id}", changed)
            return commit.reply(after)

    def _get(self, call: Call, user_id: str) -> resources_pb2.User:
        rows = call.read(self._user.by_id, id=user_id)
        if not rows:
            raise Failure("INVALID_ARGUMENT", fields={"user_id": "is no user of this tenant"})
        found: resources_pb2.User = self._user.build(self._user.message, rows[0])
        return found

    @staticmethod
    def _tell(commit: Commit, made: resources_pb2.Impersonation, user: resources_pb2.User) -> None:
        """Have the user told who works in their place, and why."""
        tenant = read_tenant(commit)
        told = events_pb2.ImpersonationBegan(
            email=user.email,
            display_name=user.display_name,
            tenant_name=tenant.display_name,
            impersonator_name=name_of(commit, made.impersonator_id),
            reason=made.reason,
            locale=tenant.locale,
        )
        commit.publish(f"impersonations/{made.id}", 0, told)
