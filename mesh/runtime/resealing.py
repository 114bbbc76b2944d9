"""Walks every sealed column of a service: how many values are under which master key, and all of them under the newest.

Columns are found where they are declared. A page is one transaction, and a value is replaced only where it is still the
one that was read, so that the mesh goes on meanwhile and nothing it writes is lost.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select, update

from mesh.runtime.vault import key_id, row_id
from mesh.store.mesh_tables import MESH
from mesh.store.statement import TENANT, Statement
from mesh.store.tables import TENANT_COLUMN, is_tenant_table, sealed_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Column, ColumnElement

    from mesh.runtime.vault import Vault
    from mesh.store.store import Store
    from mesh.store.transaction import Transaction

PAGE = 200
_SECONDS = 10.0


def census(store: Store, tenants: Sequence[str]) -> Counter[tuple[str, str]]:
    """How many values there are by column, as in `signing_keys.sealed_private`, and by id of their master key."""
    found: Counter[tuple[str, str]] = Counter()
    for walk, tenant in _walks(store, tenants):
        for page in walk.pages(store, tenant):
            found.update((walk.name, key_id(row[walk.column.name])) for row in page)
    return found


def reseal(store: Store, vault: Vault, tenants: Sequence[str]) -> int:
    """Put every value under the current master key; how many there were to do.

    Raises:
        SealError: a value does not open; those before it are done.
    """
    return sum(
        walk.reseal(store, vault, tenant, page)
        for walk, tenant in _walks(store, tenants)
        for page in walk.pages(store, tenant)
    )


def _walks(store: Store, tenants: Sequence[str]) -> Iterator[tuple[_Walk, str]]:
    for column in (*sealed_columns(MESH), *sealed_columns(store.metadata)):
        walk = _Walk(column)
        for tenant in tenants if is_tenant_table(column.table) else ("",):
            yield walk, tenant


class _Walk:
    """One column, page by page in the order of its table's key."""

    def __init__(self, column: Column[Any]) -> None:
        table, self.column = column.table, column
        self.name = f"{table.name}.{column.name}"
        self._keys = [key for key in table.primary_key if key.name != TENANT_COLUMN]
        fence = [table.c.tenant_id == TENANT] if is_tenant_table(table) else []
        core = select(*self._keys, column).where(*fence, column.is_not(None)).order_by(*self._keys).limit(PAGE)
        self._first = Statement(core, name=f"first sealed of {self.name}")
        self._next = Statement(core.where(_beyond(self._keys)), name=f"next sealed of {self.name}")
        same = [key == bindparam(f"at_{key.name}", type_=key.type) for key in self._keys]
        self._replace = Statement(
            update(table)
            .where(*fence, *same, column == bindparam("held", type_=column.type))
            .values({column.name: bindparam("fresh", type_=column.type)}),
            name=f"reseal {self.name}",
        )

    def pages(self, store: Store, tenant: str) -> Iterator[list[dict[str, Any]]]:
        """The rows, each with its key and the sealed value."""
        names = [*(key.name for key in self._keys), self.column.name]
        rows = store.read(self._first, tenant=tenant or None, timeout=_SECONDS)
        while rows:
            page = [dict(zip(names, row, strict=True)) for row in rows]
            for row in page:
                row[self.column.name] = bytes(row[self.column.name])
            yield page
            after = {f"after_{key.name}": page[-1][key.name] for key in self._keys}
            rows = store.read(self._next, tenant=tenant or None, timeout=_SECONDS, **after)

    def reseal(self, store: Store, vault: Vault, tenant: str, page: Iterable[dict[str, Any]]) -> int:
        """Replace what a page holds under older keys; how many values that were."""
        fresh = []
        for row in page:
            held = row[self.column.name]
            sealed = vault.reseal(self.column, held, row=row_id(self.column, row), tenant=tenant)
            if sealed is not None:
                fresh.append({**{f"at_{key.name}": row[key.name] for key in self._keys}, "held": held, "fresh": sealed})
        if not fresh:
            return 0
        with store.transaction(tenant=tenant or None, timeout=_SECONDS) as transaction:
            return self._written(transaction, fresh)

    def _written(self, transaction: Transaction, fresh: Sequence[dict[str, Any]]) -> int:
        return sum(transaction.write(self._replace, **row) for row in fresh)


def _beyond(keys: Sequence[Column[Any]]) -> ColumnElement[bool]:
    """After the row whose key is in the parameters `after_<column>`, in the order of the whole key."""
    marks = [bindparam(f"after_{key.name}", type_=key.type) for key in keys]
    return or_(
        *(
            and_(*(keys[before] == marks[before] for before in range(place)), keys[place] > marks[place])
            for place in range(len(keys))
        )
    )
