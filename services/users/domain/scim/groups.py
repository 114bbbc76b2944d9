"""Groups between SCIM and Rapport: how they read there, and what is to become of their members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scim2_models import Reference

from services.users.domain.scim import models
from services.users.domain.scim.requests import refusal
from services.users.domain.scim.users import meta_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rapport.users.v1 import resources_pb2


@dataclass(frozen=True, slots=True)
class Membership:
    """Who is in a group: how many, since when the last one, in microseconds, and the ids, where they were asked for."""

    count: int = 0
    last_us: int = 0
    ids: Sequence[str] = ()


def version_of(group: resources_pb2.Group, membership: Membership) -> str:
    """The version of a group with its members. Whoever comes makes the time later, whoever leaves the number smaller."""
    return f'W/"{group.etag.strip(chr(34))}.{membership.count:x}.{membership.last_us:x}"'


def shown(group: resources_pb2.Group, membership: Membership, base: str) -> models.Group:
    """A group as SCIM has it."""
    return models.Group(
        id=group.id,
        external_id=group.external_id or None,
        meta=meta_of(group, "Group", version_of(group, membership), base),
        display_name=group.display_name or None,
        members=[_member(each, base) for each in membership.ids] or None,
    )


def _member(user_id: str, base: str) -> models.Member:
    # Not validated: there may be a thousand, and nothing of it was sent.
    return models.Member.model_construct(
        value=user_id, ref=Reference(f"{base}/Users/{user_id}"), type=models.MemberType.User
    )


def fill(group: resources_pb2.Group, sent: models.Group) -> None:
    """Give a group what was sent, but for its members.

    Raises:
        Failure: INVALID_ARGUMENT, where it would have no name.
    """
    name = (sent.display_name or "").strip()
    if not name:
        raise refusal("invalidValue", "must not be empty", "displayName")
    group.display_name = name
    group.external_id = sent.external_id or ""


def member_ids(sent: models.Group) -> list[str]:
    """The ids of the members that a group is to have, each once.

    Raises:
        Failure: INVALID_ARGUMENT for what is no user.
    """
    found = []
    for each in sent.members or []:
        if not each.value or (each.type and each.type != models.MemberType.User):
            raise refusal("invalidValue", "names what is no user", "members")
        found.append(each.value)
    return list(dict.fromkeys(found))
