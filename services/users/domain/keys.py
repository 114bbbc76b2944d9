"""The rules of keys: what an API key may do and how its secret is written, and whose what a web form creates is.

An API key has its own grants, and never more than its user may do at the moment. It ends with its user's work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesh.contract.failure import Failure
from mesh.contract.keys import publishable_key
from services.users.domain.roles import RoleFacts, check_grants, check_held, union

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rapport.users.v1 import resources_pb2

MAX_OVERLAP_US = 7 * 24 * 3600 * 1_000_000
DEFAULT_OVERLAP_US = 24 * 3600 * 1_000_000
# A secret names its tenant, so that it is looked for in one tenant alone.
_SECRET = re.compile(r"rk_([0-9A-HJKMNP-TV-Z]{26})_[0-9A-HJKMNP-TV-Z]{52}")
_HINT = 4


@dataclass(frozen=True, slots=True)
class ApiKeyFacts:
    """What a decision on an API key rests on: which grants there may be, who makes it, and what time it is."""

    rights: RoleFacts
    user_id: str
    now_us: int


@dataclass(frozen=True, slots=True)
class PublishableKeyFacts:
    """What a decision on a publishable key rests on: the tenant, and who makes it."""

    tenant: str
    user_id: str


def secret_of(tenant: str, random: str) -> str:
    """The secret of an API key, from 52 characters that nobody can foresee."""
    return f"rk_{tenant.partition('_')[2]}_{random}"


def tenant_of(secret: str) -> str:
    """The tenant that a secret names; nothing where it is no secret of an API key."""
    match = _SECRET.fullmatch(secret)
    return f"ten_{match[1]}" if match else ""


def hint_of(secret: str) -> str:
    """What a list shows of a secret."""
    return secret[-_HINT:]


def grants_of_key(key: resources_pb2.ApiKey) -> dict[str, int]:
    """What a key has been given."""
    return union({grant.permission: grant.scope} for grant in key.grants)


def within(given: Mapping[str, int], held: Mapping[str, int]) -> dict[str, int]:
    """What is both given and held: each permission with the narrower scope."""
    both = {permission: min(scope, held.get(permission, 0)) for permission, scope in given.items()}
    return {permission: scope for permission, scope in both.items() if scope}


def decide_api_key(
    before: resources_pb2.ApiKey | None, after: resources_pb2.ApiKey, facts: ApiKeyFacts
) -> resources_pb2.ApiKey:
    """The key as it will be kept.

    Raises:
        Failure: PERMISSION_UNKNOWN, PERMISSION_REPEATED or GRANT_EXCEEDS_OWN; INVALID_ARGUMENT for an end in the past.
    """
    if before is None:
        if after.HasField("expire_time") and after.expire_time.ToMicroseconds() <= facts.now_us:
            raise Failure("INVALID_ARGUMENT", fields={"expire_time": "lies in the past"})
        after.user_id = facts.user_id
        check_grants(after.grants, {}, grants_of_key(after), facts.rights)
    else:
        # Whoever gets at the secret of a key can do what it may.
        check_held(grants_of_key(after), facts.rights.held, "")
    return after


def decide_overlap(seconds: int | None) -> int:
    """How long a secret that is replaced works on, in microseconds.

    Raises:
        Failure: INVALID_ARGUMENT, where that is longer than it may be.
    """
    if seconds is None:
        return DEFAULT_OVERLAP_US
    overlap_us = seconds * 1_000_000
    if not 0 <= overlap_us <= MAX_OVERLAP_US:
        raise Failure("INVALID_ARGUMENT", fields={"overlap": "must be between nothing and 7 days"})
    return overlap_us


def decide_publishable_key(
    before: resources_pb2.PublishableKey | None, after: resources_pb2.PublishableKey, facts: PublishableKeyFacts
) -> resources_pb2.PublishableKey:
    """The key as it will be kept."""
    if before is None:
        after.key = publishable_key(facts.tenant, after.id)
        if not after.owner_id:
            after.owner_id = facts.user_id
    return after
