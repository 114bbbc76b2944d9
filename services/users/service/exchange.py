"""What an API key is worth now: the token that the edge goes on with, and the check behind it.

A key that was good is believed for two seconds, and asked for again after that; a token is used for as long as half of
its life. A key that is revoked, or whose user may not work any more, is refused within those seconds, while tokens that
are out already end with the directory's entry of the key.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapport.users.v1 import resources_pb2
from sqlalchemy import BigInteger, bindparam, select, update

from mesh.contract.failure import Failure
from mesh.runtime.limits import DEFAULT_LIMITS
from mesh.runtime.rate import Buckets
from mesh.store.errors import StoreError
from mesh.store.statement import TENANT, Statement, any_of
from services.users.domain.keys import tenant_of
from services.users.service.api_keys import digests
from services.users.tables import api_key_secrets, api_keys, tenants, users

if TYPE_CHECKING:
    from mesh.runtime.environment import Environment
    from services.users.service.access_tokens import AccessTokens

TOKEN_SECONDS = 300
BELIEVED_SECONDS = 2.0
_REUSED_SECONDS = TOKEN_SECONDS / 2
_TIMEOUT = 1.5
_KEPT = 10_000
# Written at most this often for a key, and by each process.
_USE_US = 10 * 60 * 1_000_000
_MICROSECONDS = 1_000_000
_UNKNOWN = ("", "unknown api keys")

_FIND = Statement(
    select(
        api_keys.c.id, api_keys.c.user_id, api_keys.c.expire_time, api_key_secrets.c.expire_us, api_keys.c.last_use_time
    )
    .select_from(
        api_key_secrets.join(
            api_keys,
            (api_keys.c.tenant_id == api_key_secrets.c.tenant_id) & (api_keys.c.id == api_key_secrets.c.key_id),
        )
        .join(users, (users.c.tenant_id == api_keys.c.tenant_id) & (users.c.id == api_keys.c.user_id))
        .join(tenants, tenants.c.id == api_keys.c.tenant_id)
    )
    .where(
        api_key_secrets.c.tenant_id == TENANT,
        any_of(api_key_secrets.c.digest, "digests"),
        api_keys.c.delete_time.is_(None),
        users.c.state == resources_pb2.User.STATE_ACTIVE,
        users.c.delete_time.is_(None),
        tenants.c.active,
    ),
    name="find api key",
)
USED = Statement(
    update(api_keys)
    .where(api_keys.c.tenant_id == TENANT, api_keys.c.id == bindparam("key"))
    .values(last_use_time=bindparam("now", type_=BigInteger)),
    name="note use of api key",
)


@dataclass(frozen=True, slots=True)
class LiveKey:
    """An API key that may be used now. `seconds`: how long it still may at least, up to the life of a token.

    `noted`: its use was noted lately.
    """

    tenant: str
    id: str
    user_id: str
    seconds: int
    noted: bool


@dataclass(slots=True)
class _Known:
    key: LiveKey
    token: str
    checked: float
    minted: float


class Exchange:
    """Exchanges API keys for tokens. Thread-safe; times are those of the monotonic clock."""

    def __init__(self, environment: Environment, tokens: AccessTokens) -> None:
        self._environment = environment
        self._tokens = tokens
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = threading.Lock()
        self._strangers = Buckets()

    def token(self, secret: str) -> str | None:
        """The token for a secret, or None where it is none now.

        Raises:
            Failure: RATE_LIMITED, where too many secrets were none lately; StoreError: nobody knows what it is worth.
        """
        now = time.monotonic()
        kept = digests(self._environment, secret)[0]
        known = self._known.get(kept)
        if known is not None and now - known.checked < BELIEVED_SECONDS:
            return known.token
        key = self.find(secret)
        if key is None:
            with self._lock:
                self._known.pop(kept, None)
            self.refuse()
            return None
        self._note_use(key)
        if known is not None and now - known.minted < min(_REUSED_SECONDS, key.seconds):
            known.checked = now
            return known.token
        token = self._tokens.of_key(key.tenant, key.id, key.user_id, key.seconds)
        with self._lock:
            self._known[kept] = _Known(key, token, now, now)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return token

    def find(self, secret: str) -> LiveKey | None:
        """The key that a secret opens now, if any. It writes nothing."""
        tenant = tenant_of(secret)
        if not tenant:
            return None
        store, now_us = self._environment.store, self._environment.clock.now_us()
        rows = store.read(_FIND, tenant=tenant, timeout=_TIMEOUT, digests=digests(self._environment, secret))
        if not rows:
            return None
        key_id, user_id, expire_us, secret_expire_us, last_us = rows[0]
        left = [TOKEN_SECONDS, *((end - now_us) // _MICROSECONDS for end in (expire_us, secret_expire_us) if end)]
        if min(left) <= 0:
            return None
        noted = last_us is not None and now_us - last_us <= _USE_US
        return LiveKey(tenant, key_id, user_id, min(left), noted)

    def refuse(self) -> None:
        """Count a secret that was none.

        Raises:
            Failure: RATE_LIMITED, where there were too many lately.
        """
        wait = self._strangers.take(_UNKNOWN, DEFAULT_LIMITS["CREDENTIAL"])
        if wait:
            raise Failure("RATE_LIMITED", retry_after=-(-wait // 1_000_000) / 1000)

    def _note_use(self, key: LiveKey) -> None:
        if key.noted:
            return
        store, now_us = self._environment.store, self._environment.clock.now_us()
        # Worth no refusal: the next use writes it.
        with suppress(StoreError), store.transaction(tenant=key.tenant, timeout=_TIMEOUT) as transaction:
            transaction.write(USED, key=key.id, now=now_us)
