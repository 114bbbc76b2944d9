"""SecurityPolicyService: what a tenant asks of those who sign in, one row a tenant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rapport.users.v1 import events_pb2, security_policy_service_pb2
from sqlalchemy import BigInteger, LargeBinary, bindparam, insert, select, update

from mesh.contract.etags import check_etag, etag
from mesh.contract.failure import below
from mesh.contract.masks import apply_mask, changed_paths, effective_paths
from mesh.store.statement import TENANT, Statement
from services.users.domain.policy import check_ways, decide_policy, filled, locked_us
from services.users.service.people import existing
from services.users.service.rights import grants_of
from services.users.service.teams import take_turn
from services.users.service.ways import ways_to_sign_in
from services.users.tables import security_policies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import Call, View, Write
    from services.users.domain.guesses import Wait

_NAME = "tenant"
_c = security_policies.c
_KEY = (_c.tenant_id == TENANT, _c.name == _NAME)
_READ = Statement(select(_c.version, _c.content).where(*_KEY), name="get security policy")
_INSERT = Statement(insert(security_policies), name="add security policy")
_UPDATE = Statement(
    update(security_policies)
    .where(*_KEY)
    .values(version=bindparam("new_version", type_=BigInteger), content=bindparam("new_content", type_=LargeBinary)),
    name="update security policy",
)
_FROZEN = frozenset({"etag", "update_time"})


def password_wait(policy: security_policy_service_pb2.SecurityPolicy) -> Wait:
    """How long an account waits after so many wrong passwords."""
    return lambda count: locked_us(policy, count, 0, 0)


def read_policy(by: View | Write) -> tuple[security_policy_service_pb2.SecurityPolicy, int]:
    """The policy as the tenant has set it, without defaults, and its version; 1 where it never has."""
    return _policy(by.read(_READ))


def policy_of(call: Call, tenant: str) -> security_policy_service_pb2.SecurityPolicy:
    """The policy of a tenant that somebody signs in to; the defaults for one that there is not."""
    return _policy(call.read(_READ, tenant=tenant) if tenant else [])[0]


def _policy(rows: Sequence[Sequence[Any]]) -> tuple[security_policy_service_pb2.SecurityPolicy, int]:
    if not rows:
        return security_policy_service_pb2.SecurityPolicy(etag=etag(1)), 1
    version, content = rows[0]
    policy = security_policy_service_pb2.SecurityPolicy.FromString(bytes(content))
    policy.etag = etag(version)
    return policy, version


def strike(write: Write, user_id: str) -> None:
    """Take a user who vanishes out of the policy."""
    policy, version = read_policy(write)
    if user_id in policy.mfa_user_ids:
        policy.mfa_user_ids.remove(user_id)
        policy.etag = etag(version + 1)
        _write(write, policy, version)


class SecurityPolicyMethods:
    """The methods of SecurityPolicyService."""

    def get_security_policy(
        self, call: Call, request: security_policy_service_pb2.GetSecurityPolicyRequest
    ) -> security_policy_service_pb2.SecurityPolicy:
        """The policy with its defaults."""
        del request
        return filled(read_policy(call)[0])

    def update_security_policy(
        self, call: Call, request: security_policy_service_pb2.UpdateSecurityPolicyRequest
    ) -> security_policy_service_pb2.SecurityPolicy:
        """The policy with the fields of the mask changed; nothing is written where nothing changes."""
        sent = request.security_policy
        paths = effective_paths(sent, request.update_mask.paths, _FROZEN)
        roles, users = grants_of(call.read, sent.mfa_role_ids), existing(call, sent.mfa_user_ids)
        with call.commit() as commit:
            # The tenant's row stands in for one that may not be there yet.
            take_turn(commit)
            before, version = read_policy(commit)
            check_etag(sent.etag, version)
            after = security_policy_service_pb2.SecurityPolicy()
            after.CopyFrom(before)
            apply_mask(after, sent, paths)
            with below("security_policy"):
                # Roles that it names already may have been deleted since.
                after = decide_policy(after, {*roles, *before.mfa_role_ids}, {*users, *before.mfa_user_ids})
                changed = changed_paths(before, after)
                if "login_methods" in changed:
                    check_ways(after, ways_to_sign_in(commit, call.user_id))
            if changed:
                after.update_time.FromMicroseconds(commit.now_us)
                after.etag = etag(version + 1)
                _write(commit, after, version)
                commit.overwrites(f"security-policies/{commit.tenant}", before, after)
                told = events_pb2.SecurityPolicyUpdated(tenant_id=commit.tenant, changed_paths=changed)
                commit.publish(f"tenants/{commit.tenant}", 0, told)
            commit.audit(f"security-policies/{commit.tenant}", changed)
            return commit.reply(filled(after))


def _write(write: Write, policy: security_policy_service_pb2.SecurityPolicy, version: int) -> None:
    content = policy.SerializeToString(deterministic=True)
    if version == 1:
        write.write(_INSERT, name=_NAME, version=version + 1, content=content)
    else:
        write.write(_UPDATE, new_version=version + 1, new_content=content)
