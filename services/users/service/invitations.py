"""InvitationService: sending, taking back and accepting invitations, and the secrets of their links."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rapport.users.v1 import directory_service_pb2, events_pb2, invitation_service_pb2, resources_pb2
from sqlalchemy import select

from mesh.contract.etags import etag
from mesh.contract.failure import Failure
from mesh.resource.writing import NO_FACTS, Facts, change, locked
from mesh.runtime import audit
from mesh.store.errors import UniqueViolation
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.invitations import (
    ACCEPTED,
    EXPIRED,
    LIFE_US,
    PENDING,
    REVOKED,
    InvitationFacts,
    closed,
    is_over,
)
from services.users.domain.policy import check_length
from services.users.domain.tenants import check_password
from services.users.domain.users import decide_user
from services.users.service.passwords import hash_password
from services.users.service.people import name_of
from services.users.service.security_policy import read_policy
from services.users.service.tenants import read_tenant
from services.users.service.users import gather_user
from services.users.tables import users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mesh.events.envelope import Event
    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View, Write

CAPABILITY = "invitations.accept"
_EXPIRY = "expiry"
# Deleted users keep their address: they can be brought back.
_ADDRESSES = Statement(
    select(users.c.email).where(users.c.tenant_id == TENANT, any_of(users.c.email, "emails")), name="find addresses"
)


def gather_invitation(view: View, sent: Sequence[resources_pb2.Invitation]) -> InvitationFacts:
    """What the invitations offer, what the caller may, and which of the addresses are users'."""
    emails = sorted({invitation.email.strip().lower() for invitation in sent})
    return InvitationFacts(
        granting=gather_user(view, [_offered(invitation) for invitation in sent]),
        users=frozenset(row[0] for row in view.read(_ADDRESSES, emails=emails)) if emails else frozenset(),
        domains=frozenset(read_policy(view)[0].invitation_domains),
    )


def _offered(invitation: resources_pb2.Invitation) -> resources_pb2.User:
    """The user that a person becomes by accepting."""
    return resources_pb2.User(
        email=invitation.email, role=invitation.role, role_ids=invitation.role_ids, team_id=invitation.team_id
    )


class InvitationMethods:
    """The methods of InvitationService that are more than the standard ones, and the end of an invitation's time."""

    def __init__(self, invitation: Resource[resources_pb2.Invitation], user: Resource[resources_pb2.User]) -> None:
        self._invitation = invitation
        self._user = user

    def create_invitation(
        self, call: Call, request: invitation_service_pb2.CreateInvitationRequest
    ) -> resources_pb2.Invitation:
        """A new invitation, to be sent."""
        sent = request.invitation
        facts = gather_invitation(call, [sent])
        made = resources_pb2.Invitation(
            id=call.environment.ids.new("inv"),
            etag=etag(1),
            email=sent.email,
            role=sent.role,
            role_ids=sent.role_ids,
            team_id=sent.team_id,
        )
        try:
            with call.commit() as commit:
                made.create_time.FromMicroseconds(commit.now_us)
                made.update_time.FromMicroseconds(commit.now_us)
                _open(made, commit)
                made = self._invitation.decide(None, made, facts)
                self._invitation.insert(commit, [made])
                self._send(commit, made)
                commit.audit(f"invitations/{made.id}")
                return commit.reply(made)
        except UniqueViolation:
            text = "has a pending invitation"
            raise Failure("ALREADY_EXISTS", fields={"invitation.email": text}, metadata={"fields": "email"}) from None
        except Failure as failure:
            placed = {f"invitation.{name}": text for name, text in failure.fields.items()}
            raise Failure(failure.reason, fields=placed, metadata=failure.metadata) from None

    def resend_invitation(
        self, call: Call, request: invitation_service_pb2.ResendInvitationRequest
    ) -> resources_pb2.Invitation:
        """The invitation with seven days ahead; what was sent before names another end, and is refused by that."""
        facts = gather_invitation(call, [self._get(call, request.id)])
        try:
            with call.commit() as commit:
                after = self._change(commit, request, lambda invitation: _open(invitation, commit), facts)
                self._send(commit, after)
                return commit.reply(after)
        except UniqueViolation:
            raise Failure("ALREADY_EXISTS", metadata={"fields": "email"}) from None

    def revoke_invitation(
        self, call: Call, request: invitation_service_pb2.RevokeInvitationRequest
    ) -> resources_pb2.Invitation:
        """The invitation, which nobody can accept now; doing it again changes nothing."""
        with call.commit() as commit:
            after = self._change(commit, request, lambda invitation: setattr(invitation, "state", REVOKED), None)
            commit.cancel_timer(f"invitations/{after.id}", _EXPIRY)
            return commit.reply(after)

    def mint_invitation_token(
        self, call: Call, request: invitation_service_pb2.MintInvitationTokenRequest
    ) -> invitation_service_pb2.MintInvitationTokenResponse:
        """A secret that ends with the invitation as it was sent last."""
        invitation = self._get(call, request.id)
        if invitation.state != PENDING or is_over(invitation, call.environment.clock.now_us()):
            raise closed(invitation)
        token = call.environment.capabilities.mint(
            CAPABILITY,
            call.identity.tenant,
            invitation.id,
            expires_us=invitation.expire_time.ToMicroseconds(),
            single_use=True,
        )
        return invitation_service_pb2.MintInvitationTokenResponse(
            token=token, expire_time=invitation.expire_time, email=invitation.email
        )

    def accept_invitation(
        self, call: Call, request: invitation_service_pb2.AcceptInvitationRequest
    ) -> invitation_service_pb2.AcceptInvitationResponse:
        """The person as a user, with what the invitation offers and is still there."""
        invitation, tenant = self._get(call, call.identity.principal, "CAPABILITY_INVALID"), read_tenant(call)
        check_length(read_policy(call)[0], request.password, "password")
        check_password(request.password, slug=tenant.slug, email=invitation.email, field="password")
        password_hash = hash_password(request.password)
        user = self._accepted(call, invitation, request.display_name.strip())
        try:
            with call.commit() as commit:
                self._take_up(commit, invitation.id, user.id)
                for moment in (user.create_time, user.update_time):
                    moment.FromMicroseconds(commit.now_us)
                self._user.insert(commit, [user], password_hash=password_hash, epoch=1)
                commit.audit(f"users/{user.id}", principal=user.id)
                return commit.reply(invitation_service_pb2.AcceptInvitationResponse(user=user, tenant=tenant))
        except UniqueViolation:
            raise Failure("ALREADY_EXISTS", metadata={"fields": "email"}) from None

    def expire(self, write: Write, event: Event) -> None:
        """Handle the timer: an invitation that is pending still, and not sent again since, has expired."""
        due = events_pb2.InvitationDue.FromString(event.data)

        def end(invitation: resources_pb2.Invitation) -> None:
            if is_over(invitation, write.now_us):
                invitation.state = EXPIRED

        _, changed = change(write, self._invitation, locked(write, self._invitation, due.invitation_id), end, NO_FACTS)
        if changed:
            audit.note(write, "invitation.expired", event.type, f"invitations/{due.invitation_id}", changed)

    def _get(self, call: Call, invitation_id: str, reason: str = "NOT_FOUND") -> resources_pb2.Invitation:
        rows = call.read(self._invitation.by_id, id=invitation_id)
        if not rows:
            metadata = {"resource": f"invitations/{invitation_id}"} if reason == "NOT_FOUND" else None
            raise Failure(reason, metadata=metadata)
        found: resources_pb2.Invitation = self._invitation.build(self._invitation.message, rows[0])
        return found

    def _change(
        self,
        commit: Commit,
        request: Any,
        alter: Callable[[resources_pb2.Invitation], object],
        facts: InvitationFacts | None,
    ) -> resources_pb2.Invitation:
        after, changed = change(
            commit,
            self._invitation,
            locked(commit, self._invitation, request.id),
            alter,
            Facts({}, facts),
            given=request.etag,
        )
        commit.audit(f"invitations/{request.id}", changed)
        return after

    def _send(self, commit: Commit, invitation: resources_pb2.Invitation) -> None:
        """Let the invitation be sent, and expire in time."""
        aggregate = f"invitations/{invitation.id}"
        tenant = read_tenant(commit)
        requested = events_pb2.InvitationRequested(
            invitation=invitation,
            tenant_name=tenant.display_name,
            inviter_name=name_of(commit, commit.call.user_id),
            locale=tenant.locale,
        )
        commit.publish(aggregate, 0, requested)
        due_us = invitation.expire_time.ToMicroseconds()
        commit.set_timer(aggregate, _EXPIRY, due_us, events_pb2.InvitationDue(invitation_id=invitation.id))

    def _accepted(self, call: Call, invitation: resources_pb2.Invitation, name: str) -> resources_pb2.User:
        """The user to be. Who invited them had the right to; teams and roles deleted since are left out."""
        user = _offered(invitation)
        facts = gather_user(call, [user])
        held = dict.fromkeys(facts.declared, int(directory_service_pb2.SCOPE_ALL))
        user.id, user.etag = call.environment.ids.new("usr"), etag(1)
        user.display_name = name or invitation.email
        user.state, user.kind = resources_pb2.User.STATE_ACTIVE, resources_pb2.User.KIND_PERSON
        user.role_ids[:] = [role for role in invitation.role_ids if role in facts.roles]
        if user.team_id not in facts.teams:
            user.ClearField("team_id")
        return decide_user(None, user, replace(facts, held=held))

    def _take_up(self, commit: Commit, invitation_id: str, user_id: str) -> None:
        """Close the invitation; a link of an earlier sending lets nobody in."""
        used = commit.call.capability

        def accept(invitation: resources_pb2.Invitation) -> None:
            if invitation.state == PENDING and used and used.expires_us != invitation.expire_time.ToMicroseconds():
                raise Failure("CAPABILITY_INVALID")
            if invitation.state != PENDING:
                raise closed(invitation)
            invitation.state = ACCEPTED
            invitation.user_id = user_id

        change(commit, self._invitation, locked(commit, self._invitation, invitation_id), accept, NO_FACTS)
        commit.cancel_timer(f"invitations/{invitation_id}", _EXPIRY)


def _open(invitation: resources_pb2.Invitation, commit: Commit) -> None:
    """Let the invitation stand for seven days from now, in the name of who calls."""
    before = invitation.expire_time.ToMicroseconds()
    invitation.state = PENDING
    # Another end than before, also within one microsecond: it tells the links of one sending from those of the next.
    invitation.expire_time.FromMicroseconds(max(commit.now_us + LIFE_US, before + 1))
    invitation.inviter_id = commit.identity.principal
