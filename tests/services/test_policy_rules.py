"""The security policy of a tenant: its bounds, and what follows for somebody who signs in, against oracles."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.duration_pb2 import Duration
from hypothesis import given
from hypothesis import strategies as st
from rapport.users.v1 import resources_pb2, security_policy_service_pb2
from rapport.users.v1.security_policy_service_pb2 import (
    LOGIN_METHOD_PASSKEY,
    LOGIN_METHOD_PASSWORD,
    LOGIN_METHOD_UPSTREAM,
    MFA_REQUIREMENT_ALL,
    MFA_REQUIREMENT_BY_ROLE,
    MFA_REQUIREMENT_NONE,
    SecurityPolicy,
)

from mesh.contract.failure import Failure
from services.users.domain import policy as rules
from services.users.domain.policy import (
    LoginFacts,
    Verdict,
    check_length,
    decide_login,
    decide_policy,
    filled,
    locked_us,
)

SECOND = 1_000_000
METHODS = [LOGIN_METHOD_PASSWORD, LOGIN_METHOD_PASSKEY, LOGIN_METHOD_UPSTREAM]
OWNER, MEMBER = resources_pb2.ROLE_OWNER, resources_pb2.ROLE_MEMBER


def policy(**fields: Any) -> SecurityPolicy:
    return SecurityPolicy(**fields)


def seconds(count: int) -> Duration:
    return Duration(seconds=count)


def test_what_is_left_open_has_a_default_and_the_defaults_keep_the_bounds() -> None:
    full = filled(policy())
    assert list(full.login_methods) == METHODS
    assert (full.password_min_length, full.lockout_attempts) == (12, 10)
    assert full.mfa_requirement == MFA_REQUIREMENT_NONE
    decide_policy(full, [])
    assert filled(full) == full


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"session_idle": seconds(299)}, "session_idle"),
        ({"session_idle": seconds(31 * 86400), "session_life": seconds(80 * 86400)}, "session_idle"),
        ({"session_idle": seconds(7200), "session_life": seconds(3600)}, "session_idle"),
        ({"session_idle": Duration(seconds=600, nanos=1)}, "session_idle"),
        ({"session_life": seconds(60)}, "session_life"),
        ({"session_life": seconds(91 * 86400)}, "session_life"),
        ({"lockout_wait": seconds(0)}, "lockout_wait"),
        ({"lockout_wait": seconds(120), "lockout_longest": seconds(60)}, "lockout_wait"),
        ({"lockout_longest": seconds(86401)}, "lockout_longest"),
        ({"login_methods": [LOGIN_METHOD_PASSKEY] * 2}, "login_methods"),
        ({"login_methods": [0]}, "login_methods"),
        ({"mfa_roles": [0]}, "mfa_roles"),
        ({"mfa_role_ids": ["rol_x"]}, "mfa_role_ids"),
        ({"mfa_requirement": MFA_REQUIREMENT_BY_ROLE}, "mfa_requirement"),
        ({"mfa_user_ids": ["usr_x"]}, "mfa_user_ids"),
    ],
)
def test_a_policy_out_of_bounds_is_refused_with_its_field(fields: dict[str, Any], fault: str) -> None:
    with pytest.raises(Failure, match="INVALID_ARGUMENT") as refused:
        decide_policy(policy(**fields), ["rol_a"])
    assert set(refused.value.fields) == {fault}


def test_domains_are_kept_once_and_in_order() -> None:
    kept = decide_policy(policy(invitation_domains=["b.example", "a.example", "b.example"]), [])
    assert list(kept.invitation_domains) == ["a.example", "b.example"]


@given(st.integers(3, 100), st.integers(1, 3600), st.integers(1, 86400), st.integers(0, 400), st.integers(0, 10**6))
def test_a_wait_begins_at_the_threshold_doubles_and_is_bounded(
    attempts: int, wait: int, longest: int, failures: int, passed: int
) -> None:
    """Against a loop that doubles once for each wrong password beyond the threshold."""
    asked = policy(lockout_attempts=attempts, lockout_wait=seconds(wait), lockout_longest=seconds(longest))
    expected = 0
    if failures >= attempts:
        expected = min(wait, longest)
        for _ in range(failures - attempts):
            expected = min(expected * 2, longest)
    left = locked_us(asked, failures, 5 * SECOND, (5 + passed) * SECOND)
    assert left == max(0, expected - passed) * SECOND


@given(
    method=st.sampled_from(METHODS),
    allowed=st.sets(st.sampled_from(METHODS), min_size=1),
    requirement=st.sampled_from([MFA_REQUIREMENT_NONE, MFA_REQUIREMENT_ALL, MFA_REQUIREMENT_BY_ROLE]),
    role=st.sampled_from([OWNER, MEMBER]),
    role_ids=st.sets(st.sampled_from(["rol_a", "rol_b"])),
    factors=st.integers(1, 3),
    failures=st.integers(0, 20),
)
def test_a_log_in_passes_just_where_nothing_speaks_against_it(
    method: Any, allowed: set[Any], requirement: Any, role: Any, role_ids: set[str], factors: int, failures: int
) -> None:
    asked = policy(
        login_methods=sorted(allowed),
        mfa_requirement=requirement,
        mfa_roles=[OWNER],
        mfa_role_ids=["rol_a"],
        session_idle=seconds(600),
        session_life=seconds(1200),
    )
    facts = LoginFacts(method, SECOND, factors, {role}, role_ids, failures, SECOND)
    told = decide_login(asked, facts)
    named = requirement == MFA_REQUIREMENT_ALL or (
        requirement == MFA_REQUIREMENT_BY_ROLE and (role == OWNER or "rol_a" in role_ids)
    )
    if method == LOGIN_METHOD_PASSWORD and failures >= 10:
        assert (told.verdict, told.wait_us > 0) == (Verdict.LOCKED, True)
    elif method not in allowed:
        assert told.verdict is Verdict.METHOD_REFUSED
    elif named and factors < 2:
        assert told.verdict is Verdict.SECOND_FACTOR
    else:
        assert told == rules.LoginDecision(Verdict.ALLOWED, idle_us=600 * SECOND, life_us=1200 * SECOND)


def test_a_password_has_the_length_that_the_policy_wants() -> None:
    check_length(policy(), "x" * 12, "password")
    with pytest.raises(Failure) as refused:
        check_length(policy(password_min_length=20), "x" * 19, "password")
    assert set(refused.value.fields) == {"password"}


def test_the_messages_that_a_policy_is_made_of_are_all_there() -> None:
    """A field that is added needs a rule: this list is to be changed with it."""
    fields = {field.name for field in security_policy_service_pb2.SecurityPolicy.DESCRIPTOR.fields}
    assert fields == {
        *("etag", "update_time", "password_min_length", "login_methods", "mfa_requirement", "mfa_roles"),
        *("mfa_role_ids", "session_idle", "session_life", "invitation_domains"),
        *("lockout_attempts", "lockout_wait", "lockout_longest", "mfa_user_ids"),
    }


@pytest.mark.parametrize("left", METHODS)
@pytest.mark.parametrize("had", METHODS)
def test_a_policy_leaves_whoever_sets_it_a_way_to_sign_in(left: Any, had: Any) -> None:
    if left == had:
        rules.check_ways(policy(login_methods=[left]), [had])
        return
    with pytest.raises(Failure, match="LOCKS_OUT_CALLER"):
        rules.check_ways(policy(login_methods=[left]), [had])
    rules.check_ways(policy(), [had])


def test_a_password_without_a_way_is_good_for_a_first_passkey_alone() -> None:
    only = policy(login_methods=[LOGIN_METHOD_PASSKEY])
    first = LoginFacts(LOGIN_METHOD_PASSWORD, 0, without_passkey=True)
    assert decide_login(only, first).verdict is Verdict.ALLOWED
    assert decide_login(only, LoginFacts(LOGIN_METHOD_PASSWORD, 0)).verdict is Verdict.METHOD_REFUSED
    upstream = policy(login_methods=[LOGIN_METHOD_UPSTREAM])
    assert decide_login(upstream, first).verdict is Verdict.METHOD_REFUSED
    password, passkey = resources_pb2.Factor.KIND_PASSWORD, resources_pb2.Factor.KIND_PASSKEY
    wanted = [rules.wanted_level(only, kinds, second_factor=False) for kinds in ([password], [password, passkey], [])]
    assert wanted == [rules.UNREACHED, 1, 1]
    assert rules.wanted_level(policy(), [password], second_factor=True) == 2


def test_a_user_who_is_named_needs_a_second_factor_whatever_the_roles() -> None:
    named = policy(mfa_user_ids=["usr_a"])
    assert rules.needs_second_factor(named, [MEMBER], [], "usr_a")
    assert not rules.needs_second_factor(named, [OWNER], [], "usr_b")
    assert not rules.needs_second_factor(named, [OWNER], [])
