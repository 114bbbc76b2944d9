"""What every engine of the store promises."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from mesh.store import (
    CheckViolation,
    ForeignKeyViolation,
    Store,
    StoreError,
    Timeout,
    Unavailable,
    UniqueViolation,
    insert_rows,
)
from tests.conformance.store import schema
from tests.conformance.store.schema import SOON, add, book, ids

if TYPE_CHECKING:
    from collections.abc import Callable


class TestRowsGoInAndOut:
    def test_every_column_type_comes_back_as_it_went_in(self, store: Store, tenant: str) -> None:
        row = book(
            "b", isbn="ISBN 'quoted' \u00e9\u2603\U0001f600", pages=2**62, lent=True, weight=0.1, cover=b"\0\xff\n"
        )
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            assert tx.write(schema.add_book, **row) == 1
        assert store.read(schema.get_book, tenant=tenant, timeout=SOON, id="b") == [(tenant, *row.values())]

    def test_null_is_none(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        assert store.read(schema.get_book, tenant=tenant, timeout=SOON, id="b")[0][4:] == (None, None, None)

    def test_booleans_are_booleans(self, store: Store, tenant: str) -> None:
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write_many(schema.add_book, [book("a", lent=True), book("b", lent=False)])
        found = [store.read(schema.get_book, tenant=tenant, timeout=SOON, id=key)[0][4] for key in "ab"]
        assert found[0] is True
        assert found[1] is False

    def test_a_sum_is_an_integer(self, store: Store, tenant: str) -> None:
        add(store, tenant, "a", "b")
        (row,) = store.read(schema.count_books, tenant=tenant, timeout=SOON)
        assert row == (2, 200)
        assert [type(value) for value in row] == [int, int]

    def test_pages_follow_byte_order(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b", "B", "a", "\u00e4", "_", "A")
        assert ids(store, tenant) == sorted(["b", "B", "a", "\u00e4", "_", "A"], key=str.encode)
        page = store.read(schema.list_books, tenant=tenant, timeout=SOON, after="A", page=2)
        assert [row[0] for row in page] == ["B", "_"]

    def test_a_list_is_one_parameter(self, store: Store, tenant: str) -> None:
        add(store, tenant, "a", "b", "c", 'd"{},\\')
        for wanted in ([], ["a"], ["c", "a", "nobody"], ['d"{},\\'], ["b"] * 2000):
            rows = store.read(schema.books_by_id, tenant=tenant, timeout=SOON, ids=wanted)
            assert [row[0] for row in rows] == sorted({"a", "b", "c", 'd"{},\\'} & set(wanted))
        assert len(store.read(schema.books_by_pages, tenant=tenant, timeout=SOON, pages=[100, 2**40])) == 4

    def test_a_missing_parameter_is_named(self, store: Store, tenant: str) -> None:
        with pytest.raises(KeyError, match="page"):
            store.read(schema.list_books, tenant=tenant, timeout=SOON, after="")


class TestWrites:
    def test_write_counts_affected_rows(self, store: Store, tenant: str) -> None:
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            assert tx.write_many(schema.add_book, [book(f"b{number}") for number in range(1200)]) == 1200
            assert tx.write(schema.add_page, id="b7") == 1
            assert tx.write(schema.add_page, id="nobody") == 0
            assert tx.write(schema.remove_book, id="b8") == 1
            assert tx.write_many(schema.add_book, []) == 0

    def test_a_write_may_return_rows(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            assert tx.read(schema.lend_book, id="b", lent=True) == [(100,)]
        assert store.read(schema.get_book, tenant=tenant, timeout=SOON, id="b")[0][4] is True

    def test_an_upsert_overwrites_only_what_it_names(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            assert tx.write(schema.put_book, **book("b", pages=7, lent=True, isbn="other")) == 1
            assert tx.write(schema.put_book, **book("c")) == 1
        row = store.read(schema.get_book, tenant=tenant, timeout=SOON, id="b")[0]
        assert row[2:5] == ("isbn-b", 7, True)
        assert ids(store, tenant) == ["b", "c"]

    def test_an_ignored_insert_says_so(self, store: Store, tenant: str) -> None:
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            assert tx.write(schema.add_book_once, **book("b")) == 1
            assert tx.write(schema.add_book_once, **book("b", pages=5)) == 0

    def test_an_upsert_of_another_tenant_s_key_makes_an_own_row(self, store: Store, tenant: str) -> None:
        for owner, pages in ((tenant, 1), (f"{tenant}-b", 2)):
            with store.transaction(tenant=owner, timeout=SOON) as tx:
                tx.write(schema.put_book, **book("shared", pages=pages))
        assert store.read(schema.get_book, tenant=tenant, timeout=SOON, id="shared")[0][3] == 1

    def test_rows_of_a_global_table_go_in_by_one_statement(self, store: Store, tenant: str) -> None:
        first, second, third = (f"{tenant} 'quoted\" \u00e9\U0001f600 {number}" for number in range(3))

        def written() -> dict[str, int]:
            rows = store.read(schema.list_currencies, tenant=None, timeout=SOON)
            return {code: exponent for code, exponent in rows if code.startswith(f"{tenant} ")}

        with store.transaction(tenant=None, timeout=SOON) as tx:
            assert tx.write(schema.add_currencies, rows=[(first, 2**62), (second, 0)]) == 2
            assert tx.write(schema.add_currencies, rows=[]) == 0
            assert tx.write(schema.add_currencies_once, rows=[(second, 9), (third, -1)]) == 1
            assert tx.write(schema.put_currencies, rows=[(third, 3)]) == 1
        assert written() == {first: 2**62, second: 0, third: 3}
        with pytest.raises(UniqueViolation), store.transaction(tenant=None, timeout=SOON) as tx:
            tx.defer(schema.add_currencies, rows=[(f"{tenant} new", 1), (first, 1)])
        assert written() == {first: 2**62, second: 0, third: 3}

    def test_rows_of_tenants_go_in_one_by_one(self) -> None:
        with pytest.raises(ValueError, match="write_many"):
            insert_rows(schema.books)

    def test_an_exception_undoes_everything(self, store: Store, tenant: str) -> None:
        with pytest.raises(ZeroDivisionError), store.transaction(tenant=tenant, timeout=SOON) as tx:  # noqa: PT012
            tx.write(schema.add_book, **book("b"))
            tx.defer(schema.add_book, **book("c"))
            1 / 0  # noqa: B018
        assert ids(store, tenant) == []

    def test_a_transaction_sees_its_own_writes_and_nobody_else_does(self, store: Store, tenant: str) -> None:
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write(schema.add_book, **book("b"))
            assert len(tx.read(schema.get_book, id="b")) == 1
            assert ids(store, tenant) == []
        assert ids(store, tenant) == ["b"]

    def test_an_error_ends_the_transaction_even_when_it_is_swallowed(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        with pytest.raises(StoreError, match="over"), store.transaction(tenant=tenant, timeout=SOON) as tx:  # noqa: PT012
            tx.write(schema.add_book, **book("c"))
            with pytest.raises(UniqueViolation):
                tx.write(schema.add_book, **book("b"))
        assert ids(store, tenant) == ["b"]

    def test_a_transaction_cannot_be_used_after_its_end(self, store: Store, tenant: str) -> None:
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            pass
        with pytest.raises(StoreError):
            tx.write(schema.add_book, **book("b"))


class TestTheEndOfATransaction:
    def test_deferred_writes_run_in_order_before_the_commit(self, store: Store, tenant: str) -> None:
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.defer(schema.add_page, id="b")
            tx.defer(schema.add_book, **book("c"))
            tx.defer(schema.add_page, id="c")
            tx.write(schema.add_book, **book("b"))
            assert tx.read(schema.get_book, id="c") == []
        rows = store.read(schema.list_books, tenant=tenant, timeout=SOON, after="", page=9)
        assert rows == [("b", 101), ("c", 101)]

    def test_deferred_writes_alone_are_a_transaction(self, store: Store, tenant: str) -> None:
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.defer(schema.add_book, **book("b"))
            tx.defer(schema.add_chapter, book_id="b", number=1)
        assert ids(store, tenant) == ["b"]
        with pytest.raises(UniqueViolation), store.transaction(tenant=tenant, timeout=SOON) as tx:  # noqa: PT012
            tx.defer(schema.add_book, **book("c"))
            tx.defer(schema.add_book, **book("b"))
        assert ids(store, tenant) == ["b"]

    def test_a_failing_deferred_write_undoes_everything(self, store: Store, tenant: str) -> None:
        with pytest.raises(ForeignKeyViolation), store.transaction(tenant=tenant, timeout=SOON) as tx:  # noqa: PT012
            tx.write(schema.add_book, **book("b"))
            tx.defer(schema.add_chapter, book_id="nobody", number=1)
        assert ids(store, tenant) == []

    def test_the_check_has_the_last_word(self, store: Store, tenant: str) -> None:
        after: list[str] = []

        def check() -> None:
            raise TimeoutError

        with pytest.raises(TimeoutError), store.transaction(tenant=tenant, timeout=SOON) as tx:  # noqa: PT012
            tx.before_commit(check)
            tx.after_commit(lambda: after.append("committed"))
            tx.write(schema.add_book, **book("b"))
            tx.defer(schema.add_book, **book("c"))
        assert ids(store, tenant) == []
        assert after == []

    def test_after_commit_sees_the_committed_rows(self, store: Store, tenant: str) -> None:
        seen: list[list[str]] = []
        with store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.after_commit(lambda: seen.append(ids(store, tenant)))
            tx.defer(schema.add_book, **book("b"))
        assert seen == [["b"]]


class TestErrors:
    def test_a_unique_key_is_named_without_the_tenant(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        for row, columns in ((book("b", isbn="new"), ("id",)), (book("c", isbn="isbn-b"), ("isbn",))):
            with pytest.raises(UniqueViolation) as caught, store.transaction(tenant=tenant, timeout=SOON) as tx:
                tx.write(schema.add_book, **row)
            assert (caught.value.table, caught.value.columns) == ("books", columns)

    def test_the_same_key_of_another_tenant_is_free(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        add(store, f"{tenant}-b", "b")

    def test_a_broken_check_is_named(self, store: Store, tenant: str) -> None:
        with pytest.raises(CheckViolation) as caught, store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write(schema.add_book, **book("b", pages=0))
        assert caught.value.constraint == "books_pages_positive"
        with pytest.raises(CheckViolation) as caught, store.transaction(tenant=tenant, timeout=SOON) as tx:
            tx.write(schema.add_book, **book("b", pages=None))
        assert caught.value.constraint == "books.pages"

    def test_a_reference_to_nothing_is_refused(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        with pytest.raises(ForeignKeyViolation), store.transaction(tenant=f"{tenant}-b", timeout=SOON) as tx:
            tx.write(schema.add_chapter, book_id="b", number=1)

    def test_no_value_of_a_row_reaches_the_text_of_an_error(self, store: Store, tenant: str) -> None:
        add(store, tenant, "topsecret")
        for row in (book("topsecret"), book("b", isbn="isbn-topsecret"), book("topsecret2", pages=0)):
            with pytest.raises(StoreError) as caught, store.transaction(tenant=tenant, timeout=SOON) as tx:
                tx.write(schema.add_book, **row)
            assert "secret" not in str(caught.value)

    def test_a_statement_ends_at_its_deadline(self, store: Store) -> None:
        started = time.monotonic()
        with pytest.raises(Timeout):
            store.read(schema.endless(), tenant=None, timeout=0.2)
        with pytest.raises(Timeout), store.transaction(tenant=None, timeout=0.2) as tx:
            tx.read(schema.endless())
        assert time.monotonic() - started < 10
        with pytest.raises(Timeout):
            store.read(schema.list_currencies, tenant=None, timeout=0.0)

    def test_the_deadline_of_one_call_does_not_outlive_it(self, store: Store, tenant: str) -> None:
        add(store, tenant, "b")
        with pytest.raises(Timeout):
            store.read(schema.endless(), tenant=None, timeout=0.05)
        assert ids(store, tenant) == ["b"]

    def test_a_database_that_is_not_there_is_unavailable(
        self, fresh_url: Callable[[], str], make_store: Callable[[str], Store]
    ) -> None:
        absent = make_store(fresh_url())
        with pytest.raises(Unavailable):
            absent.ping(1.0)
        with pytest.raises(Unavailable), absent.transaction(tenant="t", timeout=1.0) as tx:
            tx.write(schema.add_book, **book("b"))

    def test_a_living_database_answers_a_ping(self, store: Store) -> None:
        store.ping(1.0)
