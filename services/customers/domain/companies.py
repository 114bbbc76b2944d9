"""The rules of companies: a name, domains that are some, and a hierarchy without rings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.contract.failure import Failure
from services.customers.domain.keys import host_of
from services.customers.domain.phones import derive_phones
from services.customers.domain.texts import tidy, tidy_fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rapport.customers.v1 import resources_pb2

MAX_DEPTH = 10
"""How many companies stand above each other at most, the lowest one included."""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What a decision on a company rests on: who asks, and where numbers without `+` are dialled, as in `AU`."""

    caller_id: str
    region_code: str = ""


def decide_company(
    before: resources_pb2.Company | None, after: resources_pb2.Company, facts: CompanyFacts
) -> resources_pb2.Company:
    """The company as it will be kept. Its place below others is looked at when it is written, see check_place().

    Raises:
        Failure: COMPANY_UNNAMED, DOMAIN_INVALID or DOMAIN_REPEATED.
    """
    after.display_name = tidy(after.display_name)
    if not after.display_name:
        raise Failure("COMPANY_UNNAMED", fields={"display_name": "is empty"})
    tidy_fields(after, "legal_name", "external_id")
    if before is None and not after.owner_id:
        after.owner_id = facts.caller_id
    derive_phones(before, after, facts.region_code)
    _check_domains(after)
    after.primary_domain = after.domains[0].host if after.domains else ""
    return after


def _check_domains(company: resources_pb2.Company) -> None:
    seen: set[str] = set()
    for number, domain in enumerate(company.domains):
        try:
            domain.host = host_of(domain.host)
        except ValueError:
            raise Failure("DOMAIN_INVALID", fields={f"domains[{number}].host": "is no domain"}) from None
        if domain.host in seen:
            raise Failure("DOMAIN_REPEATED", fields={f"domains[{number}].host": "stands twice"})
        seen.add(domain.host)


def check_place(company_id: str, above: Sequence[str], height: int) -> None:
    """Refuse a place below `above`, from the parent upwards; `height`: levels of the company and those below it.

    Raises:
        Failure: COMPANY_CYCLE, COMPANY_TOO_DEEP.
    """
    if company_id in above:
        raise Failure("COMPANY_CYCLE", fields={"parent_id": "stands below the company itself"})
    check_height(len(above), height)


def check_height(above: int, height: int) -> None:
    """Refuse so many levels of companies below so many others.

    Raises:
        Failure: COMPANY_TOO_DEEP.
    """
    if above + height > MAX_DEPTH:
        raise Failure(
            "COMPANY_TOO_DEEP",
            fields={"parent_id": "has too many companies above it"},
            metadata={"limit": str(MAX_DEPTH)},
        )
