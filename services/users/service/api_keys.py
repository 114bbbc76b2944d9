"""ApiKeyService, as far as it is about secrets, and the facts that both kinds of keys are decided on.

A secret is shown by the call that makes it. What is kept is its digest, under a key that is not in the database.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from typing import TYPE_CHECKING

from rapport.users.v1 import api_key_service_pb2, resources_pb2
from sqlalchemy import BigInteger, bindparam, delete, insert, update

from mesh.contract.etags import etag
from mesh.contract.failure import Failure, below
from mesh.resource.writing import Facts, change, decide, locked
from mesh.resource.writing import delete as delete_row
from mesh.store.statement import TENANT, Statement
from services.users.domain.keys import (
    ApiKeyFacts,
    PublishableKeyFacts,
    decide_overlap,
    hint_of,
    secret_of,
)
from services.users.domain.roles import RoleFacts
from services.users.service.rights import declared, held
from services.users.service.service_accounts import check_account
from services.users.tables import api_key_secrets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.resource.resource import Resource
    from mesh.runtime.call import Call, Commit, View
    from mesh.runtime.environment import Environment

_OF_KEY = (api_key_secrets.c.tenant_id == TENANT, api_key_secrets.c.key_id == bindparam("key"))
_ADD = Statement(insert(api_key_secrets), name="add api key secret")
_END_FORMER = Statement(delete(api_key_secrets).where(*_OF_KEY, api_key_secrets.c.expire_us != 0), name="end secrets")
_END_ALL = Statement(delete(api_key_secrets).where(*_OF_KEY), name="end all secrets")
_LET_END = Statement(
    update(api_key_secrets).where(*_OF_KEY).values(expire_us=bindparam("until", type_=BigInteger)),
    name="let secrets end",
)


def digests(environment: Environment, secret: str) -> list[str]:
    """What is kept of a secret, under the present master key, and what was kept of it under those before.

    Nobody can foresee its 256 bits, so that a fast hash does as well as a slow one.
    """
    keys = environment.secrets.keys("api key digest")
    return [hmac.digest(key, secret.encode(), hashlib.sha256).hex() for key in keys]


def gather_api_key(view: View, sent: Sequence[resources_pb2.ApiKey]) -> ApiKeyFacts:
    """Which permissions there are, which the caller has, and who makes the key."""
    del sent
    rights = RoleFacts(declared=declared(), held=held(view))
    return ApiKeyFacts(rights=rights, user_id=view.user_id, now_us=view.environment.clock.now_us())


def gather_publishable_key(view: View, sent: Sequence[resources_pb2.PublishableKey]) -> PublishableKeyFacts:
    """Which tenant the key is of, and who makes it."""
    del sent
    return PublishableKeyFacts(tenant=view.identity.tenant, user_id=view.user_id)


class ApiKeyMethods:
    """The methods of ApiKeyService that are more than the standard ones."""

    def __init__(self, key: Resource[resources_pb2.ApiKey], user: Resource[resources_pb2.User]) -> None:
        self._key = key
        self._user = user

    def create_api_key(
        self, call: Call, request: api_key_service_pb2.CreateApiKeyRequest
    ) -> api_key_service_pb2.CreateApiKeyResponse:
        """A new key with its secret.

        Raises:
            Failure: PERMISSION_DENIED for a key that asks; INVALID_ARGUMENT for what is no service account; what the
                rule raises.
        """
        _check_user(call)
        facts = gather_api_key(call, [])
        if request.service_account_id:
            check_account(call, self._user, request.service_account_id)
            facts = replace(facts, user_id=request.service_account_id)
        secret = self._secret(call)
        sent = request.api_key
        after = resources_pb2.ApiKey(
            id=call.environment.ids.new(self._key.contract.prefix), etag=etag(1), grants=sent.grants
        )
        after.hint = hint_of(secret)
        if sent.HasField("display_name"):
            after.display_name = sent.display_name
        if sent.HasField("expire_time"):
            after.expire_time.CopyFrom(sent.expire_time)
        with below("api_key"):
            after = decide(self._key, None, after, Facts({}, facts))
        with call.commit() as commit:
            after.create_time.FromMicroseconds(commit.now_us)
            after.update_time.FromMicroseconds(commit.now_us)
            self._key.insert(commit, [after])
            self._keep(commit, after.id, secret)
            commit.audit(f"api-keys/{after.id}")
            return commit.reply(api_key_service_pb2.CreateApiKeyResponse(api_key=after, secret=secret))

    def rotate_api_key(
        self, call: Call, request: api_key_service_pb2.RotateApiKeyRequest
    ) -> api_key_service_pb2.RotateApiKeyResponse:
        """The key with another secret; the one before works on for a while.

        Raises:
            Failure: PERMISSION_DENIED for a key that asks; GRANT_EXCEEDS_OWN where the key may do more than the caller.
        """
        _check_user(call)
        overlap_us = decide_overlap(request.overlap.seconds if request.HasField("overlap") else None)
        facts = gather_api_key(call, [])
        secret = self._secret(call)
        with call.commit() as commit:

            def renew(key: resources_pb2.ApiKey) -> None:
                if key.HasField("delete_time"):
                    raise Failure("NOT_FOUND", metadata={"resource": f"api-keys/{request.id}"})
                key.rotate_time.FromMicroseconds(commit.now_us)
                key.hint = hint_of(secret)

            after, changed = change(
                commit, self._key, locked(commit, self._key, request.id), renew, Facts({}, facts), given=request.etag
            )
            commit.write(_END_FORMER, key=request.id)
            if overlap_us:
                commit.write(_LET_END, key=request.id, until=commit.now_us + overlap_us)
            else:
                commit.write(_END_ALL, key=request.id)
            self._keep(commit, request.id, secret)
            commit.audit(f"api-keys/{request.id}", changed)
            return commit.reply(api_key_service_pb2.RotateApiKeyResponse(api_key=after, secret=secret))

    def delete_api_key(self, call: Call, request: api_key_service_pb2.DeleteApiKeyRequest) -> resources_pb2.ApiKey:
        """The key marked as deleted, without a secret; deleting it again changes nothing."""
        with call.commit() as commit:
            after = delete_row(commit, self._key, request.id, request.etag)
            commit.write(_END_ALL, key=request.id)
            return commit.reply(after)

    @staticmethod
    def _secret(call: Call) -> str:
        return secret_of(call.identity.tenant, call.environment.ids.new_secret())

    @staticmethod
    def _keep(commit: Commit, key_id: str, secret: str) -> None:
        commit.write(_ADD, digest=digests(commit.environment, secret)[0], key_id=key_id, expire_us=0)


def _check_user(call: Call) -> None:
    """Keys are made by users: one that made others would live on in them after its end."""
    if call.entry is not None and call.entry.user_id:
        raise Failure("PERMISSION_DENIED", metadata={"permission": call.contract.access.permission})
