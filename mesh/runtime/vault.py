"""Secrets at rest: the one place that seals values for a column and opens them.

A sealed value is an envelope: a data key of its own seals the value, the current master key seals the data key, and the
master key's id stands in front. Service, table, column, tenant and row are authenticated with both, so that a value
that was moved elsewhere does not open. What was sealed before there were envelopes still opens, for columns that name
the purpose it was sealed for.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from mesh.store.tables import TENANT_COLUMN, formerly_sealed_for

if TYPE_CHECKING:
    from sqlalchemy import Column

    from mesh.runtime.secrets import Master, Secrets

_MAGIC = b"\x00RV1"
_ID = 8
_NONCE = 12
_DATA_KEY = 32
_WRAPPED = _NONCE + _DATA_KEY + 16
_HEAD = len(_MAGIC) + _ID
_PURPOSE = "vault"
_CLOSED = "the sealed value cannot be opened"


class SealError(ValueError):
    """A sealed value was changed or moved, or no master key of this mesh opens it."""


class Vault:
    """Seals and opens the values of one service's sealed columns.

    `row` is the row's primary key, without the tenant, joined by `/`.
    """

    def __init__(self, service: str, secrets: Secrets) -> None:
        self._service = service
        self._secrets = secrets

    def seal(self, column: Column[Any], plain: bytes, *, row: str, tenant: str = "") -> bytes:
        """The value for this column of this row, with the current master key."""
        master, bound = self._secrets.masters()[0], self._bound(column, tenant, row)
        key = AESGCM.generate_key(_DATA_KEY * 8)
        return self._wrap(master, key, bound) + _encrypt(key, plain, bound)

    def open(self, column: Column[Any], sealed: bytes, *, row: str, tenant: str = "") -> bytes:
        """The value that was sealed for this column of this row.

        Raises:
            SealError: it is not what was sealed there.
        """
        bound = self._bound(column, tenant, row)
        if _master_id(sealed):
            return _decrypt(self._unwrap(sealed, bound), sealed[_HEAD + _WRAPPED :], bound)
        return self._open_former(column, sealed)

    def reseal(self, column: Column[Any], sealed: bytes, *, row: str, tenant: str = "") -> bytes | None:
        """The same value under the current master key; None where it is already.

        Raises:
            SealError: it is not what was sealed there.
        """
        bound, master = self._bound(column, tenant, row), self._secrets.masters()[0]
        held = _master_id(sealed)
        if held == master.id:
            return None
        if held:
            return self._wrap(master, self._unwrap(sealed, bound), bound) + sealed[_HEAD + _WRAPPED :]
        return self.seal(column, self._open_former(column, sealed), row=row, tenant=tenant)

    def _wrap(self, master: Master, key: bytes, bound: bytes) -> bytes:
        return _MAGIC + master.id + _encrypt(master.key(_PURPOSE), key, bound)

    def _unwrap(self, sealed: bytes, bound: bytes) -> bytes:
        held = _master_id(sealed)
        for master in self._secrets.masters():
            if master.id == held:
                return _decrypt(master.key(_PURPOSE), sealed[_HEAD : _HEAD + _WRAPPED], bound)
        msg = f"the master key {held.hex()} is not among MESH_SECRET and MESH_SECRET_PREVIOUS"
        raise SealError(msg)

    def _open_former(self, column: Column[Any], sealed: bytes) -> bytes:
        purpose = formerly_sealed_for(column)
        for key in self._secrets.keys(purpose) if purpose else ():
            try:
                return _decrypt(key, sealed, purpose.encode())
            except SealError:
                continue
        raise SealError(_CLOSED)

    def _bound(self, column: Column[Any], tenant: str, row: str) -> bytes:
        return json.dumps([self._service, column.table.name, column.name, tenant, row]).encode()


def key_id(sealed: bytes) -> str:
    """The id of the master key that a value is sealed under, as hex; empty for what was sealed before envelopes."""
    return _master_id(sealed).hex()


def row_id(column: Column[Any], row: dict[str, Any]) -> str:
    """The row as the vault binds it, from its columns by name."""
    keys = (key.name for key in column.table.primary_key if key.name != TENANT_COLUMN)
    return "/".join(str(row[key]) for key in keys)


def _master_id(sealed: bytes) -> bytes:
    return sealed[len(_MAGIC) : _HEAD] if sealed.startswith(_MAGIC) else b""


def _encrypt(key: bytes, plain: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except (InvalidTag, ValueError):
        raise SealError(_CLOSED) from None
