"""What has to hold beside the rules of one identity provider when those of a tenant change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from mesh.contract.failure import Failure
from mesh.runtime.call import Commit
from mesh.store.statement import TENANT, Statement
from services.users.domain.identity_providers import check_count, is_open
from services.users.domain.policy import filled
from services.users.oauth_tables import identity_providers
from services.users.service.security_policy import read_policy
from services.users.service.teams import take_turn
from services.users.service.ways import ways_to_sign_in

if TYPE_CHECKING:
    from rapport.users.v1 import resources_pb2

    from mesh.runtime.call import Write

_COUNT = Statement(
    select(func.count())
    .select_from(identity_providers)
    .where(identity_providers.c.tenant_id == TENANT, identity_providers.c.delete_time.is_(None)),
    name="count identity providers",
)


def settle_provider(
    write: Write, before: resources_pb2.IdentityProvider | None, after: resources_pb2.IdentityProvider
) -> None:
    """Refuse one provider too many, and to close the one without which the caller could not sign in.

    Raises:
        Failure: TOO_MANY_PROVIDERS, LOCKS_OUT_CALLER.
    """
    if not isinstance(write, Commit):
        return
    if before is None:
        # Of two that come at once, the second is counted after the first.
        take_turn(write)
        check_count(write.read(_COUNT)[0][0])
    elif is_open(before) and not is_open(after):
        allowed, caller = set(filled(read_policy(write)[0]).login_methods), write.call.user_id
        left = allowed & ways_to_sign_in(write, caller, closing=after.id)
        if not left and allowed & ways_to_sign_in(write, caller):
            raise Failure("LOCKS_OUT_CALLER")
