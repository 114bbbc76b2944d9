"""Devices that wait for a user to sign in elsewhere: what is kept of them, and how it begins (RFC 8628)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, SmallInteger, Text, bindparam, delete, insert, select, update

from mesh.store.statement import Statement, any_of
from services.users.domain.devices import EXPIRES_SECONDS, INTERVAL_SECONDS, Device, Poll, State, plain, poll, user_code
from services.users.domain.oauth import OAuthError, read_device_form
from services.users.domain.oauth_clients import DEVICE
from services.users.oauth_tables import device_codes
from services.users.service.authorization_codes import wrong_grant
from services.users.service.oauth import answer, answering
from services.users.service.oauth_clients import tenant_of

if TYPE_CHECKING:
    from google.api import httpbody_pb2
    from rapport.users.v1 import openid_service_pb2, resources_pb2

    from mesh.runtime.call import Call, Commit
    from mesh.runtime.environment import Environment
    from services.users.service.oauth_clients import Clients

_SECOND_US = 1_000_000
_c = device_codes.c
_WAITING = (_c.client_id, _c.scopes, _c.state, _c.session_id, _c.expire_us, _c.asked_us, _c.interval_us)
_ADD = Statement(insert(device_codes), name="add device")
_BY_USER_CODE = Statement(select(*_WAITING).where(any_of(_c.user_code, "codes")), name="find device by code")
_HOLD = Statement(select(*_WAITING).where(any_of(_c.digest, "digests")).with_for_update(), name="hold device")
_SAY = Statement(
    update(device_codes)
    .where(any_of(_c.user_code, "codes"), _c.state == State.PENDING)
    .values(state=bindparam("said", type_=SmallInteger), session_id=bindparam("session", type_=Text)),
    name="answer device",
)
_NOTE = Statement(
    update(device_codes)
    .where(any_of(_c.digest, "digests"))
    .values(asked_us=bindparam("now", type_=BigInteger), interval_us=bindparam("interval", type_=BigInteger)),
    name="note question of device",
)
_GO_ON = Statement(
    update(device_codes).where(any_of(_c.digest, "digests"), _c.state == State.ALLOWED).values(state=int(State.USED)),
    name="let device go on",
)
_OLD = select(_c.digest).where(_c.expire_us < bindparam("before", type_=BigInteger)).order_by(_c.expire_us).limit(10)
_CLEAN = Statement(
    delete(device_codes).where(_c.digest.in_(_OLD.with_for_update(skip_locked=True))), name="forget old devices"
)
_TOLD = {
    Poll.PENDING: "The user has not answered yet.",
    Poll.SLOW_DOWN: "The device asks too often.",
    Poll.DENIED: "The user does not allow it.",
    Poll.EXPIRED: "The time to sign in is over.",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A device that waits, for which client and scopes; `session_id` is that of the user who has allowed it."""

    client_id: str
    scopes: str
    session_id: str
    device: Device


class Devices:
    """The method AuthorizeDevice, and the devices that it made wait."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def authorize_device(self, call: Call, request: openid_service_pb2.AuthorizeDeviceRequest) -> httpbody_pb2.HttpBody:
        """The two codes: one for the device, one for its user."""
        return answering(call, request.form, lambda form, sent: self._begin(call, *form, sent))

    def _begin(self, call: Call, kind: str, body: bytes, sent: str) -> httpbody_pb2.HttpBody:
        proof, scope = read_device_form(kind, body, sent)
        client = self._clients.authenticate(call, proof)
        if DEVICE not in client.grant_types:
            raise OAuthError("unauthorized_client", "The client may not use this grant type.")
        scopes = tuple(dict.fromkeys(scope.split(" ")))
        if not set(scopes) <= set(client.scopes):
            raise OAuthError("invalid_scope", "The scope is missing, or asks for more than the client may ask for.")
        secret, drawn = call.environment.ids.new_secret(), call.environment.ids.new_secret()
        typed = user_code(int.from_bytes(hashlib.sha256(drawn.encode()).digest()))
        page = f"{call.environment.public_url}/oauth/device"
        content = {
            "device_code": secret,
            "user_code": typed,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={typed}",
            "expires_in": EXPIRES_SECONDS,
            "interval": INTERVAL_SECONDS,
        }
        with call.commit(tenant_of(client)) as commit:
            commit.write(
                _ADD,
                digest=_digests(call.environment, secret)[0],
                user_code=_digests(call.environment, plain(typed))[0],
                client_id=client.client_id,
                scopes=" ".join(scopes),
                state=State.PENDING,
                session_id="",
                expire_us=commit.now_us + EXPIRES_SECONDS * _SECOND_US,
                asked_us=0,
                interval_us=INTERVAL_SECONDS * _SECOND_US,
            )
            commit.write(_CLEAN, before=commit.now_us)
            commit.audit(f"oauth-clients/{client.id}", principal=client.id)
            return commit.reply(answer(call, 200, content))

    @staticmethod
    def find(call: Call, typed: str) -> Waiting | None:
        """The device of a code that a user has typed, if it waits for an answer."""
        code, now_us = plain(typed), call.environment.clock.now_us()
        rows = call.read(_BY_USER_CODE, codes=_digests(call.environment, code)) if code else []
        found = _waiting(rows[0]) if rows else None
        waits = found is not None and found.device.state == State.PENDING and found.device.expire_us > now_us
        return found if waits else None

    @staticmethod
    def say(commit: Commit, typed: str, session_id: str, *, allowed: bool) -> None:
        """Keep what the user says of a device that waits, once."""
        said = State.ALLOWED if allowed else State.DENIED
        commit.write(_SAY, codes=_digests(commit.environment, plain(typed)), said=said, session=session_id)

    @staticmethod
    def ask(call: Call, client: resources_pb2.OauthClient, secret: str) -> Waiting:
        """The device that may go on now. When it asked is kept, whatever it is told.

        Raises:
            OAuthError: what it is told otherwise (RFC 8628, section 3.5), or invalid_grant.
        """
        environment, digests = call.environment, _digests(call.environment, secret)
        with environment.store.transaction(tenant=None, timeout=call.remaining()) as transaction:
            rows, now_us = transaction.read(_HOLD, digests=digests), environment.clock.now_us()
            if not rows or rows[0][0] != client.client_id:
                raise wrong_grant()
            waiting = _waiting(rows[0])
            told, interval_us = poll(waiting.device, now_us)
            transaction.write(_NOTE, digests=digests, now=now_us, interval=interval_us)
        if told is not Poll.READY:
            raise OAuthError(told.value, _TOLD[told])
        return waiting

    @staticmethod
    def use(commit: Commit, secret: str) -> None:
        """Note with a write that a device has gone on; it does so once.

        Raises:
            OAuthError: invalid_grant.
        """
        if not commit.write(_GO_ON, digests=_digests(commit.environment, secret)):
            raise wrong_grant()


def _waiting(row: Any) -> Waiting:
    client_id, scopes, state, session_id, *times = row
    return Waiting(client_id, scopes, session_id, Device(state, *times))


def _digests(environment: Environment, code: str) -> list[str]:
    keys = environment.secrets.keys("device codes")
    return [hmac.digest(key, code.encode(), hashlib.sha256).hex() for key in keys]
