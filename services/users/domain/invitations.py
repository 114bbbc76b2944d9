"""The rules of invitations: what they may offer, how long they stand, and what may become of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.roles import all_grants, check_held

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from services.users.domain.users import UserFacts

LIFE_US = 7 * 24 * 3600 * 1_000_000

_State = resources_pb2.Invitation.State
PENDING, ACCEPTED = _State.STATE_PENDING, _State.STATE_ACCEPTED
REVOKED, EXPIRED = _State.STATE_REVOKED, _State.STATE_EXPIRED

# From each state, those that follow; an expired one is pending again when it is sent again.
_MOVES: Mapping[int, Collection[int]] = {
    PENDING: (PENDING, ACCEPTED, REVOKED, EXPIRED),
    EXPIRED: (EXPIRED, PENDING),
    REVOKED: (REVOKED,),
    ACCEPTED: (ACCEPTED,),
}


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What a decision on an invitation rests on.

    granting: the facts of the user to be. users: those of the addresses invited that users of the tenant have. domains:
    those that the tenant invites people of; none: any.
    """

    granting: UserFacts
    users: Collection[str] = field(default=())
    domains: Collection[str] = field(default=())


def decide_invitation(
    before: resources_pb2.Invitation | None, after: resources_pb2.Invitation, facts: InvitationFacts | None
) -> resources_pb2.Invitation:
    """The invitation as it will be kept. What it offers is looked at whenever it is sent.

    Raises:
        Failure: INVITATION_CLOSED, GRANT_EXCEEDS_OWN, EMAIL_DOMAIN_REFUSED; ALREADY_EXISTS for the address of a user;
            INVALID_ARGUMENT for a team or a role that is none.
    """
    if before is not None and after.state not in _MOVES[before.state]:
        raise closed(before)
    after.email = after.email.strip().lower()
    if facts is not None:
        _check_offer(after, facts, sent_again=before is not None)
    return after


def closed(invitation: resources_pb2.Invitation) -> Failure:
    """The failure for what cannot be done any more."""
    state = _State.Name(invitation.state).removeprefix("STATE_")
    return Failure("INVITATION_CLOSED", metadata={"state": state})


def is_over(invitation: resources_pb2.Invitation, now_us: int) -> bool:
    """Whether a pending invitation has had its time."""
    return invitation.state == PENDING and invitation.expire_time.ToMicroseconds() <= now_us


def check_domain(email: str, domains: Collection[str]) -> None:
    """Refuse the address of somebody new who is of none of these domains; none: any will do.

    Raises:
        Failure: EMAIL_DOMAIN_REFUSED.
    """
    if domains and email.rpartition("@")[2] not in domains:
        raise Failure("EMAIL_DOMAIN_REFUSED", fields={"email": "is of a domain that this tenant invites nobody of"})


def _check_offer(invitation: resources_pb2.Invitation, facts: InvitationFacts, *, sent_again: bool) -> None:
    granting = facts.granting
    if invitation.email in facts.users:
        raise Failure(
            "ALREADY_EXISTS", fields={"email": "is the address of a user of this tenant"}, metadata={"fields": "email"}
        )
    check_domain(invitation.email, facts.domains)
    if not sent_again:
        if invitation.team_id and invitation.team_id not in granting.teams:
            raise Failure("INVALID_ARGUMENT", fields={"team_id": "is no team of this tenant"})
        if set(invitation.role_ids) - set(granting.roles):
            raise Failure("INVALID_ARGUMENT", fields={"role_ids": "names a role that this tenant does not have"})
    offered = [granting.roles[role] for role in sorted(set(invitation.role_ids)) if role in granting.roles]
    check_held(
        all_grants(invitation.role, offered, granting.declared), granting.held, "role_ids" if offered else "role"
    )
