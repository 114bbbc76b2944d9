"""Groups between SCIM and Rapport: how they read there, and what is to become of their members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scim2_models import PatchOperation, Reference
from scim2_models.path import CompareOperator, Comparison, LogicalExpr, LogicalOperator

from services.users.domain.scim import models
from services.users.domain.scim.requests import refusal, refusing
from services.users.domain.scim.users import meta_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rapport.users.v1 import resources_pb2
    from scim2_models import PatchOp
    from scim2_models.path import FilterNode

_MEMBERS = "members"
# One write makes no more of them: each is a user who is locked, changed and told of.
MAX_CHANGED = 500


@dataclass(frozen=True, slots=True)
class Membership:
    """Who is in a group: how many, since when the last one, in microseconds, and the ids, where they were asked for."""

    count: int = 0
    last_us: int = 0
    ids: Sequence[str] = ()


def version_of(group: resources_pb2.Group, membership: Membership) -> str:
    """The version of a group with its members: who comes makes the time later, who leaves makes the number smaller."""
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


def member_ids(members: Sequence[models.Member] | None) -> list[str]:
    """The ids of members, each once.

    Raises:
        Failure: INVALID_ARGUMENT for what is no user.
    """
    found = []
    for each in members or []:
        if not each.value or (each.type and each.type != models.MemberType.User):
            raise refusal("invalidValue", "names what is no user", "members")
        found.append(each.value)
    return list(dict.fromkeys(found))


def patched(
    group: models.Group, members: Sequence[str], patch: PatchOp[models.Group]
) -> tuple[models.Group, Sequence[str]]:
    """A group without its members, and the ids of those, as operations leave them (RFC 7644, section 3.5.2).

    Members are a set of ids here: in the library each operation costs as much as the whole group, and directories send
    one for each member.

    Raises:
        Failure: INVALID_ARGUMENT.
    """
    rest: list[Any] = []
    kept = dict.fromkeys(members)
    for operation in patch.operations or []:
        own, others = _split(operation)
        if own is not None:
            kept = _changed(kept, operation.op, own)
        if others is not None:
            rest.append(others)
    with refusing():
        if rest:
            patch.model_copy(update={"operations": rest}).patch(group, models.TOLERANT)
    return group, list(kept)


@dataclass(frozen=True, slots=True)
class _Selected:
    """What an operation says of members. `every`: all of them, as in a removal without a value."""

    ids: Sequence[str]
    every: bool = False


def _split(operation: Any) -> tuple[_Selected | None, Any]:
    """What an operation says of members, and the operation on what else it is about; None for nothing."""
    if operation.path is None:
        value = operation.value if isinstance(operation.value, dict) else {}
        own = [name for name in value if _bare(name) == _MEMBERS]
        if not own:
            return None, operation
        others = {name: each for name, each in value.items() if name not in own}
        rest = operation.model_copy(update={"value": others}) if others else None
        return _Selected(_read(value[own[-1]])), rest
    path, _, selection = _bare(operation.path).partition("[")
    if path == _MEMBERS and not selection:
        return _Selected(_read(operation.value), every=operation.value is None), None
    if path.partition(".")[0] != _MEMBERS:
        return None, operation
    ids = _equal_values(operation.path.value_filter)
    if operation.op != PatchOperation.Op.remove or ids is None or not selection.endswith("]"):
        raise refusal("invalidPath", "members are selected by their value, to be removed", "members")
    return _Selected(ids), None


def _changed(kept: dict[str, None], op: str, own: _Selected) -> dict[str, None]:
    if op == PatchOperation.Op.add:
        return kept | dict.fromkeys(own.ids)
    if op == PatchOperation.Op.replace_:
        return dict.fromkeys(own.ids)
    return {} if own.every else {each: None for each in kept if each not in set(own.ids)}


def _bare(name: str) -> str:
    """A path in lower case, without the URN of the schema."""
    return name.lower().removeprefix(f"{models.Group.__schema__}:".lower())


def _read(value: Any) -> list[str]:
    sent = value if isinstance(value, list) else [value] if value is not None else []
    with refusing():
        return member_ids([models.Member.model_validate(each, scim_policy=models.TOLERANT) for each in sent])


def _equal_values(node: FilterNode | None) -> list[str] | None:
    """The ids in `value eq "..."`, or in several of that with `or`; None for any other filter."""
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.or_:
        parts = [_equal_values(each) for each in node.terms]
        return None if None in parts else [each for part in parts for each in part or ()]
    if not isinstance(node, Comparison) or node.op is not CompareOperator.eq:
        return None
    return [node.value] if str(node.attr_path).lower() == "value" and isinstance(node.value, str) else None
