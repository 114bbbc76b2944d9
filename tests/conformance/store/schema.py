"""A small library of books: the schema that the store's suite runs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from mesh.store import TENANT, Statement, any_of, global_table, insert_ignore, insert_rows, tenant_table, upsert
from mesh.store.tables import sealed

if TYPE_CHECKING:
    from mesh.store import Store

SOON = 5.0
MIGRATIONS = Path(__file__).parent / "migrations"
LIBRARY = MetaData()

books = tenant_table(
    "books",
    LIBRARY,
    Column("id", Text, primary_key=True),
    Column("isbn", Text, nullable=False),
    Column("pages", BigInteger, nullable=False),
    Column("lent", Boolean),
    Column("weight", Float),
    sealed("cover", nullable=True),
    CheckConstraint("pages > 0", name="books_pages_positive"),
)
Index("books_isbn", books.c.tenant_id, books.c.isbn, unique=True)
chapters = tenant_table(
    "chapters",
    LIBRARY,
    Column("book_id", Text, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    ForeignKeyConstraint(["tenant_id", "book_id"], ["books.tenant_id", "books.id"], name="chapters_book"),
)
currencies = global_table(
    "currencies",
    LIBRARY,
    Column("code", Text, primary_key=True),
    Column("exponent", BigInteger, nullable=False),
    because="the same for every tenant",
)

OWN = books.c.tenant_id == TENANT

add_book = Statement(insert(books))
put_book = upsert(books, key=["id"], set=["pages", "lent"])
add_book_once = insert_ignore(books, ["id"])
get_book = Statement(select(books).where(OWN, books.c.id == bindparam("id")))
list_books = Statement(
    select(books.c.id, books.c.pages)
    .where(OWN, books.c.id > bindparam("after"))
    .order_by(books.c.id)
    .limit(bindparam("page"))
)
books_by_id = Statement(select(books.c.id).where(OWN, any_of(books.c.id, "ids")).order_by(books.c.id))
books_by_pages = Statement(select(books.c.id).where(OWN, any_of(books.c.pages, "pages")).order_by(books.c.id))
count_books = Statement(select(func.count(), func.sum(books.c.pages)).select_from(books).where(OWN))
lend_book = Statement(
    update(books).where(OWN, books.c.id == bindparam("id")).values(lent=bindparam("lent")).returning(books.c.pages)
)
add_page = Statement(update(books).where(OWN, books.c.id == bindparam("id")).values(pages=books.c.pages + 1))
remove_book = Statement(delete(books).where(OWN, books.c.id == bindparam("id")))
add_chapter = Statement(insert(chapters))
add_currency = insert_ignore(currencies, ["code"])
add_currencies = insert_rows(currencies)
add_currencies_once = insert_rows(currencies, key=["code"])
put_currencies = insert_rows(currencies, key=["code"], set=["exponent"])
list_currencies = Statement(select(currencies).order_by(currencies.c.code))


def endless() -> Statement:
    """Counts further than anybody waits."""
    numbers = select(literal(1, BigInteger).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < 10**12))
    return Statement(select(func.count()).select_from(numbers))


def book(key: str, **changes: object) -> dict[str, object]:
    """A row of books without its tenant."""
    return {"id": key, "isbn": f"isbn-{key}", "pages": 100, "lent": None, "weight": None, "cover": None, **changes}


def add(store: Store, tenant: str, *keys: str) -> None:
    with store.transaction(tenant=tenant, timeout=SOON) as tx:
        tx.write_many(add_book, [book(key) for key in keys])


def ids(store: Store, tenant: str) -> list[str]:
    return [row[0] for row in store.read(list_books, tenant=tenant, timeout=SOON, after="", page=1000)]
