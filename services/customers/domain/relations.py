"""The rules of relations: which kinds there are between whom, and how each reads from both ends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.contract.failure import Failure, invalid
from services.customers.domain.texts import tidy, tidy_fields

if TYPE_CHECKING:
    from google.type import date_pb2

CONTACT, COMPANY = "contact", "company"
_ANY = frozenset({CONTACT, COMPANY})
_OTHER = resources_pb2.RELATION_KIND_OTHER


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of relation: whom it may start from and lead to, and its labels; without an inverse it reads alike."""

    starts: frozenset[str]
    ends: frozenset[str]
    label: str = ""
    inverse: str = ""


_ONE, _FIRM = frozenset({CONTACT}), frozenset({COMPANY})
KINDS = {
    resources_pb2.RELATION_KIND_EMPLOYMENT: Kind(_ONE, _FIRM, "works at", "employs"),
    resources_pb2.RELATION_KIND_OWNERSHIP: Kind(_ANY, _FIRM, "owner of", "owned by"),
    resources_pb2.RELATION_KIND_REPORTING: Kind(_ONE, _ONE, "reports to", "manages"),
    resources_pb2.RELATION_KIND_ASSISTANCE: Kind(_ONE, _ONE, "assistant of", "assisted by"),
    resources_pb2.RELATION_KIND_FAMILY: Kind(_ONE, _ONE, "related to"),
    resources_pb2.RELATION_KIND_REFERRAL: Kind(_ANY, _ANY, "referred by", "referred"),
    resources_pb2.RELATION_KIND_PARTNERSHIP: Kind(_FIRM, _FIRM, "partner of"),
    resources_pb2.RELATION_KIND_SUPPLY: Kind(_FIRM, _FIRM, "supplier of", "customer of"),
    _OTHER: Kind(_ANY, _ANY),
}


def decide_relation(
    before: resources_pb2.Relation | None, after: resources_pb2.Relation, facts: object
) -> resources_pb2.Relation:
    """The relation as it will be kept, with labels for both ends.

    Raises:
        Failure: RELATION_MISFIT, RELATION_UNLABELLED or PERIOD_INVALID; INVALID_ARGUMENT, where something is missing.
    """
    del before, facts
    kind = KINDS.get(after.kind)
    if kind is None:
        raise invalid("kind", "is missing")
    for end in ("from", "to"):
        if not after.WhichOneof(end):
            raise invalid(f"{end}_contact_id", "names nobody, and so does the company beside it")
    _check_ends(after, kind)
    tidy_fields(after, "title")
    after.label = tidy(after.label) or kind.label
    if not after.label:
        raise Failure("RELATION_UNLABELLED", fields={"label": "is missing"})
    after.inverse_label = tidy(after.inverse_label) or kind.inverse or after.label
    _check_period(after)
    return after


def is_with_itself(relation: resources_pb2.Relation) -> bool:
    """Whether both ends are the same, as where two that were related became one."""
    return _end(relation, "from") == _end(relation, "to")


def _check_ends(relation: resources_pb2.Relation, kind: Kind) -> None:
    start, end = _end(relation, "from"), _end(relation, "to")
    if start[0] not in kind.starts:
        raise Failure("RELATION_MISFIT", fields={f"from_{start[0]}_id": "is none that such a relation starts from"})
    if end[0] not in kind.ends:
        raise Failure("RELATION_MISFIT", fields={f"to_{end[0]}_id": "is none that such a relation leads to"})
    if start == end:
        raise Failure("RELATION_MISFIT", fields={f"to_{end[0]}_id": "is where the relation starts"})
    symmetrical = kind.label and not kind.inverse
    if symmetrical and end[1] < start[1]:
        setattr(relation, f"from_{end[0]}_id", end[1])
        setattr(relation, f"to_{start[0]}_id", start[1])


def _end(relation: resources_pb2.Relation, which: str) -> tuple[str, str]:
    """What stands at an end, and its id."""
    contact = getattr(relation, f"{which}_contact_id")
    return (CONTACT, contact) if contact else (COMPANY, getattr(relation, f"{which}_company_id"))


def _check_period(relation: resources_pb2.Relation) -> None:
    days = {name: _day(name, getattr(relation, name)) for name in ("start_date", "end_date") if relation.HasField(name)}
    if len(days) == 2 and days["end_date"] < days["start_date"]:
        raise Failure("PERIOD_INVALID", fields={"end_date": "comes before the first day"})


def _day(name: str, date: date_pb2.Date) -> datetime.date:
    try:
        return datetime.date(date.year, date.month, date.day)
    except (ValueError, OverflowError):
        raise Failure("PERIOD_INVALID", fields={name: "is no day of the calendar"}) from None
