"""What is kept of those who were erased: keyed digests of their addresses, so that no import brings them back.

The key is the tenant's own, made with its first erasure and sealed by the vault: it outlives every master key.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from mesh.contract.traces import EMAIL, digest
from mesh.runtime import audit
from mesh.runtime.identity import Kind
from mesh.store.statement import TENANT, Statement, any_of, insert_ignore
from mesh.store.tables import TEXT
from services.customers.domain.keys import email_key
from services.customers.privacy_tables import erased_addresses, erasure_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rapport.customers.v1 import resources_pb2

    from mesh.runtime.call import View, Write
    from mesh.runtime.environment import Environment

SEALED_KEY = erasure_keys.c.sealed_key
_NAME = "digests"
_MOST_KNOWN = 1_000
_known: dict[tuple[str, bytes], bytes] = {}
_lock = threading.Lock()
_KEY = Statement(
    select(SEALED_KEY).where(erasure_keys.c.tenant_id == TENANT, erasure_keys.c.name == bindparam("name", type_=TEXT)),
    name="key of erasures",
)
_MAKE = insert_ignore(erasure_keys, ["name"], name="make key of erasures")
_FIND = Statement(
    select(erased_addresses.c.digest).where(
        erased_addresses.c.tenant_id == TENANT, any_of(erased_addresses.c.digest, "digests")
    ),
    name="find erased addresses",
)
_NOTE = insert_ignore(erased_addresses, ["digest"], name="note erased address")


def key_of(environment: Environment, tenant: str, read: Callable[..., Sequence[Sequence[Any]]]) -> bytes:
    """The tenant's key; empty before its first erasure."""
    rows = read(_KEY, name=_NAME)
    return opened(environment, tenant, bytes(rows[0][0])) if rows else b""


def opened(environment: Environment, tenant: str, sealed: bytes) -> bytes:
    """A sealed key of the tenant.

    Raises:
        SealError: it is none.
    """
    found = _known.get((tenant, sealed))
    if found is None:
        found = environment.vault.open(SEALED_KEY, sealed, row=_NAME, tenant=tenant)
        with _lock:
            if len(_known) >= _MOST_KNOWN:
                _known.clear()
            _known[tenant, sealed] = found
    return found


def make_key(write: Write) -> None:
    """Have a key from here on; harmless where there is one."""
    fresh = write.environment.ids.new_secret().encode()
    sealed = write.environment.vault.seal(SEALED_KEY, fresh, row=_NAME, tenant=write.tenant)
    write.write(_MAKE, name=_NAME, sealed_key=sealed)


def sealed_key(read: Callable[..., Sequence[Sequence[Any]]]) -> bytes:
    """The key as the vault has sealed it."""
    return bytes(read(_KEY, name=_NAME)[0][0])


def note(write: Write, key: bytes, erasure: str, addresses: Iterable[str]) -> None:
    """Keep digests of the addresses of somebody who is erased."""
    found = sorted({digest(key, EMAIL, each).hex() for each in addresses})
    write.write_many(_NOTE, [{"digest": each, "erasure_id": erasure} for each in found])


def erased_among(view: View | Write, addresses: Iterable[str]) -> frozenset[str]:
    """The keys of those addresses that were somebody's who was erased, where that is to stop a caller.

    It is not where they say `allow_erased`, nor where the person comes by themselves, through a form.
    """
    if _insists(view) or view.identity.kind is Kind.PUBLISHABLE:
        return frozenset()
    return _among(view, addresses)


def note_insisted(write: Write, before: resources_pb2.Contact | None, after: resources_pb2.Contact) -> None:
    """Tell the audit of addresses that are added though they were somebody's who was erased."""
    call: Any = getattr(write, "call", None)
    if not _insists(call):
        return
    had = {each.address for each in before.emails} if before is not None else set()
    added = {f"emails[{at}].address": each.address for at, each in enumerate(after.emails) if each.address not in had}
    found = _among(write, added.values())
    paths = [path for path, address in added.items() if _key(address) in found]
    if paths:
        audit.note(write, "contact.erased_address_added", call.contract.full_name, f"contacts/{after.id}", paths)


def _insists(call: object) -> bool:
    return bool(getattr(getattr(call, "request", None), "allow_erased", False))


def _among(view: View | Write, addresses: Iterable[str]) -> frozenset[str]:
    keys = {found for each in addresses if (found := _key(each))}
    if not keys:
        return frozenset()
    key = key_of(view.environment, view.identity.tenant, view.read)
    if not key:
        return frozenset()
    by_digest = {digest(key, EMAIL, each).hex(): each for each in keys}
    return frozenset(by_digest[row[0]] for row in view.read(_FIND, digests=sorted(by_digest)))


def _key(address: str) -> str:
    try:
        return email_key(address)
    except ValueError:
        return ""
