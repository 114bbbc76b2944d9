"""The rules of identity providers: whom a tenant lets say who its people are, and how far it takes their word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rapport.users.v1 import directory_service_pb2, resources_pb2

from mesh.contract.failure import Failure
from services.users.domain.roles import all_grants, check_held
from services.users.domain.upstream import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

SCOPES = ("openid", "email", "profile")
MOST_PROVIDERS = 20
"""Of a tenant, open or shut: the sign-in page shows all that are open."""
_TRUSTED = ("links_by_email", "vouches_for_emails")


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What a decision on a provider rests on.

    public_url: where people reach the edge. allows: whether a server may be called at an address. roles: what each of
    the custom roles named grants, of those that exist. held: what the caller may do. declared: every permission.
    """

    public_url: str
    allows: Callable[[str], bool]
    roles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    declared: Collection[str] = ()


def decide_provider(
    before: resources_pb2.IdentityProvider | None, after: resources_pb2.IdentityProvider, facts: ProviderFacts
) -> resources_pb2.IdentityProvider:
    """The provider as it will be kept.

    Raises:
        Failure: INVALID_ARGUMENT for an issuer that cannot be asked, and for trust in addresses of any domain.
            GRANT_EXCEEDS_OWN for roles beyond the caller's, and for trust by who may not do everything.
    """
    if before is None and not after.HasField("enabled"):
        after.enabled = True
    after.scopes[:] = dict.fromkeys(["openid", *after.scopes] if after.scopes else SCOPES)
    after.domains[:] = sorted(set(after.domains))
    after.redirect_uri = redirect_uri_of(facts.public_url, after.id)
    faults = {name: "is needed" for name in ("display_name", "client_id") if not getattr(after, name)}
    if before is None and (fault := issuer_fault(after.issuer, facts.allows)):
        faults["issuer"] = fault
    if after.role == resources_pb2.ROLE_OWNER:
        faults["role"] = "makes owners, which a provider cannot"
    if set(after.role_ids) - set(before.role_ids if before is not None else ()) - set(facts.roles):
        faults["role_ids"] = "names a role that this tenant does not have"
    faults |= {name: "needs domains" for name in _TRUSTED if getattr(after, name) and not after.domains}
    if faults:
        raise Failure("INVALID_ARGUMENT", fields=faults)
    _check_trust(before, after, facts)
    return after


def check_count(count: int) -> None:
    """Whether a tenant with so many providers may have another one.

    Raises:
        Failure: TOO_MANY_PROVIDERS.
    """
    if count >= MOST_PROVIDERS:
        raise Failure("TOO_MANY_PROVIDERS", metadata={"limit": str(MOST_PROVIDERS)})


def is_open(provider: resources_pb2.IdentityProvider) -> bool:
    """Whether people may sign in through a provider."""
    return not provider.HasField("delete_time") and (provider.enabled or not provider.HasField("enabled"))


def _check_trust(
    before: resources_pb2.IdentityProvider | None, after: resources_pb2.IdentityProvider, facts: ProviderFacts
) -> None:
    """Who lets a provider say who anybody is could be anybody by that, and whoever becomes a user by it.

    What counts is who newly gets in, and with what: also by roles that somebody else has written there.
    """
    had = before or resources_pb2.IdentityProvider()
    opened = is_open(after) and (before is None or not is_open(before))
    widened = bool(had.domains) and (not after.domains or not set(after.domains) <= set(had.domains))
    for name in (*_TRUSTED, "vouches_for_mfa"):
        if getattr(after, name) and (opened or widened or not getattr(had, name)):
            check_held(dict.fromkeys(facts.declared, int(directory_service_pb2.SCOPE_ALL)), facts.held, name)
    anew = after.creates_users and (opened or widened or not had.creates_users)
    named = set(after.role_ids) if anew else set(after.role_ids) - set(had.role_ids)
    gained = [facts.roles[each] for each in sorted(named) if each in facts.roles]
    built_in = after.role if anew or after.role != had.role else resources_pb2.ROLE_UNSPECIFIED
    check_held(all_grants(built_in, gained, facts.declared), facts.held, "role_ids" if gained else "role")


def issuer_fault(issuer: str, allows: Callable[[str], bool]) -> str:
    """What is wrong with the address of an issuer; empty: nothing (OpenID Connect Discovery 1.0, section 3)."""
    if not allows(issuer):
        return "is no address of https"
    parts = urlsplit(issuer)
    return "has a query or a fragment" if parts.query or parts.fragment or issuer.endswith(("?", "#")) else ""


def redirect_uri_of(public_url: str, provider_id: str) -> str:
    """Where a provider sends browsers back to: each to a place of its own, so that none answers for another one."""
    return f"{public_url}/oauth/upstream/{provider_id}/answer"


def rules_of(provider: resources_pb2.IdentityProvider) -> Rules:
    """What the tenant has said of a provider."""
    return Rules(
        domains=frozenset(provider.domains),
        vouches_for_emails=provider.vouches_for_emails,
        links_by_email=provider.links_by_email,
        creates_users=provider.creates_users,
    )
