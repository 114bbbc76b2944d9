"""Request ids (AIP-155): the same request sent again has one effect and gets the same reply, for 24 hours.

The key row is taken when the write begins, so that a twin of a running call waits for it and then finds its reply.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update
from sqlalchemy.types import LargeBinary

from mesh.contract.failure import Failure
from mesh.runtime.purging import REQUEST_IDS
from mesh.store.mesh_tables import idempotency_keys as keys
from mesh.store.statement import TENANT, Statement, insert_ignore

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from mesh.runtime.call import Call, Commit

_KEY = (
    keys.c.tenant_id == TENANT,
    keys.c.principal == bindparam("principal"),
    keys.c.method == bindparam("method"),
    keys.c.request_id == bindparam("request_id"),
)
_FIND = Statement(select(keys.c.fingerprint, keys.c.reply, keys.c.told).where(*_KEY), name="find request id")
_TAKE = insert_ignore(keys, ["principal", "method", "request_id"], name="take request id")
_KEEP = Statement(
    update(keys).where(*_KEY).values(reply=bindparam("kept", type_=LargeBinary), told=bindparam("published")),
    name="keep reply",
)


class Replay(Exception):
    """The call was answered before; `reply` is what it got, as bytes, and `told` the `x-rapport-after` beside it."""

    def __init__(self, reply: bytes, told: str) -> None:
        super().__init__()
        self.reply = reply
        self.told = told


def _request_id(call: Call) -> str:
    return getattr(call.request, "request_id", "") if call.contract.takes_request_id else ""


def _parameters(call: Call, request_id: str) -> dict[str, str]:
    return {"principal": call.identity.principal, "method": call.contract.path, "request_id": request_id}


def _fingerprint(call: Call) -> bytes:
    request = call.request
    return hashlib.sha256(request.SerializeToString(deterministic=True) if request else b"").digest()


def replay(call: Call) -> None:
    """Answer a call that was answered before.

    Raises:
        Replay: with the reply.
        Failure: REQUEST_ID_REUSED, where the id came with another request.
    """
    request_id = _request_id(call)
    if request_id:
        _answer(call, call.read(_FIND, **_parameters(call, request_id)))


def _answer(call: Call, rows: object) -> None:
    for fingerprint, reply, told in rows:  # type: ignore[attr-defined]  # rows are sequences of column values
        if fingerprint != _fingerprint(call):
            raise Failure("REQUEST_ID_REUSED", metadata={"request_id": _request_id(call)})
        raise Replay(reply, told)


def take(commit: Commit) -> None:
    """Reserve the request id for this write, or answer as the twin that was faster."""
    call = commit.call
    request_id = _request_id(call)
    if not request_id:
        return
    key = _parameters(call, request_id)
    row = {"fingerprint": _fingerprint(call), "reply": b"", "told": "", "create_time": commit.now_us}
    if not commit.write(_TAKE, **key, **row):
        _answer(call, commit.read(_FIND, **key))
    commit.environment.sweeps.arm(commit, REQUEST_IDS, commit.now_us)


def keep(commit: Commit, reply: Message) -> None:
    """Store the reply beside the request id, in the same transaction."""
    request_id = _request_id(commit.call)
    if request_id:
        key = _parameters(commit.call, request_id)
        commit.transaction.defer(_KEEP, **key, kept=reply.SerializeToString(), published=commit.told())
