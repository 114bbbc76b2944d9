"""Companies: standard methods over the rules of their area, and the tree that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2
from sqlalchemy import bindparam, select

from mesh.resource.custom import CustomFields
from mesh.resource.identity_keys import IdentityKeys, Key
from mesh.resource.resource import Resource
from mesh.store.statement import TENANT, Statement, any_of, upsert
from mesh.store.tables import TEXT
from services.customers.domain.companies import MAX_DEPTH, CompanyFacts, check_place, decide_company
from services.customers.domain.keys import DOMAIN, NAME, PHONE, domain_key, folded
from services.customers.service.timeline import forget_timeline
from services.customers.tables import companies, company_turns
from services.customers.tables import company_fields as definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mesh.runtime.call import View, Write

_TURN = upsert(company_turns, key=["name"], set=["taken"], name="take turn of companies")
_PARENT = Statement(
    select(companies.c.parent_id).where(companies.c.tenant_id == TENANT, companies.c.id == bindparam("id", type_=TEXT)),
    name="parent of company",
)
_BELOW = Statement(
    select(companies.c.id)
    .where(companies.c.tenant_id == TENANT, any_of(companies.c.parent_id, "ids"), companies.c.delete_time.is_(None))
    .limit(10_000),
    name="companies below",
)


def company_fields(release: Callable[[Write, str], None]) -> CustomFields:
    """The fields that tenants add to companies; `release` refuses to let go of one that is in use."""
    return CustomFields(resources_pb2.Company, companies, resources_pb2.CompanyField, definitions, release=release)


def company_resource(fields: CustomFields) -> Resource[resources_pb2.Company]:
    """Companies, as the standard methods know them."""
    return Resource(
        resources_pb2.Company,
        companies,
        decide=decide_company,
        gather=gather_company,
        settle=keep_place,
        custom=fields,
        forget=forget_timeline,
        keys=IdentityKeys(resources_pb2.Company, keys_of),
    )


def gather_company(view: View, sent: Sequence[resources_pb2.Company]) -> CompanyFacts:
    """Who asks, and where."""
    del sent
    return CompanyFacts(view.user_id, view.entry.region_code if view.entry is not None else "")


def keys_of(company: resources_pb2.Company) -> Iterator[Key]:
    """What a company is recognised by: its domains, and its numbers and its name to be compared with."""
    for number, domain in enumerate(company.domains):
        registered = domain_key(domain.host)
        if registered:
            yield Key(DOMAIN, registered, not domain.shared, f"domains[{number}].host")
    for number, phone in enumerate(company.e164_phones):
        if phone:
            yield Key(PHONE, phone, single=False, path=f"phones[{number}].number")
    yield Key(NAME, folded(company.display_name), single=False, path="display_name")


def keep_place(write: Write, before: resources_pb2.Company | None, after: resources_pb2.Company) -> None:
    """Refuse a place in the tree as it is now that is none; whoever changes the tree waits for those before.

    Raises:
        Failure: as the rule.
    """
    if not after.parent_id or after.HasField("delete_time"):
        return
    back = before is not None and before.HasField("delete_time")
    if before is not None and before.parent_id == after.parent_id and not back:
        return
    if keep_place not in write.known:
        write.known[keep_place] = write.write(_TURN, name="tree", taken=write.now_us)
    check_place(after.id, _above(write, after.parent_id), _height(write, after.id) if before is not None else 1)


def _above(write: Write, start: str) -> list[str]:
    """A company and those above it, from below; no more than decide that they are too many."""
    found = [start]
    while len(found) <= MAX_DEPTH:
        rows = write.read(_PARENT, id=found[-1])
        if not rows or not rows[0][0]:
            break
        found.append(rows[0][0])
    return found


def _height(write: Write, top: str) -> int:
    """How many levels a company and those below it make."""
    level, height = [top], 0
    while level and height <= MAX_DEPTH:
        height += 1
        level = [row[0] for row in write.read(_BELOW, ids=level)]
    return height
