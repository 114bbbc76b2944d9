"""ReceiptService: signatures that hold for years. Their key signs no token, and is never taken back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rapport.users.v1 import receipt_service_pb2
from sqlalchemy import select

from mesh.contract import base64url
from mesh.contract.failure import invalid
from mesh.store.statement import Statement, insert_ignore
from services.users.oauth_tables import receipt_keys
from services.users.service.signing import BEARER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mesh.runtime.call import Call
    from mesh.runtime.environment import Environment

_FIRST = 1
_SECONDS = 10.0
_c = receipt_keys.c
_LIST = Statement(select(_c.slot, _c.kid, _c.public, _c.sealed_private).order_by(_c.slot), name="list receipt keys")
_ADD = insert_ignore(receipt_keys, ["slot"], name="add receipt key")


class Receipts:
    """The methods of ReceiptService. The first key is there before the first backup, so that each backup has it."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        if not self._rows():
            self._add()

    def sign_receipt(
        self, call: Call, request: receipt_service_pb2.SignReceiptRequest
    ) -> receipt_service_pb2.SignReceiptResponse:
        """What the caller says, signed."""
        del call
        try:
            claims: Any = json.loads(request.claims)
        except (ValueError, RecursionError):
            claims = None
        if not isinstance(claims, dict):
            raise invalid("claims", "must be a JSON object")
        slot, kid, _, sealed = self._rows()[-1]
        private = BEARER.load(self._environment.vault.open(_c.sealed_private, bytes(sealed), row=str(slot)))
        signed = jwt.encode(
            {**claims, "iss": self._environment.issuer}, private, algorithm="EdDSA", headers={"kid": kid}
        )
        return receipt_service_pb2.SignReceiptResponse(receipt=signed)

    def get_receipt_keys(
        self, call: Call, request: receipt_service_pb2.GetReceiptKeysRequest
    ) -> receipt_service_pb2.GetReceiptKeysResponse:
        """The public keys."""
        del call, request
        reply = receipt_service_pb2.GetReceiptKeysResponse()
        for _, kid, public, _ in self._rows():
            reply.keys.add(kty="OKP", crv="Ed25519", kid=kid, use="sig", alg="EdDSA", x=base64url.encode(bytes(public)))
        return reply

    def _rows(self) -> Sequence[Sequence[Any]]:
        return self._environment.store.read(_LIST, tenant=None, timeout=_SECONDS)

    def _add(self) -> None:
        environment, private = self._environment, Ed25519PrivateKey.generate()
        sealed = environment.vault.seal(_c.sealed_private, BEARER.dump(private), row=str(_FIRST))
        row = {"slot": _FIRST, "kid": environment.ids.new("key"), "public": BEARER.public(private)}
        with environment.store.transaction(tenant=None, timeout=_SECONDS) as transaction:
            transaction.write(_ADD, **row, sealed_private=sealed, create_time=environment.wall.now_us())
