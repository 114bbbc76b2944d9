"""The rules of merging: what one contact or company is made of where several become one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mesh.contract.failure import Failure, invalid
from mesh.contract.masks import apply_mask
from mesh.contract.resource import most
from services.customers.domain.keys import email_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Mapping, Sequence

    from rapport.customers.v1 import resources_pb2

    Lists = Mapping[str, Callable[[Any], Hashable]]

_CONTACT_FIELDS = ("given_name", "family_name", "job_title", "birth_date", "external_id", "owner_id")
_COMPANY_FIELDS = ("display_name", "legal_name", "external_id", "description", "owner_id", "parent_id")
_CUSTOM = "custom"


def combine_contacts(
    survivor: resources_pb2.Contact, others: Sequence[resources_pb2.Contact], choices: Mapping[str, str]
) -> resources_pb2.Contact:
    """The survivor with what it gets of the others. `choices`: by field, the id of the one whose value it takes.

    An address that is shared in all of them stays shared; what was somebody's own in any of them is the survivor's own.

    Raises:
        Failure: MERGE_TOO_LARGE; INVALID_ARGUMENT for a choice of what is no field, or of one who is not merged.
    """
    lists: Lists = {"emails": _email, **_reachable((survivor, *others))}
    after: resources_pb2.Contact = _combined(survivor, others, choices, _CONTACT_FIELDS, lists)
    own = {_email(email) for each in (survivor, *others) for email in each.emails if not email.shared}
    for email in after.emails:
        email.shared = email.shared and _email(email) not in own
    _latest_meeting(after, (survivor, *others))
    return after


def combine_companies(
    survivor: resources_pb2.Company, others: Sequence[resources_pb2.Company], choices: Mapping[str, str]
) -> resources_pb2.Company:
    """The survivor with what it gets of the others; `choices` as of contacts. Where it stands is said by place_of().

    A domain that is shared in all of them stays shared; what was one's own in any of them is the survivor's own.

    Raises:
        Failure: MERGE_TOO_LARGE; INVALID_ARGUMENT for a choice of what is no field, or of one that is not merged.
    """
    everyone = (survivor, *others)
    lists: Lists = {"domains": lambda domain: domain.host, **_reachable(everyone)}
    after: resources_pb2.Company = _combined(survivor, others, choices, _COMPANY_FIELDS, lists)
    own = {domain.host for each in everyone for domain in each.domains if not domain.shared}
    for domain in after.domains:
        domain.shared = domain.shared and domain.host not in own
    _latest_meeting(after, everyone)
    return after


def place_of(wanted: str, parents: Sequence[str], merged: Collection[str], above: Mapping[str, Sequence[str]]) -> str:
    """Below which company those that become one stand; empty: below none.

    wanted: the parent that the survivor has, or was given by a choice. parents: those of all, the survivor's first.
    merged: the ids of all. above: by parent, itself and those above it. What is below one of them can be above none;
    who takes the place of one that is above it comes to stand where that one stood.
    """
    if not wanted:
        return ""
    return next((each for each in (wanted, *parents) if not set(above[each]) & set(merged)), "")


def _reachable(everyone: Sequence[Any]) -> Lists:
    """How the elements of lists that all records have are told apart: numbers by what is dialled."""
    dialled = {p.number: e164 for each in everyone for p, e164 in zip(each.phones, each.e164_phones, strict=False)}
    return {
        "phones": lambda phone: dialled.get(phone.number) or phone.number,
        "addresses": lambda address: address.SerializeToString(deterministic=True),
        "tag_ids": lambda tag: tag,
    }


def _email(email: resources_pb2.EmailAddress) -> str:
    try:
        return email_key(email.address)
    except ValueError:  # an address of a time when another rule held
        return email.address.lower()


def _latest_meeting(after: Any, everyone: Sequence[Any]) -> None:
    met = [each.last_interaction_time for each in everyone if each.HasField("last_interaction_time")]
    if met:
        after.last_interaction_time.CopyFrom(max(met, key=lambda time: time.ToMicroseconds()))


def _combined(
    survivor: Any, others: Sequence[Any], choices: Mapping[str, str], fields: Sequence[str], lists: Lists
) -> Any:
    """What holds for every kind of record: values that are missing come from the others, lists are united."""
    everyone = {each.id: each for each in (survivor, *others)}
    _check_choices(choices, everyone, {*fields, *lists} - {"tag_ids"})
    after = type(survivor)()
    after.CopyFrom(survivor)
    for name in fields:
        chosen = everyone.get(choices.get(name, ""))
        given = chosen or next((each for each in everyone.values() if _holds(each, name)), survivor)
        apply_mask(after, given, [name])
    for name, key in lists.items():
        first = everyone.get(choices.get(name, ""), survivor)
        _unite(after, name, [first, *(each for each in everyone.values() if each is not first)], key)
    for key in dict.fromkeys(key for each in everyone.values() for key in each.custom.fields):
        chosen = everyone.get(choices.get(f"{_CUSTOM}.{key}", ""))
        given = chosen or next(each for each in everyone.values() if key in each.custom.fields)
        apply_mask(after, given, [f"{_CUSTOM}.{key}"])
    return after


def _check_choices(choices: Mapping[str, str], everyone: Mapping[str, Any], fields: set[str]) -> None:
    for number, (name, identity) in enumerate(choices.items()):
        if name not in fields and not name.startswith(f"{_CUSTOM}."):
            raise invalid(f"choices[{number}].field", "is none that can be chosen")
        if identity not in everyone:
            raise invalid(f"choices[{number}].from_id", "is none of those that are merged")


def _holds(resource: Any, name: str) -> bool:
    present = resource.DESCRIPTOR.fields_by_name[name].has_presence
    return getattr(resource, name) != "" and (not present or resource.HasField(name))


def _unite(after: Any, name: str, order: Sequence[Any], key: Callable[[Any], Hashable]) -> None:
    united: dict[Hashable, Any] = {}
    for resource in order:
        for element in getattr(resource, name):
            united.setdefault(key(element), element)
    limit = most(after.DESCRIPTOR.fields_by_name[name])
    if len(united) > limit:
        raise Failure("MERGE_TOO_LARGE", fields={"other_ids": f"have too many {name}"}, metadata={"limit": str(limit)})
    after.ClearField(name)
    getattr(after, name).extend(united.values())
