"""Users between SCIM and Rapport: how they read there, and what becomes of one by what was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2
from scim2_models import Meta, Reference
from scim2_models.resources.user import GroupMembership

from services.users.domain.scim import models
from services.users.domain.scim.requests import refusal
from services.users.domain.users import works

if TYPE_CHECKING:
    from collections.abc import Mapping

_State = resources_pb2.User.State
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_ROLE_ID = re.compile(r"rol_[0-9A-HJKMNP-TV-Z]{26}")
_ROLES = {
    "owner": resources_pb2.ROLE_OWNER,
    "member": resources_pb2.ROLE_MEMBER,
    "viewer": resources_pb2.ROLE_VIEWER,
}
_NAMES = {role: name for name, role in _ROLES.items()}


def name_of(user: resources_pb2.User) -> str:
    """The `userName` of a user."""
    return user.user_name or user.email


def shown(user: resources_pb2.User, groups: Mapping[str, str], base: str) -> models.User:
    """A user as SCIM has them. groups: the names of those groups of theirs that there are, by id."""
    roles = [_NAMES[user.role]] if user.role in _NAMES else []
    name = models.Name(family_name=user.family_name or None, given_name=user.given_name or None)
    member_of = [
        GroupMembership(value=each, ref=Reference(f"{base}/Groups/{each}"), display=groups[each] or None, type="direct")
        for each in user.group_ids
        if each in groups
    ]
    return models.User(
        id=user.id,
        external_id=user.external_id or None,
        meta=meta_of(user, "User", user.etag, base),
        user_name=name_of(user),
        name=name if name.family_name or name.given_name else None,
        display_name=user.display_name or None,
        active=works(user),
        emails=[models.Email(value=user.email, type=models.Work.work, primary=True)],
        roles=[
            models.Role(value=models.BuiltInRole(each), primary=not number)
            for number, each in enumerate((*roles, *user.role_ids))
        ]
        or None,
        groups=member_of or None,
    )


def meta_of(resource: resources_pb2.User | resources_pb2.Group, kind: str, version: str, base: str) -> Meta:
    """What stands in `meta`: times, place and version."""
    return Meta(
        resource_type=kind,
        created=resource.create_time.ToJsonString(),
        last_modified=resource.update_time.ToJsonString(),
        location=f"{base}/{kind}s/{resource.id}",
        version=version,
    )


def fill(user: resources_pb2.User, sent: models.User, *, whole: bool) -> None:
    """Give a user what was sent. `whole`: to create or to replace one; else they were changed by operations.

    Raises:
        Failure: INVALID_ARGUMENT for what cannot be done without, and for roles that are none.
    """
    _identify(user, sent, whole=whole)
    user.external_id = sent.external_id or ""
    given, family = (sent.name.given_name, sent.name.family_name) if sent.name else (None, None)
    _set(user, "given_name", given)
    _set(user, "family_name", family)
    derived = (sent.name.formatted if sent.name else None) or " ".join(part for part in (given, family) if part)
    _set(user, "display_name", sent.display_name or (derived if whole else None))
    _activate(user, sent, whole=whole)
    if sent.roles is not None or not whole:
        _assign(user, sent)


def _identify(user: resources_pb2.User, sent: models.User, *, whole: bool) -> None:
    name = (sent.user_name or "").strip().lower()
    if not name:
        raise refusal("invalidValue", "must not be empty", "userName")
    addresses = [each for each in sent.emails or [] if each.value]
    if not addresses and not whole:
        raise refusal("mutability", "cannot be removed", "emails")
    if addresses:
        chosen = min(addresses, key=lambda each: (not each.primary, each.type != models.Work.work))
        user.email = (chosen.value or "").strip().lower()
    elif _ADDRESS.fullmatch(name):
        user.email = name
    if not user.email:
        raise refusal("invalidValue", "must hold an address where userName is none", "emails")
    user.user_name = "" if name == user.email else name


def _activate(user: resources_pb2.User, sent: models.User, *, whole: bool) -> None:
    if sent.active is None and not whole:
        raise refusal("mutability", "cannot be removed", "active")
    if sent.active:
        user.state = _State.STATE_ACTIVE
    elif sent.active is False and user.state == _State.STATE_ACTIVE:
        user.state = _State.STATE_SUSPENDED


def _assign(user: resources_pb2.User, sent: models.User) -> None:
    values = [str(each.value) for each in sent.roles or [] if each.value]
    built_in = sorted({value.lower() for value in values} & set(_ROLES))
    custom = list(dict.fromkeys(value for value in values if value.lower() not in _ROLES))
    if len(built_in) > 1:
        raise refusal("invalidValue", "names more than one built-in role", "roles")
    if not all(_ROLE_ID.fullmatch(value) for value in custom):
        raise refusal("invalidValue", "names a role that this tenant does not have", "roles")
    user.role = _ROLES[built_in[0]] if built_in else resources_pb2.ROLE_UNSPECIFIED
    user.role_ids[:] = custom


def _set(user: resources_pb2.User, name: str, value: str | None) -> None:
    if value:
        setattr(user, name, value)
    else:
        user.ClearField(name)
