"""Companies: standard methods over the rules of their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.customers.v1 import resources_pb2

from mesh.resource.custom import CustomFields
from mesh.resource.identity_keys import IdentityKeys, Key
from mesh.resource.resource import Resource
from services.customers.domain.companies import CompanyFacts, decide_company
from services.customers.domain.keys import DOMAIN, NAME, PHONE, domain_key, folded
from services.customers.service.hierarchy import keep_place, take_turn
from services.customers.service.timeline import forget_timeline
from services.customers.tables import companies
from services.customers.tables import company_fields as definitions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mesh.resource.merges import Merges
    from mesh.runtime.call import View, Write


def company_fields(release: Callable[[Write, str], None]) -> CustomFields:
    """The fields that tenants add to companies; `release` refuses to let go of one that is in use."""
    return CustomFields(resources_pb2.Company, companies, resources_pb2.CompanyField, definitions, release=release)


def company_resource(
    fields: CustomFields, merges: Merges[resources_pb2.CompanyMerge]
) -> Resource[resources_pb2.Company]:
    """Companies, as the standard methods know them."""

    def forget(write: Write, company: str) -> None:
        forget_timeline(write, company)
        merges.forget(write, company)

    return Resource(
        resources_pb2.Company,
        companies,
        decide=decide_company,
        gather=gather_company,
        settle=keep_place,
        enter=take_turn,
        custom=fields,
        forget=forget,
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
