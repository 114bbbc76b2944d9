"""By which ways a user could sign in, whatever the tenant's policy says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2
from sqlalchemy import bindparam, exists, select

from mesh.store.statement import TENANT, Statement
from services.users.domain.policy import PASSKEY, PASSWORD, UPSTREAM
from services.users.oauth_tables import identity_providers, upstream_links
from services.users.service.identity_providers import OPEN
from services.users.tables import passkeys, users

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from mesh.runtime.call import Write

_HAS_PASSKEY = exists().where(
    passkeys.c.tenant_id == TENANT, passkeys.c.user_id == users.c.id, passkeys.c.delete_time.is_(None)
)
_HAS_LINK = exists().where(
    upstream_links.c.tenant_id == TENANT,
    upstream_links.c.user_id == users.c.id,
    upstream_links.c.delete_time.is_(None),
    identity_providers.c.tenant_id == TENANT,
    identity_providers.c.id == upstream_links.c.identity_provider_id,
    identity_providers.c.id != bindparam("closing"),
    *OPEN,
)
_HAS = (users.c.password_hash != "", _HAS_PASSKEY, _HAS_LINK)
_METHODS = (PASSWORD, PASSKEY, UPSTREAM)
_WORKS = (
    users.c.tenant_id == TENANT,
    users.c.state == resources_pb2.User.STATE_ACTIVE,
    users.c.delete_time.is_(None),
    users.c.kind != resources_pb2.User.KIND_PROGRAM,
)
_OF_USER = Statement(select(*_HAS).where(*_WORKS, users.c.id == bindparam("user")), name="look up ways to sign in")
_OF_OWNERS = Statement(
    select(*_HAS).where(*_WORKS, users.c.role == resources_pb2.ROLE_OWNER).order_by(users.c.id).limit(100),
    name="look up owners' ways to sign in",
)


def ways_to_sign_in(write: Write, user_id: str, *, closing: str = "") -> set[int]:
    """The methods that a user has; for a program, which signs in by none, those that any owner has.

    closing: a provider that is not to count.
    """
    rows: Sequence[Sequence[Any]] = write.read(_OF_USER, user=user_id, closing=closing) or write.read(
        _OF_OWNERS, closing=closing
    )
    return {method for row in rows for method, has in zip(_METHODS, row, strict=True) if has}
