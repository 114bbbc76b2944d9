"""Several threads and several tenants share a store, on every engine."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, select, update

from mesh.store import (
    TENANT,
    Busy,
    Statement,
    Store,
    TenantFenceError,
    Timeout,
    Unavailable,
)
from tests.conformance.store import schema
from tests.conformance.store.schema import SOON, add, book, ids

if TYPE_CHECKING:
    from collections.abc import Callable


CLAIM = Statement(
    select(schema.books.c.pages).where(schema.OWN, schema.books.c.id == bindparam("id")).with_for_update()
)
SET_PAGES = Statement(
    update(schema.books)
    .where(schema.books.c.tenant_id == TENANT, schema.books.c.id == bindparam("id"))
    .values(pages=bindparam("pages_"))
)


class TestSeveralAtOnce:
    def test_no_increment_is_lost_between_writers(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")

        def work(_: int) -> None:
            for _ in range(25):
                with store.transaction(tenant=tenant, timeout=20.0) as tx:
                    (row,) = tx.read(CLAIM, id="b")
                    tx.write(SET_PAGES, id="b", pages_=row[0] + 1)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(work, range(4)))
        assert store.read(schema.get_book, tenant=tenant, timeout=SOON, id="b")[0][3] == 200

    def test_a_writer_that_waits_too_long_is_told_busy(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write(schema.add_page, id="b")
            started = time.monotonic()
            with pytest.raises(Busy), store.transaction(tenant=tenant, timeout=0.4) as second:
                second.write(schema.add_page, id="b")
            assert time.monotonic() - started < SOON
        assert store.read(schema.get_book, tenant=tenant, timeout=SOON, id="b")[0][3] == 101

    def test_readers_do_not_wait_for_a_writer(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write(schema.add_page, id="b")
            assert store.read(schema.get_book, tenant=tenant, timeout=0.5, id="b")[0][3] == 100

    def test_the_pool_is_bounded(
        self, fresh_url: Callable[[], str], make_store: Callable[..., Store], tenant: str
    ) -> None:
        small = make_store(fresh_url(), pool_size=1)
        small.migrate()
        with small.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write(schema.add_book, **book("b"))
            with pytest.raises(Timeout):
                small.read(schema.get_book, tenant=tenant, timeout=0.1, id="b")
        assert ids(small, tenant) == ["b"]

    def test_a_waiting_reader_gets_the_connection_that_comes_back(
        self, fresh_url: Callable[[], str], make_store: Callable[..., Store], tenant: str
    ) -> None:
        small = make_store(fresh_url(), pool_size=1)
        small.migrate()
        begun = threading.Event()
        with ThreadPoolExecutor(1) as threads:
            with small.transaction(tenant=tenant, timeout=SOON) as tx:
                tx.write(schema.add_book, **book("b"))

                def read() -> list[str]:
                    begun.set()
                    return ids(small, tenant)

                reader = threads.submit(read)
                assert begun.wait(SOON)
            assert reader.result(SOON) == ["b"]

    def test_a_closed_store_refuses_calls(self, fresh_url: Callable[[], str], make_store: Callable[..., Store]) -> None:
        closed = make_store(fresh_url())
        closed.migrate()
        closed.ping(1.0)
        closed.close()
        with pytest.raises(Unavailable):
            closed.ping(1.0)


class TestTenants:
    def test_rows_of_another_tenant_are_invisible_and_untouchable(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        other = f"{tenant}-b"
        assert ids(store, other) == []
        with store.transaction(tenant=other, timeout=SOON) as tx:
            assert tx.read(schema.get_book, id="b") == []
            assert tx.write(schema.add_page, id="b") == 0
            assert tx.write(schema.remove_book, id="b") == 0
        assert ids(store, tenant) == ["b"]

    @pytest.mark.parametrize("nobody", [None, ""])
    def test_a_fenced_statement_needs_a_tenant(self, store: Store, nobody: str | None) -> None:
        with pytest.raises(TenantFenceError):
            store.read(schema.get_book, tenant=nobody, timeout=SOON, id="b")
        with pytest.raises(TenantFenceError), store.transaction(tenant=nobody, timeout=SOON) as tx:
            tx.write(schema.add_book, **book("b"))
        with pytest.raises(TenantFenceError), store.transaction(tenant=nobody, timeout=SOON) as tx:
            tx.defer(schema.add_book, **book("b"))

    def test_the_tenant_is_not_a_parameter(self, store: Store, tenant: str) -> None:
        with pytest.raises(TenantFenceError):
            store.read(schema.get_book, tenant=tenant, timeout=SOON, id="b", tenant_id="other")
        with pytest.raises(TenantFenceError), store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write(schema.add_book, **book("b"), tenant_id="other")
        with pytest.raises(TenantFenceError), store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write_many(schema.add_book, [{**book("b"), "tenant_id": "other"}])

    def test_a_global_table_needs_no_tenant(self, store: Store) -> None:
        with store.transaction(tenant=None, timeout=SOON) as tx:
            tx.write(schema.add_currency, code="JPY", exponent=0)
        assert ("JPY", 0) in store.read(schema.list_currencies, tenant=None, timeout=SOON)

    def test_one_transaction_may_serve_several_tenants_in_turn(self, store: Store, tenant: str) -> None:
        owners = [f"{tenant}-{number}" for number in range(3)]
        with store.transaction(tenant=None, timeout=SOON) as tx:
            for owner in owners:
                with tx.as_tenant(owner):
                    tx.write(schema.add_book, **book("b"))
                    tx.defer(schema.add_book, **book(f"of-{owner}"))
                    assert len(tx.read(schema.get_book, id="b")) == 1
            assert tx.tenant is None
        assert [ids(store, owner) for owner in owners] == [["b", f"of-{owner}"] for owner in owners]

    def test_a_write_needs_a_transaction(self, store: Store, tenant: str) -> None:
        with pytest.raises(TenantFenceError):
            store.read(schema.remove_book, tenant=tenant, timeout=SOON, id="b")
