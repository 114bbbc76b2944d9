"""The rules of a tenant's security policy: what it may say, and what it says of somebody who signs in.

Times are in microseconds.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2, security_policy_service_pb2

from mesh.contract.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

_SECOND_US = 1_000_000
_HOUR, _DAY = 3600, 24 * 3600
# By field: the shortest, the longest and the default, in seconds.
_SPANS: Mapping[str, tuple[int, int, int]] = {
    "session_idle": (300, 30 * _DAY, _DAY),
    "session_life": (900, 90 * _DAY, 30 * _DAY),
    "lockout_wait": (1, _HOUR, 30),
    "lockout_longest": (1, _DAY, _HOUR),
}
_PASSWORD_MIN_LENGTH, _LOCKOUT_ATTEMPTS = 12, 10
PASSWORD = security_policy_service_pb2.LOGIN_METHOD_PASSWORD
PASSKEY = security_policy_service_pb2.LOGIN_METHOD_PASSKEY
UPSTREAM = security_policy_service_pb2.LOGIN_METHOD_UPSTREAM
_ALL_METHODS = (PASSWORD, PASSKEY, UPSTREAM)
UNREACHED = 3
"""A level that no session has."""
# Which way to sign in a proof belongs to; the others only stand beside one.
_WAYS: Mapping[int, int] = {
    resources_pb2.Factor.KIND_PASSWORD: PASSWORD,
    resources_pb2.Factor.KIND_PASSKEY: PASSKEY,
    resources_pb2.Factor.KIND_UPSTREAM: UPSTREAM,
}
MFA_ALL, MFA_BY_ROLE = (
    security_policy_service_pb2.MFA_REQUIREMENT_ALL,
    security_policy_service_pb2.MFA_REQUIREMENT_BY_ROLE,
)
# Doubling is over by then, whatever the longest wait.
_MOST_DOUBLINGS = 20


class Verdict(enum.Enum):
    """What comes of a log-in whose factors were right."""

    ALLOWED = "allowed"
    METHOD_REFUSED = "method refused"
    LOCKED = "locked"
    SECOND_FACTOR = "second factor"


@dataclass(frozen=True, slots=True)
class LoginFacts:
    """Somebody who signs in.

    method: a `users.v1.LoginMethod`. factors: how many independent ones were proven; a passkey that verified its user
    is two. roles and role_ids: what they have, by themselves or by groups. failures: wrong passwords in a row before
    this log-in, the last at `failed_us`. without_passkey: whether they have yet to register their first one.
    """

    method: int
    now_us: int
    factors: int = 1
    roles: Collection[int] = ()
    role_ids: Collection[str] = field(default=())
    failures: int = 0
    failed_us: int = 0
    user_id: str = ""
    without_passkey: bool = False


@dataclass(frozen=True, slots=True)
class LoginDecision:
    """What comes of it: how long to wait where that is needed, and how long the session lasts idle and in all."""

    verdict: Verdict
    wait_us: int = 0
    idle_us: int = 0
    life_us: int = 0


def filled(policy: security_policy_service_pb2.SecurityPolicy) -> security_policy_service_pb2.SecurityPolicy:
    """The policy with every default in its place."""
    full = security_policy_service_pb2.SecurityPolicy()
    full.CopyFrom(policy)
    full.password_min_length = full.password_min_length or _PASSWORD_MIN_LENGTH
    full.lockout_attempts = full.lockout_attempts or _LOCKOUT_ATTEMPTS
    if not full.login_methods:
        full.login_methods.extend(_ALL_METHODS)
    if not full.mfa_requirement:
        full.mfa_requirement = security_policy_service_pb2.MFA_REQUIREMENT_NONE
    for name, (_, _, default) in _SPANS.items():
        if not full.HasField(name):
            getattr(full, name).seconds = default
    return full


def decide_policy(
    policy: security_policy_service_pb2.SecurityPolicy, roles: Collection[str], users: Collection[str] = ()
) -> security_policy_service_pb2.SecurityPolicy:
    """The policy as it will be kept. roles, users: those of the custom roles and of the users named that exist.

    Raises:
        Failure: INVALID_ARGUMENT for what is out of its bounds, stands twice, contradicts itself or names no role.
    """
    faults = {**_span_faults(filled(policy))}
    if len(set(policy.login_methods)) < len(policy.login_methods) or 0 in policy.login_methods:
        faults["login_methods"] = "names a way twice, or none"
    if resources_pb2.ROLE_UNSPECIFIED in policy.mfa_roles:
        faults["mfa_roles"] = "names no role"
    if set(policy.mfa_role_ids) - set(roles):
        faults["mfa_role_ids"] = "names a role that this tenant does not have"
    if set(policy.mfa_user_ids) - set(users):
        faults["mfa_user_ids"] = "names a user that this tenant does not have"
    if policy.mfa_requirement == MFA_BY_ROLE and not policy.mfa_roles and not policy.mfa_role_ids:
        faults["mfa_requirement"] = "needs roles to be named"
    if faults:
        raise Failure("INVALID_ARGUMENT", fields=faults)
    policy.invitation_domains[:] = sorted(set(policy.invitation_domains))
    policy.mfa_user_ids[:] = sorted(set(policy.mfa_user_ids))
    return policy


def check_ways(policy: security_policy_service_pb2.SecurityPolicy, ways: Collection[int]) -> None:
    """Refuse ways to sign in of which whoever sets them has none. `ways`: those that they have.

    Raises:
        Failure: LOCKS_OUT_CALLER.
    """
    if not set(filled(policy).login_methods) & set(ways):
        raise Failure("LOCKS_OUT_CALLER", fields={"login_methods": "holds no way by which you could sign in"})


def _span_faults(full: security_policy_service_pb2.SecurityPolicy) -> dict[str, str]:
    faults = {}
    for name, (shortest, longest, _) in _SPANS.items():
        span = getattr(full, name)
        if span.nanos or not shortest <= span.seconds <= longest:
            faults[name] = f"must be whole seconds from {shortest} to {longest}"
    for shorter, longer in (("session_idle", "session_life"), ("lockout_wait", "lockout_longest")):
        if not faults and getattr(full, shorter).seconds > getattr(full, longer).seconds:
            faults[shorter] = f"is longer than `{longer}`"
    return faults


def locked_us(policy: security_policy_service_pb2.SecurityPolicy, failures: int, failed_us: int, now_us: int) -> int:
    """How long somebody with so many wrong passwords in a row, the last one then, still has to wait."""
    full = filled(policy)
    beyond = failures - full.lockout_attempts
    if beyond < 0:
        return 0
    wait = min(full.lockout_wait.seconds << min(beyond, _MOST_DOUBLINGS), full.lockout_longest.seconds)
    return max(0, failed_us + int(wait) * _SECOND_US - now_us)


def needs_second_factor(
    policy: security_policy_service_pb2.SecurityPolicy,
    roles: Collection[int],
    role_ids: Collection[str],
    user_id: str = "",
) -> bool:
    """Whether a user with these roles has to prove themselves by a second factor."""
    if user_id in policy.mfa_user_ids:
        return True
    if policy.mfa_requirement == MFA_BY_ROLE:
        return bool(set(roles) & set(policy.mfa_roles) or set(role_ids) & set(policy.mfa_role_ids))
    return policy.mfa_requirement == MFA_ALL


def wanted_level(
    policy: security_policy_service_pb2.SecurityPolicy, kinds: Iterable[int], *, second_factor: bool
) -> int:
    """How sure a session with these kinds of proofs has to be before it reaches what roles grant.

    Begun in a way that the tenant does not have, it reaches nothing until one that the tenant has is proven in it.
    """
    ways = {_WAYS[kind] for kind in kinds if kind in _WAYS}
    if ways and not ways & set(filled(policy).login_methods):
        return UNREACHED
    return 2 if second_factor else 1


def decide_login(policy: security_policy_service_pb2.SecurityPolicy, facts: LoginFacts) -> LoginDecision:
    """What the policy says of somebody whose factors are right so far.

    A wait is over before anything else is told, so that who guesses learns nothing by it; it concerns passwords alone,
    so that nobody who has another way is kept out by what others try.
    """
    full = filled(policy)
    wait = locked_us(full, facts.failures, facts.failed_us, facts.now_us) if facts.method == PASSWORD else 0
    if wait:
        return LoginDecision(Verdict.LOCKED, wait_us=wait)
    registers = facts.method == PASSWORD and facts.without_passkey and PASSKEY in full.login_methods
    if facts.method not in full.login_methods and not registers:
        return LoginDecision(Verdict.METHOD_REFUSED)
    if facts.factors < 2 and needs_second_factor(full, facts.roles, facts.role_ids, facts.user_id):
        return LoginDecision(Verdict.SECOND_FACTOR)
    return LoginDecision(
        Verdict.ALLOWED,
        idle_us=full.session_idle.seconds * _SECOND_US,
        life_us=full.session_life.seconds * _SECOND_US,
    )


def check_length(policy: security_policy_service_pb2.SecurityPolicy, password: str, field_at_fault: str) -> None:
    """Refuse a new password that is shorter than the policy has it.

    Raises:
        Failure: INVALID_ARGUMENT.
    """
    least = filled(policy).password_min_length
    if len(password) < least:
        text = f"needs {least} characters at least"
        raise Failure("INVALID_ARGUMENT", fields={field_at_fault: text})
