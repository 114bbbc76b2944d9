"""Sealed columns on either engine: bound to their place, under several master keys, and put under the newest."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from sqlalchemy import bindparam, update

from mesh.runtime import resealing
from mesh.runtime.resealing import census, reseal
from mesh.runtime.secrets import Secrets, add_current, drop
from mesh.runtime.vault import SealError, Vault, key_id
from mesh.store.statement import Statement
from tests.conformance.store.schema import OWN, SOON, add_book, books, get_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Column

    from mesh.store import Store

OLD, NEW = b"o" * 32, b"n" * 32
COVER = books.c.cover
SET = Statement(update(books).where(OWN, books.c.id == bindparam("book")).values(cover=bindparam("fresh")))


def vault(*keys: bytes) -> Vault:
    return Vault("library", Secrets(*keys))


def put(store: Store, tenant: str, book: str, sealed: bytes | None) -> None:
    row = {"id": book, "isbn": book, "pages": 1, "lent": None, "weight": None, "cover": sealed}
    with store.transaction(tenant=tenant, timeout=SOON) as transaction:
        transaction.write(add_book, **row)


def held(store: Store, tenant: str, book: str) -> bytes:
    ((row),) = store.read(get_book, tenant=tenant, timeout=SOON, id=book)
    return bytes(next(value for value in row if isinstance(value, bytes | memoryview)))


def test_a_value_opens_where_it_was_sealed_and_nowhere_else() -> None:
    mine = vault(OLD)
    sealed = mine.seal(COVER, b"plain", row="b1", tenant="t1")

    assert mine.open(COVER, sealed, row="b1", tenant="t1") == b"plain"
    assert b"plain" not in sealed
    for where in ({"row": "b2", "tenant": "t1"}, {"row": "b1", "tenant": "t2"}, {"row": "b1", "tenant": ""}):
        with pytest.raises(SealError):
            mine.open(COVER, sealed, **where)
    with pytest.raises(SealError):
        mine.open(books.c.isbn, sealed, row="b1", tenant="t1")
    with pytest.raises(SealError):
        Vault("elsewhere", Secrets(OLD)).open(COVER, sealed, row="b1", tenant="t1")


def test_no_changed_byte_goes_unnoticed() -> None:
    mine = vault(OLD, NEW)
    sealed = mine.seal(COVER, b"plain", row="b1", tenant="t1")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(SealError):
            mine.open(COVER, changed, row="b1", tenant="t1")


def test_an_older_master_key_opens_and_the_current_one_seals() -> None:
    before = vault(OLD).seal(COVER, b"plain", row="b1", tenant="t1")
    both = vault(NEW, OLD)

    assert both.open(COVER, before, row="b1", tenant="t1") == b"plain"
    assert key_id(both.seal(COVER, b"plain", row="b1", tenant="t1")) != key_id(before)
    with pytest.raises(SealError, match="MESH_SECRET_PREVIOUS"):
        vault(NEW).open(COVER, before, row="b1", tenant="t1")


def test_every_process_follows_a_changed_file_of_keys(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(OLD.hex())
    one, other = (Vault("library", Secrets(file=file)) for _ in range(2))
    before = one.seal(COVER, b"plain", row="b1", tenant="t1")
    add_current(file, NEW)
    after = one.seal(COVER, b"plain", row="b1", tenant="t1")

    assert key_id(before) != key_id(after)
    assert {other.open(COVER, each, row="b1", tenant="t1") for each in (before, after)} == {b"plain"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_made_often_follows_a_second_later_and_is_accepted_all_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, now = tmp_path / "keys", [100.0]
    monkeypatch.setattr("mesh.runtime.secrets.time.monotonic", lambda: now[0])
    file.write_text(OLD.hex())
    secrets = Secrets(file=file)
    before = secrets.recent("pages")
    add_current(file, NEW)

    assert secrets.recent("pages") == before
    now[0] += 1.0
    after = secrets.recent("pages")
    assert secrets.keys("pages") == (after, before)
    assert after != before


def test_previous_keys_are_dropped_by_their_id_and_the_current_one_never(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(OLD.hex())
    sealed = Vault("library", Secrets(file=file)).seal(COVER, b"plain", row="b1", tenant="t1")
    add_current(file, NEW)
    fresh = Vault("library", Secrets(file=file)).seal(COVER, b"plain", row="b1", tenant="t1")
    ids = {bytes.fromhex(key_id(each)) for each in (sealed, fresh)}

    assert drop(file, set()) == 0
    assert drop(file, ids) == 1
    assert file.read_text().split() == [NEW.hex()]
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(SealError):
        Vault("library", Secrets(file=file)).open(COVER, sealed, row="b1", tenant="t1")


def check_rotation(store: Store, tenants: list[str]) -> None:
    """Every value of every tenant comes under the new key, and opens with it alone."""
    first, second = tenants
    for tenant in tenants:
        for number in range(7):
            book = f"{tenant}-{number}"
            put(store, tenant, book, vault(OLD).seal(COVER, book.encode(), row=book, tenant=tenant))
        put(store, tenant, f"{tenant}-none", None)
    new = key_id(vault(NEW).seal(COVER, b"", row=""))

    assert reseal(store, vault(NEW, OLD), tenants) == 14
    assert census(store, tenants) == {("books.cover", new): 14}
    assert vault(NEW).open(COVER, held(store, second, f"{second}-6"), row=f"{second}-6", tenant=second)
    assert vault(NEW).open(COVER, held(store, first, f"{first}-0"), row=f"{first}-0", tenant=first)
    assert reseal(store, vault(NEW, OLD), tenants) == 0


@pytest.fixture
def two(tenants: Iterator[str]) -> list[str]:
    return [next(tenants), next(tenants)]


@pytest.fixture(autouse=True)
def small_pages() -> Iterator[None]:
    with mock.patch.object(resealing, "PAGE", 3):
        yield


def test_rotation_puts_every_value_of_every_tenant_under_the_new_key(store: Store, two: list[str]) -> None:
    check_rotation(store, two)


def test_a_value_that_was_written_meanwhile_is_left_alone(store: Store, tenant: str) -> None:
    put(store, tenant, "b1", vault(OLD).seal(COVER, b"before", row="b1", tenant=tenant))
    both = vault(NEW, OLD)
    written = both.seal(COVER, b"after", row="b1", tenant=tenant)

    class Meanwhile(Vault):
        def reseal(self, column: Column[Any], sealed: bytes, *, row: str, tenant: str = "") -> bytes | None:
            with store.transaction(tenant=tenant, timeout=SOON) as transaction:
                transaction.write(SET, book=row, fresh=written)
            return super().reseal(column, sealed, row=row, tenant=tenant)

    assert reseal(store, Meanwhile("library", Secrets(NEW, OLD)), [tenant]) == 0
    assert both.open(COVER, held(store, tenant, "b1"), row="b1", tenant=tenant) == b"after"


def test_a_walk_that_stops_after_its_first_page_is_noticed(store: Store, two: list[str]) -> None:
    pages = resealing._Walk.pages

    def first(walk: resealing._Walk, *where: object) -> Iterator[object]:
        with contextlib.suppress(StopIteration):
            yield next(pages(walk, *where))  # type: ignore[arg-type]

    with mock.patch.object(resealing._Walk, "pages", first), pytest.raises(AssertionError):
        check_rotation(store, two)
